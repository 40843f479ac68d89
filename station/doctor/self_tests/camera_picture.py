"""Whether the picture shows the treadmill sharply and brightly enough. Limits: `tests.benchmarks.blurred_pose`.

Up to a blur of 1.0 px the calibration takes all four boards, from 1.4 px on it refuses one; at 2.3 px hardly enough
landmarks are found again to notice that the camera was moved (13 of 400; 12 are needed), at 3 px none; the pose holds
out to 3 px. Pixels are of a picture of 540 rows that shows 2.3 m. In a twentieth of a bright gym's light (noise 5 % of
the grey) all boards are still taken, in a thirtieth (8 %) no longer.
"""

from collections.abc import Sequence

import numpy as np

from station.doctor.camera_look import CameraLook
from station.doctor.self_test import SelfTest
from station.doctor.self_tests.camera_there import CAMERA_LIMIT_S
from station.doctor.sharpness import blur_px
from station.messages import Finding
from station.words import N_

ROWS = 540
SOFT_PX, BLURRED_PX = 1.25, 2.0
NOISY_SHARE, DARK_SHARE = 0.05, 0.07
"""Of the grey, from picture to picture."""
LEAST_GREY = 30.0
CLIPPED_GREY, MOST_CLIPPED = 250.0, 0.25
"""Of the pixels: a window or a lamp behind the runner."""


def focus(look: CameraLook) -> Sequence[Finding]:
    found_px = blur_px(look.mean, look.mean_noise)
    if found_px is None:
        text = N_(
            "The picture shows nothing with an edge: take the cap off the lens, light the treadmill, and set "
            "camera.focus_m to the runner's distance."
        )
        return [FOCUS.finding("fault", text, "camera")]
    of_540_px = found_px * ROWS / look.mean.shape[0]
    if of_540_px >= SOFT_PX:
        text = N_(
            "The picture is out of focus: its sharpest edges are blurred by {blur_px:.1f} pixels ({most_px:.1f} may "
            "be). Set camera.focus_m to the runner's distance, turn the ring of a lens that has one, and wipe the "
            "lens."
        ).format(blur_px=of_540_px, most_px=SOFT_PX)
        return [FOCUS.finding("fault" if of_540_px >= BLURRED_PX else "warning", text, "camera", blur_px=of_540_px)]
    return [FOCUS.finding("ok", N_("The picture is sharp."), "camera", blur_px=of_540_px)]


def light(look: CameraLook) -> Sequence[Finding]:
    """By the noise, which grows as the light goes, whatever the gain makes up for; and by what is white all over."""
    grey, white = float(np.median(look.mean)), float(np.mean(look.mean >= CLIPPED_GREY))
    noise = look.noise / max(grey, 1.0)
    measured = {"grey": grey, "noise_share": noise, "white_share": white}
    if noise >= NOISY_SHARE or grey < LEAST_GREY:
        text = N_(
            "It is too dark: the picture's noise is {percent:.0f} % of its brightness ({most:.0f} may be). Light the "
            "runner from the camera's side, with lamps that do not flicker."
        ).format(percent=100 * noise, most=100 * NOISY_SHARE)
        dark = noise >= DARK_SHARE or grey < LEAST_GREY
        return [LIGHT.finding("fault" if dark else "warning", text, "camera", **measured)]
    if white > MOST_CLIPPED:
        text = N_(
            "{percent:.0f} % of the picture are white: lower camera.analogue_gain, and cover the window or lamp that "
            "the camera looks into."
        ).format(percent=100 * white)
        return [LIGHT.finding("warning", text, "camera", **measured)]
    return [LIGHT.finding("ok", N_("There is light enough."), "camera", **measured)]


FOCUS = SelfTest("camera_focus", 330, N_("Focus"), "camera", CAMERA_LIMIT_S, lambda b: focus(b.camera.look()))
LIGHT = SelfTest("camera_dim", 331, N_("Light"), "camera", CAMERA_LIMIT_S, lambda b: light(b.camera.look()))
SELF_TESTS = (FOCUS, LIGHT)

"""Whether the sensor delivers what the station counts on: pictures fast enough, none lost, rows at known times."""

from collections.abc import Sequence

from station.doctor.camera_look import CameraLook
from station.doctor.self_test import SelfTest
from station.doctor.self_tests.camera_there import CAMERA_LIMIT_S
from station.gait.posture_gates import LEAST_FPS, LEAST_FPS_FOOT
from station.messages import Finding
from station.words import N_

REACHES = 0.98
"""Of the rate asked for, as in `station.camera.sensor_mode`."""
MOST_LOST = 0.02
"""Of the pictures while nothing else is done; a run may lose 5 % (`station.scorecard.quality_gates`)."""
MOST_ROWS_OFF_MS = 2.0
"""A foot of 4 m/s moves 8 mm in that time, as far as the pose network is off (reference: 4 to 8 mm)."""


def wrong_sensor(look: CameraLook, wanted_fps: float) -> Sequence[Finding]:
    """By what it does: a sensor that cannot do the rate, or whose rows come at unknown times."""
    measured = {"fps": look.fps, "readout_half_width_ms": look.readout_half_width_ms}
    if look.fps < LEAST_FPS:
        text = N_(
            "The camera gives {fps:.0f} pictures a second; {least:.0f} are the least that a run can be judged by. Fit "
            "a Global Shutter Camera or a Camera Module 3, and check camera.fps."
        ).format(fps=look.fps, least=LEAST_FPS)
        return [SENSOR.finding("fault", text, "camera", **measured)]
    if look.fps < REACHES * min(wanted_fps, LEAST_FPS_FOOT):
        text = N_(
            "The camera gives {fps:.0f} pictures a second instead of {wanted_fps:.0f}: landings get no foot angle "
            "below {least:.0f}. Fit a Global Shutter Camera or a Camera Module 3, or lower camera.height_px."
        ).format(fps=look.fps, wanted_fps=wanted_fps, least=LEAST_FPS_FOOT)
        return [SENSOR.finding("fault", text, "camera", **measured)]
    if look.fps < REACHES * wanted_fps:
        text = N_(
            "The camera gives {fps:.0f} pictures a second instead of {wanted_fps:.0f}: this sensor cannot do more."
        )
        return [SENSOR.finding("warning", text.format(fps=look.fps, wanted_fps=wanted_fps), "camera", **measured)]
    if look.readout_half_width_ms > MOST_ROWS_OFF_MS:
        text = N_(
            "The station does not know this sensor: when a row of its picture was taken is known to {off_ms:.0f} ms "
            "only. Fit a Global Shutter Camera or a Camera Module 3."
        ).format(off_ms=look.readout_half_width_ms)
        return [SENSOR.finding("warning", text, "camera", **measured)]
    text = N_("{fps:.0f} pictures a second, as asked for.").format(fps=look.fps)
    return [SENSOR.finding("ok", text, "camera", **measured)]


def lost(look: CameraLook) -> Sequence[Finding]:
    share = look.dropped / max(1, look.dropped + look.frames)
    if share > MOST_LOST:
        text = N_(
            "{percent:.0f} % of the pictures are lost. Look after power supply and cooling, end other programs, and "
            "lower camera.fps where that does not help."
        ).format(percent=100 * share)
        return [LOST.finding("warning", text, "camera", lost_share=share)]
    return [LOST.finding("ok", N_("No pictures are lost."), "camera", lost_share=share)]


SENSOR = SelfTest(
    "camera_wrong_sensor",
    320,
    N_("The right sensor"),
    "camera",
    CAMERA_LIMIT_S,
    lambda b: wrong_sensor(b.camera.look(), b.config.camera.fps),
)
LOST = SelfTest("camera_lost", 321, N_("Lost pictures"), "camera", CAMERA_LIMIT_S, lambda b: lost(b.camera.look()))
SELF_TESTS = (SENSOR, LOST)

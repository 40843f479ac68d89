"""Whether the camera is there, free, and shows something new: what must hold before anything else is asked of it."""

from collections.abc import Sequence

from station.doctor.camera_at_bedside import CameraFilmingError
from station.doctor.camera_look import CameraLook
from station.doctor.self_test import Bedside, SelfTest
from station.errors import DeviceBusyError, DeviceError
from station.messages import Finding
from station.words import N_

MOST_REPEATED = 0.5
"""Of the pictures; the noise of a sensor makes no two alike, but a driver may give one of them twice."""
CAMERA_LIMIT_S = 30.0
"""A camera takes some seconds to start, and is then looked at for four."""


def missing(bedside: Bedside) -> Sequence[Finding]:
    if bedside.config.camera.device == "none":
        text = N_("This station has no camera: only the load cells' half of a run is judged.")
        return [MISSING.finding("not_checked", text, "camera")]
    try:
        bedside.camera.look()
    except (CameraFilmingError, DeviceBusyError):
        pass  # it is there
    except DeviceError as e:
        return [MISSING.finding("fault", str(e), "camera")]
    return [MISSING.finding("ok", N_("The camera is there."), "camera")]


def busy(bedside: Bedside) -> Sequence[Finding]:
    try:
        bedside.camera.look()
    except DeviceBusyError as e:
        return [BUSY.finding("fault", str(e), "camera")]
    return [BUSY.finding("ok", N_("No other program holds the camera."), "camera")]


def frozen(look: CameraLook) -> Sequence[Finding]:
    share = look.repeated / max(1, look.frames - 1)
    if share > MOST_REPEATED:
        text = N_("The camera shows the same picture again and again: switch the Pi off, and check the ribbon cable.")
        return [FROZEN.finding("fault", text, "camera", repeated_share=share)]
    return [FROZEN.finding("ok", N_("Every picture is a new one."), "camera", repeated_share=share)]


MISSING = SelfTest("camera_missing", 310, N_("The camera is there"), "camera", CAMERA_LIMIT_S, missing)
BUSY = SelfTest("camera_busy", 311, N_("No other program holds the camera"), "camera", CAMERA_LIMIT_S, busy)
FROZEN = SelfTest(
    "camera_frozen", 312, N_("The picture is alive"), "camera", CAMERA_LIMIT_S, lambda b: frozen(b.camera.look())
)
SELF_TESTS = (MISSING, BUSY, FROZEN)

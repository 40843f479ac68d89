"""Whether the camera stands level, and as it was calibrated: by the landmarks of that picture that are found again."""

from collections.abc import Sequence

from station.calibration import artefact
from station.calibration.camera_check import GOOD_ROLL_DEG
from station.camera import scene_landmarks
from station.config import Config
from station.doctor.camera_look import CameraLook
from station.doctor.room_lines import roll_deg
from station.doctor.self_test import Bedside, SelfTest
from station.doctor.self_tests.camera_picture import focus, light
from station.doctor.self_tests.camera_there import CAMERA_LIMIT_S
from station.errors import CalibrationError
from station.gait.camera_state import NOT_CALIBRATED, camera_state
from station.gait.posture_gates import MOST_ROLL_DEG
from station.messages import CameraCalibration, CameraPlace, Finding
from station.words import N_

LINES_ROLL_DEG = 4.0
"""By the lines of a room, which tell it to about a degree, of a camera that looks aside or up to two."""


UNCLEAR = N_("The picture is too blurred or too dark to tell: mend focus and light first.")


def tilted(look: CameraLook, calibration: CameraCalibration | None) -> Sequence[Finding]:
    """By the calibration, as far as its picture is found again; without one by the lines of the room."""
    if _unclear(look):
        return [TILTED.finding("not_checked", UNCLEAR, "camera")]
    if calibration is None:
        return _by_lines(look)
    found = _place(look, calibration)
    if found.turn_deg is None:
        text = N_("Landmarks of the calibration were not found again: how the camera is turned now is not known.")
        return [TILTED.finding("not_checked", text, "camera")]
    turned_deg = calibration.roll_deg + found.turn_deg
    if abs(turned_deg) > GOOD_ROLL_DEG:
        text = N_("The picture is turned by {turned_deg:.1f} degrees: level the camera, then calibrate it again.")
        text = text.format(turned_deg=abs(turned_deg))
        verdict = "fault" if abs(turned_deg) > MOST_ROLL_DEG else "warning"
        return [TILTED.finding(verdict, text, "camera", roll_deg=turned_deg)]
    return [TILTED.finding("ok", N_("The camera is level."), "camera", roll_deg=turned_deg)]


def moved(look: CameraLook, calibration: CameraCalibration | None) -> Sequence[Finding]:
    if calibration is None:
        return [MOVED.finding("not_checked", NOT_CALIBRATED, "camera")]
    if _unclear(look):
        return [MOVED.finding("not_checked", UNCLEAR, "camera")]
    found = _place(look, calibration)
    measured = {
        name: value
        for name in ("shift_px", "turn_deg", "scale")
        if (value := getattr(found, name)) is not None
    }  # fmt: skip
    measured |= {"landmarks_found": float(found.found), "landmarks": float(found.landmarks)}
    height_px, width_px = look.kept_rgb.shape[:2]
    state = camera_state(calibration, found, width_px, height_px)
    if state.reason is None:
        text = N_("The camera stands as it was calibrated.")
        return [MOVED.finding("ok", text, "camera", **measured)]
    if found.turn_deg is None:
        text = N_(
            "The picture of the calibration is not found again: the camera was moved far, or it is dark, out of focus "
            "or covered. Mend that first; calibrate the camera again where it was moved."
        )
        return [MOVED.finding("warning", text, "camera", **measured)]
    return [MOVED.finding("fault", state.reason, "camera", **measured)]


def _unclear(look: CameraLook) -> bool:
    """Its landmarks would be found in other places, or not at all."""
    return any(finding.verdict == "fault" for finding in (*focus(look), *light(look)))


def _by_lines(look: CameraLook) -> Sequence[Finding]:
    turned_deg = roll_deg(look.mean)
    if turned_deg is None or abs(turned_deg) <= LINES_ROLL_DEG:
        text = N_("Not calibrated: whether the camera is level to a degree is told by station calibrate camera.")
        return [
            TILTED.finding("not_checked", text, "camera", **({} if turned_deg is None else {"roll_deg": turned_deg}))
        ]
    text = N_(
        "By the lines of the room the picture is turned by about {turned_deg:.0f} degrees: level the camera, then "
        "calibrate it."
    ).format(turned_deg=abs(turned_deg))
    return [TILTED.finding("warning", text, "camera", roll_deg=turned_deg)]


def _place(look: CameraLook, calibration: CameraCalibration) -> CameraPlace:
    return scene_landmarks.compare(calibration.landmarks, look.kept_rgb, 0)


def _calibration(config: Config) -> CameraCalibration | None:
    """None where the camera was never calibrated, or what was saved is of no use."""
    try:
        parts = {part.kind: part for part in artefact.load_parts(config.state)}
    except CalibrationError:
        return None
    return parts["camera"].camera if "camera" in parts else None


def _examine_tilt(bedside: Bedside) -> Sequence[Finding]:
    return tilted(bedside.camera.look(), _calibration(bedside.config))


def _examine_place(bedside: Bedside) -> Sequence[Finding]:
    return moved(bedside.camera.look(), _calibration(bedside.config))


TILTED = SelfTest("camera_tilted", 340, N_("The camera is level"), "camera", CAMERA_LIMIT_S, _examine_tilt)
MOVED = SelfTest("camera_moved", 341, N_("The camera stands as calibrated"), "camera", CAMERA_LIMIT_S, _examine_place)
SELF_TESTS = (TILTED, MOVED)

"""The calibrations in an installer's words."""

from dataclasses import dataclass

from station.calibration import artefact
from station.config import Config
from station.errors import CalibrationError
from station.kiosk.languages import gettext as _
from station.kiosk.translate import translated
from station.messages import CalibrationKind

KINDS: tuple[CalibrationKind, ...] = ("tare", "grid", "kernel", "deck", "camera")
"""In the order of a first installation."""


@dataclass(frozen=True)
class Words:
    """What a calibration is called, and what it is good for."""

    title: str
    why: str


def words(kind: CalibrationKind) -> Words:
    """In the current language."""
    return {
        "tare": Words(
            _("Zero of the load cells"),
            _("With nothing on the deck. Do it again whenever somebody worked on the deck."),
        ),
        "grid": Words(
            _("Known masses"),
            _("Plates at marked places tell what a newton is, and where each cell stands. Nobody can run before that."),
        ),
        "kernel": Words(
            _("Blur of the chips"),
            _("A switch on the board presses a known step. Loading rates need it to be absolute."),
        ),
        "deck": Words(
            _("Ringing of the deck"),
            _("You tap on the deck at four places. Loading rates need it to be absolute."),
        ),
        "camera": Words(
            _("Place of the camera"),
            _("A printed board at four places of the belt. Angles then no longer trust the camera's level."),
        ),
    }[kind]


def made(config: Config) -> tuple[set[str], str | None]:
    """Kinds of the calibrations that are there, and what is wrong with one of them."""
    try:
        return {part.kind for part in artefact.load_parts(config.state)}, None
    except CalibrationError as e:
        return set(), translated(str(e))


def missing(config: Config) -> list[CalibrationKind]:
    """What is not calibrated yet; a grid is a tare, too, and without a camera there is nothing to calibrate."""
    there, _wrong = made(config)
    if "grid" in there:
        there.add("tare")
    if config.camera.device == "none":
        there.add("camera")
    return [kind for kind in KINDS if kind not in there]

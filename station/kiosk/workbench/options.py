"""What is chosen before a calibration, read from its form."""

from collections.abc import Mapping
from dataclasses import dataclass

from station.calibration.board import SQUARE_MM
from station.calibration.grid import PATTERNS
from station.calibration.grid_machine import MAX_MASS_KG
from station.calibration.plates import DEFAULT_SD_SHARE, USUAL_MASSES_KG
from station.kiosk.form_reading import FormReading
from station.kiosk.languages import gettext as _
from station.messages import CalibrationOptions, PlateLabel

PLATES = 4
MASS_KG = (0.5, MAX_MASS_KG - 1)
LABEL_PCT = (0.01, 20.0)
SQUARES_MM = (10.0, 100.0)


@dataclass(frozen=True)
class Chosen:
    """`options` where nothing was refused. `shown`: what stands in the fields."""

    shown: Mapping[str, str]
    options: CalibrationOptions | None = None
    refused: tuple[str, ...] = ()


def usual() -> Chosen:
    """The form as it is first seen."""
    shown = {"belt": "yes", "points": "9", "square": f"{SQUARE_MM:g}"}
    for n, kg in enumerate(USUAL_MASSES_KG):
        shown |= {f"mass{n}": f"{kg:g}", f"label{n}": f"{100 * DEFAULT_SD_SHARE:g}"}
    return Chosen(shown)


def read(fields: Mapping[str, str], *, plates: bool) -> Chosen:
    """The form, sent; `plates`: it asks for them."""
    reading = FormReading(fields)
    points = reading.one_of("points", tuple(map(str, PATTERNS)), _("Places: please choose one of the patterns."))
    square_mm = reading.number("square", SQUARES_MM, _("Squares: a number from {low} to {high} mm, please."))
    labels = tuple(_plates(reading))
    if plates and not labels and not reading.refused:
        reading.refused.append(_("Give at least one plate."))
    if reading.refused:
        return Chosen(fields, refused=tuple(reading.refused))
    options = CalibrationOptions(
        belt=fields.get("belt") == "yes",
        plates=labels,
        points=int(points or CalibrationOptions().points),
        square_mm=square_mm,
    )
    return Chosen(fields, options)


def _plates(reading: FormReading) -> list[PlateLabel]:
    found = []
    for n in range(PLATES):
        mass_kg = reading.number(f"mass{n}", MASS_KG, _("Plate: a mass from {low} to {high} kg, please."))
        pct = reading.number(f"label{n}", LABEL_PCT, _("Label: an accuracy from {low} to {high} %, please."))
        if mass_kg is not None:
            found.append(PlateLabel(mass_kg=mass_kg, sd_kg=mass_kg * (pct / 100 if pct else DEFAULT_SD_SHARE)))
    return found

"""What the station measures with what uncertainty, and what it still lacks, at the end of the set-up."""

from collections.abc import Iterator

from station.calibration import artefact
from station.config import Config
from station.errors import CalibrationError
from station.kiosk import languages
from station.kiosk.languages import gettext as _
from station.kiosk.translate import translated
from station.kiosk.workbench.words import made
from station.messages import CHANNELS, Calibration


def measured(config: Config) -> list[str]:
    """Sentences; where the load cells cannot be used, why."""
    there, wrong = made(config)
    if "grid" not in there and not wrong:
        return [_("Nothing yet: which number of a load cell is a newton is told by the known masses.")]
    try:
        return list(_known(artefact.latest(config.state, config.force.cells)))
    except CalibrationError as e:
        return [translated(str(e))]


def _known(calibration: Calibration) -> Iterator[str]:
    gain_pct = languages.number(100 * calibration.gain_sd, 1)
    yield _("Force: known to {pct} percent, by what the plates' labels are worth.").format(pct=gain_pct)
    grid = calibration.parts.get("grid")
    if grid is not None and "leave_one_out_mm" in grid.residuals:
        mm = languages.number(grid.residuals["leave_one_out_mm"], 1)
        yield _("Place of a load on the deck: to {mm} mm.").format(mm=mm)
    kernels = [cell.kernel for cell in calibration.cells if cell.kernel is not None]
    if len(kernels) == len(CHANNELS) and calibration.deck is not None:
        yield _("Loading rate: absolute, wherever its interval is narrow enough.")
    else:
        yield _("Loading rate: relative only, from one visit to the next.")
    camera = calibration.camera
    if camera is not None:
        roll, scale = languages.number(camera.roll_sd_deg, 2), languages.number(100 * camera.scale_sd, 1)
        yield _("Camera: its roll to {roll} degrees, its scale to {scale} percent.").format(roll=roll, scale=scale)
    elif "camera" not in calibration.parts:
        yield _("Camera: angles against the vertical trust its own level.")

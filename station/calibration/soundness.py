"""What no calibration can be: absurd values, and parts that belong to other wires, places or chips."""

from station.calibration.parts import KernelPart, Part
from station.config import Cell
from station.errors import CalibrationError
from station.messages import CHANNELS, Calibration, CellCalibration, spoken

NEWTON_PER_COUNT = (1e-6, 1e-1)
"""From a 10 kg cell of 3 mV/V to a 2 t cell of 1 mV/V on a low supply, and room."""
MAX_GAIN_RATIO = 3.0
PERIOD_S = (1 / 400, 1 / 5)
MAX_DELAY_PERIODS = 3.0
SAME_CHIP_SHARE = 0.03
"""A chip's own oscillator changes less than this; two chips of one batch differ by as much and more (force.md 1)."""


def check(calibration: Calibration) -> None:
    """Raise CalibrationError, naming cell and value, for what no station can have."""
    if [c.channel for c in calibration.cells] != list(CHANNELS):
        raise CalibrationError(f"calibration {calibration.id}: needs the cells {', '.join(CHANNELS)}, in this order")
    for cell in calibration.cells:
        _check_cell(cell, f"calibration {calibration.id}, {spoken(cell.channel)} load cell")
    gains = [abs(c.newton_per_count) for c in calibration.cells]
    if max(gains) > MAX_GAIN_RATIO * min(gains):
        raise CalibrationError(
            f"calibration {calibration.id}: the cells' gains differ {max(gains) / min(gains):.1f}-fold; "
            "check which cell is on which wires and repeat the load grid"
        )


def same_wires(part: Part, cells: dict[str, Cell]) -> None:
    """Raise CalibrationError where the part was made with a cell on other pins than `cells` say."""
    for name in CHANNELS:
        then, now = part.cells[name], cells[name]
        if (then.dout, then.pd_sck) != (now.dout, now.pd_sck):
            raise CalibrationError(
                f"calibration {part.id}: made with the {spoken(name)} load cell on the pins {then.dout} and "
                f"{then.pd_sck}, the configuration says {now.dout} and {now.pd_sck}; repeat `station calibrate "
                f"{part.kind}`, or mend force.cells"
            )


def same_places(part: Part, cells: dict[str, Cell]) -> None:
    """Raise CalibrationError where the part was made with a cell at another place than `cells` say."""
    for name in CHANNELS:
        then, now = part.cells[name], cells[name]
        if (then.x_m, then.y_m) != (now.x_m, now.y_m):
            raise CalibrationError(
                f"calibration {part.id}: made with the {spoken(name)} load cell at ({then.x_m:g}, {then.y_m:g}) m, "
                f"the configuration says ({now.x_m:g}, {now.y_m:g}) m; repeat `station calibrate {part.kind}`, or "
                "mend force.cells"
            )


def same_chips(kernel: KernelPart, newer: Part, cells: dict[str, Cell]) -> str | None:
    """None, or why a kernel test is not of the chips that are there now: of other wires, or of another rate."""
    try:
        same_wires(kernel, cells)
    except CalibrationError as e:
        return f"kernel test left out: {e}"
    for name, tested, rate_sps in zip(CHANNELS, kernel.kernels, newer.rate_sps, strict=False):  # empty: none was heard
        if rate_sps > 0 and abs(rate_sps * tested.period_s - 1) > SAME_CHIP_SHARE:
            return (
                f"kernel test {kernel.id} left out: the {spoken(name)} chip gave {1 / tested.period_s:.1f} "
                f"conversions a second then and {rate_sps:.1f} in {newer.id}; repeat `station calibrate kernel`"
            )
    return None


def _check_cell(cell: CellCalibration, place: str) -> None:
    low, high = NEWTON_PER_COUNT
    if not low <= abs(cell.newton_per_count) <= high:
        raise CalibrationError(f"{place}: {cell.newton_per_count:.3g} N per count cannot be; repeat the load grid")
    if not abs(cell.offset_counts) < 2**23:
        raise CalibrationError(f"{place}: an offset of {cell.offset_counts:.0f} counts cannot be; repeat the tare")
    kernel = cell.kernel
    if kernel is None:
        return
    if not PERIOD_S[0] <= kernel.period_s <= PERIOD_S[1]:
        raise CalibrationError(
            f"{place}: a conversion every {kernel.period_s * 1e3:.2f} ms cannot be; repeat the kernel test"
        )
    if not abs(kernel.delay_s) <= MAX_DELAY_PERIODS * kernel.period_s:
        raise CalibrationError(f"{place}: a delay of {kernel.delay_s * 1e3:.1f} ms cannot be; repeat the kernel test")

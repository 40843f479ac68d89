"""What no calibration can be: absurd values, and parts that belong to other wires, places or chips."""

from station.calibration.parts import KernelPart, Part
from station.config import Cell
from station.errors import CalibrationError
from station.messages import CHANNELS, Calibration, CellCalibration, spoken
from station.words import N_

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
        raise CalibrationError(
            N_("calibration {id}: needs the cells {cells}, in this order").format(
                id=calibration.id, cells=", ".join(CHANNELS)
            )
        )
    for cell in calibration.cells:
        _check_cell(cell, N_("calibration {id}, {cell} load cell").format(id=calibration.id, cell=spoken(cell.channel)))
    gains = [abs(c.newton_per_count) for c in calibration.cells]
    if max(gains) > MAX_GAIN_RATIO * min(gains):
        raise CalibrationError(
            N_(
                "calibration {id}: the cells' gains differ {ratio:.1f}-fold; check which cell is on which wires "
                "and repeat the load grid"
            ).format(id=calibration.id, ratio=max(gains) / min(gains))
        )


def same_wires(part: Part, cells: dict[str, Cell]) -> None:
    """Raise CalibrationError where the part was made with a cell on other pins than `cells` say."""
    for name in CHANNELS:
        then, now = part.cells[name], cells[name]
        if (then.dout, then.pd_sck) != (now.dout, now.pd_sck):
            raise CalibrationError(
                N_(
                    "calibration {id}: made with the {cell} load cell on the pins {dout} and {pd_sck}, the "
                    "configuration says {dout_now} and {pd_sck_now}; repeat `station calibrate {kind}`, or mend "
                    "force.cells"
                ).format(
                    id=part.id,
                    cell=spoken(name),
                    dout=then.dout,
                    pd_sck=then.pd_sck,
                    dout_now=now.dout,
                    pd_sck_now=now.pd_sck,
                    kind=part.kind,
                )
            )


def same_places(part: Part, cells: dict[str, Cell]) -> None:
    """Raise CalibrationError where the part was made with a cell at another place than `cells` say."""
    for name in CHANNELS:
        then, now = part.cells[name], cells[name]
        if (then.x_m, then.y_m) != (now.x_m, now.y_m):
            raise CalibrationError(
                N_(
                    "calibration {id}: made with the {cell} load cell at ({x_m:g}, {y_m:g}) m, the configuration "
                    "says ({x_now_m:g}, {y_now_m:g}) m; repeat `station calibrate {kind}`, or mend force.cells"
                ).format(
                    id=part.id,
                    cell=spoken(name),
                    x_m=then.x_m,
                    y_m=then.y_m,
                    x_now_m=now.x_m,
                    y_now_m=now.y_m,
                    kind=part.kind,
                )
            )


def same_chips(kernel: KernelPart, newer: Part, cells: dict[str, Cell]) -> str | None:
    """None, or why a kernel test is not of the chips that are there now: of other wires, or of another rate."""
    try:
        same_wires(kernel, cells)
    except CalibrationError as e:
        return N_("kernel test left out: {e}").format(e=e)
    for name, tested, rate_sps in zip(CHANNELS, kernel.kernels, newer.rate_sps, strict=False):  # empty: none was heard
        if rate_sps > 0 and abs(rate_sps * tested.period_s - 1) > SAME_CHIP_SHARE:
            return N_(
                "kernel test {id} left out: the {cell} chip gave {then_sps:.1f} conversions a second then and "
                "{now_sps:.1f} in {newer}; repeat `station calibrate kernel`"
            ).format(id=kernel.id, cell=spoken(name), then_sps=1 / tested.period_s, now_sps=rate_sps, newer=newer.id)
    return None


def _check_cell(cell: CellCalibration, place: str) -> None:
    low, high = NEWTON_PER_COUNT
    if not low <= abs(cell.newton_per_count) <= high:
        raise CalibrationError(
            N_("{place}: {gain:.3g} N per count cannot be; repeat the load grid").format(
                place=place, gain=cell.newton_per_count
            )
        )
    if not abs(cell.offset_counts) < 2**23:
        raise CalibrationError(
            N_("{place}: an offset of {offset:.0f} counts cannot be; repeat the tare").format(
                place=place, offset=cell.offset_counts
            )
        )
    kernel = cell.kernel
    if kernel is None:
        return
    if not PERIOD_S[0] <= kernel.period_s <= PERIOD_S[1]:
        raise CalibrationError(
            N_("{place}: a conversion every {period_ms:.2f} ms cannot be; repeat the kernel test").format(
                place=place, period_ms=kernel.period_s * 1000.0
            )
        )
    if not abs(kernel.delay_s) <= MAX_DELAY_PERIODS * kernel.period_s:
        raise CalibrationError(
            N_("{place}: a delay of {delay_ms:.1f} ms cannot be; repeat the kernel test").format(
                place=place, delay_ms=kernel.delay_s * 1000.0
            )
        )

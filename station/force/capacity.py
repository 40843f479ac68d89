"""How heavy a runner the cells of a station bear, from what they are and what stands on them.

Each cell carries its corner of the treadmill for ever, and its share of each landing. Three things end that: beyond its
capacity a cell is outside its specification, beyond its safe overload it is changed for good, and at the end of its
range the chip reads nothing more.
"""

from dataclasses import dataclass

from station.config import Cell, Force
from station.gravity import GRAVITY_M_S2
from station.messages import CHANNELS

DEAD_SHARE = 0.35
"""Of the treadmill, on its heaviest corner. A guess: the motor stands at one end; even corners would carry 0.25."""
PEAK_BW = {2.5: 2.8, 3.5: 3.1, 4.5: 3.4}
"""Belt speed (m/s) -> the highest single peak, in body weights, of nine treadmill runners (Fukuchi et al. 2017)."""
FOOT_M = (0.30, 0.12)
"""How far ahead of (or behind) and beside the deck's centre a foot presses with that peak. Of the same recordings, on a
default deck: the most on one cell was 1.12, 1.42 and 1.73 body weights at the three speeds (tests/force)."""
OF_RANGE = 0.9
"""Of the chip's range, that may be used: cell and chip begin up to some percent off their zero."""
CHIP_RANGE_MV_V = 1e3 / 256
"""Half of the supply over the gain of 128 (HX711 datasheet: +-20 mV at 5 V): mV at the input for each volt of it. The
bridge hangs on the same supply, so what that is does not matter."""

_E24 = (10, 11, 12, 13, 15, 16, 18, 20, 22, 24, 27, 30, 33, 36, 39, 43, 47, 51, 56, 62, 68, 75, 82, 91, 100)


@dataclass(frozen=True)
class Capacity:
    """What one cell of a station bears, in kg on that cell, and what that means for runners in kg."""

    dead_kg: float  # of the treadmill, on the heaviest corner
    rated_kg: float  # up to here a cell is as good as its data sheet
    unharmed_kg: float  # up to here it comes back to its zero
    range_kg: float  # here the chip reads nothing more
    runner_rated_kg: dict[float, float]  # belt speed m/s -> heaviest runner within `rated_kg`
    runner_kg: float  # heaviest runner whom the station takes: at the fastest, no cell harmed and no chip at its end

    @property
    def runner_n(self) -> float:
        return self.runner_kg * GRAVITY_M_S2


def capacity(force: Force) -> Capacity:
    """Of the station that is configured."""
    rated_kg = force.cell_capacity_kg
    unharmed_kg = rated_kg * force.cell_overload
    range_kg = rated_kg * CHIP_RANGE_MV_V / force.cell_sensitivity_mv_v
    dead_kg = DEAD_SHARE * force.treadmill_kg
    corner_bw = {speed: peak_bw * worst_share(force.cells) for speed, peak_bw in PEAK_BW.items()}
    most_kg = min(unharmed_kg, OF_RANGE * range_kg)
    return Capacity(
        dead_kg=dead_kg,
        rated_kg=rated_kg,
        unharmed_kg=unharmed_kg,
        range_kg=range_kg,
        runner_rated_kg={speed: max(0.0, rated_kg - dead_kg) / bw for speed, bw in corner_bw.items()},
        runner_kg=max(0.0, most_kg - dead_kg) / max(corner_bw.values()),
    )


def worst_share(cells: dict[str, Cell]) -> float:
    """Largest share of a force at FOOT_M, towards any corner, that one cell carries; a rectangle shares bilinearly."""
    front, rear = (sum(cells[f"{end}_{side}"].x_m for side in ("left", "right")) / 2 for end in ("front", "rear"))
    left, right = (sum(cells[f"{end}_{side}"].y_m for end in ("front", "rear")) / 2 for side in ("left", "right"))
    x_m, y_m = FOOT_M
    along = max((x_m - rear), (front + x_m)) / (front - rear)
    across = max((y_m - right), (left + y_m)) / (left - right)
    return min(along, 1.0) * min(across, 1.0)


def carried_kg(force_n: float, treadmill_kg: float) -> float:
    """What a cell carries in all, where it reads `force_n` above its tare: an even share of the treadmill more."""
    return force_n / GRAVITY_M_S2 + treadmill_kg / len(CHANNELS)


def shunt_ohm(force: Force, load_kg: float = 20.0) -> float:
    """The resistor that, across one arm of a cell's bridge, looks like `load_kg` to its chip.

    A resistor R across one of four equal arms r unbalances the bridge by r / (4 R + 2 r) of its supply.
    """
    of_supply = 1e-3 * force.cell_sensitivity_mv_v * load_kg / force.cell_capacity_kg
    return force.cell_bridge_ohm * (1 / of_supply - 2) / 4


def nearest_e24(ohm: float) -> float:
    """The resistor on sale that is nearest."""
    decade = 10.0 ** (len(str(int(ohm))) - 2)
    return min((value * decade for value in _E24), key=lambda value: abs(value - ohm))

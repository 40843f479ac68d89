"""Why a load grid does not fit: each mistake that can be made is tried, and the one that explains all is named."""

from collections.abc import Iterator, Sequence
from itertools import permutations

import numpy as np

from station.calibration.grid_fit import GridPoint, GridSolution, misses, solve
from station.calibration.plates import Plate
from station.errors import CalibrationError
from station.messages import CHANNELS, spoken
from station.words import N_

MIN_POINTS = 4
MAX_FORCE_MISS_SHARE = 0.02
MAX_PLACE_MISS_M = 0.025
"""Of a point: more is a plate on another mark, another plate, or a cell that is not where it is said
to be. A plate put down with care is within 10 mm."""
MAX_MOVED_M = 0.10
"""Of a cell's effective place from the configured one."""
DEAD_SHARE = 0.05
"""Of what the other cells feel at most."""


class WrongPointsError(CalibrationError):
    """Points (their numbers) that contradict all the others."""

    def __init__(self, text: str, numbers: Sequence[int]) -> None:
        super().__init__(text)
        self.numbers = tuple(numbers)


class Grid:
    """The points of a load grid under one assumption about cells and points."""

    def __init__(self, points: Sequence[GridPoint], plates: Sequence[Plate], label_n: np.ndarray, places_m: np.ndarray):
        self.points, self.plates, self.label_n = list(points), plates, label_n
        self.x_m, self.y_m = places_m
        self.solution: GridSolution = solve(self.points, label_n, self.x_m, self.y_m)
        self.missed = misses(self.solution, self.points)

    def with_points(self, points: Sequence[GridPoint]) -> "Grid":
        return Grid(points, self.plates, self.label_n, np.array([self.x_m, self.y_m]))

    @property
    def consistent(self) -> bool:
        """Whether no point contradicts the others, wherever the cells may be."""
        share, place_m = np.abs(self.missed.force_share).max(), self.missed.place_m.max()
        return bool(share < MAX_FORCE_MISS_SHARE and place_m < MAX_PLACE_MISS_M)

    @property
    def fits(self) -> bool:
        """Whether points and configured places agree; says nothing about signs."""
        return self.consistent and bool(self.moved_m.max() < MAX_MOVED_M)

    @property
    def moved_m(self) -> np.ndarray:
        """How far each cell's effective place (4,) is from the configured one."""
        return np.hypot(self.solution.x_m - self.x_m, self.solution.y_m - self.y_m)

    @property
    def backward(self) -> list[int]:
        """Cells whose sign is not that of the others."""
        negative = np.flatnonzero(self.solution.newton_per_count < 0)
        positive = np.flatnonzero(self.solution.newton_per_count >= 0)
        return min((negative, positive), key=len).tolist()


def check_all_feel(points: Sequence[GridPoint]) -> None:
    """Raises CalibrationError naming a cell that feels nothing wherever the mass is."""
    felt = np.abs([p.counts for p in points]).max(axis=0)
    for name, own in zip(CHANNELS, felt, strict=True):
        if own < DEAD_SHARE * np.median(felt):
            raise CalibrationError(
                N_(
                    "load grid: the {cell} load cell feels nothing ({own:.0f} counts at most, the others "
                    "{felt:.0f}); see that the deck rests on it and that its wires are whole"
                ).format(cell=spoken(name), own=own, felt=np.median(felt))
            )


def check(grid: Grid) -> None:
    """Raises CalibrationError, with the likeliest reason, unless the grid fits cells as they can be."""
    if not grid.fits:
        raise _exchanged(grid) or _wrong_points(grid) or _moved(grid) or _unexplained(grid)
    if grid.backward:
        raise CalibrationError(
            N_(
                "load grid: these load cells weigh backwards: {cells}; exchange the two signal wires (A+ and A-) at "
                "the chip, or turn the cell over"
            ).format(cells=", ".join(spoken(CHANNELS[c]) for c in grid.backward))
        )


def _exchanged(grid: Grid) -> CalibrationError | None:
    """Cells on each other's wires."""
    found = []
    in_order = np.arange(len(CHANNELS))
    for order in map(np.array, permutations(in_order)):
        if grid.with_points([GridPoint(p.x_m, p.y_m, p.plate, p.counts[order]) for p in grid.points]).fits:
            found.append(np.flatnonzero(order != in_order))
    if len(found) != 1:
        return None
    *names, last = (spoken(CHANNELS[c]) for c in found[0])
    return CalibrationError(
        N_(
            "load grid: the {names} and {last} load cells are exchanged; exchange their pins in the "
            "configuration (or their plugs)"
        ).format(names=", ".join(names), last=last)
    )


def _wrong_points(grid: Grid) -> CalibrationError | None:
    """One point, or all points of one mark, without which the rest fits."""
    for groups in (([j] for j in range(len(grid.points))), _marks(grid.points)):
        found = []
        for group in groups:
            others = [p for j, p in enumerate(grid.points) if j not in group]
            if len(others) >= MIN_POINTS and (rest := grid.with_points(others)).fits:
                found.append((group, rest))
        if len(found) == 1:
            return _wrong(grid, *found[0])
        if found:
            return None
    return None


def _marks(points: Sequence[GridPoint]) -> Iterator[list[int]]:
    """Numbers of the points of each mark that was used more than once."""
    for mark in {(p.x_m, p.y_m) for p in points}:
        group = [j for j, p in enumerate(points) if (p.x_m, p.y_m) == mark]
        if len(group) > 1:
            yield group


def _wrong(grid: Grid, group: list[int], rest: Grid) -> WrongPointsError:
    point = grid.points[group[0]]
    plate = grid.plates[point.plate]
    share = float(misses(rest.solution, [point]).force_share[0])
    if abs(share) > MAX_FORCE_MISS_SHARE:
        text = N_(
            "load grid: the {name} at ({x_m:g}, {y_m:g}) m weighed {share:.0f} % of what it weighed elsewhere: is it "
            "that plate, and nothing else? Put it on its mark again"
        ).format(name=plate.name, x_m=point.x_m, y_m=point.y_m, share=100 * (1 + share))
    else:
        text = N_(
            "load grid: the {name} at ({x_m:g}, {y_m:g}) m lay at {place} by all the other points; put it on its "
            "mark again"
        ).format(name=plate.name, x_m=point.x_m, y_m=point.y_m, place=_at(*rest.solution.place_m(point.counts)))
    return WrongPointsError(text, group)


def _moved(grid: Grid) -> CalibrationError | None:
    """A cell that is not where the configuration has it."""
    if not grid.consistent:
        return None
    worst = int(grid.moved_m.argmax())
    acts = _at(grid.solution.x_m[worst], grid.solution.y_m[worst])
    return CalibrationError(
        N_(
            "load grid: the {cell} load cell acts at {acts}, the configuration has it at {place}; "
            "measure its place again"
        ).format(cell=spoken(CHANNELS[worst]), acts=acts, place=_at(grid.x_m[worst], grid.y_m[worst]))
    )


def _unexplained(grid: Grid) -> CalibrationError:
    share, place_m = np.abs(grid.missed.force_share).max(), grid.missed.place_m.max()
    return CalibrationError(
        N_(
            "load grid: points and cells contradict each other, by up to {share:.0f} % of the weight and "
            "{place_m:.0f} mm; check the masses, their places, which cell is on which wires, and that "
            "the deck touches nothing but the four cells"
        ).format(share=100 * share, place_m=1e3 * place_m)
    )


def _at(x_m: float, y_m: float) -> str:
    return f"({round(x_m, 2) + 0.0:.2f}, {round(y_m, 2) + 0.0:.2f}) m"

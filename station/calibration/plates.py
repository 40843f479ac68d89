"""The masses of a load grid: what the labels of several plates, taken together, say about the newton.

Gym plates are 1-7 % off their labels. The grid's own geometry tells how the plates compare with each other far better
than that, so only one number hangs on the labels: the scale common to all cells. It is the mean of what the labels
say, weighted by how far each is trusted; left against right does not depend on it.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from station.errors import CalibrationError
from station.words import N_

USUAL_MASSES_KG = (20.0, 10.0)
DEFAULT_SD_SHARE = 0.03
"""Of a plate's label: cast-iron gym plates are 1-7 % off."""
CONTRADICTION = 3.0
"""Standard deviations between two labels beyond which one of them is wrong."""
MUCH_TIGHTER = 3.0
"""A label that is trusted this many times more than another is believed against it."""


@dataclass(frozen=True)
class Plate:
    """A mass of the grid: what it is said to weigh, and the standard deviation of that."""

    label_kg: float
    sd_kg: float

    @property
    def name(self) -> str:
        return f"{self.label_kg:g} kg"


@dataclass(frozen=True)
class CommonScale:
    """Factor by which the grid's newtons must be multiplied, its relative standard deviation, and what was noticed."""

    factor: float
    sd: float
    notes: tuple[str, ...]


def common_scale(plates: Sequence[Plate], compared_kg: np.ndarray) -> CommonScale:
    """The scale from all labels, given the masses (n,) up to a common factor as the grid compares them.

    One label that contradicts the others is named and left out. Raises CalibrationError where labels contradict each
    other and it cannot be told which is wrong.
    """
    said = np.array([p.label_kg for p in plates]) / compared_kg
    sd = said * np.array([p.sd_kg / p.label_kg for p in plates])
    if _agree(said, sd):
        return CommonScale(*_weighted(said, sd), ())
    wrong = _wrong_label(said, sd)
    if wrong is None:
        raise CalibrationError(_ambiguous(plates, compared_kg, said))
    factor, scale_sd = _weighted(np.delete(said, wrong), np.delete(sd, wrong))
    weighs_kg = float(compared_kg[wrong] * factor)
    return CommonScale(
        factor,
        scale_sd,
        (
            N_(
                "the plate labelled {name} seems to weigh {weighs_kg:.2f} kg, by the others; its label "
                "was not used: correct it"
            ).format(name=plates[wrong].name, weighs_kg=weighs_kg),
        ),
    )


def _weighted(said: np.ndarray, sd: np.ndarray) -> tuple[float, float]:
    """Weighted mean and its relative sd, widened where the labels scatter more than they should (Birge 1932)."""
    weight = sd**-2.0
    mean = float(weight @ said / weight.sum())
    birge = np.sqrt(weight @ (said - mean) ** 2 / (len(said) - 1)) if len(said) > 1 else 1.0
    return mean, float(max(birge, 1.0) / np.sqrt(weight.sum()) / mean)


def _agree(said: np.ndarray, sd: np.ndarray) -> bool:
    """Whether no two labels contradict each other."""
    apart = np.abs(said[:, None] - said) / np.hypot(sd[:, None], sd)
    return bool((apart < CONTRADICTION).all())


def _wrong_label(said: np.ndarray, sd: np.ndarray) -> int | None:
    """The one label without which the others agree; of several the one trusted much less. None: unclear."""
    suspects = [m for m in range(len(said)) if _agree(np.delete(said, m), np.delete(sd, m))]
    if len(suspects) > 1:
        trust = sd / said
        suspects = [m for m in suspects if all(trust[m] > MUCH_TIGHTER * trust[k] for k in suspects if k != m)]
    return suspects[0] if len(suspects) == 1 else None


def _ambiguous(plates: Sequence[Plate], compared_kg: np.ndarray, said: np.ndarray) -> str:
    if len(plates) == 2:
        (one, other), (s_one, s_other) = plates, said
        return N_(
            "load grid: the labels {name} and {name_2} contradict each other: either the first "
            "weighs {s_other:.2f} kg or the second {s_one:.2f} kg, and nothing here tells which; "
            "weigh one of them and give its uncertainty (--mass {label_kg:g}:0.5%), or use a third "
            "plate"
        ).format(
            name=one.name,
            name_2=other.name,
            s_other=compared_kg[0] * s_other,
            s_one=compared_kg[1] * s_one,
            label_kg=one.label_kg,
        )
    middle = float(np.median(said))
    seem = ", ".join(f"{p.name} {kg * middle:.2f} kg" for p, kg in zip(plates, compared_kg, strict=True))
    return N_(
        "load grid: the plates' labels contradict each other; by their median they weigh: {seem}; "
        "weigh the plates and repeat"
    ).format(seem=seem)

"""What a mistake is: a name, a place among the cards, and a function that judges a run."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from station.scorecard.facts import Facts
from station.scorecard.verdict import Verdict


@dataclass(frozen=True)
class Mistake:
    """`id` names it in the public document, `order` places its card, `title` is in the runner's words.

    `needs_camera`: its card says where the camera failed in the run.
    """

    id: str
    order: int
    title: str
    judge: Callable[[Facts, np.random.Generator], Verdict]
    needs_camera: bool = False

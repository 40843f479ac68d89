"""What a run was made of: episodes, what else happened in them, and the blocks that are judged.

Times are seconds on the run's own time axis.
"""

from dataclasses import dataclass
from typing import Literal

EpisodeKind = Literal["running", "walking", "standing", "off_deck"]
MarkKind = Literal["speed_change", "hands", "more_load"]


@dataclass(frozen=True)
class Episode:
    """What the runner did from `start_s` to `end_s`. Grounded running is running; "off_deck": nobody on the deck."""

    kind: EpisodeKind
    start_s: float
    end_s: float


@dataclass(frozen=True)
class Mark:
    """What else happened while running.

    "speed_change": an instant; "hands": the deck carried less than the runner's weight, as with the hands on the rail;
    "more_load": it carried more, as with a second person on it.
    """

    kind: MarkKind
    start_s: float
    end_s: float


@dataclass(frozen=True)
class SteadyBlock:
    """Running at one speed, settled, without a mark. `speed_m_s`: as the foot rides with the belt, where that shows."""

    start_s: float
    end_s: float
    speed_m_s: float | None
    judged: bool


@dataclass(frozen=True)
class RunParts:
    """What a run was made of, all in order of time. Judged blocks are all at one speed."""

    episodes: tuple[Episode, ...]
    marks: tuple[Mark, ...] = ()
    blocks: tuple[SteadyBlock, ...] = ()

    @property
    def judged(self) -> tuple[SteadyBlock, ...]:
        return tuple(block for block in self.blocks if block.judged)

    @property
    def speed_changes_s(self) -> tuple[float, ...]:
        return tuple(mark.start_s for mark in self.marks if mark.kind == "speed_change")

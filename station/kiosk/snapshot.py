"""Where the visit stands at one instant, as the pages see it."""

from dataclasses import dataclass

from station.kiosk.problems import Part, Problem
from station.messages import Choices, StationState

SILENT_SCREEN = "moment"
"""Shown instead of a phase while nobody knows the phase."""


@dataclass(frozen=True)
class Snapshot:
    """`state` None: fusion is silent; `last`: what it said last, be it silent since or not."""

    state: StationState | None
    problems: tuple[Problem, ...]
    last: StationState | None = None

    @property
    def screen(self) -> str:
        """Name of the page to show."""
        return self.state.phase if self.state else SILENT_SCREEN

    @property
    def visit_id(self) -> str | None:
        return self.state.visit_id if self.state else None

    @property
    def choices(self) -> Choices:
        """What the runner chose; the usual where nobody is there."""
        return (self.state.choices if self.state else None) or Choices()

    @property
    def pictures_coming(self) -> bool:
        """The card is there, its pictures are not yet."""
        return self.state is not None and self.state.pictures_coming

    def has_problem(self, part: Part) -> bool:
        return any(p.part == part for p in self.problems)

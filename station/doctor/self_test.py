"""What a self-test is: a name, what it needs, how long it may take, and a function that examines the station."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Literal

from station.config import Config
from station.daemon import Life
from station.doctor.board import Board
from station.doctor.camera_at_bedside import CameraAtBedside
from station.doctor.cells_at_bedside import CellsAtBedside
from station.messages import CalibrationPrompt, Finding, FindingVerdict

Need = Literal["cells", "camera", "board"]


@dataclass(frozen=True)
class Bedside:
    """What a self-test sees of the station. `ask` returns once a person has done what the prompt says."""

    life: Life
    cells: CellsAtBedside
    camera: CameraAtBedside
    board: Board
    ask: Callable[[CalibrationPrompt], None]

    @property
    def config(self) -> Config:
        return self.life.config


@dataclass(frozen=True)
class SelfTest:
    """`id` names it in its findings, `order` places it, `title` says in an installer's words what is looked for.

    `examine` gives a finding for every thing that is wrong, or one that all is well. It may raise StationError: the
    self-test then says that it could not check. `guided`: it asks for something to be done at the deck.
    """

    id: str
    order: int
    title: str
    needs: Need
    limit_s: float  # without the time in which a person does what is asked
    examine: Callable[[Bedside], Sequence[Finding]]
    guided: bool = False

    def finding(self, verdict: FindingVerdict, text: str, where: str | None = None, **measured: float) -> Finding:
        """Of this self-test; `measured` with units in the names."""
        return Finding(check=self.id, title=self.title, verdict=verdict, text=text, where=where, measured=measured)

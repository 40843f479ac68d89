"""How well a mistake is measured in a run, and how well it is known to matter: two words on the card."""

from dataclasses import dataclass
from typing import Any, Literal

Grade = Literal["high", "medium", "low"]


@dataclass(frozen=True)
class Confidence:
    """`measured` and `matters` are sentences for the runner: why the measurement has this grade; what studies found."""

    measurement: Grade
    measured: str
    meaning: Grade
    matters: str

    def to_json(self) -> dict[str, Any]:
        return {
            "measurement": {"grade": self.measurement, "text": self.measured},
            "meaning": {"grade": self.meaning, "text": self.matters},
        }

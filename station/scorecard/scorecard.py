"""All that a run's scorecard says: the verdicts, fatigue, the gates, and what a run of this length can answer."""

from dataclasses import dataclass
from typing import Any

from station.scorecard.facts import Facts
from station.scorecard.fatigue import Fatigue, fatigue
from station.scorecard.quality_gates import Gate, quality_gates
from station.scorecard.registry import judge_all
from station.scorecard.run_length import what_it_answers
from station.scorecard.verdict import Verdict


@dataclass(frozen=True)
class Scorecard:
    """`verdicts` by the ids of the mistakes, in the order of the cards; `answers` are sentences for the runner."""

    verdicts: dict[str, Verdict]
    fatigue: Fatigue
    gates: tuple[Gate, ...]
    answers: tuple[str, ...]

    def to_json(self) -> dict[str, Any]:
        """Its part of the public document, schema 1."""
        return {
            "mistakes": {name: verdict.to_json() for name, verdict in self.verdicts.items()},
            "fatigue": self.fatigue.to_json(),
            "gates": [gate.to_json() for gate in self.gates],
            "answers": list(self.answers),
        }


def scorecard(facts: Facts) -> Scorecard:
    """The scorecard of one run."""
    return Scorecard(judge_all(facts), fatigue(facts), quality_gates(facts), what_it_answers(facts))

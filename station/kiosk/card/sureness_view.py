"""How sure a run's numbers are, as the card pages say it: each mistake's confidence, the run's quality gates."""

from dataclasses import dataclass
from typing import Any

from station.kiosk import texts, tolerant
from station.kiosk.languages import gettext as _
from station.kiosk.translate import translated

GRADES = ("low", "medium", "high")


@dataclass(frozen=True)
class Sureness:
    """One grade of a mistake's confidence. `label` and `word` are read as one: "How well measured: roughly"."""

    label: str
    word: str
    level: int
    text: str


@dataclass(frozen=True)
class Gate:
    """One quality gate. `status`: failed, not_known or held; `word` says it."""

    asks: str
    status: str
    word: str
    reason: str | None


@dataclass(frozen=True)
class Gates:
    """Those that failed, to be read; all others, to be looked up."""

    failed: tuple[Gate, ...]
    others: tuple[Gate, ...]

    def __bool__(self) -> bool:
        return bool(self.failed or self.others)

    @property
    def in_short(self) -> str:
        """How many of them held."""
        held = sum(gate.status == "held" for gate in self.others)
        return _(texts.GATES_HELD).format(held=held, of=len(self.failed) + len(self.others))


def read_confidence(mistake: Any) -> tuple[Sureness, ...]:
    """How well it is measured and what is known about it, in this order; empty where the report does not grade it."""
    confidence = tolerant.mapping(mistake, "confidence")
    graded = (_sureness(tolerant.mapping(confidence, key), key) for key in texts.CONFIDENCE)
    return tuple(each for each in graded if each is not None)


def read_gates(document: Any) -> Gates:
    """Those whose status or words cannot be read are left out."""
    gates = [gate for gate in map(_gate, tolerant.items(document, "gates")) if gate is not None]
    by_status = {status: [gate for gate in gates if gate.status == status] for status in texts.GATE_WORDS}
    return Gates(tuple(by_status["failed"]), (*by_status["not_known"], *by_status["held"]))


def _sureness(graded: Any, key: str) -> Sureness | None:
    label, words = texts.CONFIDENCE[key]
    grade = tolerant.text(graded, "grade")
    if grade not in GRADES:
        return None
    return Sureness(_(label), _(words[grade]), 1 + GRADES.index(grade), translated(tolerant.text(graded, "text") or ""))


def _gate(gate: Any) -> Gate | None:
    asks, status = tolerant.text(gate, "asks"), tolerant.text(gate, "status")
    if asks is None or status not in texts.GATE_WORDS:
        return None
    reason = translated(tolerant.text(gate, "reason") or "") or None
    return Gate(translated(asks), status, _(texts.GATE_WORDS[status]), reason)

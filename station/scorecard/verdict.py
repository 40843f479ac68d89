"""Verdict statistics: draws of a measured value -> severity, its 80 % interval, a probability and a word.

Each draw is one possible truth: a block-bootstrap mean (random error) moved by one systematic error. A severity
of 33 is the watch point; the probability of a mistake is the share of draws at or above it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np

from station.gait.bootstrap import DRAWS, interval
from station.gait.results import Measure
from station.scorecard.evidence import Evidence

Word = Literal["present", "likely", "borderline", "unlikely", "not_seen", "not_measured"]

ANCHORS = (0.0, 33.0, 66.0, 100.0)
WATCH = ANCHORS[1]
JUST_BELOW_WATCH = WATCH - 1
LEAST_WEIGHT = 0.5
"""Share of a mistake's total weight that must be measured for a verdict."""
_Z_80 = 1.2816
"""Half the width of a normal distribution's 80 % interval, in standard deviations."""

_WORDS: tuple[tuple[float, Word], ...] = ((0.90, "present"), (0.66, "likely"), (0.34, "borderline"), (0.10, "unlikely"))


@dataclass(frozen=True)
class Criterion:
    """How one measured value counts: the values at severities 0, 33, 66, 100 (rising), weight, systematic error.

    The systematic error is normal: `offset_sd` in the value's own unit, `gain_sd` as a share of the value.
    """

    breakpoints: tuple[float, float, float, float]
    weight: float = 1.0
    offset_sd: float = 0.0
    gain_sd: float = 0.0

    def with_systematic_error(self, draws: np.ndarray, rng: np.random.Generator) -> np.ndarray:
        """Draws of the true value, from draws of the measured one."""
        gain = 1 + rng.normal(0, self.gain_sd, len(draws))
        return draws * gain + rng.normal(0, self.offset_sd, len(draws))

    def severity(self, values: np.ndarray) -> np.ndarray:
        """Piecewise-linear severity 0..100 through the breakpoints."""
        return np.interp(values, self.breakpoints, ANCHORS)


def combine(parts: Sequence[tuple[Criterion, np.ndarray | None]]) -> np.ndarray | None:
    """Weighted severity of each draw. A part is (criterion, its severities or None where not measured).

    Weights of the missing are shared out among the rest; None where less than half of the weight is measured.
    """
    total = sum(criterion.weight for criterion, _ in parts)
    present = [(criterion.weight, severity) for criterion, severity in parts if severity is not None]
    weight = sum(w for w, _ in present)
    if weight < LEAST_WEIGHT * total or weight == 0:
        return None
    return sum(w * severity for w, severity in present) / weight


def normal_draws(measure: Measure, rng: np.random.Generator) -> np.ndarray:
    """Draws of a measured mean of which only the 80 % interval is known."""
    known = measure.low is not None and measure.high is not None
    sd = (measure.high - measure.low) / (2 * _Z_80) if known else 0.0
    return rng.normal(measure.value, sd, DRAWS)


def word_for(probability: float) -> Word:
    """The word on the card for a probability."""
    return next((word for least, word in _WORDS if probability >= least), "not_seen")


@dataclass(frozen=True)
class Headline:
    """The one number on a card, with its 80 % measurement interval (without systematic error)."""

    text: str
    value: float
    low: float
    high: float
    unit: str

    def to_json(self) -> dict[str, Any]:
        numbers = {"value": self.value, "low": self.low, "high": self.high}
        return {"text": self.text, **{name: round(float(x), 2) for name, x in numbers.items()}, "unit": self.unit}


@dataclass(frozen=True)
class Verdict:
    """One card. `judged` of `of` stride pairs (or contacts) went into it; `reasons` are sentences for the runner."""

    title: str
    verdict: Word
    severity: float | None
    low: float | None
    high: float | None
    probability: float | None
    judged: int
    of: int
    reasons: tuple[str, ...] = ()
    cue: str = ""
    headline: Headline | None = None
    evidence: tuple[Evidence, ...] = ()

    @classmethod
    def not_measured(
        cls,
        title: str,
        reasons: Sequence[str],
        *,
        judged: int = 0,
        of: int = 0,
        headline: Headline | None = None,
        evidence: Sequence[Evidence] = (),
    ) -> "Verdict":
        """No verdict, for these reasons; numbers that were measured all the same may be shown."""
        return cls(
            title, "not_measured", None, None, None, None, judged, of, tuple(reasons), "", headline, tuple(evidence)
        )

    @classmethod
    def of_draws(
        cls,
        title: str,
        severity: np.ndarray,
        *,
        judged: int,
        of: int,
        cues: tuple[str, str],
        reasons: Sequence[str] = (),
        headline: Headline | None = None,
        evidence: Sequence[Evidence] = (),
    ) -> "Verdict":
        """The verdict that the severities of all draws give. `cues`: what to try; what to say if nothing was seen."""
        probability = float(np.mean(severity >= WATCH))
        word = word_for(probability)
        low, high = interval(severity)
        return cls(
            title=title,
            verdict=word,
            severity=float(np.median(severity)),
            low=low,
            high=high,
            probability=probability,
            judged=judged,
            of=of,
            reasons=tuple(reasons),
            cue=cues[1] if word in ("unlikely", "not_seen") else cues[0],
            headline=headline,
            evidence=tuple(evidence),
        )

    def to_json(self) -> dict[str, Any]:
        """As in the public document, schema 1. Severity is exact here; displays round it to 5."""
        return {
            "title": self.title,
            "verdict": self.verdict,
            "severity": _rounded(self.severity),
            "low": _rounded(self.low),
            "high": _rounded(self.high),
            "probability": self.probability,
            "judged": self.judged,
            "of": self.of,
            "reasons": list(self.reasons),
            "cue": self.cue,
            "headline": self.headline.to_json() if self.headline else None,
            "evidence": [item.to_json() for item in self.evidence],
        }


def _rounded(severity: float | None) -> float | None:
    return None if severity is None else round(severity, 2)

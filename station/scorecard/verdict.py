"""Verdict statistics: severities of all draws -> severity, its 80 % interval, a probability and a word.

Each draw is one possible truth: a block-bootstrap centre (random error) moved by one systematic error. A severity
of 33 is the watch point; the probability of a mistake is the share of draws at or above it. Where a clear case would
not have been found among the same errors, nothing is ruled out (docs/decisions/0024).
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np

from station.gait.bootstrap import interval
from station.scorecard.confidence import Confidence
from station.scorecard.criterion import WATCH
from station.scorecard.evidence import Evidence
from station.words import N_

Word = Literal["present", "likely", "borderline", "unlikely", "not_seen", "not_measured"]

RULED_OUT: tuple[Word, ...] = ("unlikely", "not_seen")
LEAST_CLEAR = 0.66
"""A runner at twice the watch points must come out at least as likely as this, or the data rule nothing out."""
NORMAL_80 = 1.2816
"""Standard deviations on either side of the middle that hold 80 % of a normal distribution."""
TOO_UNSURE = N_("The numbers of this run are too unsure: even a clear case could stay unseen.")

_WORDS: tuple[tuple[float, Word], ...] = ((0.90, "present"), (0.66, "likely"), (0.34, "borderline"), (0.10, "unlikely"))


def word_for(probability: float) -> Word:
    """The word on the card for a probability."""
    return next((word for least, word in _WORDS if probability >= least), "not_seen")


@dataclass(frozen=True)
class Headline:
    """The one number on a card. `low`..`high`: its 80 % measurement interval, without systematic error.

    `systematic_sd`: of that error, in the number's unit; a runner is shown both (docs/decisions/0045).
    """

    text: str
    value: float
    low: float
    high: float
    unit: str
    systematic_sd: float = 0.0

    @property
    def whole_range(self) -> tuple[float, float]:
        """The 80 % interval with the systematic error in it; the two are independent."""
        systematic = NORMAL_80 * self.systematic_sd
        return (
            self.value - math.hypot(self.value - self.low, systematic),
            self.value + math.hypot(self.high - self.value, systematic),
        )

    def to_json(self) -> dict[str, Any]:
        """`low`, `high` are for comparing visits, `whole_low`, `whole_high` for the runner's eyes."""
        whole_low, whole_high = self.whole_range
        numbers = {
            "value": self.value, "low": self.low, "high": self.high, "whole_low": whole_low, "whole_high": whole_high,
        }  # fmt: skip
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
    confidence: Confidence | None = None

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
        confidence: Confidence | None = None,
        clear: np.ndarray | None = None,
    ) -> "Verdict":
        """The verdict that the severities of all draws give. `cues`: what to try; what to say if nothing was seen.

        `clear`: severities of a clear case among the same errors; None: it would surely have been found.
        """
        probability = float(np.mean(severity >= WATCH))
        word = word_for(probability)
        if word in RULED_OUT and clear is not None and np.mean(clear >= WATCH) < LEAST_CLEAR:
            return cls.not_measured(
                title, [TOO_UNSURE, *reasons], judged=judged, of=of, headline=headline, evidence=evidence
            )
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
            cue=cues[1] if word in RULED_OUT else cues[0],
            headline=headline,
            evidence=tuple(evidence),
            confidence=confidence,
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
            "confidence": self.confidence.to_json() if self.confidence else None,
        }


def _rounded(severity: float | None) -> float | None:
    return None if severity is None else round(severity, 2)

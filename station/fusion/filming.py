"""How the camera filmed a run, from what its daemon said of itself meanwhile."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from station.gait.posture_gates import LEAST_FPS, TOO_SLOW
from station.messages import CameraHealth
from station.words import N_

SAID_EVERY_NS = 900_000_000  # the daemon says it once a second
_HOLDS_S = 2.5  # what it said holds no longer than that without being said again
_WORTH_SAYING_S = 1.0
_NO_ANSWER = N_("the camera did not answer")
NO_PICTURES = N_("The camera gave no pictures for {failed_s:.0f} of the {run_s:.0f} s of the run: {why}.")
NO_POSES = N_("No pose could be found in the pictures for {failed_s:.0f} of the {run_s:.0f} s of the run: {why}.")


@dataclass(frozen=True)
class Filming:
    """Of one run: what was filmed, how evenly, and for how long there was no picture, or nobody who looked at it."""

    run_s: float
    frames: int
    dropped: int
    interval_counts: tuple[int, ...]  # of intervals of about 1, 2, ... usual ones
    readout_ms: float
    readout_half_width_ms: float
    troubles_s: dict[str, float]  # what was wrong with the camera, and for how long
    pose_troubles_s: dict[str, float]  # ... with what finds the pose in its pictures

    @property
    def trouble(self) -> str | None:
        """For the card where the camera or the pose failed, each with what was wrong for most of the time."""
        said = (self._said(NO_PICTURES, self.troubles_s), self._said(NO_POSES, self.pose_troubles_s))
        return " ".join(sentence for sentence in said if sentence) or self._too_slow

    @property
    def _too_slow(self) -> str | None:
        """Too few pictures to follow anybody in, though nothing failed; recordings of old counted none."""
        filmed_s = self.run_s - sum(self.troubles_s.values())
        rate_hz = self.frames / filmed_s if filmed_s > 0 else 0.0
        return TOO_SLOW.format(rate_hz=rate_hz, needed=LEAST_FPS) if 0 < round(rate_hz) < LEAST_FPS else None

    def _said(self, sentence: str, troubles_s: dict[str, float]) -> str | None:
        failed_s = sum(troubles_s.values())
        if failed_s < _WORTH_SAYING_S:
            return None
        why = max(troubles_s, key=lambda text: troubles_s[text])
        return sentence.format(failed_s=failed_s, run_s=self.run_s, why=why)

    @property
    def quality(self) -> dict[str, float | int | list[int]]:
        """For the document."""
        return {
            "frames_filmed": self.frames,
            "frames_dropped": self.dropped,
            "interval_counts": list(self.interval_counts),
            "readout_ms": self.readout_ms,
            "readout_half_width_ms": self.readout_half_width_ms,
            "without_pictures_s": sum(self.troubles_s.values()),
            "without_poses_s": sum(self.pose_troubles_s.values()),
        }


def worth_keeping(said: CameraHealth, before: CameraHealth | None) -> bool:
    """Whether it tells the run more than what was kept before it: once a second, and whatever goes wrong or right."""
    if before is None or said.t_ns - before.t_ns >= SAID_EVERY_NS:
        return True
    return (said.fault, said.pose_fault, said.opened) != (before.fault, before.pose_fault, before.opened)


def filming_of(said: Sequence[CameraHealth], start_ns: int, end_ns: int) -> Filming | None:
    """From what the daemon said, in order of time, from before the run to its end; None where it said nothing."""
    during = [h for h in said if h.t_ns <= end_ns]
    if not during:
        return None
    frames, dropped, *interval_counts = _counted(during, start_ns)
    last = during[-1]
    return Filming(
        run_s=(end_ns - start_ns) / 1e9,
        frames=frames,
        dropped=dropped,
        interval_counts=tuple(interval_counts),
        readout_ms=last.readout_ms,
        readout_half_width_ms=last.readout_half_width_ms,
        troubles_s=_troubles(during, start_ns, end_ns, _no_pictures, _NO_ANSWER),
        pose_troubles_s=_troubles(during, start_ns, end_ns, lambda health: health.pose_fault, None),
    )


def _counted(said: Sequence[CameraHealth], start_ns: int) -> list[int]:
    """Frames, dropped frames and intervals since the start: the counters only grow, but in a daemon begun anew.

    What counted no intervals (a camera that could not be set up) or fewer kinds of them counted zero of the others.
    """
    kinds = max(len(h.interval_counts) for h in said)
    counters = np.array([[h.frames, h.dropped, *_padded(h.interval_counts, kinds)] for h in said])
    before = max(0, sum(h.t_ns <= start_ns for h in said) - 1)
    grown = np.diff(counters[before:], axis=0)
    anew = grown[:, 0] < 0
    grown[anew] = counters[before + 1 :][anew]
    return grown.sum(axis=0).tolist()


def _padded(counts: list[int], length: int) -> list[int]:
    return counts + [0] * (length - len(counts))


def _troubles(
    said: Sequence[CameraHealth],
    start_ns: int,
    end_ns: int,
    trouble: Callable[[CameraHealth], str | None],
    silence: str | None,
) -> dict[str, float]:
    """What was wrong -> seconds of the run. Each saying holds until the next one, but not for ever.

    `trouble`: by what was said; `silence`: while nothing was, None where that is no trouble of this kind.
    """
    troubles: dict[str, float] = {}

    def add(text: str | None, from_ns: float, to_ns: float) -> None:
        lasted_s = (min(to_ns, end_ns) - max(from_ns, start_ns)) / 1e9
        if text is not None and lasted_s > 0:
            troubles[text] = troubles.get(text, 0.0) + lasted_s

    add(silence, start_ns, said[0].t_ns)
    for health, until_ns in zip(said, [*(h.t_ns for h in said[1:]), end_ns], strict=True):
        holds_until_ns = min(until_ns, health.t_ns + _HOLDS_S * 1e9)
        add(trouble(health), health.t_ns, holds_until_ns)
        add(silence, holds_until_ns, until_ns)
    return troubles


def _no_pictures(health: CameraHealth) -> str | None:
    if health.fault:
        return health.fault
    return None if health.opened else N_("it was not open")

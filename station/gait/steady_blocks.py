"""Which of the running is judged: the longest of it at one speed, settled, with nothing that disturbs it.

Running breaks off at whatever is not running, at a change of the belt's speed and at marks of the load. Each block is
freed from steps at its ends that belong to a belt, or a runner, still changing. Blocks at one speed count as one.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from scipy.ndimage import median_filter

from station.gait.belt_ride import CREEP
from station.gait.contacts import Contacts
from station.gait.pace_change import MIN_CHANGE, lasting_changes, paces, rides
from station.gait.parts import Episode, Mark, SteadyBlock

AFTER_BREAK_S, BEFORE_BREAK_S = 2.0, 1.0
"""Left out beside whatever breaks the running: getting going, and coming to an end."""
RAMP_S = 15.0
"""A belt needs no longer to reach its speed."""
SMOOTHED_STEPS = 9
LEAST_BLOCK_S = 10.0
"""Less is judged only where there is nothing longer."""
MOST_PACE = 100.0
"""Metres a second, or seconds of contact: what nonsense in a file may not exceed."""
ONE_SPEED = float(np.log(1 + MIN_CHANGE))


@dataclass(frozen=True)
class _Span:
    start_s: float
    end_s: float
    breaks: tuple[bool, bool]  # something else comes right before, or after it


def steady_blocks(
    contacts: Contacts, velocities_m_s: np.ndarray, episodes: Sequence[Episode], load_marks: Sequence[Mark]
) -> tuple[tuple[SteadyBlock, ...], tuple[Mark, ...]]:
    """The blocks, and the changes of speed. `contacts`: of all running, `velocities_m_s` (n, 2) of their CoP."""
    pace, ridden = np.clip(paces(contacts, velocities_m_s), 0, MOST_PACE), rides(velocities_m_s)
    disturbed = _inside_any(contacts, load_marks)
    spans, changes_s = [], []
    for span in _running_spans(episodes):
        inside = _inside(contacts, span) & ~disturbed
        changes_s += lasting_changes(contacts.contact_s[inside], pace[inside])
        spans += _cut(span, changes_s, load_marks)
    settled = [s for s in (_settled(span, contacts, pace) for span in spans) if s is not None]
    least_s = min(LEAST_BLOCK_S, max((s.end_s - s.start_s for s in settled), default=0.0))
    kept = [s for s in settled if s.end_s - s.start_s >= least_s]
    medians = [float(np.median(pace[_inside(contacts, span)])) for span in kept]
    starts_s = [span.start_s for span in _running_spans(episodes)]
    changes_s += _between(kept, medians, changes_s, starts_s)
    judged = _judged(kept, medians)
    speeds = [value / (1 - CREEP) if ridden else None for value in medians]
    blocks = (
        SteadyBlock(s.start_s, s.end_s, v, k in judged) for k, (s, v) in enumerate(zip(kept, speeds, strict=True))
    )
    return tuple(blocks), tuple(Mark("speed_change", t, t) for t in sorted(changes_s))


def in_blocks(contacts: Contacts, blocks: Sequence[SteadyBlock]) -> np.ndarray:
    """(n,) which steps lie wholly in one of the blocks."""
    return _inside_any(contacts, blocks)


def _inside_any(contacts: Contacts, spans: Sequence[SteadyBlock] | Sequence[Mark]) -> np.ndarray:
    return np.any([np.zeros(len(contacts), bool), *(_inside(contacts, span) for span in spans)], axis=0)


def _inside(contacts: Contacts, span: _Span | SteadyBlock | Mark) -> np.ndarray:
    return (contacts.contact_s >= span.start_s) & (contacts.toe_off_s <= span.end_s)


def _running_spans(episodes: Sequence[Episode]) -> list[_Span]:
    """Running; who stands before it begins, or after it is over, does not break it."""
    kinds = [episode.kind for episode in episodes]
    spans = []
    for k, episode in enumerate(episodes):
        if episode.kind == "running":
            before, after = ({"running", "walking"} & set(others) for others in (kinds[:k], kinds[k + 1 :]))
            spans.append(_Span(episode.start_s, episode.end_s, (bool(before), bool(after))))
    return spans


def _cut(span: _Span, changes_s: Sequence[float], marks: Sequence[Mark]) -> list[_Span]:
    """What is left of it without the marks, in pieces between the changes of speed."""
    cuts = sorted([(t, t) for t in changes_s] + [(m.start_s, m.end_s) for m in marks])
    pieces, rest = [], span
    for low_s, high_s in cuts:
        if high_s > rest.start_s and low_s < rest.end_s:
            pieces.append(replace(rest, end_s=max(low_s, rest.start_s), breaks=(rest.breaks[0], True)))
            rest = replace(rest, start_s=min(high_s, rest.end_s), breaks=(True, rest.breaks[1]))
    return [piece for piece in (*pieces, rest) if piece.end_s > piece.start_s]


def _settled(span: _Span, contacts: Contacts, pace: np.ndarray) -> _Span | None:
    """Without its ends as far as they belong to what comes before or after, or run at another speed than the rest."""
    start_s = span.start_s + AFTER_BREAK_S * span.breaks[0]
    end_s = span.end_s - BEFORE_BREAK_S * span.breaks[1]
    steps = np.flatnonzero((contacts.contact_s >= start_s) & (contacts.toe_off_s <= end_s))
    if not len(steps):
        return None
    t_s, own = contacts.contact_s[steps], pace[steps]
    with np.errstate(invalid="ignore", divide="ignore"):
        off = ~(np.abs(np.log(median_filter(own, SMOOTHED_STEPS, mode="mirror") / np.median(own))) < ONE_SPEED)
    ramp_s = min(RAMP_S, (end_s - start_s) / 3)
    early, late = np.flatnonzero(off & (t_s < start_s + ramp_s)), np.flatnonzero(off & (t_s > end_s - ramp_s))
    if len(early):
        start_s = float(contacts.toe_off_s[steps[early[-1]]])
    if len(late):
        end_s = float(contacts.contact_s[steps[late[0]]])
    settled = replace(span, start_s=start_s, end_s=end_s)
    return settled if _inside(contacts, settled).any() else None


def _between(
    spans: Sequence[_Span], paces: Sequence[float], known_s: Sequence[float], starts_s: Sequence[float]
) -> list[float]:
    """Changes of speed from one span to the next that nobody saw happen: since running began again (`starts_s`)."""
    changes = []
    for k in range(1, len(spans)):
        seen = any(spans[k - 1].start_s < t < spans[k].end_s for t in known_s)
        if not seen and not _alike(paces[k - 1], paces[k]):
            again_s = [t for t in starts_s if spans[k - 1].end_s < t <= spans[k].start_s]
            changes.append(max(again_s, default=spans[k].start_s))
    return changes


def _judged(spans: Sequence[_Span], paces: Sequence[float]) -> set[int]:
    """Numbers of the spans at one speed that last longest together."""
    groups = [{k for k, other in enumerate(paces) if _alike(pace, other)} for pace in paces]
    return max(groups, key=lambda group: sum(spans[k].end_s - spans[k].start_s for k in group), default=set())


def _alike(one: float, other: float) -> bool:
    return one > 0 and other > 0 and abs(float(np.log(one / other))) < ONE_SPEED

"""What is said of a run's parts: what the runner did besides running, what was judged and what was left out."""

from station.gait.load_marks import marked
from station.gait.parts import Episode, EpisodeKind, RunParts
from station.words import N_

LEAST_S = 2.0
"""What is shorter is not worth a sentence."""
_ONCE: dict[EpisodeKind, str] = {
    "standing": N_("You stopped for {seconds:.0f} s."),
    "off_deck": N_("You were off the belt for {seconds:.0f} s."),
    "walking": N_("You walked for {seconds:.0f} s between the running."),
}
_OFTEN: dict[EpisodeKind, str] = {
    "standing": N_("You stopped {times} times, for {seconds:.0f} s in all."),
    "off_deck": N_("You were off the belt {times} times, for {seconds:.0f} s in all."),
    "walking": N_("You walked {times} times between the running, for {seconds:.0f} s in all."),
}
_BEFORE = N_("You walked for {seconds:.0f} s before the run: that is left out.")
_AFTER = N_("You walked for {seconds:.0f} s after the run: that is left out.")
_TOGETHER = N_("{parts} parts of the run were at one speed and are judged together: {length} in all.")
_CHANGED_ONCE = N_("The belt speed changed after {at}: the longer part, {length}, is judged.")
_CHANGED_OFTEN = N_("The belt speed changed {times} times: what was longest at one speed, {length}, is judged.")
_LONGEST = N_("The longest part of steady running, {length}, is judged.")
_HANDS = N_("For {seconds:.0f} s your hands carried weight: that part is left out.")
_MORE = N_("For {seconds:.0f} s the deck carried more than you, perhaps a second person: that part is left out.")


def part_notes(parts: RunParts) -> tuple[str, ...]:
    """Sentences for the runner; none for an unbroken run at one speed."""
    return (*_besides_running(parts), *_disturbed(parts), *_judged(parts))


def _besides_running(parts: RunParts) -> list[str]:
    running = [k for k, episode in enumerate(parts.episodes) if episode.kind == "running"]
    if not running:
        return []
    before, after = parts.episodes[: running[0]], parts.episodes[running[-1] + 1 :]
    between = parts.episodes[running[0] : running[-1]]
    said = [_walk(before, _BEFORE), *(_between(between, kind) for kind in _ONCE), _walk(after, _AFTER)]
    return [sentence for sentence in said if sentence]


def _walk(episodes: tuple[Episode, ...], sentence: str) -> str | None:
    seconds = sum(e.end_s - e.start_s for e in episodes if e.kind == "walking")
    return sentence.format(seconds=seconds) if seconds >= LEAST_S else None


def _between(episodes: tuple[Episode, ...], kind: EpisodeKind) -> str | None:
    lengths_s = [e.end_s - e.start_s for e in episodes if e.kind == kind]
    if len(lengths_s) > 1:
        return _OFTEN[kind].format(times=len(lengths_s), seconds=sum(lengths_s))
    return _ONCE[kind].format(seconds=lengths_s[0]) if lengths_s else None


def _disturbed(parts: RunParts) -> list[str]:
    pairs = (("hands", _HANDS), ("more_load", _MORE))
    seconds = {kind: sum(mark.end_s - mark.start_s for mark in marked(parts.marks, kind)) for kind, _ in pairs}
    return [sentence.format(seconds=seconds[kind]) for kind, sentence in pairs if seconds[kind]]


def _judged(parts: RunParts) -> list[str]:
    changes_s, judged = parts.speed_changes_s, parts.judged
    length = _minutes(sum(block.end_s - block.start_s for block in judged))
    said = []
    if len(changes_s) == 1:
        said.append(_CHANGED_ONCE.format(at=_minutes(changes_s[0]), length=length))
    elif changes_s:
        said.append(_CHANGED_OFTEN.format(times=len(changes_s), length=length))
    if len(judged) > 1:
        said.append(_TOGETHER.format(parts=len(judged), length=length))
    elif not changes_s and len(parts.blocks) > 1:
        said.append(_LONGEST.format(length=length))
    return said


def _minutes(seconds: float) -> str:
    """As a clock shows it: 2:05."""
    minutes, rest = divmod(round(seconds), 60)
    return f"{minutes}:{rest:02d}"

"""The longest stretch of a run at one speed and without a rest: only in it can fatigue be told from anything else."""

from station.gait.results import ForceResult

LONGEST_REST_S = 30.0
"""Of walking, standing or being off the belt: after a longer one the runner is a fresh one (engineering choice)."""


def steady_stretch(force: ForceResult) -> tuple[float, float] | None:
    """Beginning and end in seconds on the run's own axis; None without steps."""
    steps = force.judged_steps
    if not steps:
        return None
    rests = [(at_s, at_s) for at_s in force.speed_changes_s]
    if force.parts is not None:
        rests += [(at_s, at_s) for at_s in force.parts.speed_changes_s]
        rests += [
            (episode.start_s, episode.end_s)
            for episode in force.parts.episodes
            if episode.kind != "running" and episode.end_s - episode.start_s > LONGEST_REST_S
        ]
    first_s, last_s = steps[0].contact_s, steps[-1].toe_off_s
    inside = sorted((max(a, first_s), min(b, last_s)) for a, b in rests if b > first_s and a < last_s)
    edges = [first_s, *(edge for rest in inside for edge in rest), last_s]
    return max(zip(edges[::2], edges[1::2], strict=True), key=lambda stretch: stretch[1] - stretch[0])

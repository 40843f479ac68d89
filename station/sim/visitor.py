"""The simulated visitor: reads the station's screen like a person and acts: steps on, runs, stops, steps off."""

from collections.abc import Iterable, Mapping

from station.messages import StationState
from station.sim.world import Visit

STEP_ON_AFTER_S = 1.0  # after the screen says so
RUN_AFTER_S = 2.0
STOP_AFTER_S = 0.8  # after the run was declared over before its time
STEP_OFF_AFTER_S = 8.0  # after the last step


def visit_of(marks_ns: Mapping[str, int], run_s: float) -> Visit:
    """What the visitor does, and when, given the instants at which the station entered its phases.

    The same marks give the same visit: the load cells' and the camera's process need no other link.
    """
    weigh_s, ready_s, score_s = (marks_ns[k] / 1e9 if k in marks_ns else None for k in ("weigh", "ready", "score"))
    if weigh_s is None:
        return Visit()
    step_on_s = weigh_s + STEP_ON_AFTER_S
    if ready_s is None:
        return Visit(step_on_s)
    run_start_s = ready_s + RUN_AFTER_S
    run_end_s = run_start_s + run_s
    if score_s is not None:
        run_end_s = min(run_end_s, score_s + STOP_AFTER_S)
    return Visit(step_on_s, run_start_s, run_end_s, run_end_s + STEP_OFF_AFTER_S)


class Visitor:
    """Follows the published state; `visit` is always up to date after `look`."""

    def __init__(self, run_s: float) -> None:
        self.visit = Visit()
        self._run_s = run_s

    def look(self, states: Iterable[StationState]) -> bool:
        """Read the latest states; True when the plans changed."""
        shown = list(states)
        if not shown:
            return False
        planned, self.visit = self.visit, visit_of(shown[-1].marks_ns, self._run_s)
        return self.visit != planned

"""How well the parts of messy runs are told, and whether what is judged is the runner's own.

Run as `python -m tests.benchmarks.episodes [RUNS]` (about 5 s a run). Random runs of the shipped runners: a walk, a
stop, a jump to the side rails, another belt speed, hands on the rail, a second person, through simulated chips. Each
judged part is held against a clean minute of the same runner at that speed; the last line is two such clean minutes.
"""

import sys
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from itertools import pairwise

import numpy as np

from station.gait.parts import Mark
from station.gait.results import ForceResult
from station.sim.course import Course
from station.sim.runner.scenario import load_scenario
from station.sim.world import Visit, World
from station.simulation_config import HandsOnRail, OtherPerson, RunPart
from tests.gait.analysed import analyse_force
from tests.gait.blur import blurred

RUNNERS = ("good_man", "good_woman", "uneven", "heavy_rearfoot")
FASTER = (0.82, 1.0, 1.0, 1.2)  # of the runner's own speed
KINDS = {"run": "running", "walk": "walking", "stand": "standing", "off": "off_deck"}
STEP_ON_S, CLEAN_S = 3.0, 60.0
NEAR_S = 5.0
GRID_S = 0.1


@dataclass(frozen=True)
class MessyRun:
    """What the runner did; times since the run began."""

    runner: str
    parts: tuple[RunPart, ...]
    rail: tuple[HandsOnRail, ...] = ()
    others: tuple[OtherPerson, ...] = ()

    @property
    def ends_s(self) -> np.ndarray:
        """Where each part ends."""
        return np.cumsum([part.for_s for part in self.parts])

    def kind_at(self, t_s: float) -> str:
        """As an episode names it."""
        return KINDS[self.parts[min(int(np.searchsorted(self.ends_s, t_s, side="right")), len(self.parts) - 1)].kind]

    def speed_changes_s(self) -> list[float]:
        """Beginnings of running at another speed than the running before it."""
        runs = [
            (end - part.for_s, part) for end, part in zip(self.ends_s, self.parts, strict=True) if part.kind == "run"
        ]
        return [at for (_, before), (at, part) in pairwise(runs) if part.speed_m_s != before.speed_m_s]


def messy_run(rng: np.random.Generator) -> MessyRun:
    """Two or three stretches of running, with something else between, before and after them."""
    runner = str(rng.choice(RUNNERS))
    own_m_s = load_scenario(runner).speed_m_s
    parts = [_walk(rng)] if rng.random() < 0.4 else []
    for number in range(rng.integers(2, 4)):
        between = rng.choice(["stand", "off", "walk", "none"])
        if number and between != "none":
            parts.append(_walk(rng) if between == "walk" else RunPart(kind=between, for_s=rng.uniform(4, 14)))
        parts.append(RunPart(kind="run", for_s=rng.uniform(25, 45), speed_m_s=float(own_m_s * rng.choice(FASTER))))
    if rng.random() < 0.4:
        parts.append(_walk(rng))
    parts = _joined(parts)
    starts_s = np.cumsum([0.0, *(part.for_s for part in parts)])
    runs = [k for k, part in enumerate(parts) if part.kind == "run"]
    from_s = float(starts_s[runs[-1]] + rng.uniform(3, 8))
    if rng.random() < 0.5:
        return MessyRun(runner, parts, rail=(HandsOnRail(from_s=from_s, for_s=12.0, share=rng.uniform(0.05, 0.15)),))
    if rng.random() < 0.4:
        return MessyRun(runner, parts, others=(OtherPerson(from_s=from_s, for_s=10.0, load_n=rng.uniform(80, 300)),))
    return MessyRun(runner, parts)


def _walk(rng: np.random.Generator) -> RunPart:
    return RunPart(kind="walk", for_s=rng.uniform(8, 20), speed_m_s=rng.uniform(0.9, 2.0))


def _joined(parts: Sequence[RunPart]) -> tuple[RunPart, ...]:
    """Running at one speed without a break is one part."""
    out: list[RunPart] = []
    for part in parts:
        if out and (out[-1].kind, out[-1].speed_m_s) == (part.kind, part.speed_m_s):
            part = RunPart(kind=part.kind, for_s=out.pop().for_s + part.for_s, speed_m_s=part.speed_m_s)
        out.append(part)
    return tuple(out)


def analysed(run: MessyRun, seed: int = 1) -> ForceResult:
    """What the station says of it, on the run's own time axis."""
    scenario = load_scenario(run.runner)
    run_s = float(run.ends_s[-1])
    course = Course(scenario, seed, run.parts, run.rail, run.others)
    world = World(scenario, Visit(0.0, STEP_ON_S, STEP_ON_S + run_s, 1e9), seed, run_s, course=course)
    t_s = np.arange(0, run_s, 1e-3)
    cells = blurred(t_s, world.cell_force_n(STEP_ON_S + t_s), seed)
    return analyse_force(cells, 0.0, run_s, deck_known=True, kernel_known=True, speed_m_s=None)


@cache
def clean(runner: str, speed_m_s: float, seed: int) -> ForceResult:
    return analysed(MessyRun(runner, (RunPart(kind="run", for_s=CLEAN_S, speed_m_s=speed_m_s),)), seed)


def labelled_right(run: MessyRun, result: ForceResult) -> float:
    """Share of the time with the right episode."""
    at_s = np.arange(GRID_S / 2, float(run.ends_s[-1]), GRID_S)
    ends_s = [episode.end_s for episode in result.parts.episodes]
    said = [result.parts.episodes[min(int(k), len(ends_s) - 1)].kind for k in np.searchsorted(ends_s, at_s)]
    return float(np.mean([kind == run.kind_at(t) for kind, t in zip(said, at_s, strict=True)]))


def found(true_s: Sequence[tuple[float, float]], marks: Sequence[Mark], near_s: float) -> np.ndarray:
    """(hits, true ones, false marks)."""

    def meets(mark: Mark, span: tuple[float, float]) -> bool:
        return mark.start_s <= span[1] + near_s and mark.end_s >= span[0] - near_s

    hits = sum(any(meets(mark, span) for mark in marks) for span in true_s)
    false = sum(not any(meets(mark, span) for span in true_s) for mark in marks)
    return np.array([hits, len(true_s), false])


def distance(result: ForceResult, other: ForceResult) -> np.ndarray:
    """Of step-time and contact-time asymmetry in percentage points, of the feet's mean loading rate in percent."""
    asymmetries = [
        abs(result.asymmetry[key].value - other.asymmetry[key].value) for key in ("step_time_pct", "contact_time_pct")
    ]
    rates = [np.mean([foot.loading_rate_bw_s.value for foot in one.feet.values()]) for one in (result, other)]
    return np.array([*asymmetries, 100 * abs(rates[0] / rates[1] - 1)])


def judged_speed_m_s(run: MessyRun, result: ForceResult) -> float:
    """The true speed in the judged part."""
    block = result.parts.judged[0]
    part = run.parts[int(np.searchsorted(run.ends_s, (block.start_s + block.end_s) / 2))]
    return part.speed_m_s or load_scenario(run.runner).speed_m_s


def main() -> None:
    runs = int(sys.argv[1]) if len(sys.argv) > 1 else 60
    rng = np.random.default_rng(1)
    right, off, steps = [], [], []
    counts = {kind: np.zeros(3, int) for kind in ("speed_change", "hands", "more_load")}
    for _ in range(runs):
        run = messy_run(rng)
        result = analysed(run)
        right.append(labelled_right(run, result))
        true = {
            "speed_change": [(t, t) for t in run.speed_changes_s()],
            "hands": [(h.from_s, h.from_s + h.for_s) for h in run.rail],
            "more_load": [(o.from_s, o.from_s + o.for_s) for o in run.others],
        }
        for kind, spans in true.items():
            near_s = NEAR_S if kind == "speed_change" else 0.0
            counts[kind] += found(spans, [m for m in result.parts.marks if m.kind == kind], near_s)
        off.append(distance(result, clean(run.runner, judged_speed_m_s(run, result), 2)))
        steps.append(len(result.judged_steps) / len(result.steps))
    alike = [distance(clean(r, v, 2), clean(r, v, 3)) for r, v in {(r, load_scenario(r).speed_m_s) for r in RUNNERS}]
    print(f"{runs} messy runs of {len(RUNNERS)} runners")
    print(f"time labelled right                {np.mean(right):6.1%} (worst run {min(right):.1%})")
    print(f"steps judged                       {np.mean(steps):6.1%}")
    for kind, name in (("speed_change", "speed changes"), ("hands", "hands on the rail"), ("more_load", "more load")):
        hits, of, false = counts[kind]
        print(f"{name:34} {hits:3d} of {of:3d} found, {false} false")
    print(f"\n{'judged part against clean minute':34}{'step time pp':>14}{'contact time pp':>17}{'loading rate %':>16}")
    for name, rows in (("messy: mean", np.mean(off, axis=0)), ("messy: worst", np.max(off, axis=0))):
        print(f"{name:34}" + "".join(f"{x:{w}.2f}" for x, w in zip(rows, (14, 17, 16), strict=True)))
    print(
        f"{'clean against clean: mean':34}"
        + "".join(f"{x:{w}.2f}" for x, w in zip(np.mean(alike, axis=0), (14, 17, 16), strict=True))
    )


if __name__ == "__main__":
    main()

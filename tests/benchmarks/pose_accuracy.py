"""Posture against the rendered truth: `python -m tests.benchmarks.pose_accuracy [--only NAME...] [--model MODEL]`.

Poses every frame of the clips with the networks and analyses each runner by the station's own path, with the true force
of the same world. Keypoints are kept in the cache, so that a second run takes seconds. Tables: the landing foot,
posture, the legs, and the cards against what the runner really does.
"""

import argparse
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, fields
from functools import cache, cached_property
from typing import get_args

import cv2
import numpy as np
from scipy.stats import pearsonr, spearmanr

from station.camera.landmarks import Model
from station.camera.weights import prepare
from station.gait.camera_side import other
from station.gait.foot_strike import REARFOOT_DEG
from station.gait.legs import repair_legs
from station.gait.posture_gates import body_height_px
from station.gait.posture_track import index_of
from station.scorecard.registry import judge_all
from station.scorecard.verdict import Verdict
from station.sim.runner.clip import clip_folder, study_cache
from station.sim.runner.render import render_study
from station.sim.runner.scenario import Scenario, load_scenario, scenario_names, study_names
from station.sim.runner.shot import running_shots
from tests.benchmarks.filmed_run import FilmedRun, filmed_run
from tests.benchmarks.posed_clip import posed_clip
from tests.benchmarks.rendered_truth import TruePosture, true_posture, true_strike_deg

BORDERLINE_DEG = (4.0, 12.0)
APART_DEG = 10.0
ANGLES = ("trunk_lean_deg", "elbow_angle_deg", "shoulder_rotation_deg", "forearm_across_deg")
FOOT = ("ankle", "heel", "foot_index")
ACCUSED, CLEARED = ("present", "likely"), ("unlikely", "not_seen")


@dataclass(frozen=True)
class Seen(FilmedRun):
    """One runner as one network sees him, and the truth."""

    model: Model

    @cached_property
    def true(self) -> tuple[TruePosture, ...]:
        """Of each running clip."""
        return tuple(true_posture(clip) for clip in self.clips)

    def true_mean(self, key: str) -> float:
        return float(np.mean([getattr(true, key) for true in self.true]))

    @cached_property
    def verdicts(self) -> dict[str, Verdict]:
        return judge_all(self.analysed.facts)


def seen(scenario: Scenario, model: Model) -> Seen:
    folder = render_study(scenario.name) if scenario.study else clip_folder(scenario)
    posed = cache(lambda clip: posed_clip(folder / f"{clip}.mp4", model, study_cache() / "poses"))
    run = filmed_run(scenario, posed)
    return Seen(**{field.name: getattr(run, field.name) for field in fields(run)}, model=model)


def strike_row(run: Seen) -> list[str]:
    """The near foot at each contact: true mean, bias, mean absolute error, class of the mean."""
    true = true_strike_deg(next(running_shots(run.scenario)), run.near)
    landings = run.posture.series.get("foot_strike_angle_deg")
    if true is None or landings is None or not len(landings.value):
        reason = run.posture.foot_strike_angle_deg[run.near].reason or "-"
        return ["-" if true is None else f"{true.mean():.1f}", *"----", reason]
    error = landings.value - _true_at(landings.t_s, true, run)
    mean, measured = float(true.mean()), float(landings.value.mean())
    right = (measured > REARFOOT_DEG) == (mean > REARFOOT_DEG)
    borderline = BORDERLINE_DEG[0] <= mean <= BORDERLINE_DEG[1]
    return [
        f"{mean:.1f}",
        f"{error.mean():+.1f}",
        f"{np.abs(error).mean():.1f}",
        f"{error.std():.1f}",
        str(len(error)),
        "borderline" if borderline else "right" if right else "WRONG",
    ]


def _true_at(contact_s: np.ndarray, true_deg: np.ndarray, run: Seen) -> np.ndarray:
    """The true angle of each judged landing: that of the same contact of the clip's loop."""
    clip = run.clips[0]
    in_loop = np.array([e.contact_s for e in clip.events if e.side == run.near])
    away = np.abs(((contact_s - run.session.start_s) % clip.length_s)[:, None] - in_loop)
    return true_deg[np.minimum(away, clip.length_s - away).argmin(axis=1)]


def posture_row(run: Seen) -> list[str]:
    """Change of the neck over the run, then truth and measurement of each angle."""
    row = _neck_change(run)
    for key in ANGLES:
        measure = run.posture.measures[key]
        row += [f"{run.true_mean(key):.0f}", f"{measure.value:.0f}" if measure.measured else "-"]
    return row


def _neck_change(run: Seen) -> list[str]:
    """Neck inclination in the last clip minus in the first: true, measured."""
    if len(run.clips) < 2:
        return ["-", "-"]
    true = run.true[-1].neck_inclination_deg - run.true[0].neck_inclination_deg
    series = run.posture.series.get("neck_inclination_deg")
    if series is None:
        return [f"{true:+.1f}", "-"]
    shown = run.clip[np.searchsorted(run.poses.t_s, series.t_s).clip(max=len(run.clip) - 1)]
    first, last = (series.value[shown == k].mean() for k in (0, len(run.clips) - 1))
    return [f"{true:+.1f}", f"{last - first:+.1f}"]


def legs_row(run: Seen) -> list[str]:
    """Contacts of the near foot about which its labels are on it: as posed, repaired, and with the force."""
    raw, facts = run.poses, run.analysed.facts
    contacts = np.array([step.contact_s for step in facts.force.steps if step.side == run.near])
    repaired = repair_legs(raw.t_s, raw.xy_px, raw.confidence, body_height_px(raw) or np.nan)
    shares = (_right_share(run, xy, contacts) for xy in (raw.xy_px, repaired.xy_px, facts.track.xy_px))
    return [str(len(contacts)), *("-" if np.isnan(share) else f"{100 * share:.1f}" for share in shares)]


def _right_share(run: Seen, xy: np.ndarray, contacts: np.ndarray) -> float:
    """Right: in both frames that an angle is read between, the labels are nearer to the near foot than to the other."""
    after = np.searchsorted(run.poses.t_s, contacts)
    after = after[(after > 0) & (after < len(xy))]
    frames = np.stack([after - 1, after])
    foot, far_foot = ([index_of(f"{side}_{joint}") for joint in FOOT] for side in (run.near, other(run.near)))
    if not len(after) or np.isnan(run.true_px[:, foot + far_foot]).all(axis=(0, 2)).any():
        return np.nan  # a leg that ends in no foot
    to_own, to_far = (
        np.nansum(np.linalg.norm(xy[:, foot] - run.true_px[:, to], axis=2), axis=1) for to in (foot, far_foot)
    )
    return float(np.mean((to_own < to_far)[frames].all(axis=0)))


def cards_row(run: Seen) -> list[str]:
    """The word of each card; what a card says against the truth in capitals."""
    words = []
    for mistake, verdict in run.verdicts.items():
        against = CLEARED if mistake in run.scenario.mistakes else ACCUSED
        words.append(verdict.verdict.upper() if verdict.verdict in against else verdict.verdict)
    return [*words, "; ".join(dict.fromkeys(_silences(run.verdicts)))]


def _silences(verdicts: dict[str, Verdict]) -> Iterator[str]:
    return (reason for v in verdicts.values() if v.verdict == "not_measured" for reason in v.reasons)


TABLES: dict[str, tuple[Callable[[Seen], list[str]], Sequence[str]]] = {
    "landing foot (degrees)": (strike_row, ("true", "bias", "MAE", "sd", "n", "rearfoot?")),
    "posture (degrees): neck change, then true and measured": (
        posture_row,
        ("neck", "seen", "trunk", "seen", "elbow", "seen", "turn", "seen", "forearm", "seen"),
    ),
    "near leg named right (% of its contacts)": (legs_row, ("contacts", "posed", "repaired", "+ force")),
    "cards": (cards_row, ("head", "uneven", "arms", "heel", "not measured because")),
}


def rotation_correlation(runs: Sequence[Seen]) -> str:
    """How well the shoulder rotation is ranked, over all runners in which it was measured."""
    measures = [run.posture.measures["shoulder_rotation_deg"] for run in runs]
    pairs = [
        (round(run.true_mean("shoulder_rotation_deg")), m.value)
        for run, m in zip(runs, measures, strict=True)
        if m.measured
    ]
    if len({true for true, _ in pairs}) < 3:
        return "too few different runners to rank"
    true, measured = np.array(pairs).T
    rank, linear = (statistic(true, measured).statistic for statistic in (spearmanr, pearsonr))
    alike = np.unique(true)  # those who turn alike have no order among them
    of_alike = spearmanr(alike, [measured[true == turn].mean() for turn in alike]).statistic
    apart = np.subtract.outer(true, true) >= APART_DEG
    in_order = np.mean(np.subtract.outer(measured, measured)[apart] > 0)
    return (
        f"correlation {linear:.3f}, of ranks {rank:.3f}, over {len(pairs)} runners; of ranks {of_alike:.3f} where the "
        f"{len(alike)} groups of those who turn alike to a degree are ranked by their means; "
        f"{100 * in_order:.1f} % of {apart.sum()} pairs at least {APART_DEG:.0f} degrees apart are in order"
    )


def table(title: str, row: Callable[[Seen], list[str]], head: Sequence[str], runs: Sequence[Seen]) -> None:
    print(f"\n{title}")
    rows = [["runner", *head], *([run.scenario.name, *row(run)] for run in runs)]
    widths = [max(len(r[k]) for r in rows if k < len(r)) for k in range(len(rows[0]) - 1)]
    for cells in rows:
        print("  ".join(f"{cell:<{w}}" for cell, w in zip(cells, [*widths, 0], strict=False)))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    every = (*scenario_names(), *study_names())
    parser.add_argument("--only", nargs="+", choices=every, default=every, metavar="NAME", help="these scenarios")
    parser.add_argument("--model", choices=get_args(Model), help="this network only")
    options = parser.parse_args()
    cv2.setNumThreads(1)
    prepare()
    for model in (options.model,) if options.model else get_args(Model)[::-1]:
        runs = [seen(load_scenario(name), model) for name in options.only]
        for title, (row, head) in TABLES.items():
            table(f"{model}: {title}", row, head, runs)
        print(f"\n{model}: shoulder rotation, {rotation_correlation(runs)}")


if __name__ == "__main__":
    main()

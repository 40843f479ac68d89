"""Which posture angles rank single strides rightly: `python -m tests.benchmarks.worst_strides` (about two minutes).

The rendered runners move alike in every stride, so the variation of a real one is put in: in each stride the ear is
turned about the shoulder, and the wrist about the elbow, by an angle drawn anew (natural from stride to stride:
2 degrees of the neck, 5 of the elbow; engineering choices). The keypoints are those of the pose network, so its errors
stay in. The table gives the rank correlation (Spearman) of the station's stride values with what was put in, the mean
over the runners and the least.
"""

from collections import defaultdict
from dataclasses import replace
from functools import cache

import numpy as np
from scipy.stats import spearmanr

from station.fusion.scoring import analyse_session
from station.gait.posture_track import PoseTrack, index_of
from station.gait.results import Series
from station.scorecard.worst_steps import word_of
from station.sim.runner.clip import clip_folder, study_cache
from station.sim.runner.scenario import load_scenario
from tests.benchmarks.filmed_run import FilmedRun, filmed_run
from tests.benchmarks.posed_clip import posed_clip

RUNNERS = ("good_man", "good_woman", "head_forward", "arms", "uneven")
TURNED = {"neck_relative_deg": (2.0, "shoulder", ("ear",)), "elbow_angle_deg": (5.0, "elbow", ("wrist",))}
"""Variable -> standard deviation in degrees, joint, points that turn about it."""


def turned(track: PoseTrack, near: str, about: str, points: tuple[str, ...], angle_deg: np.ndarray) -> PoseTrack:
    """The near side's `points` turned about a joint, by an angle a frame (n,), clockwise in the picture."""
    xy_px = np.array(track.xy_px, float)
    centre = xy_px[:, index_of(f"{near}_{about}")]
    cos, sin = np.cos(np.radians(angle_deg)), np.sin(np.radians(angle_deg))
    for point in points:
        arm = xy_px[:, index_of(f"{near}_{point}")] - centre
        moved = np.column_stack([cos * arm[:, 0] - sin * arm[:, 1], sin * arm[:, 0] + cos * arm[:, 1]])
        xy_px[:, index_of(f"{near}_{point}")] = centre + moved
    return replace(track, xy_px=xy_px)


def rank(run: FilmedRun, key: str, rng: np.random.Generator) -> float:
    """Of the angle `key` over the strides of one runner."""
    sd_deg, about, points = TURNED[key]
    contact_s = np.array([s.contact_s for s in run.analysed.facts.force.steps if s.side == run.near])
    drawn_deg = rng.normal(0, sd_deg, len(contact_s) + 1)
    poses = run.session.poses
    of_frame = drawn_deg[np.searchsorted(contact_s, poses.t_s, side="right")]
    session = replace(run.session, poses=turned(poses, run.near, about, points, of_frame))
    series: Series = analyse_session(session).facts.posture.series[key]
    return abs(float(spearmanr(series.value, drawn_deg[np.searchsorted(contact_s, series.t_s)]).statistic))


def main() -> None:
    rng = np.random.default_rng(5)
    found = defaultdict(list)
    for name in RUNNERS:
        scenario = load_scenario(name)
        folder = clip_folder(scenario)
        posed = cache(lambda clip, folder=folder: posed_clip(folder / f"{clip}.mp4", "heavy", study_cache() / "poses"))
        run = filmed_run(scenario, posed)
        for key in TURNED:
            found[key].append(rank(run, key, rng))
    print(f"{'variable':<20s} {'rank correlation':>16s} {'least':>6s}  word")
    for key, ranks in found.items():
        print(f"{key:<20s} {np.mean(ranks):16.2f} {min(ranks):6.2f}  {word_of(key)}")


if __name__ == "__main__":
    main()

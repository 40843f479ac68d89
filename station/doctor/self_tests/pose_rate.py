"""Whether the board finds poses fast enough: how long a run must be until it has the strides that a verdict needs."""

from collections.abc import Sequence

from station.camera import pose_speed
from station.camera.pose_speed import PoseSpeed
from station.doctor.self_test import Bedside, SelfTest
from station.messages import Finding
from station.scorecard.gates import LEAST_STRIDE_PAIRS
from station.words import N_

FRAMES_A_STRIDE = 6
"""Of `station.fusion.stride_frames`, at 50 to 90 pictures a second."""
SPARE_STRIDES = 6
"""Of `station.fusion.aim`: some are not seen clearly."""
AFTER_THE_RUN_S = 15.0
"""As long as a runner is kept waiting (`station.fusion.visit_camera`)."""
LEAST_CORES = 4
"""Of every Pi since the second, as long as its speed is not known better."""
LONG_RUN_S, LONGEST_RUN_S = 120.0, 600.0


def enough(speed: PoseSpeed | None, cores: int) -> Sequence[Finding]:
    """`cores` that this process may use."""
    if speed is None and cores < LEAST_CORES:
        text = N_("The board has {cores} cores; load cells, screen and poses need {least}: take a Pi 4 or a Pi 5.")
        return [POSE.finding("warning", text.format(cores=cores, least=LEAST_CORES), "board", cores=float(cores))]
    if speed is None:
        text = N_(
            "The board's speed was never measured: run python -m station.camera.measure_speed, as install.sh does."
        )
        return [POSE.finding("not_checked", text, "board", cores=float(cores))]
    measured = {"scored_per_s": speed.scored_per_s, "workers": float(speed.workers), "cores": float(cores)}
    frames = FRAMES_A_STRIDE * (LEAST_STRIDE_PAIRS + SPARE_STRIDES)
    run_s = max(0.0, frames / speed.scored_per_s - AFTER_THE_RUN_S)
    if run_s > LONG_RUN_S:
        text = N_(
            "The board looks at {per_s:.1f} pictures a second: posture gets a verdict after runs of {run_s:.0f} s "
            "only. Take a Pi 5, cool it, and leave camera.workers out of the configuration."
        ).format(per_s=speed.scored_per_s, run_s=run_s)
        return [POSE.finding("fault" if run_s > LONGEST_RUN_S else "warning", text, "board", **measured)]
    text = N_("The board looks at {per_s:.1f} pictures a second: enough for runs of {run_s:.0f} s and longer.")
    return [POSE.finding("ok", text.format(per_s=speed.scored_per_s, run_s=run_s), "board", **measured)]


def _examined(bedside: Bedside) -> Sequence[Finding]:
    if bedside.config.camera.device == "none":
        return [POSE.finding("not_checked", N_("This station has no camera."), "board")]
    return enough(pose_speed.known(bedside.config), pose_speed.most_workers() + 1)


POSE = SelfTest("pose_speed", 250, N_("Speed of finding poses"), "board", 5.0, _examined)
SELF_TESTS = (POSE,)

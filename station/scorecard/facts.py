"""Everything a verdict may look at: one run's force and posture results and what is known around them."""

from dataclasses import dataclass

from station.gait.posture_track import PoseTrack
from station.gait.results import ForceResult, PostureResult


@dataclass(frozen=True)
class Facts:
    """One run. A missing sensor is None; `track` are the keypoints behind `posture`, for the pictures."""

    force: ForceResult | None
    posture: PostureResult | None
    track: PoseTrack | None = None
    speed_m_s: float | None = None
    standing_weight_n: float | None = None  # as weighed before the run
    seed: int = 1

    @property
    def stride_pairs(self) -> int:
        """Complete left/right pairs of the run: by the force, else the strides the camera counted."""
        if self.force is not None:
            return len(self.force.steps) // 2
        if self.posture is not None:
            return int(self.posture.quality.get("strides") or 0)
        return 0

    @property
    def gait(self) -> str:
        """running, walking or other: by the force where there is one, else by the camera."""
        for result in (self.force, self.posture):
            if result is not None:
                return result.gait
        return "other"

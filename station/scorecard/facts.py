"""Everything a verdict may look at: one run's force and posture results and what is known around them."""

from dataclasses import dataclass

from station.gait.gait_class import Gait
from station.gait.parts import RunParts
from station.gait.posture_track import PoseTrack
from station.gait.results import ForceResult, Measure, PostureResult


@dataclass(frozen=True)
class Facts:
    """One run. A missing sensor is None; `track` are the keypoints behind `posture`, for the pictures."""

    force: ForceResult | None
    posture: PostureResult | None
    track: PoseTrack | None = None
    speed_m_s: float | None = None  # of the belt, as it was given
    seen_speed_m_s: Measure | None = None  # of the belt, by the camera
    standing_weight_n: float | None = None  # as weighed before the run
    camera_trouble: str | None = None  # a sentence: why there are no pictures of (a part of) the run
    dropped_share: float | None = None  # of the camera's frames; None: not known
    saturations: int | None = None  # times that a cell left the range of its chip; None: there were no chips
    grid_age_days: float | None = None  # since the cells' scales were measured; None: not known
    seed: int = 1

    @property
    def usable_force(self) -> ForceResult | None:
        """The load cells' result, where their data were good enough to tell anything."""
        return self.force if self.force is not None and self.force.usable else None

    @property
    def episodes(self) -> RunParts | None:
        """What the run was made of: steady blocks, those that are judged, speed changes; None without load cells."""
        return self.force.parts if self.force is not None else None

    @property
    def stride_pairs(self) -> int:
        """Complete left/right pairs of the run: by the force, else the strides the camera counted."""
        if self.usable_force is not None:
            return len(self.usable_force.steps) // 2
        if self.posture is not None:
            return int(self.posture.quality.get("strides") or 0)
        return 0

    @property
    def judged_pairs(self) -> int:
        """Those of them in the steady running that is judged."""
        return len(self.usable_force.judged_steps) // 2 if self.usable_force is not None else self.stride_pairs

    @property
    def weight_against_standing(self) -> float | None:
        """Mean force of the run against the weight before it, relative; None where either is not known."""
        if self.standing_weight_n is None or self.force is None or not self.force.body_weight_n.measured:
            return None
        return self.force.body_weight_n.value / self.standing_weight_n - 1

    @property
    def gait(self) -> Gait | None:
        """By the force where it is usable, else by the camera; None where neither could tell."""
        if self.usable_force is not None:
            return self.usable_force.gait
        if self.posture is None or (self.posture.reason and self.posture.gait == "other"):
            return None
        return self.posture.gait

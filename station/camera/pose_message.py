"""A pose as the message that goes on the bus and into a recording."""

from typing import Literal

from station.camera.blazepose import Pose
from station.messages import Keypoints


def keypoints_message(
    t_ns: int,
    purpose: Literal["score", "live"],
    width_px: int,
    height_px: int,
    pose: Pose | None,
    row_ns: float = 0.0,
) -> Keypoints:
    """The pose found (or not) in the frame of that instant and size."""
    frame = {"t_ns": t_ns, "purpose": purpose, "width_px": width_px, "height_px": height_px, "row_ns": row_ns}
    if pose is None:
        return Keypoints(**frame, found=False)
    return Keypoints(
        **frame,
        found=True,
        xy_px=pose.xy_px.astype("<f4").tobytes(),
        confidence=pose.confidence.astype("<f4").tobytes(),
        people=pose.people,
        foot_turn_deg=b"" if pose.foot_turn_deg is None else pose.foot_turn_deg.astype("<f4").tobytes(),
    )

"""JSON for the browser: always valid, never more than a public screen may show."""

import json

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from station.kiosk import live_events
from station.kiosk.problems import Problem
from station.kiosk.snapshot import Snapshot
from station.messages import KEYPOINTS, Choices, Keypoints, LiveForce, StationState

floats32 = st.floats(width=32)


def strict(text: str):
    def refuse(constant: str):
        raise AssertionError(f"{constant} is not JSON")

    return json.loads(text, parse_constant=refuse)


@given(st.lists(floats32, max_size=50))
def test_any_force_is_valid_json(values):
    packed = np.array(values, "<f4").tobytes()
    told = strict(live_events.force(LiveForce(t_s=packed, force_bw=packed)))
    assert len(told["t_s"]) == len(told["force_bw"]) == len(values)


@given(st.lists(floats32, min_size=99, max_size=99), st.booleans())
def test_any_pose_is_valid_json(values, found):
    numbers = np.array(values, "<f4")
    message = Keypoints(
        t_ns=0, purpose="live", width_px=960, height_px=540, found=found, xy_px=numbers[:66].tobytes(),
        confidence=numbers[66:].tobytes(),
    )  # fmt: skip
    points = strict(live_events.pose(message))["points"]
    assert len(points) == len(KEYPOINTS)
    assert all(p is None or len(p) == 3 for p in points)
    if not found:
        assert points == [None] * len(KEYPOINTS)


def test_the_state_tells_progress_but_not_who():
    who = Choices(nickname="secret")
    state = StationState(
        phase="weigh", since_ns=5, visit_id="v1", choices=who, progress=0.25, notice="Stand still."
    )  # fmt: skip
    told = strict(live_events.state(Snapshot(state, ()), "boot"))
    assert told == {
        "screen": "weigh", "boot": "boot", "visit": "v1", "progress": 0.25, "run_s": 0.0, "steps": 0,
        "pictures_coming": False, "notice": "Stand still.",
    }  # fmt: skip


def test_a_silent_station_still_gives_a_screen():
    snapshot = Snapshot(None, (Problem("station", "silent"),))
    assert strict(live_events.state(snapshot, "b"))["screen"] == "moment"
    assert strict(live_events.health(snapshot)) == {"problems": [{"part": "station", "text": "silent"}]}


def test_bones_are_indices_of_their_names():
    assert [(KEYPOINTS[a], KEYPOINTS[b]) for a, b in live_events.BONE_INDICES] == list(live_events.BONES)

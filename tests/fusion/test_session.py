"""What a run's messages tell of the picture."""

from dataclasses import replace

import numpy as np
import pytest

from station.fusion.scoring import analyse_session
from station.fusion.session import Session, SessionBuilder
from station.messages import Keypoints
from tests.fusion.simulated_run import run_messages
from tests.gait.raw_conversions import EPOCH_NS

FRAME_NS = 1_000_000_000 // 60


def session(people: dict[int, int]) -> Session:
    """A run of two seconds with somebody in every frame; `people`: frame -> persons counted in it."""
    points = np.random.default_rng(0).uniform(100, 400, (33, 2)).astype(np.float32)
    builder = SessionBuilder()
    for message in run_messages(2.0):
        builder.add(message)
    for frame in range(-30, 150):
        builder.add(
            Keypoints(
                t_ns=EPOCH_NS + frame * FRAME_NS, purpose="score", width_px=480, height_px=640, found=True,
                xy_px=points.tobytes(), confidence=np.ones(33, np.float32).tobytes(), people=people.get(frame),
            )
        )  # fmt: skip
    return replace(builder.build(), samples=None)  # the camera alone


@pytest.mark.parametrize(("others", "refused"), [(range(0, 120, 20), True), (range(0), False), (range(-30, 0), False)])
def test_another_person_in_the_pictures_of_the_run_refuses_them(others: range, refused: bool) -> None:
    counted = {frame: 1 for frame in range(0, 120, 5)} | dict.fromkeys(others, 2)
    made = session(counted)
    assert made.surroundings is not None
    assert len(made.surroundings.people) == 24
    posture = analyse_session(made).facts.posture
    assert (posture.reason == "Another person is in the picture.") == refused


def test_where_nobody_counted_nobody_is_refused_for_it() -> None:
    assert session({}).surroundings is None

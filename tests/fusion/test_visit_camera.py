"""Whom the camera's part in a visit asks for pictures."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from station.config import Config, Run
from station.daemon import Life
from station.fusion.visit import Visit
from station.fusion.visit_camera import VisitCamera
from station.messages import Choices


class AskedLink:
    """Gives a picture for every instant."""

    def __init__(self) -> None:
        self.asked = 0

    def stills(self, instants_ns: dict[str, int]) -> dict[str, bytes]:
        self.asked += 1
        return dict.fromkeys(instants_ns, b"jpeg")


@pytest.fixture
def camera(tmp_path: Path) -> Iterator[VisitCamera]:
    with Life("fusion", Config(runtime_dir=str(tmp_path))) as life:
        made = VisitCamera(life)
        made.link = AskedLink()
        yield made


@pytest.mark.parametrize(
    ("choices", "asked"),
    [
        (Choices(camera=True, pictures=True), 1),
        (Choices(camera=True, pictures=False), 0),  # lines only: no still is ever made
        (Choices(camera=False, pictures=True), 0),
    ],
)
def test_stills_are_made_for_those_who_want_pictures(camera: VisitCamera, choices: Choices, asked: int) -> None:
    found = camera.stills(Visit(Run(), "v", choices, 0), {"a": 1})
    assert camera.link.asked == asked
    assert found == ({"a": b"jpeg"} if asked else {})

"""Stations on the table."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.fusion.desk import Desk, camera_health, force_health


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    desk = Desk(tmp_path)
    desk.say(force_health(), camera_health())
    yield desk
    desk.close()


@pytest.fixture
def clinic(tmp_path: Path) -> Iterator[Desk]:
    desk = Desk(tmp_path, "clinic")
    desk.say(force_health(), camera_health())
    yield desk
    desk.close()

"""Nothing of a visit is left: neither of one that was wiped, nor of one that a power cut broke off.

`tests/deep/wipe.py` walks the other endings, each after the card and its pictures were looked at.
"""

from pathlib import Path

import numpy as np
import pytest

from tests.kiosk.browser import chromium_path
from tests.whole import traces
from tests.whole.planted_visit import NAME, PlantedVisit, planted

pytestmark = [
    pytest.mark.skipif(chromium_path() is None, reason="no Chromium on this machine: install the chromium package"),
    pytest.mark.long,
    pytest.mark.timeout(400),
]


def test_nothing_of_a_visit_is_left(tmp_path: Path) -> None:
    with planted(tmp_path, run_s=60.0) as visit:
        run_for_a_while(visit)
        camera, fusion = (visit.station.pid_of(daemon) for daemon in ("camera", "fusion"))
        assert any("the name" in found for found in traces.in_memory(fusion, NAME))  # it can be found while it is there
        assert any("JPEG with magenta" in found for found in traces.in_memory(camera, NAME))
        visit.forget_me()
        assert visit.everywhere() == []

        run_for_a_while(visit)
        assert list((visit.folder / "state" / "runs").rglob("*.mcap"))  # it was being recorded
        visit.cut_power()
        visit.close_browser()
        assert visit.on_disk() == []


def run_for_a_while(visit: PlantedVisit) -> None:
    visit.begin()
    visit.at("run")
    visit.station.await_state(lambda s: s.run_s > 3)


@pytest.mark.parametrize("code", ["utf-8", "utf-16-le", "utf-32-le"])
def test_the_search_finds_a_name(code: str) -> None:
    assert traces.in_bytes(b"x" + NAME.encode(code), NAME) == [f"the name in {code}"]


def test_the_search_finds_magenta() -> None:
    picture = np.full((40, 80, 3), (90, 190, 30), np.uint8)
    assert traces.in_bytes(picture.tobytes(), NAME) == []
    picture[3, 5:65] = traces.MAGENTA_RGB
    assert traces.in_bytes(b"x" + picture.tobytes(), NAME) == ["magenta pixels"]

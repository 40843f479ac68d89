"""Every ending of a visit after its card and pictures were looked at: nothing is left. Several minutes.

`pytest -n 0 tests/deep/wipe.py`
"""

import time
from pathlib import Path

import pytest

from tests.whole.planted_visit import NAME, PlantedVisit, planted

pytestmark = pytest.mark.timeout(900)

RUN_S = 45.0


def read_card(visit: PlantedVisit) -> None:
    """Run, look at the card with its pictures, and at each verdict's."""
    visit.begin()
    visit.at("card", within_s=400)
    page = visit.page
    stills: set[str] = set()
    page.on("response", lambda answer: stills.add(answer.url) if "/still/" in answer.url and answer.ok else None)
    page.goto(f"{visit.url}/?stills")
    page.wait_for_selector(".card image", timeout=60_000)  # pictures come after the card
    assert NAME in page.content()
    for card in [card.get_attribute("href") for card in page.locator("a.card").all()]:
        page.goto(visit.url + card, wait_until="load")
    assert stills
    page.goto(visit.url)


def finish(visit: PlantedVisit) -> None:
    visit.page.locator("form[action='/visit/finish'] button").first.click()


def time_out(visit: PlantedVisit) -> None:
    time.sleep(visit.station.settings.kiosk.card_timeout_s + 20)


def forget(visit: PlantedVisit) -> None:
    visit.forget_me()


@pytest.mark.parametrize("end", [finish, time_out, forget])
def test_nothing_is_left_however_the_visit_ends(end, tmp_path: Path) -> None:
    with planted(tmp_path, RUN_S, in_run=False) as visit:
        read_card(visit)
        end(visit)
        visit.at("idle")
        assert visit.everywhere() == []
        visit.close_browser()
        assert visit.on_disk() == []


def test_nothing_is_left_by_a_power_cut_while_the_card_is_shown(tmp_path: Path) -> None:
    with planted(tmp_path, RUN_S, in_run=False) as visit:
        read_card(visit)
        visit.cut_power()
        visit.close_browser()
        assert visit.on_disk() == []

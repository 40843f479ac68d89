"""The browser crashes in mid-run: the visit goes on, and the browser that comes back is on the page of the phase."""

import os
import signal
from pathlib import Path

import pytest

from tests.benchmarks.footprint import descendants_of
from tests.faults import replayed
from tests.kiosk.browser import SIZES, KioskScreen, chromium, chromium_path

pytestmark = [
    pytest.mark.skipif(chromium_path() is None, reason="no Chromium on this machine: install the chromium package"),
    pytest.mark.long,
    pytest.mark.timeout(400),
]

FACTOR = 0.5  # a run of 80 seconds: a browser takes some of them to come up


def test_a_browser_that_crashes_comes_back_to_the_same_page(visit: Path, tmp_path: Path) -> None:
    with replayed.replaying(tmp_path, visit, mode="gym", factor=FACTOR) as station:
        address = f"http://127.0.0.1:{station.settings.kiosk.port}/"
        with chromium() as browser:
            screen = KioskScreen(browser, address, SIZES["wide"])
            screen.page.set_default_timeout(120_000)
            screen.at("idle")
            screen.begin(language="de")
            screen.at("run")
            before = replayed.running(station, 2.0)
            crash()
        with chromium() as browser:
            screen = KioskScreen(browser, address, SIZES["wide"])
            screen.page.set_default_timeout(120_000)
            screen.at("run")
            assert screen.page.locator("html").get_attribute("lang") == "de"
            screen.page.locator('form[action^="/visit/stop"] button').tap()
            screen.at("card")
            card = replayed.phase(station, "card")
            assert card.visit_id == before.visit_id
            screen.page.locator('footer form[action^="/visit/finish"] button').tap()
            screen.at("idle")


def crash() -> None:
    """kill -9 of every process of the browser, which are this one's."""
    for pid in descendants_of(os.getpid()):
        name = Path(f"/proc/{pid}/comm").read_text() if Path(f"/proc/{pid}").exists() else ""
        if name.startswith("chrom"):
            os.kill(pid, signal.SIGKILL)

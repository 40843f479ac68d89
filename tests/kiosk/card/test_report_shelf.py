"""The report in memory: asked once, forgotten with its visit."""

import pytest

from station.errors import BusError
from station.kiosk.card.report_shelf import ReportShelf
from station.messages import Report
from tests.kiosk.conftest import HandFusion


@pytest.fixture
def fusion():
    return HandFusion(report_given=Report(visit_id="a", json=b"{}"))


def test_fusion_is_asked_once_a_visit(fusion):
    shelf = ReportShelf(fusion)
    assert shelf.report("a") is shelf.report("a")
    assert fusion.asked == 1


def test_one_that_lacked_its_pictures_is_asked_for_again_when_they_are_there(fusion):
    shelf = ReportShelf(fusion)
    shelf.report("a")
    fusion.report_given = Report(visit_id="a", json=b"{}", pictures={"x": b"jpeg"})
    assert shelf.report("a").pictures == {}
    assert shelf.report("a", whole=True).pictures == {"x": b"jpeg"}
    assert shelf.report("a").pictures == {"x": b"jpeg"}
    assert fusion.asked == 2


@pytest.mark.parametrize("now", [None, "b"])
def test_a_report_is_forgotten_with_its_visit(fusion, now):
    shelf = ReportShelf(fusion)
    shelf.report("a")
    shelf.keep_only("a")
    shelf.report("a")
    assert fusion.asked == 1
    shelf.keep_only(now)
    shelf.report("a")
    assert fusion.asked == 2


def test_a_report_that_did_not_come_is_asked_for_again(fusion):
    shelf = ReportShelf(fusion)
    fusion.refusal = "not yet"
    with pytest.raises(BusError):
        shelf.report("a")
    fusion.refusal = None
    assert shelf.report("a").visit_id == "a"

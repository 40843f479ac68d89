"""A chip dies, sticks, goes noisy or loses its cell in mid-run: the run is scored up to there, or the card says why."""

from pathlib import Path

import pytest

from station.fusion.notices import CELLS_SILENT
from tests.faults import replayed
from tests.faults.broken_chips import BREAKS, breaking
from tests.whole.recorded_visit import RUN_START_S, visit_messages

pytestmark = [pytest.mark.long, pytest.mark.timeout(400)]

BREAKS_S = 28.0  # into the run: enough for verdicts before
RUN_S = 44.0
GONE = ("dead", "stuck high", "stuck low")
TRUE = "heavy_rearfoot_strike"


@pytest.mark.parametrize("name", BREAKS)
def test_the_run_is_scored_up_to_there_or_the_reason_said(name: str, tmp_path: Path) -> None:
    harm = breaking(BREAKS[name], RUN_START_S + BREAKS_S)
    recorded = replayed.recorded(tmp_path, visit_messages(replayed.SCENARIO, RUN_S, harm=harm))
    with replayed.replaying(tmp_path, recorded) as station:
        replayed.begin(station)
        card = replayed.phase(station, "card")
        document = replayed.report(station, card)
        replayed.leave(station, card)
        replayed.begin(station)  # and the next runner may come
        replayed.phase(station, "weigh")
    verdicts = {mistake: told["verdict"] for mistake, told in document["mistakes"].items()}
    assert [m for m, verdict in verdicts.items() if verdict in ("present", "likely") and m != TRUE] == []
    if name in GONE:
        assert card.notice == CELLS_SILENT
        assert verdicts[TRUE] in ("present", "likely")
        assert BREAKS_S - 2 < document["summary"]["duration_s"] < BREAKS_S + 1
    elif name == "without its cell":
        assert any("rear left does not move" in reason for reason in document["mistakes"][TRUE]["reasons"])
    else:
        assert 0 < document["summary"]["judged_steps"] < document["summary"]["steps"]

"""A gym run from the pins to the document: warm-up, run, side rails, run with a hand on the rail."""

import msgspec
import pytest

from station.fusion.scoring import score
from station.fusion.session import Session
from station.messages import RunInfo
from station.sim.course import Course
from station.sim.rig import Rig
from station.sim.runner.scenario import load_scenario
from station.sim.world import Visit, World
from station.simulation_config import HandsOnRail, RunPart

STEP_ON_S, RUN_S, SEED = 0.5, 5.0, 1
PARTS = (
    RunPart(kind="walk", for_s=8.0, speed_m_s=1.4),
    RunPart(kind="run", for_s=24.0),
    RunPart(kind="off", for_s=4.0),
    RunPart(kind="run", for_s=30.0),
)
RAIL = HandsOnRail(from_s=52.0, for_s=14.0, share=0.1)


@pytest.fixture(scope="module")
def document() -> dict:
    scenario, rig = load_scenario("uneven"), Rig(SEED)
    end_s = RUN_S + sum(part.for_s for part in PARTS)
    course = Course(scenario, SEED, PARTS, [RAIL])
    world = World(scenario, Visit(STEP_ON_S, RUN_S, end_s, end_s + 8.0), SEED, end_s - RUN_S, course=course)
    calibration = rig.calibrate()
    pressing = rig.play(world.cell_force_n, 0.0, end_s + 5.0)
    session = Session(
        RunInfo(visit_id="messy", version="test", seed=SEED, inputs={}),
        start_s=0.0,
        end_s=end_s + 5.0 - RUN_S,
        t0_ns=pressing.epoch_ns + round(RUN_S * 1e9),
        calibration=calibration,
        samples=pressing.samples.arrays(),
        standing_s=(STEP_ON_S + 1.0 - RUN_S, -1.0),
    )
    return msgspec.json.decode(score(session).json)


def test_the_parts_are_told(document):
    told = [(episode["kind"], episode["start_s"]) for episode in document["episodes"]]
    true = [("walking", 0.0), ("running", 8.0), ("off_deck", 32.0), ("running", 36.0), ("standing", 66.0)]
    assert [kind for kind, _ in told] == [kind for kind, _ in true]
    assert [start_s for _, start_s in told] == [pytest.approx(start_s, abs=1.5) for _, start_s in true]
    (mark,) = document["episodes"][3]["marks"]
    assert (mark["kind"], mark["start_s"]) == ("hands", pytest.approx(RAIL.from_s, abs=1.5))


def test_what_is_judged_is_the_runners_own(document):
    scenario = load_scenario("uneven")
    assert document["gait"] == "running"
    assert document["runner"]["mass_kg"] == pytest.approx(scenario.mass_kg, rel=0.01)
    asymmetry = document["asymmetry"]
    assert asymmetry["step_time_pct"]["value"] == pytest.approx(scenario.step_time_asymmetry_pct, abs=1)
    assert asymmetry["contact_time_pct"]["value"] == pytest.approx(scenario.contact_time_asymmetry_pct, abs=1.5)
    assert asymmetry["peak_force_pct"]["value"] == pytest.approx(scenario.peak_force_asymmetry_pct, abs=2)
    verdict = document["mistakes"]["uneven_gait"]
    assert verdict["verdict"] == "present"
    assert verdict["judged"] < verdict["of"]


def test_it_is_said(document):
    notes = " ".join(document["summary"]["notes"])
    for said in ("walked for 8 s before the run", "off the belt for 4 s", "hands carried weight", "judged together"):
        assert said in notes

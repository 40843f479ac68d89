"""The public document: what it says of the calibration, of the chips' readings, and never of a single step."""

from dataclasses import replace

import msgspec
import numpy as np
import pytest

from station.fusion.scoring import analyse_session, score, scored
from station.fusion.session import Session
from station.gait.parts import Episode, Mark, RunParts
from station.messages import FLAG_AFTER_SATURATION, FLAG_FIRST_AFTER_RESET, CalibrationPart, RunInfo
from station.sim.rig import Rig
from station.sim.runner.corners import corner_forces
from tests.gait.seen_force import plate_of


@pytest.fixture(scope="module")
def session() -> Session:
    rig, plate = Rig(seed=4), plate_of(8.0)
    calibration = rig.calibrate()
    x_m, y_m = (np.nan_to_num(cop) for cop in (plate.cop_x_m, plate.cop_y_m))
    pressed = rig.press(plate.t_s, corner_forces(plate.fz_n, x_m, y_m, rig.places))
    info = RunInfo(visit_id="a", version="0", seed=1, inputs={"live": True})
    return Session(info, 0.0, 8.0, pressed.epoch_ns, calibration, pressed.samples.arrays())


def document(session: Session) -> dict:
    return msgspec.json.decode(score(session).json)


def test_the_calibration_and_its_parts_are_named(session):
    parts = {
        "tare": CalibrationPart(id="tare-7", created_utc=""),
        "kernel": CalibrationPart(id="kernel-2", created_utc=""),
    }
    calibration = msgspec.structs.replace(session.calibration, id="cal-9", parts=parts, source="two plates")
    told = document(replace(session, calibration=calibration))
    named = {"id": "cal-9", "parts": {"tare": "tare-7", "kernel": "kernel-2"}, "source": "two plates"}
    assert told["inputs"] == {"live": True, "calibration": named}
    assert told["summary"]["notes"] == []


def test_a_part_that_was_left_out_of_the_calibration_is_noted(session):
    left_out = "kernel test kernel-2 left out: it is of another chip"
    calibration = msgspec.structs.replace(session.calibration, left_out=[left_out])
    assert left_out in document(replace(session, calibration=calibration))["summary"]["notes"]


def test_what_the_chips_suffered_during_the_run_is_counted(session):
    flags = session.samples["flags"].copy()
    inside = np.flatnonzero(session.samples["t_low_ns"] > session.t0_ns + 2e9)
    flags[inside[40]] |= FLAG_AFTER_SATURATION
    flags[[0, 1, 2, 3]] |= FLAG_AFTER_SATURATION | FLAG_FIRST_AFTER_RESET  # before the run
    force = document(replace(session, samples=session.samples | {"flags": flags}))["quality"]["force"]
    assert (force["saturations"], force["power_cycles"]) == (1, 0)
    assert force["lost_share"] == 0
    assert force["silences"] == 0


def test_cables_plugged_in_at_the_other_end_of_the_deck_are_said(session):
    exchanged = session.samples | {"channel": np.array([2, 3, 0, 1], "u1")[session.samples["channel"]]}
    calibration = session.calibration
    moved = [calibration.cells[i] for i in (2, 3, 0, 1)]  # each chip keeps its gain, offset and kernel
    cells = [
        msgspec.structs.replace(chip, channel=at.channel, x_m=at.x_m, y_m=at.y_m)
        for chip, at in zip(moved, calibration.cells, strict=True)
    ]
    calibration = msgspec.structs.replace(calibration, cells=cells)
    right, wrong = document(session), document(replace(session, samples=exchanged, calibration=calibration))
    assert not any("exchanged" in note for note in right["summary"]["notes"])
    assert any("front and rear load cells seem exchanged" in note for note in wrong["summary"]["notes"])
    assert wrong["asymmetry"]["peak_force_pct"]["value"] == pytest.approx(
        right["asymmetry"]["peak_force_pct"]["value"], abs=0.05
    )


@pytest.mark.parametrize(
    ("given_m_s", "why"),
    [
        (None, "the belt speed was not given; "),
        (2.8, "a belt speed was given, but the belt changed its speed, and of which part it was is not known; "),
    ],
)
def test_a_speed_that_was_given_is_not_said_to_be_missing_where_the_belt_changed(session, given_m_s, why):
    session = replace(session, info=msgspec.structs.replace(session.info, speed_m_s=given_m_s))
    run = analyse_session(session)
    parts = RunParts((Episode("running", 0.0, 8.0),), (Mark("speed_change", 4.0, 4.0),))
    facts = replace(run.facts, force=replace(run.facts.force, parts=parts))
    belt = msgspec.json.decode(scored(session, replace(run, facts=facts)).json)["belt"]
    assert (belt["speed_m_s"], belt["source"]) == (None, None)
    assert belt["reason"].startswith(why)


def test_no_single_step_has_a_loading_rate_or_a_curve_that_hides_its_blur(session):
    whole = document(session)
    assert whole["steps"]
    found = set(paths_of("loading_rate", whole))
    assert found == {"feet.left.loading_rate_bw_s", "feet.right.loading_rate_bw_s", "asymmetry.loading_rate_pct"}
    curves = [item for m in whole["mistakes"].values() for item in m["evidence"] if item["kind"] == "curves"]
    assert curves
    assert all(curve["label"] in ("mean_estimated", "single_step_blurred") for curve in curves)
    assert all(curve["bandwidth_hz"] > 0 for curve in curves)


def paths_of(word: str, value, at: str = ""):
    """Where in the document keys contain the word, without the judged words of the verdicts."""
    items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, below in items:
        here = f"{at}.{key}".lstrip(".")
        if word in str(key):
            yield here
        yield from paths_of(word, below, here)

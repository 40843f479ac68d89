import pytest

from station.errors import ConfigError
from station.sim.runner import scenario
from station.sim.runner.scenario import load_scenario, scenario_names

WANTED = {"good_man", "good_woman", "head_forward", "arms", "uneven", "heavy_rearfoot"}


def test_the_wanted_scenarios_ship_and_say_what_they_are():
    assert set(scenario_names()) >= WANTED
    for name in scenario_names():
        loaded = load_scenario(name)
        assert loaded.name == name
        assert loaded.title
        assert (loaded.mistakes == []) == name.startswith("good")


def test_an_unknown_scenario_is_refused_with_the_list():
    with pytest.raises(ConfigError, match=r"'nobody' does not exist; choose one of .*good_man"):
        load_scenario("nobody")


def test_an_unknown_key_is_refused(tmp_path, monkeypatch):
    text = (scenario.FOLDER / "good_man.toml").read_text() + "shoe_size = 43\n"
    (tmp_path / "odd.toml").write_text(text)
    monkeypatch.setattr(scenario, "FOLDER", tmp_path)
    with pytest.raises(ConfigError, match="shoe_size"):
        load_scenario("odd")


def test_a_drift_goes_evenly_from_its_first_to_its_last_stage():
    drifting = load_scenario("head_forward")
    necks = [drifting.stage_neck_deg(k) for k in range(drifting.stages)]
    assert necks[0] == drifting.neck_start_deg
    assert necks[-1] == drifting.neck_end_deg
    assert len(set(drifting.clip_names())) == drifting.stages

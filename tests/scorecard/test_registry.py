import sys

import numpy as np
import pytest

from station.errors import ConfigError
from station.scorecard import mistakes
from station.scorecard.registry import all_mistakes, judge_all
from tests.scorecard.runs import Run

FIFTH = '''
"""Bouncing: a mistake of this test."""

from station.scorecard.mistake import Mistake
from station.scorecard.verdict import Verdict


def judge(facts, rng):
    return Verdict.of_draws("Bouncing", rng.normal(80, 1, 100), judged=1, of=1, cues=("Run flat.", "Good."))


MISTAKE = Mistake("bouncing", 5, "Bouncing", judge)
'''


@pytest.fixture
def extra_folder(tmp_path, monkeypatch):
    """A folder whose files count as mistakes, too."""
    monkeypatch.setattr(mistakes, "__path__", [*mistakes.__path__, str(tmp_path)])
    yield tmp_path
    for name in [name for name in sys.modules if name.startswith(f"{mistakes.__name__}.extra")]:
        del sys.modules[name]


def test_the_four_mistakes_in_the_order_of_the_cards():
    assert [m.id for m in all_mistakes()] == [
        "head_forward", "uneven_gait", "arm_movement", "heavy_rearfoot_strike",
    ]  # fmt: skip


def test_a_fifth_mistake_is_one_new_file_and_changes_nothing_else(extra_folder):
    facts = Run().facts()
    before = {name: verdict.to_json() for name, verdict in judge_all(facts).items()}
    (extra_folder / "extra_bouncing.py").write_text(FIFTH)
    after = {name: verdict.to_json() for name, verdict in judge_all(facts).items()}
    assert list(after) == [*before, "bouncing"]
    assert after["bouncing"]["verdict"] == "present"
    assert {name: after[name] for name in before} == before


def test_a_file_without_a_mistake_is_named(extra_folder):
    (extra_folder / "extra_empty.py").write_text("")
    with pytest.raises(ConfigError, match="extra_empty defines no MISTAKE"):
        all_mistakes()


def test_an_id_used_twice_is_named(extra_folder):
    (extra_folder / "extra_twin.py").write_text(FIFTH.replace('"bouncing"', '"uneven_gait"'))
    with pytest.raises(ConfigError, match="uses the id uneven_gait again"):
        all_mistakes()


def test_the_same_seed_gives_the_same_verdicts_and_any_seed_will_do():
    facts = Run(seed=3, angles={"shoulder_rotation_deg": 40.0}).facts()
    first, second = ({k: v.to_json() for k, v in judge_all(facts).items()} for _ in range(2))
    assert first == second
    for seed in (-1, 2**40):
        assert np.isfinite(judge_all(Run(seed=abs(seed)).facts())["arm_movement"].severity)

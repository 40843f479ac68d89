"""What the scoring is told of a visit while it lasts."""

from pathlib import Path

import pytest

from station.config import Config, Run
from station.daemon import Life
from station.fusion.kept_run import KeptRun
from station.fusion.visit import Visit
from station.messages import Choices, Message, RunMayEnd


class TakingScorer:
    """Keeps what it is given."""

    def __init__(self) -> None:
        self.taken: list[Message] = []

    def add(self, message: Message) -> None:
        self.taken.append(message)

    def turn(self) -> None:
        pass

    def solved(self) -> list[Message]:
        return []


def test_each_pause_is_told_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with Life("fusion", Config(runtime_dir=str(tmp_path), state_dir=str(tmp_path))) as life:
        kept, visit = KeptRun(life), Visit(Run(), "v", Choices(), 0)
        monkeypatch.setattr(kept, "scorer", scorer := TakingScorer())
        for may_end_ns in (None, 5, 5, None, 9, 9):
            visit.may_end_ns = may_end_ns
            kept.follow(visit)
    assert scorer.taken == [RunMayEnd(t_ns=5), RunMayEnd(t_ns=9)]

"""Whether the station is in use, as several processes see it."""

import fcntl
import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from station import locks
from station.errors import ConfigError
from station.locks import LOOK_S, InUse

VISITED = """
import sys, time
from pathlib import Path
from station.locks import InUse
here = InUse(Path(sys.argv[1]))
here.hold(True)
print("here", flush=True)
time.sleep(60)
"""


@pytest.fixture
def onlooker(tmp_path: Path) -> Iterator[InUse]:
    with closing(InUse(tmp_path)) as in_use:
        yield in_use


def test_nobody_uses_it_until_somebody_says_so(tmp_path: Path, onlooker: InUse) -> None:
    with closing(InUse(tmp_path)) as fusion, closing(InUse(tmp_path)) as workbench:
        assert not onlooker.by_anybody()
        fusion.hold(True)
        workbench.hold(True)
        assert onlooker.by_anybody()
        assert fusion.by_anybody()
        fusion.hold(False)
        assert fusion.by_anybody(), "the workbench still does"
        workbench.hold(False)
        assert not fusion.by_anybody()
        assert not onlooker.by_anybody()


def test_only_one_begins_and_a_look_keeps_nobody_from_it(
    tmp_path: Path, onlooker: InUse, monkeypatch: pytest.MonkeyPatch
) -> None:
    with closing(InUse(tmp_path)) as fusion, closing(InUse(tmp_path)) as workbench:
        assert fusion.begin()
        assert fusion.begin(), "it has it already"
        assert not workbench.begin()
        fusion.hold(False)
        look = os.open(tmp_path / "in_use.lock", os.O_RDONLY)
        fcntl.flock(look, fcntl.LOCK_EX)
        monkeypatch.setattr(locks, "LOOKS", 3000)  # a busy machine ends the look late
        over = threading.Timer(LOOK_S, os.close, [look])
        over.start()
        assert workbench.begin()
        over.join()
        assert onlooker.by_anybody()


def test_who_is_killed_uses_it_no_more(tmp_path: Path, onlooker: InUse) -> None:
    with subprocess.Popen([sys.executable, "-c", VISITED, str(tmp_path)], stdout=subprocess.PIPE) as holder:
        assert holder.stdout is not None
        assert holder.stdout.readline() == b"here\n"
        assert onlooker.by_anybody()
        holder.kill()
    assert not onlooker.by_anybody()


def test_the_file_of_another_user_of_the_group_will_do(tmp_path: Path, onlooker: InUse) -> None:
    (tmp_path / "in_use.lock").touch(0o440)
    assert not onlooker.by_anybody()
    onlooker.hold(True)


def test_an_impossible_place_is_named(tmp_path: Path, onlooker: InUse) -> None:
    (tmp_path / "in_use.lock").mkdir()
    with pytest.raises(ConfigError, match=r"in_use\.lock: Is a directory"):
        onlooker.by_anybody()

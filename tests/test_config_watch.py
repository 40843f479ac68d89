"""A daemon that ends to be started with another configuration: when it does, and when it does not."""

import os
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from station import config
from station.daemon import Life
from station.locks import InUse
from tests.test_daemon import StillClock, handlers

__all__ = ["handlers"]


class Watched:
    """A life with a configuration in a file, and a clock that goes on when it is asked."""

    def __init__(self, folder: Path) -> None:
        self.path = folder / "station.toml"
        self.runtime = folder / "run"
        self.write("")
        self.clock = StillClock()
        self.life = Life("force", config.load(self.path), self.clock, self.path)

    def write(self, text: str, name: str = "station.toml") -> None:
        head = f'runtime_dir = "{self.runtime}"\n' if name == "station.toml" else ""
        file = self.path.parent / name
        file.parent.mkdir(exist_ok=True)
        file.write_text(head + text)

    def stops(self) -> bool:
        """Whether it does, asked for three seconds: it looks once a second, and twice at a change."""
        for _ in range(30):
            self.clock.sleep(0.1)
            if self.life.stopping:
                return True
        return False


@pytest.fixture
def watched(tmp_path: Path) -> Iterator[Watched]:
    watched = Watched(tmp_path)
    with watched.life:
        yield watched


def test_a_setting_that_was_changed_ends_it(watched: Watched) -> None:
    assert not watched.stops()
    watched.write('mode = "clinic"')
    assert watched.stops()


def test_whoever_wrote_a_setting_has_time_for_his_answer(watched: Watched) -> None:
    watched.clock.sleep(0.9)
    assert not watched.life.stopping
    watched.write('mode = "clinic"')
    watched.clock.sleep(0.1)  # the look is due in the moment of the writing
    assert not watched.life.stopping
    assert watched.stops()


def test_a_file_that_was_added_ends_it_and_so_does_one_that_was_taken_away(tmp_path: Path, watched: Watched) -> None:
    watched.write("[kiosk]\nport = 8081", "conf.d/50-wizard.toml")
    assert watched.stops()
    with Life("camera", config.load(watched.path), watched.clock, watched.path) as life:
        watched.life = life
        assert not watched.stops()
        (tmp_path / "conf.d" / "50-wizard.toml").unlink()
        assert watched.stops()


def test_what_changed_while_the_daemon_started_is_not_missed(tmp_path: Path) -> None:
    watched = Watched(tmp_path)
    watched.write('mode = "clinic"')
    with watched.life:
        assert watched.stops()


def test_the_same_settings_written_again_do_not(watched: Watched) -> None:
    watched.write("# seen by the installer\n")
    os.utime(watched.path, ns=(1, 1))
    assert not watched.stops()


def test_a_configuration_that_does_not_load_is_said_once_and_changes_nothing(
    watched: Watched, caplog: pytest.LogCaptureFixture
) -> None:
    watched.write('mode = "club"')
    assert not watched.stops()
    assert [record.message.partition(";")[0] for record in caplog.records] == [
        f"configuration {watched.path}: Invalid enum value 'club' - at `$.mode`"
    ]
    watched.write('mode = "clinic"')
    assert watched.stops()


def test_a_configuration_that_is_in_no_file_never_does(watched: Watched) -> None:
    with Life("camera", config.Config(runtime_dir=str(watched.runtime), mode="clinic"), watched.clock) as life:
        watched.life = life
        assert not watched.stops()


def test_a_configuration_that_is_gone_changes_nothing(watched: Watched, caplog: pytest.LogCaptureFixture) -> None:
    watched.path.unlink()
    assert not watched.stops()
    assert "No such file" in caplog.text


def test_nobody_s_visit_is_broken_off(watched: Watched) -> None:
    with closing(InUse(watched.runtime)) as fusion:
        fusion.hold(True)
        watched.write('mode = "clinic"')
        assert not watched.stops()
        fusion.hold(False)
        assert watched.stops()


def test_without_a_file_there_is_nothing_to_watch(tmp_path: Path) -> None:
    with Life("force", config.Config(runtime_dir=str(tmp_path))) as life:
        assert not life.stopping

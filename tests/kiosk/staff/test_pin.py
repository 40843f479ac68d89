"""The staff PIN: which are refused, how it is kept, what wrong ones cost."""

import io
import os
import stat
import sys
from pathlib import Path

import pytest

from station import cli
from station.errors import ConfigError
from station.kiosk.staff.pin import FILE, StaffPin, weakness
from station.kiosk.staff.pin_lockout import FILE as COUNT_FILE
from station.kiosk.staff.pin_lockout import FIRST_WAIT_S, FREE_TRIES, LONGEST_WAIT_S, Lockout

GOOD = "482915"


@pytest.mark.parametrize(
    "pin",
    ["", "1234", "48291", "4829154829154", "111111", "121212", "112112", "123456", "987654", "890123", "abcdef",
     "48291a", "４８２９１５", "4 2915"],
)  # fmt: skip
def test_weak_pins_are_refused(pin: str, tmp_path: Path) -> None:
    assert weakness(pin)
    with pytest.raises(ConfigError, match="the PIN"):
        StaffPin(tmp_path).set(pin)
    assert not StaffPin(tmp_path).is_set


def test_it_is_kept_as_a_hash_that_others_cannot_read(tmp_path: Path) -> None:
    pin = StaffPin(tmp_path)
    assert not pin.matches(GOOD)
    pin.set("730264")
    pin.set(GOOD)
    kept = tmp_path / FILE
    assert stat.S_IMODE(kept.stat().st_mode) == 0o600
    assert kept.read_text().startswith("$argon2id$")
    assert GOOD not in kept.read_text()
    assert pin.matches(GOOD)
    assert not pin.matches("482916")
    kept.write_text("damaged")
    assert not pin.matches(GOOD)


def test_a_folder_that_is_not_there_is_said(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="No such file"):
        StaffPin(tmp_path / "none").set(GOOD)


class Machine:
    """Its clock and its starts."""

    def __init__(self, state: Path) -> None:
        self.now_s = 1000.0
        self.boot = "first"
        self._state = state

    def lockout(self) -> Lockout:
        """As a kiosk that has just been started has it."""
        return Lockout(self._state, lambda: self.now_s, lambda: self.boot)


@pytest.fixture
def machine(tmp_path: Path) -> Machine:
    return Machine(tmp_path)


def test_each_wrong_pin_after_the_first_few_doubles_the_wait(machine: Machine) -> None:
    waits = []
    for _ in range(FREE_TRIES + 9):
        machine.lockout().wrong()  # a restarted kiosk counts on
        waits.append(machine.lockout().seconds_left())
        machine.now_s += waits[-1]
        assert machine.lockout().seconds_left() == 0
    assert waits[: FREE_TRIES - 1] == [0] * (FREE_TRIES - 1)
    assert waits[FREE_TRIES - 1 : FREE_TRIES + 2] == [FIRST_WAIT_S, 2 * FIRST_WAIT_S, 4 * FIRST_WAIT_S]
    assert waits[-1] == LONGEST_WAIT_S


def test_the_right_pin_forgets_the_wrong_ones(machine: Machine) -> None:
    for _ in range(FREE_TRIES - 1):
        machine.lockout().wrong()
    machine.lockout().lift()
    machine.lockout().wrong()
    assert machine.lockout().seconds_left() == 0


def test_a_restart_of_the_machine_begins_the_wait_anew(machine: Machine) -> None:
    for _ in range(FREE_TRIES):
        machine.lockout().wrong()
    machine.now_s, machine.boot = 5.0, "second"
    assert machine.lockout().seconds_left() == FIRST_WAIT_S
    machine.now_s += FIRST_WAIT_S
    assert machine.lockout().seconds_left() == 0


def test_a_damaged_count_is_a_lock_and_not_a_way_in(machine: Machine, tmp_path: Path) -> None:
    (tmp_path / COUNT_FILE).write_text("{}x")
    assert machine.lockout().seconds_left() == FIRST_WAIT_S


@pytest.mark.parametrize("wrong", [0, FREE_TRIES, 10**6])
def test_a_wait_into_the_far_future_is_no_longer_than_the_longest(wrong: int, machine: Machine, tmp_path: Path) -> None:
    far_s = machine.now_s + 1e12
    (tmp_path / COUNT_FILE).write_text(f'{{"wrong": {wrong}, "until_s": {far_s}, "boot": "{machine.boot}"}}')
    left_s = machine.lockout().seconds_left()
    assert FIRST_WAIT_S <= left_s <= LONGEST_WAIT_S, "locked"
    machine.now_s += left_s
    assert machine.lockout().seconds_left() == 0, "and not for ever"


def test_a_count_below_none_gives_no_tries(machine: Machine, tmp_path: Path) -> None:
    (tmp_path / COUNT_FILE).write_text('{"wrong": -1000, "until_s": 0.0, "boot": "first"}')
    assert machine.lockout().seconds_left() == FIRST_WAIT_S


def test_a_count_that_cannot_be_read_nor_replaced_locks_and_then_lets_the_staff_in(
    machine: Machine, tmp_path: Path
) -> None:
    (tmp_path / COUNT_FILE).mkdir()
    (tmp_path / COUNT_FILE / "something").touch()
    lockout = machine.lockout()
    assert lockout.seconds_left() == FIRST_WAIT_S
    machine.now_s += FIRST_WAIT_S
    assert lockout.seconds_left() == 0
    lockout.wrong()
    assert lockout.seconds_left() == 2 * FIRST_WAIT_S
    lockout.lift()
    assert lockout.seconds_left() == 0


def test_a_count_that_is_gone_begins_anew(machine: Machine, tmp_path: Path) -> None:
    for _ in range(FREE_TRIES):
        machine.lockout().wrong()
    (tmp_path / COUNT_FILE).unlink()
    lockout = machine.lockout()
    assert lockout.seconds_left() == 0
    for _ in range(FREE_TRIES):
        lockout.wrong()
    assert lockout.seconds_left() == FIRST_WAIT_S


def test_the_systems_clock_does_not_matter(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    lockout = Lockout(tmp_path)
    for _ in range(FREE_TRIES):
        lockout.wrong()
    monkeypatch.setattr("time.time", lambda: 4e9)
    assert FIRST_WAIT_S - 5 < Lockout(tmp_path).seconds_left() <= FIRST_WAIT_S


def test_the_command_sets_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture) -> None:
    settings = tmp_path / "station.toml"
    settings.write_text(f'state_dir = "{tmp_path}"')
    monkeypatch.setattr(sys, "stdin", io.StringIO(f"{GOOD}\n"))
    assert cli.main(["pin", "--config", str(settings)]) == 0
    assert GOOD not in "".join(capsys.readouterr())
    assert StaffPin(tmp_path).matches(GOOD)
    for _ in range(FREE_TRIES):
        Lockout(tmp_path).wrong()
    monkeypatch.setattr(sys, "stdin", io.StringIO("0000\n"))
    assert cli.main(["pin", "--config", str(settings)]) == 2
    assert "6 to 12 digits" in capsys.readouterr().err
    assert Lockout(tmp_path).seconds_left() > 0
    monkeypatch.setattr(sys, "stdin", io.StringIO("730264\n"))
    assert cli.main(["pin", "--config", str(settings)]) == 0
    assert Lockout(tmp_path).seconds_left() == 0  # who may set a PIN need not wait for it


@pytest.mark.parametrize(("user", "group", "writable"), [(0, 990, True), (1000, 990, False)], ids=["root", "login"])
def test_only_the_kiosks_user_sets_an_installed_stations(
    user: int,
    group: int,
    writable: bool,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture,
) -> None:
    """Whatever root writes here the kiosk cannot read; who logs in cannot write."""
    settings, state = tmp_path / "station.toml", tmp_path / "state"
    state.mkdir()
    settings.write_text(f'state_dir = "{state}"')
    found = os.stat_result((*state.stat()[:5], group, *state.stat()[6:]))
    stat_of = Path.stat
    monkeypatch.setattr("os.geteuid", lambda: user)
    monkeypatch.setattr("os.access", lambda *asked: writable)
    monkeypatch.setattr(Path, "stat", lambda path, **how: found if path == state else stat_of(path, **how))
    monkeypatch.setattr(sys, "stdin", io.StringIO(f"{GOOD}\n"))
    assert cli.main(["pin", "--config", str(settings)]) == 2
    assert "run sudo -u station-kiosk station pin" in capsys.readouterr().err
    assert list(state.iterdir()) == []


def test_on_a_terminal_it_asks_twice(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    settings = tmp_path / "station.toml"
    settings.write_text(f'state_dir = "{tmp_path}"')
    monkeypatch.setattr("sys.stdin.isatty", lambda: True, raising=False)
    for typed, status in ((["482915", "482916"], 2), ([GOOD, GOOD], 0)):
        monkeypatch.setattr("getpass.getpass", lambda prompt, typed=typed: typed.pop(0))
        assert cli.main(["pin", "--config", str(settings)]) == status
    assert StaffPin(tmp_path).matches(GOOD)


@pytest.mark.parametrize("content", [b"", b"$argon2id$v=19", b"\xff\xfe garbage"])
def test_a_damaged_pin_is_told_and_is_still_one(content: bytes, tmp_path: Path) -> None:
    pin = StaffPin(tmp_path)
    assert (pin.is_set, pin.damaged) == (False, False)
    (tmp_path / FILE).write_bytes(content)
    assert (pin.is_set, pin.damaged) == (True, True)
    pin.set(GOOD)
    assert (pin.is_set, pin.damaged) == (True, False)


def test_wrong_pins_are_counted_though_the_disk_takes_nothing(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    machine = Machine(tmp_path / "absent")
    lockout = machine.lockout()
    for _ in range(FREE_TRIES):
        assert lockout.seconds_left() == 0
        lockout.wrong()
    assert lockout.seconds_left() == FIRST_WAIT_S
    assert "counted in memory only" in caplog.text
    lockout.lift()
    assert lockout.seconds_left() == 0

"""The units for systemd: nothing to be said about them, and they fit the daemons, the users and the code."""

import shutil
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from station import cli
from station.force.daemon import PRIORITY
from station.fusion.daemon import GIVEN_UP_AFTER_S
from station.messages import DAEMONS

ROOT = Path(__file__).parent.parent
SYSTEMD = ROOT / "systemd"
UNITS = (*DAEMONS, "screen")
INSTALLED = "/opt/station/current/.venv/bin/station"
MOST_EXPOSED = 2.5

needs_systemd = pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="no systemd on this machine")


class Unit(dict[str, list[str]]):
    """All settings of a unit with those of the drop-in for all, each with its values in their order."""

    def __init__(self, name: str) -> None:
        for file in (SYSTEMD / f"station-{name}.service", SYSTEMD / "station-.service.d" / "common.conf"):
            for line in file.read_text().splitlines():
                key, is_setting, value = line.partition("=")
                if is_setting and not line.startswith("#"):
                    self.setdefault(key, []).append(value)

    def last(self, key: str) -> str:
        return self[key][-1]


@pytest.fixture(scope="module")
def copies(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The units as they are, but for where the command is: here it is this environment's."""
    folder = tmp_path_factory.mktemp("systemd")
    shutil.copytree(SYSTEMD / "station-.service.d", folder / "station-.service.d")
    command = Path(sys.executable).parent / "station"
    for file in (*SYSTEMD.glob("*.service"), *SYSTEMD.glob("*.target")):
        (folder / file.name).write_text(file.read_text().replace(INSTALLED, str(command)))
    return folder


def analyze(*arguments: str | Path) -> subprocess.CompletedProcess:
    return subprocess.run(
        ["systemd-analyze", *map(str, arguments)], capture_output=True, text=True, check=False, env={"PATH": "/usr/bin"}
    )


@needs_systemd
def test_systemd_has_nothing_to_say(copies: Path) -> None:
    done = analyze("verify", *sorted(copies.glob("*.service")), *copies.glob("*.target"))
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


@needs_systemd
@pytest.mark.parametrize("unit", UNITS)
def test_no_unit_is_more_exposed_than_it_must_be(copies: Path, unit: str) -> None:
    threshold = f"--threshold={10 * MOST_EXPOSED:.0f}"
    done = analyze("security", "--offline=true", threshold, copies / f"station-{unit}.service")
    assert done.returncode == 0, done.stdout.splitlines()[-1]


def test_there_is_a_unit_for_each_daemon_and_the_target_wants_them_all() -> None:
    units = {file.name for file in SYSTEMD.glob("*.service")}
    assert units == {f"station-{name}.service" for name in UNITS}
    target = (SYSTEMD / "station.target").read_text().splitlines()
    assert {word for line in target if line.startswith("Wants=") for word in line[6:].split()} == units
    assert "WantedBy=multi-user.target" in target


def test_a_unit_and_a_command_for_each_daemon() -> None:
    assert tuple(DAEMONS) == tuple(cli.DAEMONS)


@pytest.mark.parametrize("unit", UNITS)
def test_each_command_is_one_of_the_station_s(unit: str, capsys: pytest.CaptureFixture) -> None:
    command, verb = Unit(unit).last("ExecStart").split()
    assert command == INSTALLED
    with pytest.raises(SystemExit) as ended:
        cli.main([verb, "--help"])
    assert ended.value.code == 0
    assert verb == unit


@pytest.mark.parametrize("unit", UNITS)
def test_each_user_and_group_is_made_by_the_installation(unit: str) -> None:
    lines = [line.split() for line in (SYSTEMD / "sysusers.conf").read_text().splitlines() if line]
    settings = Unit(unit)
    user = settings.last("User")
    assert user == f"station-{unit}"
    assert ["u", user] in [line[:2] for line in lines]
    assert settings.get("Group", ["station"]) == ["station"]
    of_user = {line[2] for line in lines if line[:2] == ["m", user]}
    assert set(" ".join(settings.get("SupplementaryGroups", [])).split()) <= of_user
    assert {line[1] for line in lines if line[0] == "g"} >= of_user - {"tty"}


@pytest.mark.parametrize("unit", UNITS)
def test_nothing_touches_the_memory_that_daemons_forget_with(unit: str) -> None:
    """station/forgetful.py sets its environment itself; nothing of a visit may reach the disk around it."""
    settings = Unit(unit)
    assert "Environment" not in settings
    assert "EnvironmentFile" not in settings
    assert settings.last("LimitCORE") == settings.last("MemorySwapMax") == "0"


@pytest.mark.parametrize("unit", UNITS)
def test_none_is_ever_given_up(unit: str) -> None:
    settings = Unit(unit)
    assert settings.last("Restart") == "always"
    assert settings.last("StartLimitIntervalSec") == "0"
    assert settings.last("PartOf") == "station.target"


@pytest.mark.parametrize("daemon", DAEMONS)
def test_each_daemon_is_watched_and_limited(daemon: str) -> None:
    settings = Unit(daemon)
    assert settings.last("Type") == "notify"
    assert int(settings.last("WatchdogSec")) > 0
    assert settings.last("MemoryMax")
    assert settings.last("ProtectSystem") == "strict"


def test_a_hung_reader_is_replaced_before_a_visit_gives_it_up() -> None:
    settings = Unit("force")
    assert int(settings.last("WatchdogSec")) + int(settings.last("RestartSec")) < GIVEN_UP_AFTER_S


def test_only_the_reader_may_have_realtime_and_as_much_as_it_asks_for() -> None:
    assert int(Unit("force").last("LimitRTPRIO")) == PRIORITY
    for unit in set(UNITS) - {"force"}:
        assert Unit(unit).last("RestrictRealtime") == "yes"
        assert "LimitRTPRIO" not in Unit(unit)


def test_only_pages_and_browser_reach_a_network() -> None:
    for unit in UNITS:
        families = Unit(unit).last("RestrictAddressFamilies").split()
        assert ("AF_INET" in families) == (unit in ("kiosk", "screen"))
        assert Unit(unit).last("IPAddressDeny") == "any"
    assert Unit("screen")["IPAddressAllow"] == ["localhost"]


def test_no_daemon_removes_or_replaces_what_another_one_keeps() -> None:
    folders = [line.split() for line in (SYSTEMD / "tmpfiles.conf").read_text().splitlines() if line.startswith("d ")]
    shared = {path: int(mode, 8) for _, path, mode, *_ in folders if path.startswith("/var/lib/station/")}
    state = next(int(mode, 8) for _, path, mode, *_ in folders if path == "/var/lib/station")
    assert set(shared) == {f"/var/lib/station/{name}" for name in ("runs", "runs/temporary", "calibration")}
    for mode in (state, *shared.values()):
        assert mode & stat.S_ISVTX, "a file is its owner's"
        assert mode & stat.S_ISGID
        assert mode & stat.S_IRWXO == 0

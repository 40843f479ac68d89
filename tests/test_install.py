"""The system installation, as far as it can be held without installing: tests/deep/install_debian.sh does the rest."""

import fcntl
import os
import re
import shlex
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from station import config
from station.kiosk.web_server import WebServer
from tests.kiosk.kiosk_process import free_port

ROOT = Path(__file__).parent.parent
SYSTEMD = ROOT / "systemd"
OWNED = [
    Path(p) for p in ("/opt/station", "/etc/station", "/var/lib/station", "/run/station", "/usr/local/bin/station")
]


def install(*options: str, **settings: str) -> subprocess.CompletedProcess[str]:
    """install.sh with options that change nothing."""
    assert {"--dry-run", "--nonsense", "--purge"} & set(options)
    command = [ROOT / "install.sh", *options]
    return subprocess.run(command, env=os.environ | settings, capture_output=True, text=True, check=False)


def traces() -> list[tuple[Path, float]]:
    """What an installation would leave here."""
    made = [*OWNED, *Path("/etc").glob("*/station.conf"), *Path("/etc/systemd/system").glob("station*")]
    return [(p, p.stat().st_mtime) for p in made if p.exists()]


def units() -> list[Path]:
    return sorted(SYSTEMD.glob("station-*.service"))


def users(kind: str) -> list[str]:
    """Second column of the lines of one kind in sysusers.conf."""
    lines = (SYSTEMD / "sysusers.conf").read_text().splitlines()
    return [line.split()[1] for line in lines if line.split()[0] == kind]


def memberships() -> set[tuple[str, str]]:
    lines = (SYSTEMD / "sysusers.conf").read_text().splitlines()
    return {(line.split()[1], line.split()[2]) for line in lines if line.startswith("m ")}


def settings(unit: Path, key: str) -> list[str]:
    """Words of every `key=` of a unit."""
    return [word for value in re.findall(rf"^{key}=(.*)$", unit.read_text(), re.MULTILINE) for word in value.split()]


@pytest.fixture(scope="module")
def dry_run() -> str:
    before = traces()
    done = install("--dry-run", "--without-hardware")
    assert done.returncode == 0, done.stderr
    assert traces() == before, "a dry run changed something"
    return done.stderr


def test_a_dry_run_says_every_step_and_changes_nothing(dry_run: str) -> None:
    steps = re.findall(r"==> \d+\. (.*?)\x1b", dry_run)
    assert len(steps) == 9
    assert "Dry run: nothing was changed" in dry_run
    for file in (
        "station.target",
        "station-force.service",
        "/etc/station/station.toml",
        "/etc/sysusers.d/station.conf",
    ):
        assert file in dry_run


@pytest.mark.parametrize(("hardware", "device"), [("true", "hx711"), ("false", "simulated")])
def test_the_first_configuration_has_what_nobody_needs_to_be_asked_for(
    tmp_path: Path, hardware: str, device: str
) -> None:
    """The shunt switch is optional: the set-up asks for it."""
    script = f"hardware={hardware}; . {shlex.quote(str(ROOT / 'install' / 'host.sh'))}; first_configuration"
    written = subprocess.run(["bash", "-euc", script], capture_output=True, text=True, check=True).stdout
    (tmp_path / "station.toml").write_text(written)
    made = config.load(tmp_path / "station.toml")
    assert (made.mode, made.force.device, made.force.shunt_pin) == ("gym", device, None)


def test_a_dry_run_with_hardware_asks_for_what_drives_it(dry_run: str) -> None:
    said = install("--dry-run", "--with-hardware").stderr
    for package in ("python3-picamera2", "python3-rpi-lgpio"):
        assert package in said
        assert package not in dry_run


@pytest.mark.parametrize(
    ("options", "said"), [(["--dry-run", "--nonsense"], "unknown option '--nonsense'"), (["--purge"], "--uninstall")]
)
def test_what_is_not_understood_ends_with_one_line(options: list[str], said: str) -> None:
    done = install(*options)
    assert done.returncode == 2
    assert said in done.stderr
    assert len(done.stderr.splitlines()) == 1


def with_command(folder: Path, name: str, prints: str) -> dict[str, str]:
    """A PATH on which one command says something else than it does here."""
    (folder / name).write_text(f"#!/bin/sh\ncat <<'END'\n{prints}\nEND\n")
    (folder / name).chmod(0o755)
    return {"PATH": f"{folder}:{os.environ['PATH']}"}


def test_a_32_bit_system_is_refused(tmp_path: Path) -> None:
    done = install("--dry-run", **with_command(tmp_path, "dpkg", "armhf"))
    assert done.returncode == 2
    assert "write the 64-bit Raspberry Pi OS to the card" in done.stderr


def test_a_card_that_is_too_small_is_refused(tmp_path: Path) -> None:
    table = "Filesystem 1M-blocks Used Available Capacity Mounted\n/dev/root 7000 6500 500 93% /"
    done = install("--dry-run", **with_command(tmp_path, "df", table))
    assert done.returncode == 2
    assert "only 500 MB are free" in done.stderr


def test_everybody_else_than_root_is_refused() -> None:
    done = subprocess.run(
        ["setpriv", "--reuid=65534", "--clear-groups", str(ROOT / "install.sh"), "--uninstall"],
        capture_output=True,
        text=True,
        check=False,
    )
    if "Operation not permitted" in done.stderr or "Permission denied" in done.stderr:
        pytest.skip("this user may not become another one, or the other one may not read this checkout")
    assert done.returncode == 2
    assert "needs root: sudo ./install.sh" in done.stderr


def test_users_and_groups_of_the_units_are_made() -> None:
    assert units()
    for unit in units():
        (user,) = settings(unit, "User")
        assert user in users("u"), unit.name
        for group in settings(unit, "Group") + settings(unit, "SupplementaryGroups"):
            assert group in [*users("g"), "tty"], f"{unit.name}: {group}"
            assert (user, group) in memberships(), f"{unit.name}: {user} is not in {group}"


def test_the_target_wants_the_units_that_there_are() -> None:
    assert sorted(settings(SYSTEMD / "station.target", "Wants")) == [unit.name for unit in units()]


def test_units_start_what_the_installation_puts_there() -> None:
    for unit in units():
        (program, *_) = settings(unit, "ExecStart")
        assert program.startswith("/opt/station/current/.venv/bin/station"), unit.name


def test_a_driver_that_shadows_the_systems_is_named(tmp_path: Path) -> None:
    """A pip-installed RPi.GPIO hides Raspberry Pi OS's own, and cannot drive a Pi 5."""
    (tmp_path / "RPi" / "GPIO").mkdir(parents=True)
    (tmp_path / "RPi" / "GPIO" / "__init__.py").write_text("BCM = BOARD = OUT = IN = 0")
    done = subprocess.run(
        [sys.executable, ROOT / "install" / "check_imports.py", "--hardware"],
        env=os.environ | {"PYTHONPATH": str(tmp_path)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 1
    assert f"RPi.GPIO is {tmp_path}/RPi/GPIO/__init__.py, not the system's" in done.stdout
    assert f"numpy is {np.__file__}, not the system's" in done.stdout
    assert "is not installed" not in done.stdout, "each pinned package is there"


def test_what_a_release_carries_is_there() -> None:
    listed = re.search(r"SHIPPED=\((.*?)\)", (ROOT / "install" / "release.sh").read_text(), re.DOTALL)
    assert listed is not None
    assert [name for name in listed[1].split() if not (ROOT / name).exists()] == []


class Machine:
    """What install.sh finds and leaves, under another root; what it tells systemd is written down."""

    def __init__(self, root: Path) -> None:
        self.root = root
        for part in (ROOT / "install").glob("*.sh"):
            there = re.sub(r"""(?<=[="^ ])/(?=(boot|etc|opt|run|usr|var)/)""", f"{root}/", part.read_text())
            said = re.sub(r"#.*", "", there)
            assert not re.search(rf"(?<!{root})/(etc|opt|run|usr|var)/", said), "this would touch the real one"
            self.write(f"checkout/install/{part.name}", there)
        shutil.copytree(SYSTEMD, root / "checkout/systemd")
        for folder in ("opt/station/releases", "run/lock", "etc"):
            (root / folder).mkdir(parents=True)

    def write(self, name: str, content: str) -> None:
        file = self.root / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(content)

    def release(self, name: str, trouble: str = "") -> None:
        """A release whose files for the system say its name, and which comes up but for this trouble."""
        release = f"opt/station/releases/{name}"
        for file in (f for f in SYSTEMD.rglob("*") if f.is_file()):
            self.write(f"{release}/systemd/{file.relative_to(SYSTEMD)}", f"{file.read_text()}# {name}\n")
        self.write(f"{release}/install/station-screen.desktop", f"# {name}\n")
        self.write(f"{release}/.complete", "")
        for program, says in (("station", f"# {name}"), ("python", trouble)):
            self.write(f"{release}/.venv/bin/{program}", f"#!/bin/sh\necho '{says}'\n")
            (self.root / release / ".venv/bin" / program).chmod(0o755)

    def does(self, script: str) -> subprocess.CompletedProcess[str]:
        prelude = f"""
            set -euo pipefail
            here={self.root}/checkout
            say() {{ :; }}
            fail() {{ printf '%s\n' "$*" >&2; exit 2; }}
            source "$here/install/system.sh"
            hardware=true screen=lite
            booted() {{ true; }}
            id() {{ echo 0; }}
            getent() {{ false; }}
            sleep() {{ :; }}
            journalctl() {{ :; }}
            told() {{ printf '%s\n' "$*" | sed 's#{self.root}##g' >>{self.root}/told; }}
            systemd-sysusers() {{ told systemd-sysusers "$@"; }}
            systemd-tmpfiles() {{ told systemd-tmpfiles "$@"; }}
            udevadm() {{ told udevadm "$@"; }}
            systemctl() {{
              case $1 in
                is-active) ;;
                show) case $("$CURRENT/.venv/bin/python") in '') echo 0 ;; *) echo 99 ;; esac ;;
                cat) [ -e "$UNITS/$2" ] ;;
                stop)
                  [ -e "$UNITS/$2" ] || fail "$2 is no unit any more"
                  told stop "$2"
                  ;;
                *) told "$@" ;;
              esac
            }}
            use() {{ release_name=$1 release=$RELEASES/$1; start_release; touch "$RELEASES/$1/.healthy"; }}
        """
        self.told()
        return subprocess.run(["bash", "-c", prelude + script], capture_output=True, text=True, check=False)

    def told(self) -> list[str]:
        """Since it was last asked."""
        file = self.root / "told"
        lines = file.read_text().splitlines() if file.exists() else []
        file.unlink(missing_ok=True)
        return lines

    def placed(self) -> dict[str, str]:
        """Which release each file for the system is of."""
        files = [f for f in (self.root / "etc").rglob("*") if f.is_file()]
        return {str(f.relative_to(self.root / "etc")): f.read_text().split()[-1] for f in files}


@pytest.fixture
def machine(tmp_path: Path) -> Machine:
    return Machine(tmp_path)


RESTARTED = "restart station.target station-*.service"


def test_a_screen_that_is_not_wanted_any_more_ends_at_once_and_comes_back(machine: Machine) -> None:
    machine.release("a")
    done = machine.does("use a")
    assert done.returncode == 0, done.stderr
    unit = "systemd/system/station-screen.service"
    assert {unit, "chromium/policies/managed/station.json"} <= set(machine.placed())
    done = machine.does("screen=none; use a")
    assert done.returncode == 0, done.stderr
    assert not {unit, "chromium/policies/managed/station.json"} & set(machine.placed())
    told = machine.told()
    assert told.index("stop station-screen.service") < told.index("start getty@tty1.service") < told.index(RESTARTED)
    assert machine.does("use a").returncode == 0
    assert unit in machine.placed()
    assert RESTARTED in machine.told()
    assert machine.does("use a").returncode == 0
    assert machine.told() == [], "nothing has changed"


def test_a_unit_that_was_mended_is_in_force_at_once(machine: Machine) -> None:
    machine.release("a")
    machine.does("use a")
    machine.write("etc/systemd/system/station-force.service", "# by hand")
    done = machine.does("use a")
    assert done.returncode == 0, done.stderr
    assert set(machine.placed().values()) == {"a"}
    assert RESTARTED in machine.told()


@pytest.mark.parametrize("screen", ["lite", "desktop"])
def test_a_release_that_does_not_come_up_leaves_nothing_of_its_own(machine: Machine, screen: str) -> None:
    machine.release("a")
    machine.release("b", trouble="broken")
    assert machine.does(f"screen={screen}; use a").returncode == 0
    before = machine.placed()
    kinds = ("sysusers.d/", "tmpfiles.d/", "udev/", "chromium/", "systemd/system/", "systemd/journald.conf.d/")
    for kind in (*kinds, *(["xdg/"] if screen == "desktop" else [])):
        assert [name for name in before if name.startswith(kind)], kind
    assert set(before.values()) == {"a"}
    done = machine.does(f"screen={screen}; use b")
    assert done.returncode == 2
    assert "release b did not come up (broken); release a runs again" in done.stderr
    assert machine.placed() == before
    assert machine.told().count("systemd-tmpfiles --create /etc/tmpfiles.d/station.conf") == 2, "there and back"


def test_what_was_chosen_for_a_release_that_does_not_come_up_goes_with_it(machine: Machine) -> None:
    machine.release("a")
    machine.release("b", trouble="broken")
    assert machine.does("use a; keep_choices").returncode == 0
    before = machine.placed()
    assert machine.does("screen=none; use b").returncode == 2
    assert machine.placed() == before
    assert machine.does("chosen screen").stdout == "lite\n"


def test_a_rollback_brings_back_what_belongs_to_the_release_before(machine: Machine) -> None:
    machine.release("a")
    machine.release("b")
    machine.does("use a")
    before = machine.placed()
    machine.does("use b")
    assert set(machine.placed().values()) == {"b"}
    done = machine.does("roll_back")
    assert done.returncode == 0, done.stderr
    assert machine.placed() == before


@pytest.mark.parametrize("option", ["", "--packages", "--rollback", "--uninstall"])
def test_nothing_runs_beside_an_installation(machine: Machine, option: str) -> None:
    with (machine.root / "run/lock/station-install.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        done = machine.does(f"install_system --without-hardware {option}")
    assert done.returncode == 2
    assert done.stderr == "another installation is going on; wait for its end\n"


def test_a_program_of_somebody_else_stays(machine: Machine) -> None:
    command = machine.root / "usr/local/bin/station"
    assert machine.does("check_command").returncode == 0
    machine.release("a")
    machine.does("use a")
    assert command.readlink() == machine.root / "opt/station/current/.venv/bin/station"
    assert machine.does("check_command").returncode == 0
    command.unlink()
    for make in (command.touch, lambda: command.symlink_to("/bin/true")):
        make()
        done = machine.does("check_command")
        assert done.returncode == 2
        assert done.stderr == f"{command} is there and is not this station's; move it away, then run this again\n"
        command.unlink()


def test_an_uninstallation_gives_back_terminal_and_log(machine: Machine) -> None:
    machine.release("a")
    machine.does("use a")
    done = machine.does("uninstall")
    assert done.returncode == 0, done.stderr
    told = machine.told()
    end = ["daemon-reload", "try-restart systemd-journald", "start getty@tty1.service"]
    assert told[-3:] == end
    assert machine.placed() == {}
    machine.does("purge=true; uninstall")
    machine.does("purge=true; uninstall")
    assert machine.told() == [], "nothing is left to be done"


def would_remove(machine: Machine, purge: bool) -> list[str]:
    """What an uninstallation says that it would remove: nothing is, as it is a dry run."""
    made = ["etc/station/station.toml", "etc/station.rules"]
    for file in (*made, "etc/station/conf.d/60-wiring.toml", "var/lib/station/staff_pin"):
        machine.write(file, "")
    machine.write("opt/station/made", "".join(f"file {machine.root / file}\n" for file in made))
    done = machine.does(f"dry_run=true purge={str(purge).lower()}; uninstall")
    assert done.returncode == 0, done.stderr
    return re.findall(rf"would: remove {machine.root}/(\S+)", done.stderr)


def test_data_and_settings_stay_unless_they_are_purged(machine: Machine) -> None:
    assert would_remove(machine, purge=False) == ["etc/station.rules"]
    purged = would_remove(machine, purge=True)
    assert {"etc/station.rules", "etc/station", "var/lib/station", "opt/station"} <= set(purged)


def test_a_desktop_keeps_the_screen_running_as_long_as_it_is_installed(tmp_path: Path) -> None:
    """Its session starts an autostart entry once."""
    file = ROOT / "install" / "station-screen.desktop"
    installed = tmp_path / "station-screen.desktop"
    installed.write_text(file.read_text())
    station = f"echo $@ >>{tmp_path}/calls; [ $(wc -l <{tmp_path}/calls) -lt 3 ] || rm {installed}; exit 1"
    path = with_command(tmp_path, "sleep", "") | with_command(tmp_path, "station", "")
    (tmp_path / "station").write_text(f"#!/bin/sh\n{station}\n")
    (command,) = re.findall(r"^Exec=(.*)$", file.read_text(), re.MULTILINE)
    for place, here in (("/usr/local/bin", tmp_path), ("/etc/xdg/autostart", tmp_path)):
        assert place in command
        command = command.replace(place, str(here))
    subprocess.run(shlex.split(command), env=os.environ | path, check=True, timeout=20)
    assert (tmp_path / "calls").read_text() == "screen\n" * 3


def test_the_kiosk_is_asked_without_a_proxy(tmp_path: Path) -> None:
    """What apt and pip need to reach the network knows nothing of this machine's own kiosk."""
    port = free_port()
    file = tmp_path / "station.toml"
    file.write_text(f"[kiosk]\nport = {port}\n")
    command = [sys.executable, ROOT / "install" / "kiosk_answers.py", file]
    proxy = {"http_proxy": f"http://127.0.0.1:{free_port()}", "PYTHONPATH": str(ROOT)}

    def answer() -> str:
        asked = subprocess.run(command, env=os.environ | proxy, capture_output=True, text=True, check=True)
        return asked.stdout

    assert "the kiosk does not answer" in answer()
    server = WebServer(serve_ok, "127.0.0.1", port)
    assert answer() == ""
    server.close()


def serve_ok(environ: dict, start: Callable) -> list[bytes]:
    start("200 OK", [])
    return []

"""Tries an installed station from inside its booted system, as root; boot_station.sh brings it there.

Prints a line for each check: whether it held, what was measured. Exit status 1 where one did not hold.
"""

import contextlib
import grp
import os
import pwd
import signal
import subprocess
import sys
import time
import traceback
from pathlib import Path

from booted_system import (
    DAEMONS,
    PORT,
    NotHeldError,
    all_up,
    expect,
    health,
    inside,
    is_up,
    journal,
    page_language,
    pid,
    processes,
    screen,
    shown,
    status_of,
    systemctl,
    unit,
    until,
    without_fault,
    writes,
)

from tests.whole.kiosk_client import KioskClient
from tests.whole.kiosk_visit import Plan, walk

STATION = Path("/opt/station/current")
PYTHON = STATION / ".venv/bin/python"
CONF_D = Path("/etc/station/conf.d")
STATE = Path("/var/lib/station")
RUNTIME = Path("/run/station")
LIMITS = Path("/run/checks/limits.conf")  # there where boot_station.sh had to give leave in place of limits
CAPABILITIES = {"kiosk": 1 << 10, "force": (1 << 14 | 1 << 23) if LIMITS.exists() else 0}  # linux/capability.h
VISIT_S = 600.0
CALIBRATE = """
import os
os.umask(0o007)
from station import config
from station.calibration import artefact
from station.simulated_world import calibrate_simulation
settings = config.load("/etc/station/station.toml")
for part in calibrate_simulation(settings):
    artefact.save(part, settings.state)
"""


# --- the checks, in their order: each says what was measured ------------------------------------------


def target_boots() -> str:
    """From the start of PID 1 to each unit's READY=1; the kiosk says so once its server answers."""
    until(all_up, "not all units are up")
    (began,) = shown("", "UserspaceTimestampMonotonic")
    took = {d: (int(shown(unit(d), "ActiveEnterTimestampMonotonic")[0]) - int(began)) / 1e6 for d in DAEMONS}
    until(lambda: health() is not None, "the kiosk does not answer")
    expect(shown("station.target", "ActiveState") == ["active"], "station.target is not active")
    return ", ".join(f"{daemon} {took_s:.1f} s" for daemon, took_s in took.items())


def each_has_its_user() -> str:
    station = grp.getgrnam("station").gr_gid
    more = {"force": ["gpio"], "camera": ["video"], "workbench": ["gpio", "video"]}
    for daemon in DAEMONS:
        status = status_of(pid(daemon))
        expect(set(map(int, status["Uid"].split())) == {pwd.getpwnam(f"station-{daemon}").pw_uid}, f"{daemon}: user")
        expect(set(map(int, status["Gid"].split())) == {station}, f"{daemon}: group")
        groups = {station, *(grp.getgrnam(name).gr_gid for name in more.get(daemon, []))}
        expect(groups <= set(map(int, status["Groups"].split())), f"{daemon}: groups {status['Groups']}")
    return f"{len(DAEMONS)} users, each in the group station"


def force_alone_is_fifo() -> str:
    until(lambda: os.sched_getscheduler(pid("force")) == os.SCHED_FIFO, "the force daemon is not SCHED_FIFO")
    for daemon in DAEMONS[1:]:
        expect(os.sched_getscheduler(pid(daemon)) == os.SCHED_OTHER, f"{daemon} is not SCHED_OTHER")
    locked_kb = int(status_of(pid("force"))["VmLck"].split()[0])
    expect(locked_kb > 0, "the force daemon's memory is not locked")
    priority = os.sched_getparam(pid("force")).sched_priority
    leave = " (by capabilities: here nobody may raise the limits of the unit)" if LIMITS.exists() else ""
    return f"force: SCHED_FIFO {priority}, {locked_kb / 1024:.0f} MB locked{leave}; the others: SCHED_OTHER"


def the_sandbox_holds() -> str:
    tried = 0
    for daemon in DAEMONS:
        status = status_of(pid(daemon))
        expect(status["NoNewPrivs"] == "1" and status["Seccomp"] == "2", f"{daemon}: no filter of system calls")
        expect(int(status["CapEff"], 16) == CAPABILITIES.get(daemon, 0), f"{daemon}: capabilities {status['CapEff']}")
        for place in ("/etc", "/etc/station", "/opt/station/current", "/usr", "/boot", "/sys", "/proc/sys/kernel"):
            expect(not writes(daemon, place), f"{daemon} could write in {place}")
            tried += 1
        expect(writes(daemon, str(RUNTIME)), f"{daemon} cannot write in {RUNTIME}")
        expect(writes(daemon, str(STATE)) == (daemon != "force"), f"{daemon}: writing in {STATE}")
        sees_runs = inside(daemon, "ls", str(STATE / "runs"))
        expect(sees_runs == (daemon in ("fusion", "kiosk")), f"{daemon}: looking into {STATE / 'runs'}: {sees_runs}")
    for daemon in ("force", "fusion"):
        addresses = subprocess.run(
            ["nsenter", "-t", str(pid(daemon)), "--net", "cat", "/proc/self/net/dev"], capture_output=True, text=True,
            check=True,
        ).stdout  # fmt: skip
        expect(addresses.count(":") == 1, f"{daemon} has network devices: {addresses}")
    return f"{tried} places outside of the state refused; runs seen by fusion and kiosk alone"


def secrets_are_their_owners() -> str:
    for path in RUNTIME.rglob("*"):
        expect(path.stat().st_mode & 0o007 == 0, f"{path} is open to everybody")
    for path in STATE.rglob("*"):
        expect(path.is_symlink() or path.stat().st_mode & 0o007 == 0, f"{path} is open to everybody")
    keys = [path for path in (RUNTIME / "keys", STATE / "staff_pin", STATE / "card_key.pem") if path.exists()]
    for path in keys:
        expect(path.stat().st_mode & 0o077 == 0, f"{path} is open to the group")
    return f"{', '.join(path.name for path in keys) or 'none yet'}: their owner's alone"


def a_visit_is_scored() -> str:
    subprocess.run(["runuser", "-u", "station-workbench", "--", PYTHON, "-c", CALIBRATE], check=True, cwd="/")
    until(without_fault, f"the station is not ready: {health()}")
    client = KioskClient(PORT)
    with contextlib.closing(client):
        done = walk(client, Plan("boot", camera=True, reads=True), card_timeout_s=60.0, within_s=VISIT_S)
    until(lambda: screen() == "idle", "the station is not idle after the visit")
    left = [path for path in (RUNTIME / "keys").glob("*")] + [path for path in (STATE / "runs").rglob("*.mcap")]
    expect(not left, f"left of the visit: {left}")
    return f"{done.cards} cards, {done.card_after_s:.1f} s after the run; nothing of it is left"


def a_changed_setting_is_applied() -> str:
    before = {daemon: pid(daemon) for daemon in DAEMONS}
    CONF_D.mkdir(exist_ok=True)
    setting = CONF_D / "90-boot-checks.toml"
    setting.write_text('[kiosk]\nlanguage = "de"\n')
    try:
        took_s = until(lambda: all(is_up(d, but_not=before[d]) for d in DAEMONS), "the daemons did not start anew")
        until(lambda: page_language() == "de", "the kiosk does not speak German")
        results = [shown(unit(daemon), "Result", "ExecMainStatus") for daemon in DAEMONS]
        expect(results == [["success", "0"]] * len(DAEMONS), f"results {results}")
        setting.write_text("[kiosk]\nlanguage = 7\n")
        now = {daemon: pid(daemon) for daemon in DAEMONS}
        time.sleep(3)
        expect(now == {daemon: pid(daemon) for daemon in DAEMONS}, "a wrong configuration ended a daemon")
    finally:
        setting.unlink()
    until(lambda: page_language() == "en" and all_up(), "the setting was not taken back")
    return f"all daemons with it after {took_s:.1f} s; a wrong one is left out"


def each_comes_back() -> str:
    took = {}
    for daemon in DAEMONS:
        killed = pid(daemon)
        os.kill(killed, signal.SIGKILL)
        took[daemon] = until(lambda d=daemon, k=killed: is_up(d, but_not=k), f"{daemon} did not come back")
    until(without_fault, f"faults are left: {health()}")
    return ", ".join(f"{daemon} {took_s:.1f} s" for daemon, took_s in took.items())


def the_watchdog_ends_what_hangs() -> str:
    """Force and fusion hang in a read of the disk that never returns, the others are stopped as a whole."""
    before = {daemon: pid(daemon) for daemon in DAEMONS}
    pipe = STATE / "calibration" / "9999-tare.json"
    os.mkfifo(pipe, 0o660)
    os.chown(pipe, 0, grp.getgrnam("station").gr_gid)
    began_s = time.monotonic()
    for daemon in ("camera", "kiosk", "workbench"):
        os.kill(before[daemon], signal.SIGSTOP)
    took: dict[str, float] = {}
    try:
        while len(took) < len(DAEMONS):
            expect(time.monotonic() - began_s < 60, f"only {took} were ended")
            for daemon in set(DAEMONS) - set(took):
                if pid(daemon) != before[daemon]:
                    took[daemon] = time.monotonic() - began_s
            time.sleep(0.1)
    finally:
        held = os.open(pipe, os.O_RDWR)  # whoever waits at the pipe goes on
        pipe.unlink()
        os.close(held)
    until(lambda: all_up() and without_fault(), f"not all came back: {health()}")
    said = subprocess.run(["journalctl", "-b", "--grep=Watchdog timeout"], capture_output=True, text=True).stdout
    expect(said.count("Watchdog timeout") >= len(DAEMONS), f"the journal says {said}")
    return ", ".join(f"{daemon} {took[daemon]:.0f} s" for daemon in DAEMONS)


def where_it_hung_is_logged() -> str:
    log = journal("--unit", unit("force"))
    expect("Fatal Python error: Aborted" in log and "in_use.py" in log, "no place in the log")
    return "the log names the line at which the force daemon hung"


def the_target_stops_cleanly() -> str:
    began_s = time.monotonic()
    systemctl("stop", "station.target")  # returns when the target itself has stopped
    until(lambda: all(shown(unit(daemon), "ActiveState") == ["inactive"] for daemon in DAEMONS), "not all have stopped")
    took_s = time.monotonic() - began_s
    results = {daemon: shown(unit(daemon), "Result", "ExecMainStatus") for daemon in DAEMONS}
    expect(all(result == ["success", "0"] for result in results.values()), f"results {results}")
    users = {pwd.getpwnam(f"station-{daemon}").pw_uid for daemon in DAEMONS}
    left = [path.name for path in processes() if path.stat().st_uid in users]
    expect(not left, f"processes are left: {left}")
    began_s = time.monotonic()
    systemctl("start", "station.target")
    until(lambda: all_up() and health() is not None, "it did not start again")
    return f"stopped in {took_s:.1f} s, up again in {time.monotonic() - began_s:.1f} s"


def the_log_is_in_ram() -> str:
    expect(not list(Path("/var/log/journal").glob("*/*")), "the journal is on the disk")
    kept = sum(path.stat().st_size for path in Path("/run/log/journal").rglob("*.journal"))
    expect(0 < kept <= 32 << 20, f"{kept} bytes of journal")
    return f"{kept / (1 << 20):.1f} MB of 32"


CHECKS = (
    target_boots,
    each_has_its_user,
    the_sandbox_holds,
    a_visit_is_scored,
    force_alone_is_fifo,
    secrets_are_their_owners,
    a_changed_setting_is_applied,
    each_comes_back,
    the_watchdog_ends_what_hangs,
    where_it_hung_is_logged,
    the_target_stops_cleanly,
    the_log_is_in_ram,
)


def main() -> int:
    failed = 0
    for check in CHECKS:
        name = check.__name__.replace("_", " ")
        try:
            print(f"ok    {name}: {check()}", flush=True)
        except Exception as e:
            failed += 1
            print(f"FAIL  {name}: {e or type(e).__name__}", flush=True)
            if not isinstance(e, NotHeldError):
                traceback.print_exc(file=sys.stdout)
            if check is target_boots:
                break
    if failed:
        print(journal("--no-hostname", "--lines=150"))
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())

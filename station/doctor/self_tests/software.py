"""Whether the station's programs are there and run, all of one version."""

import importlib.util
import time
from collections.abc import Collection, Sequence
from contextlib import closing
from importlib import metadata
from pathlib import Path

import station
from station.bus import Subscriber
from station.camera import weights
from station.config import Config
from station.doctor.self_test import Bedside, SelfTest
from station.errors import StationError
from station.messages import DAEMONS, DaemonHealth, Finding
from station.words import N_

LISTEN_S = 3.0
"""Each says once a second how it is."""
REQUIREMENTS = Path(station.__file__).resolve().parents[1] / "requirements.txt"
_SYSTEM_MODULES = {"picamera2": "python3-picamera2", "RPi.GPIO": "python3-rpi-lgpio"}
"""Python modules that Raspberry Pi OS brings -> its packages."""


def running(heard: dict[str, DaemonHealth], expected: Collection[str]) -> Sequence[Finding]:
    """`heard`: by daemon; `expected`: those that a running station has."""
    if not heard:
        text = N_("The station is not running: no daemon was heard. Start it: sudo systemctl start station.target")
        return [RUNNING.finding("not_checked", text, "board")]
    silent = [name for name in expected if name not in heard]
    if silent:
        text = N_("Not heard: {names}. See why: journalctl -u {unit}").format(
            names=", ".join(silent), unit=f"station-{silent[0]}"
        )
        return [RUNNING.finding("fault", text, "board")]
    versions = sorted({health.version for health in heard.values()} | {station.__version__})
    if len(versions) > 1:
        text = N_("Programs of several versions run together ({versions}): restart the station.")
        return [RUNNING.finding("fault", text.format(versions=", ".join(versions)), "board")]
    text = N_("All {n} daemons run, version {version}.").format(n=len(heard), version=versions[0])
    resident_mb = {f"{name}_mb": health.resident_bytes / 1e6 for name, health in sorted(heard.items())}
    return [RUNNING.finding("ok", text, "board", **resident_mb)]


def packages(required: Sequence[str], config: Config) -> Sequence[Finding]:
    """`required`: distributions by name. What the system brings instead may have another version."""
    missing = [name for name in required if not _installed(name)] + _missing_modules(config)
    if missing:
        text = N_("Missing on this machine: {names}. Run install.sh again.").format(names=", ".join(missing))
        return [PACKAGES.finding("fault", text, "board")]
    try:
        if config.camera.device != "none":
            for name in weights.LANDMARKS.values():
                weights.find(weights.DEFAULT_DIRECTORY, name)
    except StationError as e:
        return [PACKAGES.finding("fault", str(e), "board")]
    return [PACKAGES.finding("ok", N_("All {n} packages are there.").format(n=len(required)), "board")]


def required_packages(file: Path) -> list[str]:
    """Names in a requirements file. Raises StationError where it is not there."""
    try:
        lines = file.read_text(encoding="utf-8").splitlines()
    except OSError as e:
        raise StationError(N_("{file} is not there ({why})").format(file=file, why=e.strerror)) from None
    return [line.split("==")[0].strip() for line in lines if "==" in line and not line.startswith("#")]


def _installed(name: str) -> bool:
    try:
        metadata.distribution(name)
    except metadata.PackageNotFoundError:
        return False
    return True


def _missing_modules(config: Config) -> list[str]:
    """Debian packages of the modules that this configuration's devices need."""
    needed = {"picamera2": config.camera.device == "picamera2", "RPi.GPIO": config.force.device == "hx711"}
    return [_SYSTEM_MODULES[name] for name, is_needed in needed.items() if is_needed and not _found(name)]


def _found(module: str) -> bool:
    try:
        return importlib.util.find_spec(module) is not None
    except ImportError:  # its parent is not there
        return False


def _listen(bedside: Bedside) -> dict[str, DaemonHealth]:
    subscriber = Subscriber(bedside.life.context, bedside.config.runtime, list(DAEMONS), [DaemonHealth])
    heard: dict[str, DaemonHealth] = {}
    end_s = time.monotonic() + LISTEN_S
    with closing(subscriber):
        while (left_s := end_s - time.monotonic()) > 0 and len(heard) < len(DAEMONS):
            health = subscriber.receive(left_s)
            if isinstance(health, DaemonHealth):
                heard[health.daemon] = health
    return heard


def _examine_running(bedside: Bedside) -> Sequence[Finding]:
    return running(_listen(bedside), DAEMONS)


RUNNING = SelfTest("daemons", 260, N_("Programs of the station"), "board", LISTEN_S + 7.0, _examine_running)
PACKAGES = SelfTest(
    "packages",
    261,
    N_("Installed packages"),
    "board",
    20.0,
    lambda b: packages(required_packages(REQUIREMENTS), b.config),
)
SELF_TESTS = (RUNNING, PACKAGES)

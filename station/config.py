"""The configuration: one typed tree, read from TOML, unknown keys refused.

`load(path)` reads the file and, where it exists, `conf.d/*.toml` beside it in order of name (later wins).
"""

import os
import tomllib
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Annotated, Any, Literal

import msgspec
from msgspec import Meta

from station import simulation_config
from station.config_section import Section
from station.errors import ConfigError
from station.messages import CHANNELS, Language, Positive
from station.simulation_config import Simulation
from station.words import N_

DEFAULT_PATH = Path("/etc/station/station.toml")
CONF_D = "conf.d"
"""Beside the main file."""

PinNumber = Annotated[int, Meta(ge=4, le=27)]  # BCM; 0-3 are the HAT and I2C lines
Metres = Annotated[float, Meta(ge=-5, le=5)]  # from the deck's centre; no treadmill is larger
Port = Annotated[int, Meta(ge=1, le=65535)]

LOOPBACK_HOSTS = ("127.0.0.1", "localhost", "::1")
"""Names under which only this machine itself reaches the kiosk."""


class Cell(Section, frozen=True, kw_only=True):
    """One load cell and its HX711: pins in BCM numbers, place on the deck in metres."""

    dout: PinNumber
    pd_sck: PinNumber
    x_m: Metres
    y_m: Metres


def _default_cells() -> dict[str, Cell]:
    pins = ((5, 6), (13, 19), (16, 20), (21, 26))
    places = ((0.70, 0.30), (0.70, -0.30), (-0.70, 0.30), (-0.70, -0.30))
    return {
        name: Cell(dout=d, pd_sck=s, x_m=x, y_m=y) for name, (d, s), (x, y) in zip(CHANNELS, pins, places, strict=True)
    }


class Force(Section, frozen=True, kw_only=True):
    """Load cells. `device`: the chips on the pins, or a recording replayed at `replay_factor` times real speed."""

    device: Literal["hx711", "simulated", "replay"] = "hx711"
    cells: dict[str, Cell] = msgspec.field(default_factory=_default_cells)
    chip_rate_sps: Literal[80, 320] = 80
    poll_s: Annotated[float, Meta(gt=0, le=0.005)] = 0.0004
    batch_s: Annotated[float, Meta(gt=0, le=1)] = 0.02  # a live step waits for up to one of them
    shunt_pin: PinNumber | None = None  # switches the known step of the kernel test; None: no such switch is fitted
    cell_capacity_kg: Annotated[float, Meta(ge=20, le=5000)] = 200.0  # of one cell, from its label
    cell_sensitivity_mv_v: Annotated[float, Meta(ge=0.5, le=4)] = 2.0  # "rated output" of its data sheet
    cell_overload: Annotated[float, Meta(ge=1, le=5)] = 1.5  # "safe overload" over capacity, of its data sheet
    cell_bridge_ohm: Annotated[float, Meta(ge=100, le=5000)] = 350.0  # "output resistance" of its data sheet
    treadmill_kg: Annotated[float, Meta(ge=0, le=1000)] = 100.0  # all that stands on the cells when nobody is there


class Camera(Section, frozen=True, kw_only=True):
    device: Literal["picamera2", "simulated", "replay", "none"] = "picamera2"
    fps: Annotated[float, Meta(ge=25, le=240)] = 60.0
    exposure_us: Annotated[int, Meta(ge=50, le=20000)] = 1000
    analogue_gain: Annotated[float, Meta(ge=1, le=64)] = 8.0
    focus_m: Annotated[float, Meta(ge=0.1, le=100)] = 3.0  # distance of the runner
    height_px: Annotated[int, Meta(ge=240, le=1080)] = 640
    ring_s: Annotated[float, Meta(ge=5, le=600)] = 90.0
    workers: Annotated[int, Meta(ge=1, le=8)] | None = None  # for scoring; None: as many as the board carries
    live_fps: Annotated[float, Meta(ge=0, le=30)] = 6.0


class Kiosk(Section, frozen=True, kw_only=True):
    host: str = "127.0.0.1"
    port: Port = 8080
    language: Language = "en"  # of whoever has not chosen one
    card_timeout_s: Annotated[float, Meta(gt=0, le=590)] = 60.0  # fusion wipes an untouched card at 600 s in any case
    screen_rotation_deg: Literal[0, 90, 180, 270] = 0  # clockwise; the unit of the screen turns it
    station_name: Annotated[str, Meta(max_length=40)] | None = None  # on the code that a runner takes home
    share_host: str | None = None  # address of this station in the local network; None: nothing is served there
    share_port: Port = 8090
    share_minutes: Annotated[float, Meta(ge=1, le=60)] = 10.0  # how long a link to a card lives


class Run(Section, frozen=True, kw_only=True):
    """What the station asks of a run."""

    weigh_s: Annotated[float, Meta(gt=0, le=7)] = 3.0  # the live view keeps 8 s
    end_after_s: Positive = 5.0  # after the last step
    speed_m_s: Annotated[float, Meta(gt=0, le=10)] | None = None  # belt speed where it is fixed
    camera_side: Literal["left", "right"] | None = None
    seed: int = 1


class Retention(Section, frozen=True, kw_only=True):
    """How long, and how much, a clinic keeps: the oldest runs go first, and none of today. `days` None: without end."""

    days: Annotated[int, Meta(ge=1, le=36500)] | None = None
    gigabytes: Annotated[float, Meta(gt=0, le=10_000)] = 8.0


class Config(Section, frozen=True, kw_only=True):
    """The whole tree. `mode`: a gym keeps nothing of a visit unless told, a clinic keeps recordings."""

    mode: Literal["gym", "clinic"] = "gym"
    runtime_dir: str = "/run/station"  # sockets and keys: must be a tmpfs
    state_dir: str = "/var/lib/station"  # recordings, artefacts, database
    force: Force = Force()
    camera: Camera = Camera()
    kiosk: Kiosk = Kiosk()
    run: Run = Run()
    retention: Retention = Retention()
    simulation: Simulation = Simulation()

    @property
    def runtime(self) -> Path:
        return Path(self.runtime_dir)

    @property
    def state(self) -> Path:
        return Path(self.state_dir)


def default_path() -> Path | None:
    """Where an installed station has its configuration; None where there is none."""
    return DEFAULT_PATH if DEFAULT_PATH.exists() else None


def load(path: str | os.PathLike[str] | None, instead: Mapping[Path, dict[str, Any]] | None = None) -> Config:
    """Read the configuration; None = the defaults. Raises ConfigError naming file, key and remedy.

    What a file leaves out of a load cell is the default's, so that one may give its pins and another its place.

    `instead`: what files of `conf.d` would hold that are not written yet, to try whether it may be written.
    """
    tree: dict[str, Any] = {"force": {"cells": msgspec.to_builtins(_default_cells())}}
    for file in files(path, instead or ()):
        tree = merged(tree, instead[file] if instead and file in instead else read(file))
    try:
        config = msgspec.convert(tree, Config)
    except msgspec.ValidationError as e:
        raise ConfigError(
            N_("configuration {path}: {error}; mend that key or remove it").format(path=path, error=e)
        ) from None
    _check_cells(config)
    simulation_config.check(config.simulation)
    _check_host(config)
    _check_share(config.kiosk)
    return config


def dump(config: Config, path: Path) -> None:
    """Write `config` as TOML."""
    path.write_bytes(msgspec.toml.encode(without_none(msgspec.to_builtins(config))))


def files(path: str | os.PathLike[str] | None, also: Iterable[Path] = ()) -> list[Path]:
    """What `load` reads, in that order; the first one must be there. `also`: those that may not be there yet."""
    if path is None:
        return []
    main = Path(path)
    return [main, *sorted({*(main.parent / CONF_D).glob("*.toml"), *also})]


def read(file: Path) -> dict[str, Any]:
    """The tree of one file. Raises ConfigError."""
    try:
        return tomllib.loads(file.read_text(encoding="utf-8"))
    except OSError as e:
        raise ConfigError(
            N_("configuration {file}: {error}; check the path and its permissions").format(file=file, error=e.strerror)
        ) from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as e:
        raise ConfigError(
            N_("configuration {file} is not TOML: {error}; mend that line").format(file=file, error=e)
        ) from None


def merged(base: dict[str, Any], over: dict[str, Any]) -> dict[str, Any]:
    """One tree: what `over` says wins."""
    out = dict(base)
    for key, value in over.items():
        both = isinstance(value, dict) and isinstance(out.get(key), dict)
        out[key] = merged(out[key], value) if both else value
    return out


def without_none(tree: Any) -> Any:
    """The tree without the keys that hold None, which TOML does not know."""
    if isinstance(tree, dict):
        return {k: without_none(v) for k, v in tree.items() if v is not None}
    if isinstance(tree, list | tuple):
        return [without_none(v) for v in tree]
    return tree


def _check_cells(config: Config) -> None:
    cells = config.force.cells
    if set(cells) != set(CHANNELS):
        raise ConfigError(
            N_("configuration: force.cells needs exactly {wanted}; it has {given}").format(
                wanted=", ".join(CHANNELS), given=", ".join(cells)
            )
        )
    pins = [p for c in cells.values() for p in (c.dout, c.pd_sck)]
    if len(set(pins)) != len(pins):
        raise ConfigError(N_("configuration: force.cells uses a pin twice; give each DOUT and PD_SCK a pin of its own"))
    _check_places(cells)
    if config.force.shunt_pin in pins:
        raise ConfigError(
            N_("configuration: force.shunt_pin is a load cell's pin; give the shunt switch one of its own")
        )


def _check_places(cells: dict[str, Cell]) -> None:
    """The names say where a cell is: without a rectangle between them no place of a foot can be told."""
    front, rear = ([cells[f"{end}_{side}"].x_m for side in ("left", "right")] for end in ("front", "rear"))
    left, right = ([cells[f"{end}_{side}"].y_m for end in ("front", "rear")] for side in ("left", "right"))
    if not min(front) > max(rear):
        raise ConfigError(
            N_(
                "configuration: a front load cell is at x = {front_m:g} m, a rear one at {rear_m:g} m; x grows in the "
                "running direction, so front must be above rear: measure the places and mend them"
            ).format(front_m=min(front), rear_m=max(rear))
        )
    if not min(left) > max(right):
        raise ConfigError(
            N_(
                "configuration: a left load cell is at y = {left_m:g} m, a right one at {right_m:g} m; y grows to the "
                "runner's left, so left must be above right: measure the places and mend them"
            ).format(left_m=min(left), right_m=max(right))
        )


def _check_host(config: Config) -> None:
    if config.kiosk.host not in LOOPBACK_HOSTS:
        names = f"{', '.join(LOOPBACK_HOSTS[:-1])} or {LOOPBACK_HOSTS[-1]}"
        raise ConfigError(
            f"configuration: kiosk.host must be {names}: the kiosk shows a runner's card to whoever asks, so it serves "
            "this machine's own screen alone; mend that key. For a runner's phone there is kiosk.share_host"
        )


def _check_share(kiosk: Kiosk) -> None:
    """The address stands in a link: it must be one that a phone can reach."""
    if kiosk.share_host is None:
        return
    if kiosk.share_host in ("", "0.0.0.0", "::", "*") or set(kiosk.share_host) & set("/@ ["):
        raise ConfigError(
            f"configuration: kiosk.share_host is {kiosk.share_host!r}; give this station's own address in the local "
            "network, such as 192.168.1.20, or leave the key out"
        )
    if kiosk.share_host == kiosk.host and kiosk.share_port == kiosk.port:
        raise ConfigError("configuration: kiosk.share_port is kiosk.port; give the links a port of their own")

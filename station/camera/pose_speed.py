"""How fast this board finds poses, as it was measured at install, and how many workers follow from it."""

import errno
import logging
import os
from typing import Annotated

import msgspec
from msgspec import Meta

from station.config import Config
from station.errors import ConfigError
from station.messages import Positive

log = logging.getLogger(__name__)

FILE = "pose_speed.json"  # in the state directory


class PoseSpeed(msgspec.Struct, frozen=True, kw_only=True):
    """`workers` processes together pose `scored_per_s` frames a second with `heavy`."""

    workers: Annotated[int, Meta(ge=1)]
    scored_per_s: Positive


def known(settings: Config) -> PoseSpeed | None:
    """What was measured on this board; None where nothing was, or it cannot be read."""
    path = settings.state / FILE
    try:
        return msgspec.json.decode(path.read_bytes(), type=PoseSpeed)
    except FileNotFoundError:
        return None
    except (OSError, msgspec.MsgspecError) as e:
        log.warning("%s: %s; run python -m station.camera.measure_speed again", path, e)
        return None


def check_writable(settings: Config) -> None:
    """Before the work of measuring: raises ConfigError where the state directory cannot be made or written."""
    there = next(path for path in (settings.state, *settings.state.absolute().parents) if path.exists())
    if not there.is_dir():
        raise _unwritable(settings, errno.ENOTDIR)
    if not os.access(there, os.W_OK):
        raise _unwritable(settings, errno.EACCES)


def save(settings: Config, speed: PoseSpeed) -> None:
    """Raises ConfigError where the state directory cannot be written."""
    try:
        settings.state.mkdir(parents=True, exist_ok=True)
        (settings.state / FILE).write_bytes(msgspec.json.encode(speed))
    except OSError as e:
        raise _unwritable(settings, e.errno) from None


def workers(settings: Config) -> int:
    """How many processes pose for scoring: as configured, else as measured, else all that the cores allow."""
    measured = known(settings)
    return settings.camera.workers or (measured.workers if measured else most_workers())


def most_workers() -> int:
    """One less than the cores that this process may use: load cells and screen need one."""
    return max(1, len(os.sched_getaffinity(0)) - 1)


def _unwritable(settings: Config, code: int) -> ConfigError:
    return ConfigError(f"state_dir {settings.state}: {os.strerror(code)}; run this as the station's user")

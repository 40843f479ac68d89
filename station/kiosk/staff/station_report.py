"""How the station is, in plain words for its staff: rows of what and how, grouped."""

import shutil
from dataclasses import dataclass
from datetime import UTC, datetime

from station import __version__
from station.calibration import artefact
from station.config import Config
from station.errors import CalibrationError
from station.kiosk import languages
from station.kiosk.feed import Feed
from station.kiosk.languages import gettext as _
from station.kiosk.languages import ngettext
from station.kiosk.problems import HEALTH_SILENT_S, Heard
from station.kiosk.translate import translated
from station.messages import CHANNELS, CameraHealth, ForceHealth, StationState, spoken

_LITTLE_DISK_GB = 1.0
_MOST_LOST = 0.01  # of a chip's readings


@dataclass(frozen=True)
class Row:
    """`well` False: somebody has to look after it; the page says so by a mark and a word."""

    what: str
    how: str
    well: bool = True


@dataclass(frozen=True)
class Group:
    title: str
    rows: tuple[Row, ...]


def groups(feed: Feed, config: Config) -> list[Group]:
    """All that the staff area shows of the station's parts."""
    found = [
        Group(_("Station"), _station(feed.heard(StationState), config)),
        Group(_("Load cells"), _cells(feed.heard(ForceHealth))),
    ]
    if config.camera.device != "none":
        found.append(Group(_("Camera"), _camera(feed.heard(CameraHealth))))
    return [*found, Group(_("Calibration"), _calibration(config))]


def _station(heard: Heard, config: Config) -> tuple[Row, ...]:
    free_gb = shutil.disk_usage(config.state).free / 1e9
    state = heard.message
    silent = state is None or heard.age_s > HEALTH_SILENT_S
    faults = [] if state is None else state.faults
    return (
        Row(_("Version"), __version__),
        Row(_("Visit"), _("not known: the station is silent") if silent else _phases()[state.phase], not silent),
        *(_fault(text) for text in faults),
        Row(_("Free on the disk"), f"{languages.number(free_gb, 1)} GB", free_gb > _LITTLE_DISK_GB),
    )


def _phases() -> dict[str, str]:
    return {
        "idle": _("nobody is there"),
        "weigh": _("a runner is being weighed"),
        "ready": _("a runner is about to start"),
        "run": _("somebody is running"),
        "score": _("a run is being worked out"),
        "card": _("a card is being read"),
    }


def _fault(text: str) -> Row:
    return Row(_("Fault"), translated(text), well=False)


def _silent() -> Row:
    return Row(_("Fault"), _("it is silent: restart the station"), well=False)


def _cells(heard: Heard) -> tuple[Row, ...]:
    health = heard.message
    if not isinstance(health, ForceHealth) or heard.age_s > HEALTH_SILENT_S:
        return (_silent(),)
    rows = [_cell(health, k) for k in range(len(CHANNELS))]
    told = [_fault(text) for text in (health.fault, health.overload) if text]
    return (*told, *rows)


def _cell(health: ForceHealth, k: int) -> Row:
    """One chip since its daemon was started."""
    lost = health.lost[k] / max(1, health.lost[k] + health.conversions[k])
    told = [
        _("{rate} readings a second").format(rate=languages.number(health.rate_sps[k], 1)),
        _("{share} % lost").format(share=languages.number(100 * lost, 2)),
        ngettext("{n} wrong", "{n} wrong", health.rejected[k]).format(n=health.rejected[k]),
        ngettext("{n} restart", "{n} restarts", health.power_downs[k]).format(n=health.power_downs[k]),
    ]
    drift_n = health.zero_drift_n[k] if health.zero_drift_n else None
    if drift_n is not None:
        told.append(_("zero moved by {newtons} N").format(newtons=languages.number(drift_n, 1)))
    return Row(translated(spoken(CHANNELS[k])).capitalize(), ", ".join(told), lost < _MOST_LOST)


def _camera(heard: Heard) -> tuple[Row, ...]:
    health = heard.message
    if not isinstance(health, CameraHealth) or heard.age_s > HEALTH_SILENT_S:
        return (_silent(),)
    faults = [text for text in (health.fault, health.pose_fault, health.live_fault) if text]
    films = _("films") if health.opened else _("closed")
    return (
        *(_fault(text) for text in faults),
        Row(_("Now"), films),
        Row(_("Pictures"), _("{n} taken, {dropped} lost").format(n=health.frames, dropped=health.dropped)),
        Row(_("Waiting to be looked at"), str(health.backlog)),
    )


def _calibration(config: Config) -> tuple[Row, ...]:
    """Each part, which and how old it is."""
    try:
        parts = artefact.load_parts(config.state)
    except CalibrationError as e:
        return (_fault(str(e)),)
    names, kinds = _part_names(), {part.kind: part for part in parts}
    return tuple(Row(names[kind], _age(part.id, part.created_utc)) for kind, part in kinds.items()) or (
        Row(_("Load cells"), _("not calibrated: see Calibrate below"), well=False),
    )


def _part_names() -> dict[str, str]:
    return {
        "tare": _("Tare: the zero of the load cells"),
        "grid": _("Grid: newtons and places"),
        "kernel": _("Kernel: the chips' blur"),
        "deck": _("Deck: its resonance"),
        "camera": _("Camera"),
    }


def _age(part_id: str, created_utc: str) -> str:
    days = (datetime.now(UTC) - datetime.fromisoformat(created_utc)).days
    return f"{part_id}, " + ngettext("{n} day old", "{n} days old", days).format(n=days)

"""The privacy sheet: what this station measures, keeps and gives away, made from its configuration as it is now."""

import logging
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from flask import Blueprint, render_template

from station.config import Config, Retention
from station.kiosk import languages
from station.kiosk.feed import Feed
from station.kiosk.languages import gettext as _
from station.kiosk.languages import ngettext
from station.records import run_files

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Section:
    title: str
    sentences: tuple[str, ...]


class PrivacyPage:
    """The route /privacy."""

    def __init__(self, feed: Feed, config: Config) -> None:
        self._feed = feed
        self._config = config
        self.blueprint = Blueprint("privacy", __name__)
        self.blueprint.get("/privacy")(self.sheet)

    def sheet(self) -> str:
        """With the way back to the question that led here, while nobody's visit goes on."""
        idle = self._feed.snapshot().screen == "idle"
        return render_template("privacy.html", sections=sections(self._config), idle=idle)


def sections(config: Config) -> list[Section]:
    """The sheet in the current language."""
    return [
        Section(_("What is measured"), tuple(_sensors(config))),
        Section(_("What is kept, where and how long"), tuple(_kept(config))),
        Section(_("Who can see it"), tuple(_seen(config))),
        Section(_("What leaves this station"), tuple(_leaves(config))),
        Section(_("What you can do"), tuple(_rights(config))),
        Section(_("On this station's disk now"), tuple(_on_disk(config))),
    ]


def _sensors(config: Config) -> Iterator[str]:
    yield _("Four load cells under the treadmill feel how hard and when you land, and so your weight.")
    if config.camera.device == "none":
        yield _("This station has no camera.")
        return
    yield _("In a visit a camera at the side films you only after you said yes, from weighing to the end of the run.")
    yield _(
        "Before a visit, a tap of yours opens it to look for the code of your last card, for one minute at most; "
        "those pictures are searched and let go."
    )
    yield _("There is no microphone, and nobody is recognised by the face or by the gait.")


def _kept(config: Config) -> Iterator[str]:
    if config.camera.device != "none":
        seconds = languages.number(config.camera.ring_s)
        yield _(
            "The film is never stored: pictures stay in memory for {seconds} seconds at most, some "
            "until your card is made."
        ).format(seconds=seconds)
        yield _(
            "Pictures on your card are cut down to your outline, and none is made where the station notices somebody "
            "else beside it."
        )
        yield _(
            "Of somebody it overlooks because you hide that person, parts that show at the edge of your outline can be "
            "left."
        )
        yield _("What a code said stays in memory until your visit ends, for three minutes where none begins.")
    if config.mode == "clinic":
        yield _(
            "Forces, body points and the card of a run are stored in {place} until the clinic deletes them, with what "
            "you chose and typed: language, nickname, belt speed, incline and shoes. Pictures are not."
        ).format(place=config.state / "runs")
        yield from _retention(config.retention)
        return
    yield _(
        "While you are here, forces, body points and what you typed are written in encrypted form; the key is in "
        "memory only."
    )
    card_s = languages.number(config.kiosk.card_timeout_s)
    yield _(
        "When you leave, or {seconds} seconds after your last touch on the card, all of it is "
        "wiped. After a power cut nobody can read it."
    ).format(seconds=card_s)
    yield _("Your name is what you type, if you type one. It is wiped with the rest, and written into no log.")


def _retention(limits: Retention) -> Iterator[str]:
    """What the station itself deletes of a clinic's runs, and when."""
    if limits.days is not None:
        yield ngettext(
            "After {n} day the station deletes them by itself.", "After {n} days the station deletes them by itself.",
            limits.days,
        ).format(n=limits.days)  # fmt: skip
    yield _(
        "When more than {gigabytes} GB are stored, the station deletes the oldest runs by itself, none of the same day."
    ).format(gigabytes=languages.localised(f"{limits.gigabytes:g}"))


def _seen(config: Config) -> Iterator[str]:
    yield _("Whoever stands before the screen sees your card while it is shown.")
    if config.mode == "clinic":
        yield _("It shows forces in newtons, too, which tell your weight.")
        yield _("The clinic's staff can see stored runs.")
        return
    yield _("Your weight is not shown, unless you ask for newtons: they tell it.")
    yield _("Pictures are shown only when you ask for them. The staff sees how the station works, and no card.")


def _leaves(config: Config) -> Iterator[str]:
    yield _("Nothing is sent to the internet, and nothing to its maker.")
    yield _(
        "The code that you can take home holds the numbers of your card and no picture. It is on your phone, not here."
    )
    if config.kiosk.share_host:
        minutes = languages.number(config.kiosk.share_minutes)
        yield _(
            "If you ask for it, a link opens your card in the local network of this place, for {minutes} minutes."
        ).format(minutes=minutes)


def _rights(config: Config) -> Iterator[str]:
    if config.camera.device != "none":
        yield _("Say no to the camera: the landings are measured all the same.")
        yield _("Choose lines only: then no picture is made, your card shows a drawn skeleton.")
    yield _("Touch “Forget me” at any time: everything about the visit is wiped at once.")
    if config.mode == "clinic":
        yield _("Ask the clinic to see, to correct or to delete what is stored about you.")


def _on_disk(config: Config) -> Iterator[str]:
    runs = _runs(config.state / "runs")
    megabytes = languages.number(_size(config.state) / 1e6, 1)
    yield ngettext("{n} stored run.", "{n} stored runs.", runs).format(n=runs)
    yield _("{megabytes} MB in {place}, with calibrations.").format(megabytes=megabytes, place=config.state)


def _runs(folder: Path) -> int:
    try:
        return len(run_files.kept(folder))
    except OSError as e:
        log.error("%s: %s", folder, e.strerror)
        return 0


def _size(folder: Path) -> int:
    """Bytes of the files below, without what has just gone."""
    total = 0
    for path in folder.rglob("*"):
        try:
            total += path.stat().st_size if path.is_file() else 0
        except OSError:
            continue
    return total

"""The doctor in the browser, for the staff: examine the station, follow it, and read what was found.

All that goes on is the workbench's, as with the calibrations: a page shows what it said last.
"""

from dataclasses import dataclass

import msgspec
from flask import Blueprint, Response, jsonify, redirect, render_template, request, url_for

from station.errors import BusError
from station.kiosk import languages
from station.kiosk.feed import Feed
from station.kiosk.languages import gettext as _
from station.kiosk.staff.area import Page, StaffArea
from station.kiosk.translate import translated
from station.kiosk.workbench.actions import WorkbenchActions
from station.kiosk.workbench.live import token
from station.messages import CHANNELS, Finding, FindingVerdict, WorkbenchState, spoken


@dataclass(frozen=True)
class Told:
    """One finding in the reader's language."""

    title: str
    text: str


@dataclass(frozen=True)
class Group:
    """All findings of one verdict; `open`: somebody has to look after them."""

    verdict: FindingVerdict
    mark: str
    title: str
    open: bool
    findings: tuple[Told, ...]


class DoctorPages:
    """Routes under /staff/doctor."""

    def __init__(self, feed: Feed, workbench: WorkbenchActions, staff: StaffArea) -> None:
        self._feed = feed
        self._workbench = workbench
        self.blueprint = Blueprint("doctor", __name__, url_prefix="/staff/doctor")
        for method, path, view in (
            ("GET", "/", self.now),
            ("GET", "/findings.json", self.findings),
            ("POST", "/examine", self.examine),
            ("POST", "/done", self.done),
            ("POST", "/give-up", self.give_up),
        ):
            self.blueprint.add_url_rule(path, view.__name__, staff.signed_in(view), methods=[method])

    def now(self) -> Page:
        """What is examined now, or what was found last; with the offer to examine."""
        return self._page()

    def examine(self) -> Page:
        try:
            self._workbench.examine(guided=request.form.get("guided") == "yes")
        except BusError as e:
            return self._page(translated(str(e))), 409
        return self._go_now()

    def done(self) -> Page:
        """What a self-test asked for was done at the deck."""
        self._workbench.measure(request.form.get("step", type=int))
        return self._go_now()

    def give_up(self) -> Page:
        self._workbench.give_up()
        return self._go_now()

    def findings(self) -> Response:
        """As `station doctor --json` prints them, of the last examination."""
        state = self._feed.workbench()
        return jsonify(msgspec.to_builtins(state.findings if state is not None else ()))

    def _page(self, refused: str = "") -> str:
        state = self._feed.workbench()
        if state is None:
            return render_template("setup_silent.html", token=token(state))
        if state.doing == "examination":
            return render_template("doctor_examining.html", state=state, token=token(state))
        return render_template("doctor.html", state=state, groups=groups(state), refused=refused)

    def _go_now(self) -> Page:
        return redirect(url_for("doctor.now", lang=languages.current()), 303)


def groups(state: WorkbenchState) -> list[Group]:
    """The worst first; verdicts without a finding are left out."""
    titles: tuple[tuple[FindingVerdict, str, str], ...] = (
        ("fault", "✗", _("To be mended")),
        ("warning", "!", _("Look after it")),
        ("not_checked", "–", _("Not checked")),
        ("ok", "✓", _("In order")),
    )
    found = [
        Group(verdict, mark, title, verdict in ("fault", "warning"), tuple(map(_told, _of(state, verdict))))
        for verdict, mark, title in titles
    ]
    return [group for group in found if group.findings]


def _of(state: WorkbenchState, verdict: FindingVerdict) -> list[Finding]:
    return [finding for finding in state.findings if finding.verdict == verdict]


def _told(finding: Finding) -> Told:
    """With the load cell that is meant, where one is."""
    title = translated(finding.title) or finding.check
    where = f" ({translated(spoken(finding.where))})" if finding.where in CHANNELS else ""
    return Told(f"{title}{where}", translated(finding.text))

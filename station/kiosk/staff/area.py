"""The staff area: behind a PIN, out of the runners' sight. It shows how the station is; nothing in it shows a visit."""

import threading
from collections.abc import Callable
from functools import wraps

from flask import Blueprint, Response, redirect, render_template, request, session, url_for

from station.clock import SystemClock
from station.config import Config
from station.errors import BusError
from station.kiosk import fallback, languages, texts
from station.kiosk.feed import Feed
from station.kiosk.fusion_client import FusionClient
from station.kiosk.languages import gettext as _
from station.kiosk.languages import ngettext
from station.kiosk.setup.progress import Progress
from station.kiosk.staff import station_report
from station.kiosk.staff.pin import INSTALLED_COMMAND, MOST_DIGITS, StaffPin
from station.kiosk.staff.pin_lockout import Lockout
from station.kiosk.staff.session import StaffSession
from station.messages import VisitCommand

CLEANING_S = 30
_RUNNERS_PAGES = ("pages", "arrival")
_COOKIE = "staff"  # field of the kiosk's signed cookie

Page = str | Response | tuple[str, int]


class StaffArea:
    """Routes under /staff."""

    def __init__(self, feed: Feed, fusion: FusionClient, config: Config, setup: Progress) -> None:
        self._feed = feed
        self._fusion = fusion
        self._config = config
        self._setup = setup
        self._pin = StaffPin(config.state)
        self._lockout = Lockout(config.state)
        self._trying = threading.Lock()  # one PIN at a time: tries side by side would share one count and its file
        self._session = StaffSession(SystemClock())
        self.blueprint = Blueprint("staff", __name__, url_prefix="/staff")
        self.blueprint.get("/")(self.area)
        self.blueprint.post("/sign-in")(self.sign_in)
        for name in ("sign_out", "end_visit"):
            self.blueprint.post(f"/{name.replace('_', '-')}", endpoint=name)(self.signed_in(getattr(self, name)))
        self.blueprint.get("/cleaning")(self.signed_in(self.cleaning))
        self.blueprint.before_app_request(self._end_on_a_runners_page)

    def area(self) -> Page:
        """The pages' one address: the pad for the PIN until it was right."""
        if self._setup.fresh:
            return redirect(url_for("setup.overview", lang=languages.current()), 303)
        if not self._pin.is_set or self._pin.damaged:
            command = INSTALLED_COMMAND if self._setup.offered else "station pin"
            return render_template("staff_no_pin.html", damaged=self._pin.damaged, command=command)
        if not self.is_open():
            with self._trying:  # a look at the wait may write it, too
                return self._pad()
        idle = self._feed.snapshot().screen == "idle"
        groups = station_report.groups(self._feed, self._config)
        return render_template("staff.html", groups=groups, idle=idle, sets_up=self._setup.offered)

    def sign_in(self) -> Page:
        """Try a PIN."""
        with self._trying:
            right = self._try(request.form.get("pin", ""))
            if not right:
                return (self._pad(), 429) if right is None else (self._pad(_("That was not the PIN.")), 403)
        self.open()
        return redirect(url_for("staff.area", lang=languages.current()), 303)

    def knows_pin(self, pin: str) -> bool:
        """Whether this is the PIN; a wrong one counts as at the pad."""
        with self._trying:
            return bool(self._try(pin))

    def _try(self, pin: str) -> bool | None:
        """Whether this is the PIN; None: there is a wait, or no PIN, and it is not even looked at."""
        if not self._pin.is_set or self._lockout.seconds_left():
            return None
        self._lockout.wrong()
        if not self._pin.matches(pin[: MOST_DIGITS + 1]):
            return False
        self._lockout.lift()
        return True

    def sign_out(self) -> Page:
        self._end()
        return redirect(url_for("pages.current"), 303)

    def end_visit(self) -> Page:
        """End the visit that the page was shown for, as leaving its card does: what a clinic has stored stays."""
        visit_id = request.form.get("visit") or None
        if visit_id is not None and visit_id == self._feed.snapshot().visit_id:
            try:
                self._fusion.command(VisitCommand(action="finish", visit_id=visit_id))
            except BusError as e:
                return fallback.response(texts.NOT_ANSWERED, str(e), 503)
            self._feed.follow(lambda now: now.visit_id != visit_id)
        return redirect(url_for("staff.area", lang=languages.current()), 303)

    def cleaning(self) -> Page:
        """A page that takes no touch, for a while, and then the start; not while a runner needs the screen."""
        if self._feed.snapshot().screen != "idle":
            return redirect(url_for("staff.area", lang=languages.current()))
        self._end()
        page = Response(render_template("staff_cleaning.html", seconds=CLEANING_S))
        page.headers["Refresh"] = f"{CLEANING_S}; url={url_for('pages.current')}"  # it ends whatever the page does
        return page

    def open(self) -> None:
        """Whoever asks now is signed in."""
        session[_COOKIE] = self._session.begin()

    def is_open(self, *, touches: bool = True) -> bool:
        """Whether whoever asks now is signed in. `touches`: somebody does, not a page by itself."""
        return self._session.is_open(session.get(_COOKIE), touches=touches)

    def _end(self) -> None:
        self._session.end()
        session.pop(_COOKIE, None)

    def _end_on_a_runners_page(self) -> None:
        """Whoever signed in has left: the hidden corner asks the next person for the PIN."""
        if request.blueprint in _RUNNERS_PAGES and self.is_open():
            self._end()

    def _pad(self, said: str = "") -> str:
        left_s = round(self._lockout.seconds_left() + 0.5)
        wait = ngettext("Wait for {n} second.", "Wait for {n} seconds.", left_s).format(n=left_s) if left_s else ""
        return render_template("staff_pin.html", said=f"{said} {wait}".strip(), wait_s=left_s, most_digits=MOST_DIGITS)

    def signed_in(self, page: Callable[..., Page], *, touches: bool = True) -> Callable[..., Page]:
        """The page behind the PIN. `touches`: somebody asks for it, not a page by itself."""

        @wraps(page)
        def guarded(**named: str) -> Page:
            if self.is_open(touches=touches):
                return page(**named)
            return redirect(url_for("staff.area", lang=languages.current()), 303)

        return guarded

"""The first set-up in the browser: a page a step, each of which can be left and come back to.

A fresh station, without a PIN and without any calibration, shows it instead of its attract screen. The steps up to the
PIN are then open to whoever stands there, as nothing is there to be protected yet; from then on the PIN is asked for
(docs/decisions/0041-who-sets-up-a-station.md).
"""

import threading
from functools import wraps
from typing import Any

from flask import Blueprint, abort, redirect, render_template, request, url_for

from station.config import Config
from station.errors import BusError, ConfigError
from station.kiosk import languages, privacy
from station.kiosk.feed import Feed
from station.kiosk.languages import gettext as _
from station.kiosk.setup import summary
from station.kiosk.setup.forms import FORMS, SHUNT_PIN, Asked
from station.kiosk.setup.progress import Progress
from station.kiosk.setup.settings import Settings
from station.kiosk.setup.words import BEFORE_PIN, CALIBRATIONS, STEPS, after, before, title
from station.kiosk.staff.area import Page, StaffArea
from station.kiosk.staff.pin import MOST_DIGITS, StaffPin
from station.kiosk.translate import translated
from station.kiosk.workbench.actions import WorkbenchActions
from station.kiosk.workbench.live import token
from station.kiosk.workbench.picture import deck_picture
from station.kiosk.workbench.words import made, missing, words


class SetupPages:
    """Routes under /staff/setup."""

    def __init__(
        self,
        feed: Feed,
        workbench: WorkbenchActions,
        config: Config,
        settings: Settings,
        progress: Progress,
        staff: StaffArea,
    ) -> None:
        self._feed, self._workbench, self._config = feed, workbench, config
        self._settings, self._progress, self._staff = settings, progress, staff
        self._pin = StaffPin(config.state)
        self._setting_pin = threading.Lock()  # of two browsers the first one sets it
        self.blueprint = Blueprint("setup", __name__, url_prefix="/staff/setup")
        self.blueprint.get("/")(self._guarded(self.overview))
        self.blueprint.get("/<step>")(self._guarded(self.show))
        self.blueprint.post("/<step>")(self._guarded(self.take))

    def overview(self) -> Page:
        """All steps; on a fresh station, the first one that is left."""
        done = self._progress.done()
        if self._progress.fresh:
            left = next((step for step in BEFORE_PIN if step not in done), "pin")
            return redirect(url_for("setup.show", step=left, lang=languages.current()), 303)
        steps = [(step, title(step), step in done) for step in STEPS]
        return render_template("setup_overview.html", steps=steps)

    def show(self, step: str) -> Page:
        """The page of one step."""
        if step in FORMS:
            return self._page(step, asked=Asked(FORMS[step].now(self._config)))
        return self._page(step)

    def take(self, step: str) -> Page:
        """What a page sent."""
        if step in FORMS:
            return self._take_settings(step)
        if step == "pin":
            return self._take_pin()
        if step == "cells" and request.form.get("examine"):
            return self._examine()
        return self._go_on(step)

    def _take_settings(self, step: str) -> Page:
        asked = FORMS[step].read(request.form, self._config)
        if asked.refused:
            return self._page(step, asked=asked), 400
        try:
            changed = self._settings.write(asked.changes)
        except ConfigError as e:
            return self._page(step, asked=Asked(asked.shown, refused=(translated(str(e)),))), 400
        if not changed:
            return self._go_on(step)
        chosen = request.form.get("language") if step == "language" else languages.current()
        next_step = after(step)
        if step in CALIBRATIONS:
            next_step = step  # it leads to the calibrations that the answer has just allowed
        else:
            self._progress.add(step)
        return render_template("setup_applied.html", next=url_for("setup.show", step=next_step, lang=chosen))

    def _take_pin(self) -> Page:
        pin, again = (request.form.get(name, "")[: MOST_DIGITS + 1] for name in ("pin", "again"))
        if pin != again:
            return self._page("pin", refused=_("The two PINs differ; enter both again.")), 400
        with self._setting_pin:
            if self._pin.is_set:
                if not self._staff.is_open():
                    abort(403)
                if not self._staff.knows_pin(request.form.get("present", "")):  # somebody else at an open page
                    return self._page("pin", refused=_("That was not the present PIN.")), 403
            try:
                self._pin.set(pin)
            except ConfigError as e:
                return self._page("pin", refused=translated(str(e))), 400
            self._staff.open()
        return self._go_on("pin")

    def _examine(self) -> Page:
        try:
            self._workbench.examine()
        except BusError as e:
            return self._page("cells", refused=translated(str(e))), 409
        return redirect(url_for("setup.show", step="cells", lang=languages.current()), 303)

    def _go_on(self, step: str) -> Page:
        self._progress.add(step)
        if step == STEPS[-1]:
            return redirect(url_for("pages.current"), 303)
        return redirect(url_for("setup.show", step=after(step), lang=languages.current()), 303)

    def _page(self, step: str, **more: Any) -> str:
        facts = {"asked": None, "refused": None} | self._facts(step) | more
        return render_template(
            f"setup_do_{step}.html", step=step, title=title(step), number=STEPS.index(step) + 1, steps=len(STEPS),
            before=before(step), after=after(step), pin_set=self._pin.is_set, **facts,
        )  # fmt: skip

    def _facts(self, step: str) -> dict[str, Any]:
        """What the page of a step shows besides its form."""
        match step:
            case "pin":
                return {"most_digits": MOST_DIGITS}
            case "treadmill":
                return {"picture": deck_picture(self._config.force.cells)}
            case "cells":
                state = self._feed.workbench()
                return {"picture": deck_picture(self._config.force.cells), "state": state, "token": token(state)}
            case "masses" | "ringing" | "view":
                there, wrong = made(self._config)
                kinds = [(kind, words(kind), kind in there) for kind in CALIBRATIONS[step]]
                shunt_pin = self._config.force.shunt_pin or SHUNT_PIN
                return {"kinds": kinds, "wrong": wrong, "missing": missing(self._config), "shunt_pin": shunt_pin}
            case "privacy":
                return {"sections": privacy.sections(self._config)}
            case "done":
                left = [(kind, words(kind).title) for kind in missing(self._config)]
                return {"measured": summary.measured(self._config), "missing": left}
        return {}

    def _guarded(self, page: Any) -> Any:
        @wraps(page)
        def guarded(step: str | None = None) -> Page:
            if not self._progress.offered or (step is not None and step not in STEPS):
                abort(404)
            if not self._staff.is_open():
                if not self._progress.fresh:
                    return redirect(url_for("staff.area", lang=languages.current()), 303)
                if step is not None and step not in BEFORE_PIN:
                    return redirect(url_for("setup.show", step="pin", lang=languages.current()), 303)
            return page() if step is None else page(step)

        return guarded

"""The calibrations in the browser, for the staff: choose one, then a page a step, then what it gave.

All that goes on is the workbench's: a page shows what it said last, so another browser, or the same one opened again,
is at the same step.
"""

import math

from flask import Blueprint, Response, abort, jsonify, redirect, render_template, request, url_for

from station.calibration import board
from station.config import Config
from station.errors import BusError
from station.kiosk import languages, workbench_options
from station.kiosk.feed import Feed
from station.kiosk.languages import gettext as _
from station.kiosk.setup_progress import Progress
from station.kiosk.staff import Page, StaffArea
from station.kiosk.translate import translated
from station.kiosk.workbench_client import WorkbenchClient
from station.kiosk.workbench_options import Chosen
from station.kiosk.workbench_picture import deck_picture
from station.kiosk.workbench_words import KINDS, made, missing, words
from station.messages import CalibrationKind, WorkbenchCommand, WorkbenchState

FOLLOW_S = 1.5
"""How long an action waits for the new state, so that the next page is already the right one."""


class WorkbenchPages:
    """Routes under /staff/calibrate."""

    def __init__(
        self, feed: Feed, workbench: WorkbenchClient, config: Config, staff: StaffArea, setup: Progress
    ) -> None:
        self._feed = feed
        self._workbench = workbench
        self._config = config
        self._setup = setup
        self.blueprint = Blueprint("workbench", __name__, url_prefix="/staff/calibrate")
        for method, path, view in (
            ("GET", "/", self.choice),
            ("GET", "/now", self.now),
            ("GET", "/state", self.state),
            ("GET", "/board.svg", self.board),
            ("POST", "/measure", self.measure),
            ("POST", "/give-up", self.give_up),
            ("GET", "/<kind>", self.options),
            ("POST", "/<kind>", self.begin),
        ):
            self.blueprint.add_url_rule(path, view.__name__, staff.signed_in(view), methods=[method])

    def choice(self) -> Page:
        """Which calibration; where one is going on, that."""
        if self._feed.workbench() and self._feed.workbench().doing == "calibration":
            return self._go_now()
        there, wrong = made(self._config)
        kinds = [(kind, words(kind), kind in there) for kind in KINDS]
        return render_template("setup_calibrations.html", kinds=kinds, wrong=wrong, missing=missing(self._config))

    def options(self, kind: str) -> Page:
        """What is to be chosen before the first step."""
        return self._options(_known(kind), workbench_options.usual())

    def begin(self, kind: str) -> Page:
        known = _known(kind)
        chosen = workbench_options.read(request.form, plates=kind == "grid")
        if chosen.options is None:
            return self._options(known, chosen), 400
        command = WorkbenchCommand(action="begin", kind=known, options=chosen.options)
        try:
            self._workbench.command(command)
        except BusError as e:
            return self._options(known, Chosen(chosen.shown, refused=(translated(str(e)),))), 409
        self._feed.wait_for_workbench(lambda state: state.doing == "calibration", FOLLOW_S)
        return self._go_now()

    def now(self) -> Page:
        """The step in hand, or how the last calibration ended."""
        state = self._feed.workbench()
        if state is None:
            return render_template("setup_silent.html")
        if state.doing == "calibration":
            picture = deck_picture(self._config.force.cells, state.prompt)
            return render_template("setup_step.html", state=state, picture=picture, token=token(state), words=words)
        if state.kind is None:
            return redirect(url_for("workbench.choice", lang=languages.current()), 303)
        report = [translated(line.strip()) for line in state.report]
        left = [(kind, words(kind).title) for kind in missing(self._config)]
        return render_template(
            "setup_report.html", state=state, report=report, missing=left, words=words, sets_up=self._setup.open
        )

    def measure(self) -> Page:
        """Measure the step that the page shows. A refusal is shown by the page itself: the state tells it."""
        step = request.form.get("step", type=int)
        return self._ask(WorkbenchCommand(action="measure", step=step), lambda state: state.measuring)

    def give_up(self) -> Page:
        return self._ask(WorkbenchCommand(action="give_up"), lambda state: state.doing == "nothing")

    def state(self) -> Response:
        """For the page: whether it is still the right one, and the live numbers."""
        state = self._feed.workbench()
        if state is None:
            return jsonify(token="", numbers=[], left_s=None)
        return jsonify(token=token(state), numbers=numbers(state), left_s=state.left_s)

    def board(self) -> Response:
        said = _("Station: print at 100 %, glue on something flat and stiff, cut along this line.")
        return Response(board.svg(said), mimetype="image/svg+xml")

    def _options(self, kind: CalibrationKind, chosen: Chosen) -> str:
        return render_template(
            "setup_options.html", kind=kind, words=words(kind), chosen=chosen, limits=workbench_options,
            shunt=self._config.force.shunt_pin is not None, picture=deck_picture(self._config.force.cells),
        )  # fmt: skip

    def _ask(self, command: WorkbenchCommand, followed: object) -> Page:
        try:
            self._workbench.command(command)
            self._feed.wait_for_workbench(followed, FOLLOW_S)
        except BusError:
            pass  # a second tap, or another browser was faster: the page shows how it stands
        return self._go_now()

    def _go_now(self) -> Page:
        return redirect(url_for("workbench.now", lang=languages.current()), 303)


def token(state: WorkbenchState) -> str:
    """Another one for each page that differs by more than its live numbers."""
    shown = (state.doing, state.kind, state.step, state.measuring, state.prompt and state.prompt.text, state.refused)
    return f"{hash((*shown, state.failed, state.report, state.examined)):x}"


def numbers(state: WorkbenchState) -> list[str]:
    """What each cell says, as it is written at the cell."""
    if not state.calibrated:
        return [_dash(value) or languages.number(value) for value in state.force_n]
    return [_dash(value) or f"{languages.number(value, 1)} N" for value in state.force_n]


def _dash(value: float) -> str:
    return "" if math.isfinite(value) else "–"


def _known(kind: str) -> CalibrationKind:
    for known in KINDS:
        if known == kind:
            return known
    abort(404)

"""The calibrations in the browser, for the staff: choose one, then a page a step, then what it gave.

All that goes on is the workbench's: a page shows what it said last, so another browser, or the same one opened again,
is at the same step.
"""

from flask import Blueprint, Response, abort, jsonify, redirect, render_template, request, url_for

from station.calibration import board
from station.config import Config
from station.errors import BusError
from station.kiosk import languages
from station.kiosk.feed import Feed
from station.kiosk.languages import gettext as _
from station.kiosk.setup.progress import Progress
from station.kiosk.staff.area import Page, StaffArea
from station.kiosk.translate import translated
from station.kiosk.workbench import options
from station.kiosk.workbench.actions import WorkbenchActions
from station.kiosk.workbench.live import numbers, token
from station.kiosk.workbench.options import Chosen
from station.kiosk.workbench.picture import deck_picture
from station.kiosk.workbench.words import KINDS, made, missing, words
from station.messages import CalibrationKind


class WorkbenchPages:
    """Routes under /staff/calibrate."""

    def __init__(
        self, feed: Feed, workbench: WorkbenchActions, config: Config, staff: StaffArea, setup: Progress
    ) -> None:
        self._feed = feed
        self._workbench = workbench
        self._config = config
        self._staff = staff
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
            asked_by_itself = view == self.state
            guarded = staff.signed_in(view, touches=not asked_by_itself)
            self.blueprint.add_url_rule(path, view.__name__, guarded, methods=[method])

    def choice(self) -> Page:
        """Which calibration; where one is going on, that."""
        state = self._feed.workbench()
        if state is not None and state.doing == "calibration":
            return self._go_now()
        there, wrong = made(self._config)
        kinds = [(kind, words(kind), kind in there) for kind in KINDS]
        return render_template("setup_calibrations.html", kinds=kinds, wrong=wrong, missing=missing(self._config))

    def options(self, kind: str) -> Page:
        """What is to be chosen before the first step."""
        return self._options(_known(kind), options.usual())

    def begin(self, kind: str) -> Page:
        known = _known(kind)
        chosen = options.read(request.form, plates=kind == "grid")
        if chosen.options is None:
            return self._options(known, chosen), 400
        try:
            self._workbench.calibrate(known, chosen.options)
        except BusError as e:
            return self._options(known, Chosen(chosen.shown, refused=(translated(str(e)),))), 409
        return self._go_now()

    def now(self) -> Page:
        """The step in hand, or how the last calibration ended."""
        state = self._feed.workbench()
        if state is None:
            return render_template("setup_silent.html", token=token(state))
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
        self._workbench.measure(request.form.get("step", type=int))
        return self._go_now()

    def give_up(self) -> Page:
        self._workbench.give_up()
        return self._go_now()

    def state(self) -> Response:
        """For the page: whether it is still the right one, and the live numbers."""
        state = self._feed.workbench()
        if state is None:
            return jsonify(token=token(state), numbers=[], left_s=None)
        if state.doing != "nothing":
            self._staff.is_open()  # whoever carries a plate to the deck stays signed in
        return jsonify(token=token(state), numbers=numbers(state), left_s=state.left_s)

    def board(self) -> Response:
        said = _("Station: print at 100 %, glue on something flat and stiff, cut along this line.")
        return Response(board.svg(said), mimetype="image/svg+xml")

    def _options(self, kind: CalibrationKind, chosen: Chosen) -> str:
        return render_template(
            "setup_options.html", kind=kind, words=words(kind), chosen=chosen, limits=options,
            shunt=self._config.force.shunt_pin is not None, picture=deck_picture(self._config.force.cells),
        )  # fmt: skip

    def _go_now(self) -> Page:
        return redirect(url_for("workbench.now", lang=languages.current()), 303)


def _known(kind: str) -> CalibrationKind:
    for known in KINDS:
        if known == kind:
            return known
    abort(404)

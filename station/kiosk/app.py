"""The Flask application: pages, actions, live events, and an answer in words to everything that goes wrong."""

import logging
import os
import re
import secrets
from dataclasses import dataclass
from urllib.parse import urlsplit

from flask import Flask, Response, abort, jsonify, request
from flask_wtf import CSRFProtect
from jinja2 import StrictUndefined
from werkzeug.exceptions import HTTPException

from station.config import LOOPBACK_HOSTS, Config
from station.doctor.board import Board
from station.kiosk import fallback, metrics, texts
from station.kiosk.arrival import Arrival
from station.kiosk.assets import assets, missing
from station.kiosk.card.pages import CardPages
from station.kiosk.card.report_shelf import ReportShelf
from station.kiosk.compiled_templates import CompiledTemplates
from station.kiosk.event_stream import EventStreams
from station.kiosk.feed import Feed
from station.kiosk.fusion_client import FusionClient
from station.kiosk.page_language import add_language
from station.kiosk.pages import Pages
from station.kiosk.privacy import PrivacyPage
from station.kiosk.setup.pages import SetupPages
from station.kiosk.setup.progress import Progress
from station.kiosk.setup.settings import Settings
from station.kiosk.staff.area import StaffArea
from station.kiosk.staff.doctor_pages import DoctorPages
from station.kiosk.take_home import service
from station.kiosk.take_home.service import TakeHome
from station.kiosk.translate import translated
from station.kiosk.visit import VisitActions
from station.kiosk.workbench.actions import WorkbenchActions
from station.kiosk.workbench.client import WorkbenchClient
from station.kiosk.workbench.pages import WorkbenchPages

log = logging.getLogger(__name__)

_LOOPBACK = re.compile(
    "|".join(re.escape(f"[{name}]" if ":" in name else name) for name in LOOPBACK_HOSTS), re.IGNORECASE
)
_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
_COMPILED = CompiledTemplates()


@dataclass(frozen=True)
class Parts:
    """What the application stands on."""

    config: Config
    feed: Feed
    fusion: FusionClient
    shelf: ReportShelf
    workbench: WorkbenchClient
    settings: Settings
    take_home: TakeHome | None = None


def create_app(parts: Parts) -> Flask:
    """Raises ConfigError for a language that is not there, anything else when the installed pages are damaged."""
    app = Flask(__name__)
    add_language(app, parts.feed, parts.config.kiosk.language)
    app.config.update(
        SECRET_KEY=os.urandom(32),
        SESSION_COOKIE_NAME="kiosk",
        SESSION_COOKIE_SAMESITE="Strict",
        WTF_CSRF_TIME_LIMIT=None,  # an attract screen stands for days; the key dies with the process
        MAX_CONTENT_LENGTH=16 * 1024,
    )
    app.jinja_env.undefined = StrictUndefined
    app.jinja_env.bytecode_cache = _COMPILED
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    app.before_request(_refuse_foreign_host)
    CSRFProtect(app)
    boot = secrets.token_hex(4)
    app.context_processor(lambda: {"boot": boot, "mode": parts.config.mode})
    app.jinja_env.globals["visit_id"] = lambda: parts.feed.snapshot().visit_id or ""
    app.before_request(_refuse_foreign_origin)
    app.after_request(_protect)
    app.register_blueprint(assets)
    progress = Progress(parts.config, parts.settings)
    cards = CardPages(parts.feed, parts.shelf, parts.config)
    app.register_blueprint(cards.blueprint)
    arrival = Arrival(parts.feed, parts.config)
    app.register_blueprint(arrival.blueprint)
    app.register_blueprint(Pages(parts.feed, cards, progress).blueprint)
    app.register_blueprint(VisitActions(parts.feed, parts.fusion, arrival).blueprint)
    staff = StaffArea(parts.feed, parts.fusion, parts.config, progress)
    app.register_blueprint(staff.blueprint)
    workbench = WorkbenchActions(parts.feed, parts.workbench)
    app.register_blueprint(DoctorPages(parts.feed, workbench, staff).blueprint)
    app.register_blueprint(WorkbenchPages(parts.feed, workbench, parts.config, staff, progress).blueprint)
    setup = SetupPages(parts.feed, workbench, parts.config, parts.settings, progress, staff)
    app.register_blueprint(setup.blueprint)
    app.register_blueprint(PrivacyPage(parts.feed, parts.config).blueprint)
    service.add_routes(app, parts.take_home, parts.feed, parts.shelf, parts.config)
    _add_machine_routes(app, parts, boot)
    app.register_error_handler(HTTPException, _http_error)
    app.register_error_handler(Exception, _failure)
    for name in app.jinja_env.list_templates():
        app.jinja_env.get_template(name)  # a damaged page is found now, not by a runner
    return app


def _add_machine_routes(app: Flask, parts: Parts, boot: str) -> None:
    streams = EventStreams(parts.feed, boot, parts.config.kiosk.language)

    @app.get("/events")
    def events() -> Response:
        return streams.response(request.args.get("lang"), live=request.args.get("live") == "yes")

    @app.get("/alive")
    def alive() -> tuple[str, int]:
        return "", 204

    @app.get("/metrics")
    def scrape() -> Response:
        return metrics.exposition(parts.feed.tally, parts.config, Board())

    @app.get("/health")
    def health() -> Response:
        snapshot = parts.feed.snapshot()
        problems = [{"part": p.part, "text": translated(p.text)} for p in snapshot.problems]
        absent = missing()
        status = "degraded" if problems or absent else "ok"
        return jsonify(
            status=status, screen=snapshot.screen, visit=snapshot.visit_id or "", boot=boot, problems=problems,
            missing_files=absent,
        )  # fmt: skip


def _refuse_foreign_host() -> None:
    """No page of another name may reach the kiosk (DNS rebinding). Flask's TRUSTED_HOSTS knows no IPv6 addresses."""
    if not _LOOPBACK.fullmatch(re.sub(r":\d+$", "", request.host)):
        abort(400)


def _refuse_foreign_origin() -> None:
    """A POST must come from a page of this kiosk; browsers send Origin with every POST."""
    if request.method == "POST" and urlsplit(request.headers.get("Origin", "")).netloc != request.host:
        abort(403)


def _protect(response: Response) -> Response:
    response.headers.setdefault("Content-Security-Policy", _POLICY)
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Referrer-Policy"] = "same-origin"  # with none, browsers send "Origin: null"
    if request.endpoint not in ("static", "assets.vendor"):
        response.headers["Cache-Control"] = "no-store"  # nothing of a visit may stay in the browser
    return response


def _http_error(error: HTTPException) -> Response:
    return fallback.response(*fallback.words_for(error.code), error.code or 500)


def _failure(error: Exception) -> Response:
    log.error("kiosk: %s failed", request.path, exc_info=error)
    return fallback.response(*texts.PAGE_FAILED, 500)

"""The application without a web server or a bus, fed by hand."""

import re
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from station.config import Camera, Config, Kiosk
from station.errors import BusError
from station.kiosk.app import Parts, create_app
from station.kiosk.card.report_shelf import ReportShelf
from station.kiosk.feed import Feed
from station.kiosk.setup.settings import Settings
from station.kiosk.take_home import code_reading, service
from station.messages import CameraHealth, ForceHealth, Phase, Report, StationState, VisitCommand, WorkbenchCommand
from tests.kiosk.sample_report import sample_report

VISIT = "visit-1"


class HandClock:
    """Time that a test moves."""

    def __init__(self) -> None:
        self.t_ns = 0

    def now_ns(self) -> int:
        return self.t_ns

    def sleep(self, seconds: float) -> None:
        self.t_ns += round(seconds * 1e9)


@dataclass
class HandFusion:
    """Takes commands and gives a report; refuses with `refusal`, answers nothing while `silent`."""

    report_given: Report = field(default_factory=lambda: sample_report(VISIT))
    refusal: str | None = None
    commands: list[VisitCommand] = field(default_factory=list)
    asked: int = 0

    def command(self, command: VisitCommand) -> None:
        if self.refusal:
            raise BusError(f"the fusion daemon: {self.refusal}")
        self.commands.append(command)

    def report(self, visit_id: str) -> Report:
        if self.refusal:
            raise BusError(f"the fusion daemon: {self.refusal}")
        self.asked += 1
        return self.report_given


@dataclass
class HandWorkbench:
    """Takes commands; refuses with `refusal`."""

    refusal: str | None = None
    commands: list[WorkbenchCommand] = field(default_factory=list)

    def command(self, command: WorkbenchCommand) -> None:
        if self.refusal:
            raise BusError(f"the workbench daemon: {self.refusal}")
        self.commands.append(command)


class Station:
    """An application and what it stands on."""

    def __init__(
        self, config: Config, code_camera: code_reading.Camera | None = None, config_path: Path | None = None
    ) -> None:
        self.clock = HandClock()
        self.fusion = HandFusion()
        self.workbench = HandWorkbench()
        self.feed = Feed(self.clock, camera_expected=config.camera.device != "none", follow_s=0.0)
        shelf = ReportShelf(self.fusion)
        made = service.make(config, self.feed, shelf, code_camera, self.clock) if code_camera else None
        self.take_home = made
        self.app: Flask = create_app(
            Parts(config, self.feed, self.fusion, shelf, self.workbench, Settings(config_path), made)
        )
        self.client: FlaskClient = self.app.test_client()
        self.hear()

    def hear(self, phase: Phase = "idle", **fields: object) -> None:
        """All daemons say that they are well, and fusion in which phase it is."""
        visit = None if phase == "idle" else VISIT
        self.feed.accept(StationState(**{"phase": phase, "since_ns": 0, "visit_id": visit} | fields))
        self.feed.accept(force_health())
        self.feed.accept(camera_health())

    def get(self, path: str) -> str:
        answer = self.client.get(path, follow_redirects=True)
        assert answer.status_code == 200, answer.text
        return answer.text

    def token(self, path: str) -> str:
        """The anti-forgery token in the forms of a page."""
        return re.search(r'name="csrf_token" value="([^"]+)"', self.get(path))[1]

    def post(self, path: str, page: str = "/", **form: str):
        """Send a form as a browser does that shows `page`."""
        data = {"csrf_token": self.token(page), "visit": self.feed.snapshot().visit_id or ""} | form
        return self.client.post(path, data=data, headers={"Origin": "http://localhost"})


def force_health(fault: str | None = None) -> ForceHealth:
    counts = [0, 0, 0, 0]
    return ForceHealth(
        t_ns=0, conversions=counts, lost=counts, rejected=counts, power_downs=counts, rate_sps=[80.0] * 4, fault=fault
    )


def camera_health(fault: str | None = None) -> CameraHealth:
    return CameraHealth(t_ns=0, opened=False, frames=0, dropped=0, fps=60.0, backlog=0, fault=fault)


@pytest.fixture
def station() -> Station:
    return Station(Config())


@pytest.fixture
def clinic() -> Station:
    return Station(Config(mode="clinic"))


@pytest.fixture
def station_without_camera() -> Station:
    return Station(Config(camera=Camera(device="none"), kiosk=Kiosk()))

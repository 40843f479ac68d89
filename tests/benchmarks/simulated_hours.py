"""Time on a station that replays a run: how much of it is simulated, how old its files are, how exact it stays."""

import contextlib
import json
import os
import threading
import time
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from station.bus import Subscriber, request
from station.errors import BusError
from station.messages import ForceHealth, LiveStep, Message, Report, ReportRequest, SampleBatch, StationState
from station.records import run_files
from tests.whole.station_process import RunningStation

OPEN_S = 12 * 3600.0  # a day; the other half is night
DAY_S = 24 * 3600.0


@dataclass
class Timing:
    """Of one run with a card."""

    offset_ms: float
    chip_sps: float
    step_delay_ms: float


@dataclass
class Watch:
    """Listens to the bus while visitors come: how much time passed in the data, and how timing was."""

    station: RunningStation
    factor: float
    timings: list[Timing] = field(default_factory=list)
    _data_s: float = 0.0
    _flowing_s: float = 0.0  # real time in which that passed
    _last: tuple[float, float] | None = None  # (data, real) seconds of the last batch
    _run_s: float = 0.0  # the data's instant at which the run began
    _delays_ms: list[float] = field(default_factory=list)
    _rate_sps: float = 0.0
    _timed: str | None = None  # the visit whose card was read

    def __post_init__(self) -> None:
        self._begun_s = time.monotonic()
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._listen)
        self._thread.start()

    @property
    def simulated_s(self) -> float:
        """Time that has passed in the data, and real time where none flowed. RuntimeError: nobody listens any more."""
        if not self._thread.is_alive():
            raise RuntimeError("the listener has ended: what follows would count as time without data")
        return self._data_s + (time.monotonic() - self._begun_s - self._flowing_s)

    def close(self) -> None:
        self._ended.set()
        self._thread.join()

    def _listen(self) -> None:
        context, runtime = self.station.context, self.station.settings.runtime
        kinds = [SampleBatch, ForceHealth, StationState, LiveStep]
        messages = Subscriber(context, runtime, ["force", "fusion"], kinds)
        while not self._ended.is_set():
            for message in messages.drain(0.2):
                self._take(message, time.monotonic())
        messages.close()

    def _take(self, message: Message, now_s: float) -> None:
        match message:
            case SampleBatch():
                self._flow(int(message.arrays()["t_low_ns"][-1]) / 1e9, now_s)
            case ForceHealth() if any(message.conversions):
                self._rate_sps = float(np.mean(message.rate_sps))
            case LiveStep() if self._last is not None:
                toe_off_s = self._run_s + message.t_s + message.contact_time_ms / 1e3
                self._delays_ms.append(1e3 * (self._last[0] - toe_off_s) / self.factor)
            case StationState():
                self._follow(message)

    def _flow(self, data_s: float, now_s: float) -> None:
        if self._last is not None and 0 < data_s - self._last[0] < 1:
            self._data_s += data_s - self._last[0]
            self._flowing_s += now_s - self._last[1]
        self._last = (data_s, now_s)

    def _follow(self, state: StationState) -> None:
        self._run_s = state.marks_ns.get("run", 0) / 1e9
        if state.phase == "weigh":
            self._delays_ms.clear()
        elif state.phase == "card" and state.visit_id != self._timed and self._delays_ms:
            self._timed = state.visit_id
            self._read_card(state.visit_id)

    def _read_card(self, visit_id: str) -> None:
        asked = ReportRequest(visit_id=visit_id)
        with contextlib.suppress(BusError):  # the runner was quicker
            report = request(self.station.context, self.station.settings.runtime, "fusion", asked, Report)
            offset_ms = json.loads(report.json)["sync"]["camera_offset_ms"]["value"]
            if offset_ms is not None:
                self.timings.append(Timing(offset_ms, self._rate_sps, float(np.median(self._delays_ms))))


class Calendar:
    """Dates the clinic's files back, so that the real clock sees them as old as they are in simulated time."""

    def __init__(self, runs: Path) -> None:
        self._runs = runs
        self._begun_s = time.monotonic()
        self._dated_s = 0.0  # back, so far

    @property
    def day(self) -> int:
        return 1 + round(self._dated_s // DAY_S)

    def turn(self, simulated_s: float) -> None:
        ahead_s = simulated_s - (time.monotonic() - self._begun_s)
        nights_s = (simulated_s // OPEN_S) * (DAY_S - OPEN_S)
        back_s, self._dated_s = ahead_s + nights_s - self._dated_s, ahead_s + nights_s
        for run in run_files.kept(self._runs):
            for path in run.paths:
                with contextlib.suppress(FileNotFoundError):  # deleted meanwhile
                    written_s = path.stat().st_mtime - back_s
                    os.utime(path, (written_s, written_s))

"""The station's metrics in Prometheus' text format: counts and health, nothing of a visit (docs/metrics.md)."""

import os
from collections.abc import Iterable, Iterator
from pathlib import Path

from flask import Response
from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, HistogramMetricFamily, Metric
from prometheus_client.exposition import CONTENT_TYPE_LATEST
from prometheus_client.registry import Collector

from station import __version__
from station.camera import pose_speed
from station.config import Config
from station.doctor.board import Board
from station.kiosk.tally import SCORE_BUCKETS_S, Tally
from station.messages import CHANNELS, DAEMONS, CameraHealth, DaemonHealth, ForceHealth


def exposition(tally: Tally, config: Config, board: Board) -> Response:
    """The answer to a scrape."""
    registry = CollectorRegistry(auto_describe=False)
    registry.register(_Station(tally, config, board))
    return Response(generate_latest(registry), content_type=CONTENT_TYPE_LATEST)


class _Station(Collector):
    def __init__(self, tally: Tally, config: Config, board: Board) -> None:
        self._tally, self._config, self._board = tally, config, board

    def collect(self) -> Iterator[Metric]:
        yield _gauge(
            "info", "Version and mode of the station.", [({"version": __version__, "mode": self._config.mode}, 1)]
        )
        yield from self._visits()
        yield from self._cells()
        yield from self._camera()
        yield from self._daemons()
        yield from self._the_board()

    def _visits(self) -> Iterator[Metric]:
        counts = self._tally.counts()
        phases = ("weigh", "ready", "run", "score", "card")
        ended = [({"phase": phase}, counts.visits[phase]) for phase in phases]
        yield _counter("visits", "Visits that ended, by the phase they were left in; card: a card was shown.", ended)
        yield _counter("runs_scored", "Runs that got a card.", [({}, counts.scored)])
        buckets = [*zip(map(str, SCORE_BUCKETS_S), counts.score_s, strict=True), ("+Inf", counts.scored)]
        yield HistogramMetricFamily(
            "station_score_seconds",
            "From the end of a run to its card.",
            buckets=buckets,
            sum_value=counts.score_total_s,
        )

    def _cells(self) -> Iterator[Metric]:
        health = self._tally.fresh(ForceHealth.topic)
        if not isinstance(health, ForceHealth):
            return
        for name, text, values in (
            ("conversions", "Conversions read since the force daemon began.", health.conversions),
            ("lost", "Conversions lost.", health.lost),
            ("rejected", "Conversions rejected.", health.rejected),
            ("power_downs", "Times the chip was started anew.", health.power_downs),
        ):
            yield _counter(f"chip_{name}", text, _by_cell(values))
        yield _gauge("chip_rate_hz", "Measured rate of conversions.", _by_cell(health.rate_sps))
        yield _gauge("chip_noise_newtons", "Standard deviation at rest.", _by_cell(health.noise_n))
        yield _gauge("chip_zero_drift_newtons", "The empty deck against the tare.", _by_cell(health.zero_drift_n))
        yield _gauge("load_cells_fault", "1 while a chip does not deliver.", [({}, int(health.fault is not None))])

    def _camera(self) -> Iterator[Metric]:
        counts, health = self._tally.counts(), self._tally.fresh(CameraHealth.topic)
        yield _counter("camera_frames", "Pictures taken.", [({}, counts.frames)])
        yield _counter("camera_dropped", "Pictures lost.", [({}, counts.dropped)])
        speed = pose_speed.known(self._config)
        if speed is not None:
            yield _gauge("pose_speed_installed", "Poses a second, as measured at install.", [({}, speed.scored_per_s)])
        if not isinstance(health, CameraHealth):
            return
        yield _gauge("camera_open", "1 while the camera is open.", [({}, int(health.opened))])
        yield _gauge("camera_fps", "Pictures a second while it films.", [({}, health.fps)])
        yield _gauge("pose_backlog", "Pictures waiting to be looked at.", [({}, health.backlog)])
        yield _gauge("pose_speed", "Poses a second of all workers together.", [({}, health.scored_per_s)])
        faults = (("camera", health.fault), ("pose", health.pose_fault), ("live", health.live_fault))
        yield _gauge("camera_fault", "1 while that part fails.", [({"part": p}, int(f is not None)) for p, f in faults])

    def _daemons(self) -> Iterator[Metric]:
        heard = {name: self._tally.fresh(name) for name in DAEMONS}
        up = [({"daemon": name}, int(health is not None)) for name, health in heard.items()]
        yield _gauge("daemon_up", "1 while the daemon says that it is well.", up)
        resident = [
            ({"daemon": name}, health.resident_bytes)
            for name, health in heard.items()
            if isinstance(health, DaemonHealth)
        ]
        yield _gauge("daemon_resident_bytes", "Memory of the daemon without its workers.", resident)
        restarts = self._tally.counts().restarts
        yield _counter("daemon_restarts", "Seen by the kiosk.", [({"daemon": n}, restarts[n]) for n in DAEMONS])

    def _the_board(self) -> Iterator[Metric]:
        bits, memory = self._board.throttled(), self._board.memory()
        yield _gauge("board_temperature_celsius", "Of the processor.", [({}, self._board.temperature_c())])
        yield _gauge("board_throttled_bits", "vcgencmd get_throttled.", [({}, bits)])
        yield _gauge("board_low_voltage", "1 while the supply is too low.", [({}, _number(self._low_voltage(bits)))])
        yield _gauge("board_memory_available_bytes", "For programs.", [({}, memory and memory.available)])
        free, size = _disk(self._config.state)
        yield _gauge("disk_free_bytes", "Where state_dir is.", [({}, free)])
        yield _gauge("disk_size_bytes", "Where state_dir is.", [({}, size)])

    def _low_voltage(self, bits: int | None) -> bool | None:
        return bool(bits & 1) if bits is not None else self._board.low_voltage_alarm()


_Samples = Iterable[tuple[dict[str, str], float | None]]


def _gauge(name: str, text: str, samples: _Samples) -> Metric:
    return _filled(GaugeMetricFamily(f"station_{name}", text), samples)


def _counter(name: str, text: str, samples: _Samples) -> Metric:
    return _filled(CounterMetricFamily(f"station_{name}", text), samples, "_total")


def _filled(family: Metric, samples: _Samples, ending: str = "") -> Metric:
    """What is not known has no sample."""
    for labels, value in samples:
        if value is not None:
            family.add_sample(f"{family.name}{ending}", labels, value)
    return family


def _by_cell(values: Iterable[float | None]) -> list[tuple[dict[str, str], float | None]]:
    return [({"cell": cell}, value) for cell, value in zip(CHANNELS, values, strict=False)]


def _number(said: bool | None) -> int | None:
    return None if said is None else int(said)


def _disk(folder: Path) -> tuple[int | None, int | None]:
    """Bytes free for this user and in all."""
    try:
        status = os.statvfs(folder)
    except OSError:
        return None, None
    return status.f_bavail * status.f_frsize, status.f_blocks * status.f_frsize

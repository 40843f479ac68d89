"""What Prometheus is told: it parses, it counts, and nothing of a visit is in it."""

from pathlib import Path

import pytest
from prometheus_client.parser import text_string_to_metric_families

from station.camera import pose_speed
from station.camera.pose_speed import PoseSpeed
from station.config import Config
from station.kiosk import metrics
from station.kiosk.tally import FRESH_S
from station.messages import CHANNELS, CameraHealth, Choices, DaemonHealth, ForceHealth
from tests.doctor.fake_board import board
from tests.kiosk.conftest import VISIT, Station, camera_health

NICKNAME = "Rosalind"


def told(station: Station) -> dict[tuple, float]:
    """(name, labels) -> value."""
    answer = station.client.get("/metrics")
    assert answer.status_code == 200
    assert answer.content_type.startswith("text/plain; version=")
    families = text_string_to_metric_families(answer.text)
    return {(s.name, *sorted(s.labels.items())): s.value for family in families for s in family.samples}


def visit(station: Station, *phases: str, visit_id: str = VISIT, seconds: float = 1.0) -> None:
    for phase in phases:
        station.hear(phase, visit_id=visit_id, choices=Choices(nickname=NICKNAME))
        station.clock.sleep(seconds)


def test_visits_are_counted_by_the_phase_they_were_left_in(station: Station) -> None:
    visit(station, "weigh", "ready", "run", "score", "card", seconds=3.0)
    station.hear()
    visit(station, "weigh", "ready", visit_id="next")
    station.hear()
    visit(station, "weigh", "run", visit_id="third")
    visit(station, "weigh", visit_id="fourth")  # without an idle state in between
    found = told(station)
    assert found["station_visits_total", ("phase", "card")] == 1
    assert found["station_visits_total", ("phase", "ready")] == 1
    assert found["station_visits_total", ("phase", "run")] == 1
    assert found["station_visits_total", ("phase", "weigh")] == 0
    assert found[("station_runs_scored_total",)] == 1
    assert found[("station_score_seconds_sum",)] == pytest.approx(3.0)
    assert found["station_score_seconds_bucket", ("le", "2.0")] == 0
    assert found["station_score_seconds_bucket", ("le", "5.0")] == 1
    assert found["station_score_seconds_bucket", ("le", "+Inf")] == found[("station_score_seconds_count",)] == 1


def test_nothing_of_a_visit_is_in_it(station: Station) -> None:
    visit(station, "weigh", "ready", "run", "score", "card")
    text = station.client.get("/metrics").text
    assert VISIT not in text
    assert NICKNAME not in text
    assert NICKNAME not in repr(vars(station.feed.tally)), "nor is it kept"


def test_the_chips_are_told_each_and_silence_is_no_number(station: Station) -> None:
    health = ForceHealth(
        t_ns=0,
        conversions=[800, 801, 802, 803],
        lost=[0, 1, 2, 3],
        rejected=[4, 0, 0, 0],
        power_downs=[0, 0, 7, 0],
        rate_sps=[80.1, 80.2, 80.3, 80.4],
        noise_n=[0.2, None, 0.2, 0.2],
        zero_drift_n=[1.5, None, None, -2.0],
    )
    station.feed.accept(health)
    found = told(station)
    assert [found["station_chip_lost_total", ("cell", cell)] for cell in CHANNELS] == [0, 1, 2, 3]
    assert found["station_chip_power_downs_total", ("cell", "rear_left")] == 7
    assert found["station_chip_rate_hz", ("cell", "front_right")] == pytest.approx(80.2)
    assert found["station_chip_zero_drift_newtons", ("cell", "rear_right")] == -2.0
    assert ("station_chip_zero_drift_newtons", ("cell", "front_right")) not in found
    station.clock.sleep(FRESH_S + 1)
    assert not [name for name, *_ in told(station) if name.startswith("station_chip")]


def test_pictures_are_counted_over_all_visits(station: Station) -> None:
    for frames, dropped in ((100, 1), (160, 2), (50, 0), (80, 4)):  # switched on anew after the second
        health = CameraHealth(
            t_ns=0, opened=True, frames=frames, dropped=dropped, fps=59.9, backlog=3, scored_per_s=7.5
        )
        station.feed.accept(health)
    found = told(station)
    assert found[("station_camera_frames_total",)] == 160 + 80
    assert found[("station_camera_dropped_total",)] == 2 + 4
    assert found[("station_pose_speed",)] == 7.5
    station.feed.accept(camera_health("the camera is gone"))
    assert told(station)["station_camera_fault", ("part", "camera")] == 1


def test_daemons_that_were_started_anew(station: Station) -> None:
    def health(pid: int) -> DaemonHealth:
        return DaemonHealth(daemon="fusion", version="1", pid=pid, since_ns=0, resident_bytes=1000 * pid)

    for pid in (1, 1, 2, 2, 3):
        station.feed.accept(health(pid))
    found = told(station)
    assert found["station_daemon_restarts_total", ("daemon", "fusion")] == 2
    assert found["station_daemon_resident_bytes", ("daemon", "fusion")] == 3000
    assert found["station_daemon_up", ("daemon", "fusion")] == 1
    assert found["station_daemon_up", ("daemon", "camera")] == 0


def test_the_board(tmp_path: Path) -> None:
    here = board(tmp_path, {"sys/class/thermal/thermal_zone0/temp": "61500\n"}, throttled="throttled=0x50001")
    config = Config(state_dir=str(tmp_path))
    pose_speed.save(config, PoseSpeed(workers=3, scored_per_s=9.5))
    text = metrics.exposition(Station(config).feed.tally, config, here).get_data(as_text=True)
    found = {s.name: s.value for family in text_string_to_metric_families(text) for s in family.samples}
    assert found["station_board_temperature_celsius"] == 61.5
    assert found["station_board_throttled_bits"] == 0x50001
    assert found["station_board_low_voltage"] == 1
    assert found["station_pose_speed_installed"] == 9.5
    assert 0 < found["station_disk_free_bytes"] <= found["station_disk_size_bytes"]
    assert "station_board_memory_available_bytes" not in found


def test_only_this_machine_may_scrape(station: Station) -> None:
    assert station.client.get("/metrics", headers={"Host": "station.example"}).status_code == 400

"""How the camera filmed a run: what its daemon said of itself, put together."""

import msgspec
import pytest

from station.camera.replay import KeypointReplay
from station.clock import SystemClock
from station.fusion.filming import Filming, filming_of, worth_keeping
from station.messages import CameraHealth, CameraSwitch, PoseRequest

SECOND = 1_000_000_000
FROZEN = "the camera delivers no pictures; check its ribbon cable"


def said(t_s: float, frames: int = 0, dropped: int = 0, fault: str | None = None, opened: bool = True) -> CameraHealth:
    counts = [max(0, frames - 1 - dropped), dropped]
    return CameraHealth(
        t_ns=round(t_s * SECOND), opened=opened, frames=frames, dropped=dropped, fps=60.0, backlog=0, fault=fault,
        interval_counts=counts, readout_ms=8.0,
    )  # fmt: skip


def filmed(*healths: CameraHealth) -> Filming:
    filming = filming_of(healths, 10 * SECOND, 70 * SECOND)
    assert filming is not None
    return filming


def test_counts_are_those_of_the_run_alone() -> None:
    filming = filmed(*(said(t, 60 * t, t // 20) for t in range(100)))
    assert (filming.frames, filming.dropped, filming.readout_ms) == (3600, 3, 8.0)
    assert sum(filming.interval_counts) == 3600
    assert filming.troubles_s == {}
    assert filming.trouble is None


def test_daemon_begun_anew_counts_from_zero() -> None:
    filming = filmed(said(10, 600), said(11, 660), said(12, 30), said(13, 90))
    assert filming.frames == 60 + 30 + 60


def test_fault_is_said_with_how_long_it_lasted() -> None:
    faulty = range(20, 41)
    filming = filmed(*(said(t, 60 * t, fault=FROZEN if t in faulty else None) for t in range(8, 72)))
    assert filming.troubles_s == {FROZEN: pytest.approx(21.0)}
    assert filming.trouble == f"The camera gave no pictures for 21 of the 60 s of the run: {FROZEN}."
    assert filming.quality["without_pictures_s"] == pytest.approx(21.0)


def test_pose_workers_that_fail_are_no_camera_that_fails() -> None:
    damaged = "pose weights heavy: damaged; run ./install.sh"
    poseless = [msgspec.structs.replace(said(t, 60 * t), pose_fault=damaged) for t in range(8, 72)]
    filming = filmed(*poseless)
    assert filming.trouble == f"No pose could be found in the pictures for 60 of the 60 s of the run: {damaged}."
    assert (filming.quality["without_pictures_s"], filming.quality["without_poses_s"]) == (0, 60)
    assert worth_keeping(poseless[0], msgspec.structs.replace(poseless[0], pose_fault=None))


def test_a_live_picture_that_fails_costs_no_card_a_word() -> None:
    filming = filmed(*(msgspec.structs.replace(said(t, 60 * t), live_fault="no weights") for t in range(8, 72)))
    assert filming.trouble is None


def test_a_camera_that_gives_too_few_pictures_is_too_slow_not_without_a_runner() -> None:
    slow = "The camera is too slow: 6 pictures a second, 25 are needed."
    assert filmed(*(said(t, 6 * t) for t in range(8, 72))).trouble == slow
    assert filmed(*(said(t, 25 * t - 3 * (t > 40)) for t in range(8, 72))).trouble is None


def test_who_counted_no_intervals_counted_none() -> None:
    without = msgspec.structs.replace(said(9, 0, opened=False), interval_counts=[])
    filming = filmed(without, *(said(t, 60 * (t - 10)) for t in range(11, 70)))
    assert (filming.frames, filming.interval_counts) == (59 * 60, (59 * 60 - 1, 0))


def test_a_replayed_camera_says_enough() -> None:
    recorded = [said(t + 0.5, 60 * (t - 10)) for t in range(10, 72)]
    replay = KeypointReplay([], recorded, None, None, SystemClock())
    replay._answer(CameraSwitch(on=True))
    replay._answer(PoseRequest(t_ns=[10 * SECOND]))  # the standing reference, before the first of what was recorded
    told = [replay.health()]
    for t_s in range(11, 71):
        replay._advance(round(t_s * SECOND))
        told.append(replay.health())
    filming = filmed(*told)
    assert (filming.frames, filming.trouble) == (59 * 60, None)


def test_fault_outside_the_run_is_none_of_it() -> None:
    assert filmed(*(said(t, fault=FROZEN if t < 9 else None) for t in range(5, 70))).trouble is None


def test_daemon_that_falls_silent_is_missed() -> None:
    filming = filmed(*(said(t) for t in range(9, 40)))
    assert filming.troubles_s == {"the camera did not answer": pytest.approx(70 - 39 - 2.5)}


def test_camera_that_was_never_there() -> None:
    missing = "no camera found; check its ribbon cable at both ends, then restart the Pi"
    filming = filmed(*(said(t, fault=missing, opened=False) for t in range(8, 72)))
    assert filming.trouble == f"The camera gave no pictures for 60 of the 60 s of the run: {missing}."
    assert filming.frames == 0


def test_nothing_said_is_nothing_known() -> None:
    assert filming_of([], 0, SECOND) is None
    assert filming_of([said(2.0)], 0, SECOND) is None


def test_kept_once_a_second_and_whatever_changes() -> None:
    first = said(1.0)
    assert worth_keeping(first, None)
    assert not worth_keeping(said(1.3, frames=20), first)
    assert worth_keeping(said(2.0), first)
    assert worth_keeping(said(1.1, fault=FROZEN), first)
    assert worth_keeping(said(1.1, opened=False), first)

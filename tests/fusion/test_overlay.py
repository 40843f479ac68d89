"""What is said of single frames: angles where they were judged, the reason where nothing was, landings by the force."""

from dataclasses import replace

import numpy as np
import pytest

from station.fusion.overlay import frame_notes, view_of
from station.fusion.scoring import Analysed
from station.gait.posture import analyse_posture
from station.gait.posture_track import PoseTrack
from station.gait.results import Measure
from station.scorecard.facts import Facts
from tests.gait.stick_runner import HEIGHT_PX, WIDTH_PX, StickRunner

T_S = np.arange(0, 12, 1 / 60)
RUNNER = StickRunner(facing=-1)


def analysed(runner: StickRunner = RUNNER) -> Analysed:
    track = PoseTrack.of(T_S, *runner.keypoints(T_S), WIDTH_PX, HEIGHT_PX, 60.0)
    posture = analyse_posture(
        track.t_s, track.xy_px, track.confidence, width_px=WIDTH_PX, height_px=HEIGHT_PX, frame_rate_hz=60.0
    )
    return Analysed(Facts(force=None, posture=posture, track=track), Measure.missing("one sensor"), ())


def test_angles_of_the_frame_and_the_side_that_is_seen() -> None:
    run = analysed()
    assert view_of(run.facts.track, run.facts.posture).near == "left"
    notes = frame_notes(run, shift_s=0.0)(T_S[100] + 0.001)
    assert notes is not None
    assert np.array_equal(notes.xy_px, run.facts.track.xy_px[100])
    assert notes.lines[0].startswith("1.667 s ")
    assert all(name in notes.lines[0] for name in ("neck", "trunk", "elbow", "shoulders"))


def test_time_of_the_video_is_put_on_that_of_the_run() -> None:
    run = analysed()
    shifted = replace(run, facts=replace(run.facts, track=replace(run.facts.track, t_s=run.facts.track.t_s + 0.5)))
    notes = frame_notes(shifted, shift_s=0.5)(T_S[7])
    assert notes is not None
    assert np.array_equal(notes.xy_px, run.facts.track.xy_px[7])
    assert frame_notes(shifted, shift_s=0.5)(99.0) is None


def test_landings_are_marked_for_a_moment() -> None:
    notes_at = frame_notes(analysed(), shift_s=0.0)
    marked = np.array([notes_at(t).landing_px is not None for t in T_S])
    begins = T_S[1:][marked[1:] & ~marked[:-1]]
    assert np.diff(begins) == pytest.approx(RUNNER.stride_s, abs=0.04)
    assert 0.08 < marked.mean() * RUNNER.stride_s < 0.12


def test_landings_are_marked_by_the_time_of_the_heels_own_row() -> None:
    """The heel is exposed 16 ms after the first row: its landing shows in the frame before."""
    run = analysed()
    rolling = replace(run, facts=replace(run.facts, track=replace(run.facts.track, row_s=0.017 / HEIGHT_PX)))
    at_once, by_rows = (
        np.array([notes_at(t).landing_px is not None for t in T_S])
        for notes_at in (frame_notes(run, shift_s=0.0), frame_notes(rolling, shift_s=0.0))
    )
    begins, earlier = (np.flatnonzero(marked[1:] & ~marked[:-1]) for marked in (at_once, by_rows))
    assert np.mean(begins - earlier) == pytest.approx(1.0, abs=0.2)


def test_angles_are_those_of_the_posture_that_was_measured() -> None:
    """Of a picture that is tilted by 4 degrees the trunk leans so much more or less."""
    run = analysed()
    posture = replace(run.facts.posture, quality={**run.facts.posture.quality, "roll_deg": 4.0})
    level, tilted = (
        frame_notes(one, shift_s=0.0)(T_S[100]).lines[0].split()
        for one in (run, replace(run, facts=replace(run.facts, posture=posture)))
    )
    trunk = level.index("trunk") + 1
    assert abs(float(level[trunk]) - float(tilted[trunk])) == pytest.approx(4.0, abs=1.0)


def test_reason_for_nothing_is_written_instead_of_angles() -> None:
    notes = frame_notes(analysed(StickRunner(facing=-1, running=False)), shift_s=0.0)(T_S[50])
    assert notes is not None
    assert "trunk" not in notes.lines[0]
    assert notes.lines[1] == "This is walking: only running is measured."

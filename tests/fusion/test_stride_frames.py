"""The frames of one stride: the contact always lies between two neighbours, and four strides show the whole swing."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from station.fusion.live_contacts import LiveContact
from station.fusion.stride_frames import CONTACT_ERROR_NS, FRAMES, USUAL_STRIDE_NS, instants_of, stride_between
from station.gait.standing_foot import LEAST_REACH, STANDING

MS = 1_000_000
CONTACT = LiveContact(5_000 * MS, 5_240 * MS, 2.2, "right")


def frames_of(instants_ns: list[int], frame_ns: float, phase: float) -> set[int]:
    """Numbers of the camera's frames nearest to the instants; `phase`: where its clock stands."""
    return {int(np.floor(t / frame_ns - phase + 0.5)) for t in instants_ns}


@given(fps=st.floats(50, 240), phase=st.floats(0, 1), error=st.floats(-1, 1), stride_ms=st.integers(500, 900))
def test_the_true_contact_lies_between_two_neighbours(fps: float, phase: float, error: float, stride_ms: int) -> None:
    frame_ns = 1e9 / fps
    instants = instants_of(CONTACT, stride_ms * MS, frame_ns, turn=0)
    true_ns = CONTACT.contact_ns + 0.99 * error * CONTACT_ERROR_NS
    before = int(np.floor(true_ns / frame_ns - phase))
    assert {before, before + 1} <= frames_of(instants, frame_ns, phase)


def test_six_frames_a_stride_at_60_a_second() -> None:
    assert len(instants_of(CONTACT, 700 * MS, 1e9 / 60, turn=0)) == FRAMES


@given(stride_ms=st.integers(500, 900), first=st.integers(0, 5), fps=st.sampled_from([30.0, 60.0, 120.0]))
def test_four_strides_show_the_whole_stride(stride_ms: int, first: int, fps: float) -> None:
    """Enough frames and no gap of a quarter: what `gait.posture_strides` wants of strides in a row."""
    phases = []
    for turn in range(first, first + 4):
        instants = instants_of(CONTACT, stride_ms * MS, 1e9 / fps, turn)
        assert max(instants) < CONTACT.toe_off_ns
        phases += [((t - CONTACT.contact_ns) / (stride_ms * MS)) % 1 for t in instants]
    ordered = np.sort(phases)
    assert len(ordered) >= 21
    assert np.diff(ordered, prepend=ordered[-1] - 1).max() < 0.24


def test_every_fourth_stride_shows_the_foot_ride_on_the_belt() -> None:
    stance_ns = CONTACT.toe_off_ns - CONTACT.contact_ns
    rides = []
    for turn in range(12):
        since = (np.array(instants_of(CONTACT, 700 * MS, 1e9 / 60, turn)) - CONTACT.contact_ns) / stance_ns
        standing = since[(since > STANDING[0]) & (since < STANDING[1])]
        rides.append(np.ptp(standing) > LEAST_REACH)
        assert len(standing) == (2 if rides[-1] else 1)
    assert rides == [False, False, False, True] * 3


def test_a_stride_no_runner_has_is_the_usual_one() -> None:
    def contact(t_ms: int) -> LiveContact:
        return LiveContact(t_ms * MS, (t_ms + 240) * MS, 2.2, "right")

    assert stride_between(None, contact(900)) == USUAL_STRIDE_NS
    assert stride_between(contact(200), contact(900)) == 700 * MS
    assert stride_between(contact(200), contact(2_400)) == USUAL_STRIDE_NS
    assert stride_between(contact(200), contact(450)) == USUAL_STRIDE_NS

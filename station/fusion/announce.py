"""What fusion tells the others: the state of the visit, the live curve, each step."""

from collections.abc import Sequence

from station.fusion.camera_link import CameraLink
from station.fusion.force_link import ForceLink
from station.fusion.live import LiveGait
from station.fusion.live_contacts import LiveContact
from station.fusion.live_correction import NO_CORRECTION, LiveCorrection
from station.fusion.visit import Visit
from station.messages import LiveForce, LiveStep, StationState
from station.words import N_

LIVE_WINDOW_S = 4.0
_BLANK_BYTES = 10_000  # more than ZeroMQ's buffers, which take 8192 bytes at once at either end
_EVERY = 4  # 50 points a second are enough for the eye
_CADENCE_STEPS = 9
_LEAST_CADENCE_STEPS = 5
_LONGEST_FLIGHT_MS = 400.0  # beyond, a step between the two was not seen


def state(visit: Visit | None, ready: bool, faults: Sequence[str], notice: str | None) -> StationState:
    """`notice` goes before what the visit itself has to say."""
    about = {"ready": ready, "faults": list(faults)}
    if visit is None:
        return StationState(phase="idle", since_ns=0, visit_id=None, notice=notice, blank=bytes(_BLANK_BYTES), **about)
    return StationState(
        phase=visit.phase,
        since_ns=visit.marks_ns[visit.phase],
        visit_id=visit.id,
        marks_ns=visit.marks_ns,
        choices=visit.choices,
        progress=visit.progress,
        run_s=visit.run_s,
        steps=len(visit.contacts),
        pictures_coming=visit.pictures_coming,
        notice=notice or visit.notice,
        **about,
    )


def faults(cells: ForceLink, camera: CameraLink, calibration_fault: str | None) -> list[str]:
    """What is wrong with the station, in a user's words."""
    said = [cells.health.fault] if cells.health else []
    if camera.health:
        said += [camera.health.fault, camera.health.pose_fault, camera.health.live_fault]
    silent = [
        N_("The load cells do not answer.") if cells.silent else None,
        N_("The camera does not answer.") if camera.silent else None,
    ]
    return [fault for fault in (*said, calibration_fault, *silent) if fault]


def live_force(gait: LiveGait, run_ns: int) -> LiveForce:
    """The last seconds of the total force, on the run's time axis."""
    t_s, force_n = gait.curve(LIVE_WINDOW_S)
    t_s = t_s[::_EVERY] - run_ns / 1e9
    force_bw = force_n[::_EVERY] / (gait.weight_n or 1.0)
    return LiveForce(t_s=t_s.astype("<f4").tobytes(), force_bw=force_bw.astype("<f4").tobytes())


def live_step(visit: Visit, contact: LiveContact, correction: LiveCorrection | None) -> LiveStep:
    """The step that has just ended, with the cadence of the last few."""
    recent = [c.contact_ns for c in visit.contacts[-_CADENCE_STEPS:]]
    span_s = (recent[-1] - recent[0]) / 1e9
    by = correction or NO_CORRECTION
    flight_ms = (contact.contact_ns - visit.contacts[-2].toe_off_ns) / 1e6 if len(visit.contacts) > 1 else 0.0
    return LiveStep(
        n=len(visit.contacts),
        side=contact.side,
        t_s=(contact.contact_ns - visit.marks_ns["run"]) / 1e9,
        cadence_spm=60 * (len(recent) - 1) / span_s if len(recent) >= _LEAST_CADENCE_STEPS else None,
        contact_time_ms=contact.contact_time_ms + by.contact_time_ms,
        flight_time_ms=flight_ms - by.contact_time_ms if 0 < flight_ms < _LONGEST_FLIGHT_MS else None,
        peak_force_bw=contact.peak_bw * by.peak_factor,
        corrected=correction is not None,
    )

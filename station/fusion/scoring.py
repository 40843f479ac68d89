"""From a session to its scorecard: the one path that a live run, a recording and a user's files all take."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import msgspec
import numpy as np

from station.fusion import report
from station.fusion.session import Session
from station.gait.cell_signals import cell_signals
from station.gait.foot_strike import strike_of
from station.gait.force_analysis import analyse_force
from station.gait.legs import repair_legs
from station.gait.posture import analyse_posture
from station.gait.posture_gates import body_height_px
from station.gait.posture_track import PoseTrack
from station.gait.results import CellSignal, DeckResonance, ForceResult, Measure, PostureResult, Series, Step
from station.gait.sync import camera_offset
from station.messages import Calibration
from station.scorecard.facts import Facts
from station.scorecard.registry import judge_all

_SAME_CONTACT_S = 0.005
SILENCE_S = 1.0
APART = "Camera and load cells could not be put on one time axis: each is judged alone."


@dataclass(frozen=True)
class Scored:
    """The public document as JSON, and the instants of the stills its evidence names."""

    json: bytes
    stills: dict[str, int]  # picture id -> t_ns on the data's clock


def score(build: Callable[[], Session]) -> Scored:
    """Score the session that `build` makes (it may raise RecordingError)."""
    session = build()
    cells = _cells(session)
    force = _force(session, cells) if cells is not None else None
    running = force is not None and force.gait == "running"
    offset = _offset(session, cells, force) if running else Measure.missing("it needs running seen by both sensors")
    together = running and (session.one_clock or offset.measured)
    steps = force.steps if together else None
    poses = _poses(session, offset, steps)
    posture = _posture(session, poses, steps)
    notes = _silences(cells, session) if cells is not None else []
    if running and poses is not None and not together:
        notes.append(APART)
    if together and posture is not None:
        force = replace(force, steps=_with_strikes(force.steps, posture.series.get("foot_strike_angle_deg")))
    facts = Facts(
        force=force,
        posture=posture,
        track=poses.within(session.start_s, session.end_s) if poses else None,
        speed_m_s=session.info.speed_m_s,
        standing_weight_n=_standing_weight_n(session, cells),
        seed=session.info.seed,
    )
    document = report.document(session, force, posture, facts.gait, offset, notes, judge_all(facts))
    stills = _name_stills(document, session, offset)
    return Scored(msgspec.json.encode(document, enc_hook=np.generic.item), stills)


def _force(session: Session, cells: Sequence[CellSignal]) -> ForceResult:
    calibration = session.calibration
    resonance = _resonance(calibration)
    stiff = calibration is None or (calibration.deck is not None and calibration.deck.stiff)
    return analyse_force(
        cells,
        session.start_s,
        session.end_s,
        deck_known=stiff or resonance is not None,
        kernel_known=calibration is None or all(c.kernel is not None for c in calibration.cells),
        speed_m_s=session.info.speed_m_s,
        seed=session.info.seed,
        deck=resonance,
    )


def _resonance(calibration: Calibration | None) -> DeckResonance | None:
    """What the deck does to the force; None where it does nothing (a stiff deck, cells in newtons) or is unknown."""
    deck = calibration.deck if calibration else None
    if deck is None or deck.stiff or deck.frequency_hz is None or deck.damping_ratio is None:
        return None
    return DeckResonance(deck.frequency_hz, deck.damping_ratio)


def _cells(session: Session) -> tuple[CellSignal, ...] | None:
    if session.samples is None or session.calibration is None:
        return session.cells
    return cell_signals(session.samples, session.calibration, session.t0_ns)


def _silences(cells: Sequence[CellSignal], session: Session) -> list[str]:
    """A note where the load cells were silent in mid-run."""
    silent_s = 0.0
    for cell in cells:
        inside = cell.t_s[(cell.t_s >= session.start_s) & (cell.t_s <= session.end_s)]
        gaps_s = np.diff(inside)
        silent_s = max(silent_s, float(gaps_s[gaps_s > SILENCE_S].sum()))
    return [f"The load cells were silent for {silent_s:.0f} s of the run."] if silent_s else []


def _standing_weight_n(session: Session, cells: Sequence[CellSignal] | None) -> float | None:
    """Newtons on the deck while the runner stood still before the run."""
    if cells is None or session.standing_s is None:
        return None
    start_s, end_s = session.standing_s
    standing_n = [cell.force_n[(cell.t_s >= start_s) & (cell.t_s <= end_s)] for cell in cells]
    return float(sum(np.mean(n) for n in standing_n)) if all(len(n) for n in standing_n) else None


def _offset(session: Session, cells: Sequence[CellSignal] | None, force: ForceResult) -> Measure:
    if session.poses is None:
        return Measure.missing("no camera data")
    return camera_offset(session.poses, cells, force)


def _poses(session: Session, offset: Measure, steps: tuple[Step, ...] | None) -> PoseTrack | None:
    """Legs told apart; on the load cells' time axis."""
    if session.poses is None:
        return None
    track = session.poses
    if not session.one_clock and offset.measured:
        track = replace(track, t_s=track.t_s + offset.value / 1e3)
    height_px = body_height_px(track)
    if height_px is None:
        return track
    named = [(step.contact_s, step.side) for step in steps or () if step.side is not None]
    legs = repair_legs(track.t_s, track.xy_px, track.confidence, height_px, named)
    return replace(track, xy_px=legs.xy_px, confidence=legs.confidence)


def _posture(session: Session, poses: PoseTrack | None, steps: tuple[Step, ...] | None) -> PostureResult | None:
    if poses is None:
        return None
    run = poses.within(session.start_s, session.end_s)
    standing = poses.within(*session.standing_s) if session.standing_s else None
    return analyse_posture(
        run.t_s,
        run.xy_px,
        run.confidence,
        width_px=run.width_px,
        height_px=run.height_px,
        frame_rate_hz=run.frame_rate_hz,
        contacts=steps,
        standing=(standing.xy_px, standing.confidence) if standing else None,
        camera_side=session.info.camera_side,
        people=session.video.people if session.video else None,
        background_px_s=session.video.background_px_s if session.video else None,
        seed=session.info.seed,
    )


def _with_strikes(steps: tuple[Step, ...], strikes: Series | None) -> tuple[Step, ...]:
    """The steps, each with the angle that the camera saw at its contact."""
    if strikes is None or not len(strikes.t_s):
        return steps

    def judged(step: Step) -> Step:
        k = int(np.argmin(np.abs(strikes.t_s - step.contact_s)))
        if abs(strikes.t_s[k] - step.contact_s) > _SAME_CONTACT_S:
            return step
        angle_deg = float(strikes.value[k])
        return replace(step, foot_strike_angle_deg=angle_deg, strike=strike_of(angle_deg))

    return tuple(judged(step) for step in steps)


def _name_stills(document: dict, session: Session, offset: Measure) -> dict[str, int]:
    """Give every picture of the evidence an id, and say which instant of the camera it shows."""
    shift_s = 0.0 if session.one_clock or not offset.measured else offset.value / 1e3
    stills = {}
    for mistake, verdict in document["mistakes"].items():
        for k, item in enumerate(verdict["evidence"]):
            if item["kind"] == "picture":
                item["id"] = f"{mistake}-{k + 1}"
                stills[item["id"]] = session.t0_ns + round((item["t_s"] - shift_s) * 1e9)
    return stills

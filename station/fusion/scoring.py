"""From a session to its scorecard: the one path that a live run, a recording and a user's files all take."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

import msgspec
import numpy as np

from station.fusion import report
from station.fusion.conditions import dropped_share, grid_age_days, overloaded, readings
from station.fusion.session import Session
from station.fusion.stills import name_stills
from station.gait.another_person import another_person, without_posture
from station.gait.camera_findings import CameraFindings, camera_findings
from station.gait.camera_state import CameraState, camera_state
from station.gait.cell_signals import tested_at_other_speed
from station.gait.cell_source import CellSource, GivenCells, RawCells
from station.gait.clocks_apart import clocks_apart, row_doubt_ms, rows_unknown, with_time_doubt, without_landings
from station.gait.foot_strike import strike_of
from station.gait.force_analysis import ForceSetup, analyse_run
from station.gait.force_blocks import ForceBlock
from station.gait.legs import repair_legs
from station.gait.posture import analyse_posture
from station.gait.posture_gates import body_height_px
from station.gait.posture_track import PoseTrack
from station.gait.results import CellSignal, DeckResonance, ForceResult, Measure, PostureResult, Series, Step
from station.gait.run_force import SolvedRun, solve_run
from station.gait.run_parts import judged_speed_m_s
from station.gait.sync import camera_offset
from station.messages import Calibration, Scored
from station.scorecard.facts import Facts
from station.scorecard.scorecard import scorecard
from station.words import N_

_SAME_CONTACT_S = 0.005
SILENCE_S = 1.0
APART = N_("Camera and load cells could not be put on one time axis: each is judged alone.")
OVERLOADED = N_("A load cell carried more than it is made for: please tell the staff.")


@dataclass(frozen=True)
class ForceHalf:
    """What the load cells alone say: known as soon as the run is over, before its last frames are posed."""

    run: SolvedRun
    result: ForceResult
    standing_n: float | None  # on the deck while the runner stood still before the run


@dataclass(frozen=True)
class Analysed:
    """All that is known of a session once it is analysed. `offset`: of the camera's clock, in ms."""

    facts: Facts
    offset: Measure
    notes: tuple[str, ...]
    camera: CameraFindings = field(default_factory=lambda: CameraFindings.missing(N_("no camera data")))


def score(session: Session, half: ForceHalf | None = None) -> Scored:
    """Score the session. `half`: its force, where that was analysed before."""
    return scored(session, analyse_session(session, half))


def scored(session: Session, run: Analysed) -> Scored:
    """The scorecard of a session that is analysed already."""
    facts = run.facts
    document = report.document(
        session, facts.force, facts.posture, facts.gait, run.offset, run.camera, run.notes, scorecard(facts)
    )
    shift_s = 0.0 if session.one_clock or not run.offset.measured else run.offset.value / 1e3
    stills = name_stills(document, session.t0_ns, shift_s)
    return Scored(json=msgspec.json.encode(document, enc_hook=np.generic.item), stills=stills)


def analyse_session(session: Session, half: ForceHalf | None = None) -> Analysed:
    """Both sensors' results on one time axis, as far as they can be put on one. `half` as for `score`."""
    half = half or force_half(session)
    run, force = (half.run, half.result) if half is not None else (None, None)
    running = force is not None and force.gait == "running"
    judged = replace(force, steps=force.judged_steps) if running else None
    offset = _offset(session, run, judged) if running else Measure.missing(N_("it needs running seen by both sensors"))
    together = running and (session.one_clock or offset.measured)
    steps = force.steps if together else None
    poses = _poses(session, offset, steps)
    filmed = _filmed(session, poses, force if together else None)
    state = _camera_state(session)
    rows_ms = row_doubt_ms(poses, session.filming.readout_half_width_ms) if poses and session.filming else 0.0
    posture = _posture(session, poses, filmed, judged.steps if together else None, state.roll_deg)
    if posture is not None and (stranger := another_person(offset, session.one_clock)):
        posture = without_posture(posture, stranger)
    elif posture is not None and (apart := clocks_apart(offset, session.one_clock) or rows_unknown(rows_ms)):
        posture = without_landings(posture, apart)
    elif posture is not None and together:
        clocks_ms = 0.0 if session.one_clock else (offset.high - offset.low) / 2
        posture = with_time_doubt(posture, float(np.hypot(clocks_ms, rows_ms)), filmed, judged.steps)
    notes = _silences(run.cells, session) if run is not None else []
    if overloaded(session):
        notes.append(OVERLOADED)
    if running and poses is not None and not together:
        notes.append(APART)
    if together and posture is not None:
        force = replace(force, steps=_with_strikes(force.steps, posture.series.get("foot_strike_angle_deg")))
    camera = _findings(session, filmed, posture, judged if together else None, state)
    if force is not None:
        force = _with_strike_index(force, camera)
    facts = Facts(
        force=force,
        posture=posture,
        track=poses.within(session.start_s, session.end_s) if poses else None,
        speed_m_s=judged_speed_m_s(force.parts if force else None, session.info.speed_m_s),
        seen_speed_m_s=camera.belt_speed_m_s,
        standing_weight_n=half.standing_n if half is not None else None,
        seed=session.info.seed,
        camera_trouble=session.filming.trouble if session.filming else None,
        dropped_share=dropped_share(session.filming),
        saturations=readings(session).get("saturations"),
        grid_age_days=grid_age_days(session.calibration, session.info.inputs.get("started_utc")),
    )
    return Analysed(facts, offset, (*notes, *camera.notes), camera)


def force_half(session: Session, early: Sequence[ForceBlock] = ()) -> ForceHalf | None:
    """The session's force; None where there is none. `early`: blocks of it, solved while the run went on."""
    source = _source(session)
    if source is None:
        return None
    run = solve_run(source, session.start_s, session.end_s, resonance(session.calibration), early)
    setup, standing_n = setup_of(session.calibration, run), _standing_weight_n(source, session)
    return ForceHalf(run, analyse_run(run, setup, session.info.speed_m_s, standing_n), standing_n)


def _source(session: Session) -> CellSource | None:
    if session.samples is not None and session.calibration is not None:
        return RawCells(session.samples, session.calibration, session.t0_ns)
    return GivenCells(session.cells) if session.cells is not None else None


def setup_of(calibration: Calibration | None, run: SolvedRun) -> ForceSetup:
    """What the calibration knows of chips and deck, and whether the run belies it."""
    if calibration is None:
        return ForceSetup(kernel_known=True, deck_known=True)
    deck, known = calibration.deck, resonance(calibration)
    return ForceSetup(
        kernel_known=all(cell.kernel is not None for cell in calibration.cells),
        deck_known=known is not None or (deck is not None and deck.stiff),
        deck=known,
        deck_at_least_hz=deck.at_least_hz if deck else None,
        other_speed=tuple(tested_at_other_speed(run.cells, calibration)),
        gain_sd=calibration.gain_sd,
    )


def resonance(calibration: Calibration | None) -> DeckResonance | None:
    """What the deck does to the force; None where it does nothing (a stiff deck, cells in newtons) or is unknown."""
    deck = calibration.deck if calibration else None
    if deck is None or deck.stiff or deck.frequency_hz is None or deck.damping_ratio is None:
        return None
    return DeckResonance(deck.frequency_hz, deck.damping_ratio, deck.frequency_sd_hz, deck.damping_sd)


def _silences(cells: Sequence[CellSignal], session: Session) -> list[str]:
    """A note where the load cells were silent in mid-run."""
    silent_s = 0.0
    for cell in cells:
        inside = cell.t_s[(cell.t_s >= session.start_s) & (cell.t_s <= session.end_s)]
        gaps_s = np.diff(inside)
        silent_s = max(silent_s, float(gaps_s[gaps_s > SILENCE_S].sum()))
    return (
        [N_("The load cells were silent for {silent_s:.0f} s of the run.").format(silent_s=silent_s)]
        if silent_s
        else []
    )


def _standing_weight_n(source: CellSource, session: Session) -> float | None:
    """Newtons on the deck while the runner stood still before the run."""
    if session.standing_s is None:
        return None
    cells = source.between(*session.standing_s)
    return float(sum(cell.force_n.mean() for cell in cells)) if all(len(cell.t_s) for cell in cells) else None


def _offset(session: Session, run: SolvedRun, force: ForceResult) -> Measure:
    if session.poses is None:
        return Measure.missing(N_("no camera data"))
    return camera_offset(session.poses, run.cells, force)


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
    legs = repair_legs(track.t_s, track.xy_px, track.confidence, height_px, named, track.row_s)
    turns = np.where(legs.swapped[:, None], track.foot_turn_deg[:, ::-1], track.foot_turn_deg)
    return replace(track, xy_px=legs.xy_px, confidence=legs.confidence, foot_turn_deg=turns)


def _camera_state(session: Session) -> CameraState:
    """Whether the picture's roll and scale are known."""
    track, calibration = session.poses, session.calibration.camera if session.calibration else None
    if track is None:
        return camera_state(None, None, 0, 0)
    return camera_state(calibration, session.camera_place, track.width_px, track.height_px)


def _filmed(session: Session, poses: PoseTrack | None, force: ForceResult | None) -> PoseTrack | None:
    """The frames of what is judged: of the whole run, where that is."""
    if poses is None:
        return None
    whole = force is None or force.parts is None or all(step.judged for step in force.steps)
    judged_s = [(session.start_s, session.end_s)] if whole else [(b.start_s, b.end_s) for b in force.parts.judged]
    return poses.during(judged_s)


def _findings(
    session: Session,
    filmed: PoseTrack | None,
    posture: PostureResult | None,
    force: ForceResult | None,
    state: CameraState,
) -> CameraFindings:
    if filmed is None or posture is None:
        return CameraFindings.missing(N_("no camera data"))
    given_m_s = judged_speed_m_s(force.parts if force else None, session.info.speed_m_s)
    return camera_findings(filmed, posture, force, state, given_m_s, session.info.seed)


def _with_strike_index(force: ForceResult, camera: CameraFindings) -> ForceResult:
    """Where the camera knows the near foot's place."""
    feet = {
        side: replace(foot, strike_index=camera.strike_index[side]) if side in camera.strike_index else foot
        for side, foot in force.feet.items()
    }
    return replace(force, feet=feet)


def _posture(
    session: Session,
    poses: PoseTrack | None,
    filmed: PoseTrack | None,
    steps: tuple[Step, ...] | None,
    roll_deg: float,
) -> PostureResult | None:
    """`filmed`: the frames of what is judged, `steps`: its contacts."""
    if poses is None or filmed is None:
        return None
    standing = poses.within(*session.standing_s) if session.standing_s else None
    return analyse_posture(
        filmed.t_s,
        filmed.xy_px,
        filmed.confidence,
        width_px=filmed.width_px,
        height_px=filmed.height_px,
        frame_rate_hz=filmed.frame_rate_hz,
        row_s=filmed.row_s,
        foot_turn_deg=filmed.foot_turn_deg,
        contacts=steps,
        standing=(standing.xy_px, standing.confidence) if standing else None,
        camera_side=session.info.camera_side,
        roll_deg=roll_deg,
        people=session.surroundings.people if session.surroundings else None,
        background_px_s=session.surroundings.background_px_s if session.surroundings else None,
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

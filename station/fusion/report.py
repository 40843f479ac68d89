"""The public document of a scored run: `--json`, schema 1 of the station's contract."""

import math
from collections.abc import Sequence
from typing import Any

from station import __version__
from station.fusion.conditions import most_on_cells_kg, readings
from station.fusion.session import Session
from station.gait.camera_findings import CameraFindings
from station.gait.parts import Episode, Mark, RunParts, SteadyBlock
from station.gait.results import (
    ASYMMETRIES,
    POSTURE_ANGLES,
    SIDES,
    FootForce,
    ForceResult,
    Measure,
    PostureResult,
    Step,
)
from station.gait.run_parts import judged_speed_m_s
from station.gravity import GRAVITY_M_S2
from station.messages import Calibration
from station.scorecard.scorecard import Scorecard
from station.words import N_

SCHEMA = 1
_FOOT_MEASURES = ("contact_time_ms", "peak_force_bw", "impact_peak_bw", "loading_rate_bw_s", "strike_index")


def document(
    session: Session,
    force: ForceResult | None,
    posture: PostureResult | None,
    gait: str | None,
    camera_offset_ms: Measure,
    camera: CameraFindings,
    notes: Sequence[str],
    card: Scorecard,
) -> dict[str, Any]:
    """Schema 1. Where a sensor is missing its numbers are null with the reason."""
    weight = force.body_weight_n if force else Measure.missing(N_("no load-cell data"))
    steps = force.steps if force else ()
    cadence = force.cadence_spm if force and force.cadence_spm else posture.cadence_spm if posture else None
    return {
        "schema": SCHEMA,
        "version": __version__,
        "inputs": dict(session.info.inputs) | _calibration(session.calibration),
        "runner": {
            "body_weight_n": _number(weight.value, 1),
            "mass_kg": _number(weight.value / GRAVITY_M_S2 if weight.measured else None, 2),
            "reason": weight.reason,
        },
        "belt": _belt(session, force, camera.belt_speed_m_s),
        "gait": gait or "other",
        "summary": {
            "steps": len(steps),
            "judged_steps": sum(step.judged for step in steps),
            "cadence_spm": _number(cadence, 2),
            "duration_s": _number(_duration_s(session, steps), 3),
            "notes": _notes(session, force, posture, notes),
        },
        "episodes": _episodes(force.parts) if force and force.parts else [],
        "steps": [_step(step) for step in steps],
        "feet": {side: _foot(force, side) for side in SIDES},
        "asymmetry": {
            name: _measure(force.asymmetry[name] if force else Measure.missing(N_("no load-cell data")))
            for name in ASYMMETRIES
        },
        "posture": _posture(session, posture, camera),
        "sync": {"camera_offset_ms": _measure(camera_offset_ms)},
        "quality": {
            "force": _force_quality(session, force),
            "camera": _camera_quality(session, posture),
        },
        **card.to_json(),
    }


def _calibration(calibration: Calibration | None) -> dict[str, Any]:
    """Which calibration turned counts into newtons, and where its parts came from."""
    if calibration is None:
        return {}
    parts = {name: part.id for name, part in calibration.parts.items()}
    return {"calibration": {"id": calibration.id, "parts": parts, "source": calibration.source}}


def _duration_s(session: Session, steps: Sequence[Step]) -> float:
    """From the first contact to the last toe-off; without steps, the whole of what was looked at."""
    return steps[-1].toe_off_s - steps[0].contact_s if steps else session.end_s - session.start_s


def _notes(
    session: Session, force: ForceResult | None, posture: PostureResult | None, more: Sequence[str]
) -> list[str]:
    """Sentences about the run as a whole."""
    reasons = [result.reason for result in (force, posture) if result is not None and result.reason]
    left_out = session.calibration.left_out if session.calibration else []
    notes = [*session.notes, *left_out, *more, *reasons, *(force.notes if force else ())]
    given_kg = session.info.mass_kg
    if force and given_kg and force.body_weight_n.measured:
        measured_kg = force.body_weight_n.value / GRAVITY_M_S2
        if abs(measured_kg / given_kg - 1) > 0.02:
            notes.append(
                N_("measured {measured_kg:.1f} kg, given {given_kg:.1f} kg").format(
                    measured_kg=measured_kg, given_kg=given_kg
                )
            )
    if force and force.steps and not force.sides_known:
        notes.append(N_("left and right cannot be named: the feet are reported as left = first"))
    return notes


def _episodes(parts: RunParts) -> list[dict[str, Any]]:
    """What the runner did, one after the other; in running also its steady blocks, and what disturbed it."""

    def span(one: Episode | Mark | SteadyBlock) -> dict[str, float | None]:
        return {"start_s": _number(one.start_s, 2), "end_s": _number(one.end_s, 2)}

    def block(one: SteadyBlock) -> dict[str, Any]:
        return span(one) | {"speed_m_s": _number(one.speed_m_s, 2), "judged": one.judged}

    def within(episode: Episode, things: Sequence[Mark] | Sequence[SteadyBlock]) -> list:
        return [thing for thing in things if episode.start_s <= thing.start_s < episode.end_s]

    return [
        {"kind": episode.kind}
        | span(episode)
        | {
            "blocks": [block(one) for one in within(episode, parts.blocks)],
            "marks": [{"kind": one.kind} | span(one) for one in within(episode, parts.marks)],
        }
        for episode in parts.episodes
    ]


def _step(step: Step) -> dict[str, Any]:
    return {
        "n": step.n,
        "side": step.side,
        "contact_s": _number(step.contact_s, 4),
        "toe_off_s": _number(step.toe_off_s, 4),
        "contact_time_ms": _number(step.contact_time_ms, 1),
        "flight_time_ms": _number(step.flight_time_ms, 1),
        "peak_force_bw": _number(step.peak_force_bw, 4),
        "impulse_bw_s": _number(step.impulse_bw_s, 5),
        "foot_strike_angle_deg": _number(step.foot_strike_angle_deg, 1),
        "strike": step.strike,
        "judged": step.judged,
    }


def _foot(force: ForceResult | None, side: str) -> dict[str, Any]:
    foot: FootForce | None = force.feet.get(side) if force else None
    if foot is None:
        reason = (force.reason if force else None) or N_("no load-cell data")
        missing = _measure(Measure.missing(reason))
        measures = {name: dict(missing) for name in _FOOT_MEASURES}
        measures["loading_rate_bw_s"]["status"] = "not_measured"
        return measures
    measures = {name: _measure(getattr(foot, name)) for name in _FOOT_MEASURES}
    loading_rate = measures["loading_rate_bw_s"]
    loading_rate["status"] = foot.loading_rate_status
    loading_rate["reason"] = foot.loading_rate_reason
    return measures


def _force_quality(session: Session, force: ForceResult | None) -> dict[str, Any]:
    if force is None:
        return {"reason": N_("no load-cell data")}
    return _plain(force.quality | readings(session) | most_on_cells_kg(session))


def _camera_quality(session: Session, posture: PostureResult | None) -> dict[str, Any]:
    seen = posture.quality if posture else {"reason": _no_posture(session, posture)}
    return _plain(seen | (session.filming.quality if session.filming else {}))


def _no_posture(session: Session, posture: PostureResult | None) -> str:
    """Why the camera says nothing of the run."""
    trouble = session.filming.trouble if session.filming else None
    return (posture.reason if posture else None) or trouble or N_("no camera data")


def _belt(session: Session, force: ForceResult | None, seen: Measure) -> dict[str, Any]:
    """The speed of what is judged: the given one goes before that which the camera saw."""
    given_m_s = judged_speed_m_s(force.parts if force else None, session.info.speed_m_s)
    return {
        "speed_m_s": given_m_s or _number(seen.value, 3),
        "source": "given" if given_m_s else "camera" if seen.measured else None,
        "camera_m_s": _measure(seen),
        "reason": None if given_m_s or seen.measured else _no_speed(session).format(reason=seen.reason),
    }


def _no_speed(session: Session) -> str:
    """Why no given speed is that of what is judged; {reason}: why the camera does not tell it either."""
    if session.info.speed_m_s is None:
        return N_("the belt speed was not given; {reason}")
    return N_("a belt speed was given, but the belt changed its speed, and of which part it was is not known; {reason}")


def _posture(session: Session, posture: PostureResult | None, camera: CameraFindings) -> dict[str, Any]:
    missing = Measure.missing(_no_posture(session, posture))
    angles = {name: _measure(posture.measures.get(name, missing) if posture else missing) for name in POSTURE_ANGLES}
    strikes = posture.foot_strike_angle_deg if posture else {}
    return {
        **angles,
        "foot_strike_angle_deg": {side: _measure(strikes.get(side, missing)) for side in SIDES},
        "overstride_leg_lengths": _measure(camera.overstride_leg_lengths),
        "camera_side": posture.camera_side if posture else None,
    }


def _measure(measure: Measure) -> dict[str, Any]:
    out = {
        "value": _number(measure.value, 4),
        "low": _number(measure.low, 4),
        "high": _number(measure.high, 4),
        "n": measure.n,
    }
    if measure.of is not None:
        out["of"] = measure.of
    if not measure.measured:
        out["reason"] = measure.reason
    return out


def _number(value: float | None, digits: int) -> float | None:
    return None if value is None or not math.isfinite(value) else round(float(value), digits)


def _plain(quality: dict[str, Any]) -> dict[str, Any]:
    return {k: _number(v, 5) if isinstance(v, float) else v for k, v in quality.items()}

"""All that the load cells say of a run: the one entry of the force analysis."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np

from station.gait.asymmetry import asymmetries, pair_series
from station.gait.body_weight import body_weight_n, stride_mean_forces
from station.gait.cell_load import CellLoad, cell_loads, corner_of
from station.gait.contacts import Contacts
from station.gait.foot_force import foot_force
from station.gait.force_quality import force_quality, load_quality
from station.gait.gait_class import Gait, classify
from station.gait.measurement_error import ErrorSd, errors_of, mean_measure
from station.gait.results import ASYMMETRIES, SIDES, CellSignal, DeckResonance, FootForce, ForceResult, Measure, Step
from station.gait.run_force import RunForce, run_force
from station.gait.sides import Sides
from station.gait.stances import LEAST_RUNNER_N, rough_body_weight
from station.gait.step_values import StepValues, step_values
from station.gait.total_force import interpolated_force

MIN_WINDOW_S = 2.0
MIN_CONVERSIONS = 50
MOST_RUNNER_N = 250 * 9.81
KERNEL_UNKNOWN = "how the load-cell chips average has not been tested (calibrate the load cells)"
DECK_UNKNOWN = "how the deck rings has not been tested"
NOBODY = "nobody of 20 kg or more was on the deck; if somebody was, check the calibration of the load cells"
TOO_HEAVY = "the load on the deck came out at more than 250 kg; check the calibration of the load cells"


def analyse_force(
    cells: Sequence[CellSignal],
    start_s: float,
    end_s: float,
    *,
    deck_known: bool,
    kernel_known: bool,
    speed_m_s: float | None,
    seed: int,
    deck: DeckResonance | None = None,
) -> ForceResult:
    """Steps, sides, weight, landing and symmetry from four cells between `start_s` and `end_s`.

    `deck_known`: the deck is stiff, or its resonance is known and given as `deck` to be taken out; `kernel_known`: the
    kernels of the cells were tested. Without either, loading rates are `relative`. What cannot be told comes back
    missing, with its reason.
    """
    if not cells:
        return _unusable("this run has no load cells")
    silent = [corner_of(cell) for cell in cells if len(cell.t_s) < MIN_CONVERSIONS]
    if silent:
        return _unusable(f"no usable readings from load cell {', '.join(silent)}; check its wires")
    start_s, end_s = _covered(cells, start_s, end_s)
    if end_s - start_s < MIN_WINDOW_S:
        return _unusable("the recording is too short to see any gait")
    loads = cell_loads(cells, start_s, end_s)
    dead = [load.corner for load in loads if load.dead]
    if dead:
        return _unusable(f"load cell {', '.join(dead)} does not move with the steps; check its wires", loads)
    blurred = interpolated_force(cells, start_s, end_s)
    weight_n = rough_body_weight(blurred.force_n, blurred.rate_hz)
    if weight_n is None or weight_n > MOST_RUNNER_N:
        return _unusable(NOBODY if weight_n is None else TOO_HEAVY, loads)
    gait = classify(blurred, weight_n)
    if gait == "walking":
        return _nothing(gait, "this was walking; only running is judged", loads)
    if gait == "other":
        return _nothing(gait, "no regular running steps were seen", loads)
    run = run_force(cells, start_s, end_s, weight_n, deck)
    weight_n = body_weight_n(run.raw, run.contacts)
    if weight_n is None:
        return _unusable("fewer than three running steps in a row were seen", loads, gait)
    if not LEAST_RUNNER_N <= weight_n <= MOST_RUNNER_N:
        return _unusable(NOBODY if weight_n < LEAST_RUNNER_N else TOO_HEAVY, loads)
    errors = errors_of(cells, ringing=deck is not None)
    return _result(run, cells, weight_n, errors, _relative_reason(deck_known, kernel_known), loads)


def _covered(cells: Sequence[CellSignal], start_s: float, end_s: float) -> tuple[float, float]:
    """The part of the window in which every cell has readings."""
    lags = [c.kernel.lag_s if c.kernel else 0.0 for c in cells]
    first = max(c.t_s[0] - lag for c, lag in zip(cells, lags, strict=True))
    last = min(c.t_s[-1] - lag for c, lag in zip(cells, lags, strict=True))
    return max(start_s, first), min(end_s, last)


def _relative_reason(deck_known: bool, kernel_known: bool) -> str | None:
    reasons = [*([] if kernel_known else [KERNEL_UNKNOWN]), *([] if deck_known else [DECK_UNKNOWN])]
    return "; ".join(reasons) or None


def _result(
    run: RunForce,
    cells: Sequence[CellSignal],
    weight_n: float,
    errors: Mapping[str, ErrorSd],
    relative_reason: str | None,
    loads: Sequence[CellLoad],
) -> ForceResult:
    contacts, sides = run.contacts, run.sides
    curve = (run.filtered.t_s, run.filtered.force_n / weight_n)
    values = step_values(*curve, contacts)
    strides_n, _ = stride_mean_forces(run.raw, contacts)
    feet = {
        side: foot_force(np.flatnonzero(sides.foot == i), values, contacts, curve, errors, relative_reason)
        for i, side in enumerate(SIDES)
    }
    return ForceResult(
        gait="running",
        body_weight_n=mean_measure(strides_n, errors["body_weight_n"]),
        steps=_steps(contacts, sides, values),
        feet=feet,
        asymmetry=asymmetries(values, sides, errors),
        pairs=pair_series(values, contacts, sides),
        cadence_spm=_cadence_spm(contacts),
        sides_known=sides.known,
        quality=force_quality(run, cells, weight_n) | load_quality(loads),
    )


def _steps(contacts: Contacts, sides: Sides, values: StepValues) -> tuple[Step, ...]:
    return tuple(
        Step(
            n=k + 1,
            side=sides.name(k),
            contact_s=float(contacts.contact_s[k]),
            toe_off_s=float(contacts.toe_off_s[k]),
            contact_time_ms=float(values.contact_time_ms[k]),
            flight_time_ms=float(values.flight_time_ms[k]) if np.isfinite(values.flight_time_ms[k]) else None,
            peak_force_bw=float(values.peak_force_bw[k]),
            impulse_bw_s=float(values.impulse_bw_s[k]),
        )
        for k in range(len(contacts))
    )


def _cadence_spm(contacts: Contacts) -> float | None:
    step_s = contacts.step_time_s[np.isfinite(contacts.step_time_s)]
    return float(60 / step_s.mean()) if len(step_s) else None


def _unusable(reason: str, loads: Sequence[CellLoad] = (), gait: Gait = "other") -> ForceResult:
    """The data do not tell: others may know better."""
    return replace(_nothing(gait, reason, loads), usable=False)


def _nothing(gait: Gait, reason: str, loads: Sequence[CellLoad]) -> ForceResult:
    """The data tell that there was nothing to measure."""
    missing = Measure.missing(reason)
    foot = FootForce(missing, missing, missing, missing, "not_measured", reason, missing, None)
    return ForceResult(
        gait=gait,
        body_weight_n=missing,
        steps=(),
        feet=dict.fromkeys(SIDES, foot),
        asymmetry=dict.fromkeys(ASYMMETRIES, missing),
        pairs={},
        cadence_spm=None,
        sides_known=False,
        reason=reason,
        quality=load_quality(loads),
    )

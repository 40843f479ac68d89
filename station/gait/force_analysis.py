"""All that the load cells say of a run: the one entry of the force analysis."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from station.gait.asymmetry import asymmetries, pair_series, stride_pairs
from station.gait.body_weight import body_weight_n, stride_mean_forces
from station.gait.contacts import Contacts, find_contacts
from station.gait.foot_force import foot_force
from station.gait.gait_class import Gait, classify
from station.gait.lowpass import zero_phase_lowpass
from station.gait.measurement_error import RESTORED, UNBLURRED, mean_measure
from station.gait.restored_force import restored_force
from station.gait.results import ASYMMETRIES, SIDES, CellSignal, FootForce, ForceResult, Measure, Step
from station.gait.sides import Sides, find_sides
from station.gait.stances import find_stances, rough_body_weight
from station.gait.step_values import StepValues, step_values
from station.gait.total_force import GroundForce, interpolated_force
from station.gait.zero_level import ZeroLevel, flight_zeroed

MIN_WINDOW_S = 2.0
MIN_CONVERSIONS = 50
ZERO_ROUNDS = 10
KERNEL_UNKNOWN = "how the load-cell chips average has not been tested (station calibrate kernel)"
DECK_UNKNOWN = "how the deck rings has not been tested (station calibrate deck)"


@dataclass(frozen=True)
class _Run:
    """The force of the window and the steps found in it."""

    raw: GroundForce  # blur removed
    filtered: GroundForce  # as a plate with its 50 Hz filter would give it
    contacts: Contacts
    sides: Sides
    zero: ZeroLevel


def analyse_force(
    cells: Sequence[CellSignal],
    start_s: float,
    end_s: float,
    *,
    deck_known: bool,
    kernel_known: bool,
    speed_m_s: float | None,
    seed: int,
) -> ForceResult:
    """Steps, sides, weight, landing and symmetry from four cells between `start_s` and `end_s`.

    `deck_known`: the deck is stiff or its resonance calibrated; `kernel_known`: the kernels of the cells were tested.
    Without either, loading rates are `relative`. What cannot be told comes back missing, with its reason.
    """
    if min((len(c.t_s) for c in cells), default=0) < MIN_CONVERSIONS:
        return _nothing("other", "a load cell gave no usable readings; check its wires")
    start_s, end_s = _covered(cells, start_s, end_s)
    if end_s - start_s < MIN_WINDOW_S:
        return _nothing("other", "the recording is too short to see any gait")
    blurred = interpolated_force(cells, start_s, end_s)
    weight_n = rough_body_weight(blurred.force_n, blurred.rate_hz)
    if weight_n is None:
        return _nothing("other", "nobody was on the deck long enough")
    gait = classify(blurred, weight_n)
    if gait == "walking":
        return _nothing(gait, "this was walking; only running is judged")
    if gait == "other":
        return _nothing(gait, "no regular running steps were seen")
    run = _run(cells, start_s, end_s, weight_n)
    weight_n = body_weight_n(run.raw, run.contacts)
    if weight_n is None:
        return _nothing(gait, "fewer than three running steps in a row were seen")
    return _result(run, cells, weight_n, _relative_reason(deck_known, kernel_known))


def _covered(cells: Sequence[CellSignal], start_s: float, end_s: float) -> tuple[float, float]:
    """The part of the window in which every cell has readings."""
    lags = [c.kernel.lag_s if c.kernel else 0.0 for c in cells]
    first = max(c.t_s[0] - lag for c, lag in zip(cells, lags, strict=True))
    last = min(c.t_s[-1] - lag for c, lag in zip(cells, lags, strict=True))
    return max(start_s, first), min(end_s, last)


def _run(cells: Sequence[CellSignal], start_s: float, end_s: float, weight_n: float) -> _Run:
    zeroed, zero = _zeroed(cells, start_s, end_s, weight_n)
    if any(c.kernel is None for c in cells):
        raw = interpolated_force(zeroed, start_s, end_s)
    else:
        raw = restored_force(zeroed, start_s, end_s, weight_n)
    filtered = _plate_filtered(raw)
    contacts = find_contacts(filtered, find_stances(filtered.t_s, filtered.force_n, weight_n), start_s, end_s)
    return _Run(raw, filtered, contacts, find_sides(filtered, contacts), zero)


def _zeroed(
    cells: Sequence[CellSignal], start_s: float, end_s: float, weight_n: float
) -> tuple[tuple[CellSignal, ...], ZeroLevel]:
    """The cells without drift. A drift hides later flights, so each round finds more of them until none is new."""
    zeroed, flights = tuple(cells), -1
    for _ in range(ZERO_ROUNDS):
        filtered = _plate_filtered(interpolated_force(zeroed, start_s, end_s))
        zeroed, zero = flight_zeroed(cells, find_stances(filtered.t_s, filtered.force_n, weight_n))
        if not zero.applied or len(zero.t_s) <= flights:
            break
        flights = len(zero.t_s)
    return zeroed, zero


def _plate_filtered(ground: GroundForce) -> GroundForce:
    force_n, moment_x_nm, moment_y_nm = (
        zero_phase_lowpass(values, ground.rate_hz)
        for values in (ground.force_n, ground.moment_x_nm, ground.moment_y_nm)
    )
    return replace(ground, force_n=force_n, moment_x_nm=moment_x_nm, moment_y_nm=moment_y_nm)


def _relative_reason(deck_known: bool, kernel_known: bool) -> str | None:
    reasons = [*([] if kernel_known else [KERNEL_UNKNOWN]), *([] if deck_known else [DECK_UNKNOWN])]
    return "; ".join(reasons) or None


def _result(run: _Run, cells: Sequence[CellSignal], weight_n: float, relative_reason: str | None) -> ForceResult:
    contacts, sides = run.contacts, run.sides
    curve = (run.filtered.t_s, run.filtered.force_n / weight_n)
    values = step_values(*curve, contacts)
    errors = UNBLURRED if any(c.kernel is None for c in cells) else RESTORED
    strides_n, _ = stride_mean_forces(run.raw, contacts)
    feet = {
        side: foot_force(np.flatnonzero(sides.foot == i), values, contacts, curve, errors, relative_reason)
        for i, side in enumerate(SIDES)
    }
    return ForceResult(
        gait="running",
        body_weight_n=replace(mean_measure(strides_n, errors["body_weight_n"])),
        steps=_steps(contacts, sides, values),
        feet=feet,
        asymmetry=asymmetries(values, sides, errors),
        pairs=pair_series(values, contacts, sides),
        cadence_spm=_cadence_spm(contacts),
        sides_known=sides.known,
        quality=_quality(run, cells, weight_n),
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


def _quality(run: _Run, cells: Sequence[CellSignal], weight_n: float) -> dict[str, float | int | str | bool | None]:
    contacts = run.contacts
    step_s = np.nanmedian(contacts.step_time_s)
    gaps = np.diff(contacts.contact_s)[~contacts.follows]
    missed = int(np.maximum(np.round(gaps / step_s) - 1, 0).sum())
    return {
        "aerial_noise_bw": _aerial_noise_n(run) / weight_n if np.nanmedian(contacts.flight_time_s) > 0 else None,
        "missed_steps_share": missed / (missed + len(contacts)),
        "stride_pairs": len(stride_pairs(contacts, run.sides)),
        "zero": "flights" if run.zero.applied else "tare",
        "drift_n_per_min": run.zero.drift_n_per_min,
        "lost_conversions": sum(_lost(c) for c in cells),
        "slowest_chip_sps": min((1 / c.kernel.period_s for c in cells if c.kernel), default=None),
        "feet_apart_mm": 2e3 * run.sides.half_width_m,
    }


def _aerial_noise_n(run: _Run) -> float:
    """Standard deviation of the force in the middle half of the flights."""
    t_s, contacts = run.raw.t_s, run.contacts
    parts = []
    for toe_off_s, flight_s in zip(contacts.toe_off_s, contacts.flight_time_s, strict=True):
        if flight_s > 0:
            inner = np.searchsorted(t_s, (toe_off_s + flight_s / 4, toe_off_s + 3 * flight_s / 4))
            parts.append(run.raw.force_n[slice(*inner)])
    return float(np.concatenate(parts).std())


def _lost(cell: CellSignal) -> int:
    """Conversions missing between the first and the last."""
    if cell.kernel is None:
        return 0
    return int((np.round(np.diff(cell.t_s) / cell.kernel.period_s) - 1).sum())


def _nothing(gait: Gait, reason: str) -> ForceResult:
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
    )

"""All that the load cells say of a run: the one entry of the force analysis."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from station.gait.asymmetry import asymmetries, pair_series
from station.gait.body_weight import body_weight_n, stride_forces
from station.gait.cell_exchange import exchanged_corners
from station.gait.cell_load import CellLoad, cell_loads, corner_of
from station.gait.cell_source import MIN_CONVERSIONS
from station.gait.contacts import Contacts
from station.gait.cop_findings import CopFindings, cop_findings
from station.gait.episodes import find_episodes
from station.gait.foot_force import foot_force
from station.gait.force_blocks import MOST_RUNNER_N
from station.gait.force_quality import force_quality, load_quality
from station.gait.gait_class import Gait
from station.gait.mean_curve import mean_bandwidth_hz
from station.gait.measurement_error import ErrorSd, errors_of, mean_measure
from station.gait.part_notes import part_notes
from station.gait.parts import RunParts
from station.gait.results import (
    ASYMMETRIES,
    SIDES,
    CellSignal,
    DeckResonance,
    FootForce,
    ForceResult,
    Measure,
    SeenForce,
    Step,
)
from station.gait.run_force import RunForce, SolvedRun, run_force
from station.gait.run_parts import gait_of, judged_only, judged_speed_m_s, run_parts, running_only, with_sides_of
from station.gait.stances import CONTACT_FORCE_N, LEAST_RUNNER_N
from station.gait.step_values import StepValues, step_series, step_values
from station.messages import spoken
from station.words import N_

STIFF_FROM_HZ = 75.0
"""A deck that rings no lower than this counts as known: ignored, one of 80 Hz makes loading rates 5 % larger (force.md
section 4.3), which the intervals allow for; one of 40 Hz 38 %."""
KERNEL_UNKNOWN = N_("how the load-cell chips average has not been tested (calibrate the load cells)")
OTHER_SPEED = N_(
    "the chip of load cell {cell} does not run at the speed at which it was tested (calibrate the load cells)"
)
DECK_UNKNOWN = N_("how the deck rings has not been tested")
DECK_LEFT_IN = N_("the deck's ringing could not be taken out of this run (calibrate the deck)")
RINGS_LOW_HZ = 35.0
"""Below it contact times came out up to 30 ms short (`tests.benchmarks.force_conditions`)."""
RINGING = N_(
    "the deck rings at {frequency_hz:.0f} Hz: contact times and peak forces are less sure than on a stiffer one"
)
NOBODY = N_("nobody of 20 kg or more was on the deck; if somebody was, check the calibration of the load cells")
TOO_HEAVY = N_("the load on the deck came out at more than 250 kg; check the calibration of the load cells")
BROKEN = N_("the load cells broke off during the run: too few steps in a row are left")
"""A chip was silent or started again, or its clock slipped."""


@dataclass(frozen=True)
class ForceSetup:
    """What the calibration knows.

    `deck_known`: the deck is stiff, or its resonance is known: `deck`. Else it may be known to ring nowhere below
    `deck_at_least_hz`. `kernel_known`: the kernels of the cells were tested; `other_speed`: channels whose chips
    convert at another speed than they did then. `gain_sd`: relative, of the scale of all newtons. `deck_left_in`: the
    run's own solution did not settle, so what the calibration knows of the deck did not help.
    """

    kernel_known: bool
    deck_known: bool
    deck: DeckResonance | None = None
    deck_at_least_hz: float | None = None
    other_speed: tuple[str, ...] = ()
    gain_sd: float = 0.0
    deck_left_in: bool = False

    @property
    def relative_reason(self) -> str | None:
        """Why loading rates are not absolute; None where they are."""
        reasons = [] if self.kernel_known else [KERNEL_UNKNOWN]
        reasons += [OTHER_SPEED.format(cell=spoken(channel)) for channel in self.other_speed]
        if self.deck_unknown:
            reasons.append(DECK_LEFT_IN if self.deck_left_in else DECK_UNKNOWN)
        return "; ".join(reasons) or None

    @property
    def deck_ignored(self) -> bool:
        """The deck may ring, but so high that it counts as stiff."""
        return not self.deck_known and self.deck_at_least_hz is not None and self.deck_at_least_hz >= STIFF_FROM_HZ

    @property
    def ringing_note(self) -> str | None:
        """What a deck that rings low does to all values."""
        rings_low = self.deck is not None and self.deck.frequency_hz < RINGS_LOW_HZ
        return RINGING.format(frequency_hz=self.deck.frequency_hz) if rings_low else None

    @property
    def deck_unknown(self) -> bool:
        return self.deck_left_in or not (self.deck_known or self.deck_ignored)


def analyse_run(
    run: SolvedRun, setup: ForceSetup, speed_m_s: float | None = None, standing_n: float | None = None
) -> ForceResult:
    """All that the load cells say of a run. What cannot be told comes back missing, with its reason.

    `speed_m_s`: of the belt, as far as it was given; `standing_n`: the runner's weight before the run, where known.
    """
    setup = replace(setup, deck_left_in=not run.settled)
    if not run.cells:
        return _unusable(N_("this run has no load cells"))
    if not run.blocks:
        return _unusable(N_("the recording is too short to see any gait"))
    silent = [corner_of(cell) for cell in run.cells if len(cell.t_s) < MIN_CONVERSIONS]
    if silent:
        return _unusable(
            N_("no usable readings from load cell {cells}; check its wires").format(cells=", ".join(silent))
        )
    loads = cell_loads(run.cells, run.start_s, run.end_s)
    dead = [load.corner for load in loads if load.dead]
    if dead:
        return _unusable(
            N_("load cell {cells} does not move with the steps; check its wires").format(cells=", ".join(dead)), loads
        )
    loaded_n = np.concatenate([block.loaded_n for block in run.blocks])
    weight_n = float(np.median(loaded_n)) if len(loaded_n) else None
    if weight_n is None or weight_n > MOST_RUNNER_N:
        return _unusable(NOBODY if weight_n is None else TOO_HEAVY, loads)
    force = run_force(run, weight_n)
    exchanged = exchanged_corners(force.filtered, force.contacts, run.cells)
    if exchanged:  # running then looks like walking
        return _unusable(exchanged, loads)
    episodes = find_episodes(force.raw, weight_n)
    gait = gait_of(episodes)
    if gait == "walking":
        return _nothing(gait, N_("this was walking; only running is judged"), loads, RunParts(episodes))
    if gait == "other":
        return _nothing(gait, N_("no regular running steps were seen"), loads, RunParts(episodes))
    force = running_only(force, episodes)
    parts = run_parts(force, episodes, standing_n)
    judged, kept = judged_only(force, parts)
    weight_n = body_weight_n(judged.raw, judged.contacts)
    if weight_n is None:
        few = N_("fewer than three running steps in a row were seen")
        return _unusable(BROKEN if force.silences_s else few, loads, gait)
    if not LEAST_RUNNER_N <= weight_n <= MOST_RUNNER_N:
        return _unusable(NOBODY if weight_n < LEAST_RUNNER_N else TOO_HEAVY, loads)
    speed_m_s = judged_speed_m_s(parts, speed_m_s)
    cop = cop_findings(force.filtered, run.cells, judged.contacts, judged.sides, speed_m_s)
    zero_doubt_bw = force.zero.left_in_n / weight_n / 2
    errors = errors_of(
        run.cells, run.misfit_bw, setup.deck, setup.deck_ignored, setup.deck_unknown, zero_doubt_bw=zero_doubt_bw
    )
    values = step_values(force.filtered.t_s, force.filtered.force_n / weight_n, force.contacts)
    result = _result(judged, values.only(kept), run.cells, weight_n, setup, errors, cop)
    return replace(
        result,
        steps=_steps(with_sides_of(force, judged, kept), values, kept),
        quality=force_quality(judged, parts.judged, run.cells, weight_n)
        | load_quality(loads)
        | {"speed_changes": len(parts.speed_changes_s)},
        notes=(*result.notes, *part_notes(parts)),
        speed_changes_s=parts.speed_changes_s,
        parts=parts,
    )


def _result(
    run: RunForce,
    values: StepValues,
    cells: Sequence[CellSignal],
    weight_n: float,
    setup: ForceSetup,
    errors: Mapping[str, ErrorSd],
    cop: CopFindings,
) -> ForceResult:
    """What the judged steps say, without the steps themselves. `run` has them alone, `values` are theirs."""
    contacts, sides = run.contacts, run.sides
    curve = (run.filtered.t_s, run.filtered.force_n / weight_n)
    _, strides_n = stride_forces(run.raw, contacts)
    feet = {
        side: replace(
            foot_force(
                np.flatnonzero(sides.foot == i),
                values,
                contacts,
                curve,
                errors,
                setup.relative_reason,
                CONTACT_FORCE_N / weight_n,
                mean_bandwidth_hz(cells),
            ),
            cop_path=cop.paths[side],
            cop_path_reason=cop.path_reasons[side],
        )
        for i, side in enumerate(SIDES)
    }
    return ForceResult(
        gait="running",
        body_weight_n=mean_measure(strides_n, errors["body_weight_n"].with_foot(setup.gain_sd)),
        steps=(),
        feet={side: _broken(foot) if run.silences_s else foot for side, foot in feet.items()},
        asymmetry=asymmetries(values, sides, errors),
        pairs=pair_series(values, contacts, sides),
        cadence_spm=_cadence_spm(contacts),
        sides_known=sides.known,
        notes=tuple(filter(None, (cop.exchanged, setup.ringing_note))),
        early_cop=cop.early_cop,
        step_series=step_series(values, contacts, sides),
        seen=SeenForce(tuple(cells), run.zero.t_s, run.zero.moved_n),
    )


def _broken(foot: FootForce) -> FootForce:
    """The foot of a run that was cut up; where too few steps are left, that is the reason."""
    return foot if foot.contact_time_ms.measured else _missing_foot(BROKEN, foot.contact_time_ms.n)


def _steps(run: RunForce, values: StepValues, judged: np.ndarray) -> tuple[Step, ...]:
    """All complete steps of running; `judged` (n,) bool."""
    contacts = run.contacts
    return tuple(
        Step(
            n=k + 1,
            side=run.sides.name(k),
            contact_s=float(contacts.contact_s[k]),
            toe_off_s=float(contacts.toe_off_s[k]),
            contact_time_ms=float(values.contact_time_ms[k]),
            flight_time_ms=float(values.flight_time_ms[k]) if np.isfinite(values.flight_time_ms[k]) else None,
            peak_force_bw=float(values.peak_force_bw[k]),
            impulse_bw_s=float(values.impulse_bw_s[k]),
            judged=bool(judged[k]),
        )
        for k in range(len(contacts))
    )


def _cadence_spm(contacts: Contacts) -> float | None:
    step_s = contacts.step_time_s[np.isfinite(contacts.step_time_s)]
    return float(60 / step_s.mean()) if len(step_s) else None


def _unusable(reason: str, loads: Sequence[CellLoad] = (), gait: Gait = "other") -> ForceResult:
    """The data do not tell: others may know better."""
    return replace(_nothing(gait, reason, loads), usable=False)


def _nothing(gait: Gait, reason: str, loads: Sequence[CellLoad], parts: RunParts | None = None) -> ForceResult:
    """The data tell that there was nothing to measure."""
    missing = Measure.missing(reason)
    return ForceResult(
        gait=gait,
        body_weight_n=missing,
        steps=(),
        feet=dict.fromkeys(SIDES, _missing_foot(reason)),
        asymmetry=dict.fromkeys(ASYMMETRIES, missing),
        pairs={},
        cadence_spm=None,
        sides_known=False,
        reason=reason,
        quality=load_quality(loads),
        parts=parts,
    )


def _missing_foot(reason: str, n: int = 0) -> FootForce:
    missing = Measure.missing(reason, n)
    return FootForce(missing, missing, missing, missing, "not_measured", reason, missing, None)

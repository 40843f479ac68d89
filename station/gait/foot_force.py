"""The force values of one foot: means over its steps, and its mean curve."""

from collections.abc import Mapping

import numpy as np

from station.gait.asymmetry import MIN_STEPS
from station.gait.contacts import Contacts
from station.gait.mean_curve import mean_curve
from station.gait.measurement_error import ErrorSd, mean_measure
from station.gait.results import FootForce, Measure
from station.gait.step_values import StepValues
from station.gait.strike_index import NO_PLACE
from station.words import N_

MOST_ERROR = 0.1
"""Of a loading rate that counts as absolute: its 80 % interval reaches no further (force.md section 4.5)."""
TOO_UNSURE = N_("the deck rings, or shakes, too much to tell landings as quick as these within 10 %")
MIN_VISIBLE_SHARE = 0.3
"""An impact peak seen in fewer steps than this is no trait of the foot (biomech, section 5)."""


def foot_force(
    steps: np.ndarray,
    values: StepValues,
    contacts: Contacts,
    curve_of: tuple[np.ndarray, np.ndarray],
    errors: Mapping[str, ErrorSd],
    relative_reason: str | None,
    contact_bw: float,
    bandwidth_hz: float,
) -> FootForce:
    """Values of the foot whose step numbers are `steps`; `curve_of` = (t_s, plate-filtered force in BW).

    `relative_reason`: why loading rates are not absolute; None where they are. `contact_bw`: the force of contact;
    `bandwidth_hz`: of the mean curve.
    """
    if len(steps) < MIN_STEPS:
        reason = N_("fewer than {n} complete steps of this foot").format(n=MIN_STEPS)
        missing = Measure.missing(reason, len(steps))
        return FootForce(missing, missing, missing, missing, "not_measured", reason, missing, None)

    def mean(name: str, of: np.ndarray = steps) -> Measure:
        value = getattr(values, name)[of]
        value = value[np.isfinite(value)]
        if len(value) < MIN_STEPS:
            return Measure.missing(N_("the landing could not be seen in enough steps"), len(value))
        return mean_measure(value, errors[name])

    visible = values.impact_visible[steps]
    share = float(np.nanmean(visible)) if np.isfinite(visible).any() else None
    impact = Measure.missing(N_("most steps of this foot show no separate impact peak"))
    if share is not None and share >= MIN_VISIBLE_SHARE:
        impact = mean("poi_bw", steps[visible == 1])
    rate = mean("loading_rate_bw_s")
    unsure = rate.measured and rate.high - rate.value > MOST_ERROR * rate.value
    relative = relative_reason or (TOO_UNSURE if unsure else None)
    return FootForce(
        contact_time_ms=mean("contact_time_ms"),
        peak_force_bw=mean("peak_force_bw"),
        impact_peak_bw=impact,
        loading_rate_bw_s=rate,
        loading_rate_status="not_measured" if not rate.measured else "relative" if relative else "absolute",
        loading_rate_reason=rate.reason or relative,
        strike_index=Measure.missing(NO_PLACE),
        impact_peak_visible=share,
        curve=mean_curve(
            curve_of,
            contacts.contact_s[steps],
            np.column_stack([values.landing_s, contacts.toe_off_s])[steps],
            rate.value,
            contact_bw,
            bandwidth_hz,
        ),
    )

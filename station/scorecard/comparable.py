"""Whether two runs were measured so alike that a number of theirs can be compared, and if not, why."""

from station.scorecard.run_summary import Conditions, Variable
from station.words import N_

SPEED_TOLERANCE = 0.05
"""Relative: beyond, numbers that go with the speed are not compared (biomech.md 5: loading rate rises with it)."""
INCLINE_TOLERANCE_PCT = 0.5


def unlike(variable: Variable, then: Conditions, now: Conditions) -> str | None:
    """Why the two runs cannot be compared in this number; None where they can."""
    checks = {
        "same_station": _other_station,
        "sides": _sides_unknown,
        "absolute": _relative_loading_rate,
        "speed": _other_speed,
        "incline": _other_incline,
        "shoes": _other_shoes,
    }
    found = (check(then, now) for need, check in checks.items() if need in variable.needs)
    return next((reason for reason in found if reason), None)


def verdicts_unlike(then: Conditions, now: Conditions) -> str | None:
    """Why the verdicts of two runs cannot be set side by side; None where they can. Each may hang on all of these."""
    if not any(check(then, now) for check in (_other_station, _other_speed, _other_incline)):
        return None
    return N_("Verdicts are compared only on the same station, at the same known speed and the same incline.")


def _other_station(then: Conditions, now: Conditions) -> str | None:
    if then.station == now.station:
        return None
    return N_("Last time it was another station: forces and angles of two stations are not calibrated alike.")


def _sides_unknown(then: Conditions, now: Conditions) -> str | None:
    if then.sides_known and now.sides_known:
        return None
    return N_("Left and right could not be named in one of the two runs.")


def _relative_loading_rate(then: Conditions, now: Conditions) -> str | None:
    """A relative one is a trend of one calibration only (biomech.md 1.4)."""
    if then.loading_rate == now.loading_rate == "absolute":
        return None
    if then.loading_rate == now.loading_rate:
        if then.force_calibration == now.force_calibration != b"":
            return None
        return N_("The loading rate is a relative number in both runs: it is compared within one calibration only.")
    return N_("The loading rate is only a relative number in one of the two runs.")


def _other_speed(then: Conditions, now: Conditions) -> str | None:
    if then.speed_m_s is None or now.speed_m_s is None:
        return N_("It changes with the speed, and the belt's speed is not known for both runs.")
    if abs(now.speed_m_s / then.speed_m_s - 1) <= SPEED_TOLERANCE:
        return None
    return N_("It changes with the speed: {then} m/s last time, {now} m/s today.").format(
        then=f"{then.speed_m_s:.1f}", now=f"{now.speed_m_s:.1f}"
    )


def _other_incline(then: Conditions, now: Conditions) -> str | None:
    """An incline that is not known is taken to be level, as long as the other one is."""
    if abs((now.incline_pct or 0.0) - (then.incline_pct or 0.0)) <= INCLINE_TOLERANCE_PCT:
        return None
    if then.incline_pct is None:
        return N_("The incline of last time is not known; today it was {now} %.").format(now=f"{now.incline_pct:.1f}")
    if now.incline_pct is None:
        return N_("The incline of today is not known; last time it was {then} %.").format(
            then=f"{then.incline_pct:.1f}"
        )
    return N_("The incline was another: {then} % last time, {now} % today.").format(
        then=f"{then.incline_pct:.1f}", now=f"{now.incline_pct:.1f}"
    )


def _other_shoes(then: Conditions, now: Conditions) -> str | None:
    if not then.shoes or not now.shoes or _plain(then.shoes) == _plain(now.shoes):
        return None
    return N_("It changes with the shoes, and last time they were others.")


def _plain(shoes: str) -> str:
    return " ".join(shoes.casefold().split())


def taken_as_equal(then: Conditions, now: Conditions) -> tuple[str, ...]:
    """What was not told of one of the runs is taken as equal, and said."""
    notes = []
    if then.speed_m_s is None or now.speed_m_s is None:
        notes.append(
            N_("The belt's speed is not known for both runs: what does not change with the speed is compared.")
        )
    if not then.shoes or not now.shoes:
        notes.append(N_("The shoes are not known for both runs: they are taken to be the same."))
    if (then.incline_pct is None) != (now.incline_pct is None) and _other_incline(then, now) is None:
        notes.append(N_("The incline is not known for both runs: where it is not, the belt is taken to be level."))
    return tuple(notes)

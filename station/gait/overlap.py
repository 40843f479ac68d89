"""Overlapping feet: when the new foot touches and when the old one leaves, out of one total force.

While both feet are down the centre of pressure lies on the line between them and divides it inversely to their
loads (moment balance). Each foot's own place is its centre of pressure in mid-stance, carried on with the belt.
Where the cells say nothing of places, each flank of the force is carried on along its tangent.
"""

import numpy as np

from station.gait.stances import CONTACT_FORCE_N
from station.gait.total_force import GroundForce

MIN_LEVER_M = 0.15
"""Distance of the feet below which the division by it is too noisy."""
MID_STANCE = (0.3, 0.7)

Span = tuple[float, float]


def hand_over(ground: GroundForce, old: Span, new: Span) -> tuple[float, float]:
    """(toe-off of the old foot, contact of the new one) for two loadings that meet in a valley of the force."""
    t_s = ground.t_s
    span = slice(*np.searchsorted(t_s, ((old[0] + old[1]) / 2, (new[0] + new[1]) / 2)))
    valley = int(np.clip(np.searchsorted(t_s[span], old[1]), 1, len(t_s[span]) - 2))
    total = ground.force_n[span]
    on_new = _share_of_new(ground, span, old, new)
    if on_new is None or abs(on_new[1][valley]) < MIN_LEVER_M:
        flank = _tangents(t_s[span], total, valley)
        return flank if flank else (old[1], new[0])
    new_n = np.clip(on_new[0], 0, 1) * total
    return (
        _falls_at(t_s[span], total - new_n, valley),
        -_falls_at(-t_s[span][::-1], new_n[::-1], len(total) - 1 - valley),
    )


def _share_of_new(ground: GroundForce, span: slice, old: Span, new: Span) -> tuple[np.ndarray, np.ndarray] | None:
    """((n,) share of the load on the new foot, (n,) distance of the feet) over `span`."""
    places = []
    for start, end in (old, new):
        inner = (start + MID_STANCE[0] * (end - start), start + MID_STANCE[1] * (end - start))
        mid = slice(*np.searchsorted(ground.t_s, inner))
        if mid.stop - mid.start < 3:
            return None
        centre_s = ground.t_s[mid].mean()
        at = [m[mid] / ground.force_n[mid] for m in (ground.moment_x_nm, ground.moment_y_nm)]
        lines = np.polyfit(ground.t_s[mid] - centre_s, np.array(at).T, 1)
        places.append((ground.t_s[span] - centre_s)[:, None] * lines[0] + lines[1])
    between = places[1] - places[0]
    force = ground.force_n[span]
    cop = np.stack([ground.moment_x_nm[span], ground.moment_y_nm[span]], axis=1) / np.maximum(force, 1.0)[:, None]
    distance_2 = np.maximum((between**2).sum(axis=1), 1e-9)
    return ((cop - places[0]) * between).sum(axis=1) / distance_2, np.sqrt(distance_2)


def _falls_at(t_s: np.ndarray, force_n: np.ndarray, valley: int) -> float:
    """First instant at which a falling force is below 50 N; the valley where it never is."""
    low = np.flatnonzero(force_n < CONTACT_FORCE_N)
    if len(low) == 0 or low[0] == 0:
        return float(t_s[valley])
    inside, outside = low[0] - 1, low[0]
    share = (force_n[inside] - CONTACT_FORCE_N) / (force_n[inside] - force_n[outside])
    return float(t_s[inside] + share * (t_s[outside] - t_s[inside]))


def _tangents(t_s: np.ndarray, force_n: np.ndarray, valley: int) -> tuple[float, float] | None:
    """Crossings of 50 N by the steepest tangents of the falling and the rising flank."""
    slope = np.gradient(force_n, t_s)
    falling, rising = int(np.argmin(slope[:valley])), valley + int(np.argmax(slope[valley:]))
    if slope[falling] >= 0 or slope[rising] <= 0:
        return None
    toe_off = t_s[falling] + (CONTACT_FORCE_N - force_n[falling]) / slope[falling]
    contact = t_s[rising] + (CONTACT_FORCE_N - force_n[rising]) / slope[rising]
    return float(toe_off), float(contact)

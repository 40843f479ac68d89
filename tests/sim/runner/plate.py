"""What a laboratory reads from a force plate: the definitions of the design, written apart from the analysis."""

from dataclasses import dataclass

import numpy as np
from scipy.signal import butter, filtfilt

from tests.simulated_plate import SimulatedForce

THRESHOLD_N = 50.0
_ONCE_HZ = 50 / (np.sqrt(2) - 1) ** 0.25  # -3 dB at 50 Hz after both ways


@dataclass(frozen=True)
class PlateStep:
    side: str
    contact_s: float
    toe_off_s: float
    peak_bw: float
    impulse_bw_s: float
    interest_bw: float
    impact_visible: bool
    loading_rate_bw_s: float

    @property
    def contact_time_s(self) -> float:
        return self.toe_off_s - self.contact_s


def plate_steps(recording: SimulatedForce) -> list[PlateStep]:
    """The complete steps of a run with flights, at least 100 ms inside the recording."""
    rate = 1 / (recording.t_s[1] - recording.t_s[0])
    force = filtfilt(*butter(2, _ONCE_HZ / (rate / 2)), recording.fz_n)
    above = force >= THRESHOLD_N
    on = np.flatnonzero(~above[:-1] & above[1:])
    off = np.flatnonzero(above[:-1] & ~above[1:])
    edge = round(0.1 * rate)
    pairs = [(i, off[off > i][0]) for i in on if i >= edge and len(off[off > i])]
    return [_step(recording, force, i, j) for i, j in pairs if j < len(force) - edge]


def asymmetry_pct(steps: list[PlateStep], name: str) -> float:
    right, left = (np.mean([getattr(s, name) for s in steps if s.side == side]) for side in ("right", "left"))
    return 200 * (right - left) / (right + left)


def _crossing(t_s: np.ndarray, force: np.ndarray, i: int, level: float) -> float:
    return t_s[i] + (level - force[i]) / (force[i + 1] - force[i]) * (t_s[i + 1] - t_s[i])


def _step(recording: SimulatedForce, force: np.ndarray, i: int, j: int) -> PlateStep:
    t_s, weight = recording.t_s, recording.body_weight_n
    contact, toe_off = _crossing(t_s, force, i, THRESHOLD_N), _crossing(t_s, force, j, THRESHOLD_N)
    peak = i + int(np.argmax(force[i : j + 1]))
    early = [
        k
        for k in range(i + 1, peak - 3)
        if 0.008 <= t_s[k] - contact <= 0.060 and force[k - 1] < force[k] >= force[k + 1]
    ]
    interest_s = t_s[early[0]] if early else contact + 0.13 * (toe_off - contact)
    fine = np.linspace(contact, interest_s, 2000)
    rise = np.maximum.accumulate(np.interp(fine, t_s, force))
    t20, t80 = np.interp([0.2 * rise[-1], 0.8 * rise[-1]], rise, fine)
    return PlateStep(
        side="left" if np.nanmean(recording.cop_y_m[i:j]) > 0 else "right",
        contact_s=contact,
        toe_off_s=toe_off,
        peak_bw=force[peak] / weight,
        impulse_bw_s=float(recording.fz_n[i:j].sum() * (t_s[1] - t_s[0]) / weight),
        interest_bw=rise[-1] / weight,
        impact_visible=bool(early),
        loading_rate_bw_s=0.6 * rise[-1] / (t80 - t20) / weight,
    )

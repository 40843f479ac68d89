"""A phone that lies on a deck while it is struck: its accelerometer file, apart from the station's own formulas."""

from pathlib import Path

import numpy as np
from scipy.signal import butter, lfilter, sosfiltfilt

FINE_HZ = 8000.0
STIFF_HZ, STIFF_DAMPING = 420.0, 0.1


def write_phone_file(
    path: Path,
    modes: list[tuple[float, float, float]],
    rate_hz: float = 400.0,
    seed: int = 1,
    blows: int = 14,
    noise_m_s2: float = 0.02,
) -> None:
    """`modes`: (frequency Hz, damping ratio, share); none: a stiff deck. The phone filters at 45 % of its rate."""
    rng = np.random.default_rng(seed)
    gaps_s = rng.uniform(1.0, 1.6, blows)
    starts_s = 1.5 + np.cumsum(gaps_s)
    t_s = np.arange(0.0, starts_s[-1] + 2.0, 1 / FINE_HZ)
    force_n = np.zeros_like(t_s)
    for start_s in starts_s:
        length_s, peak_n = rng.uniform(0.004, 0.010), rng.uniform(200, 800)
        force_n += peak_n * np.sin(np.pi * np.clip((t_s - start_s) / length_s, 0, 1))
    struck = sum(share * _acceleration(force_n, f, z) for f, z, share in modes or [(STIFF_HZ, STIFF_DAMPING, 1.0)])
    heard = sosfiltfilt(butter(2, 0.45 * rate_hz, fs=FINE_HZ, output="sos"), struck)
    even_s = np.arange(0.1, t_s[-1] - 0.1, 1 / rate_hz)
    sampled_s = even_s + rng.normal(0, 0.02 / rate_hz, len(even_s))
    vertical = np.interp(sampled_s, t_s, heard) + 9.81 + rng.normal(0, noise_m_s2, len(sampled_s))
    sideways = 0.2 * np.interp(sampled_s, t_s, heard) + rng.normal(0, noise_m_s2, len(sampled_s))
    rows = [f"{t:.6f},{x:.5f},{z:.5f}" for t, x, z in zip(sampled_s, sideways, vertical, strict=True)]
    header = '"Time (s)","Acceleration x (m/s^2)","Acceleration z (m/s^2)"'
    path.write_text("\n".join([header, *rows]) + "\n")


def _acceleration(force_n: np.ndarray, frequency_hz: float, damping: float, mass_kg: float = 60.0) -> np.ndarray:
    """Of a mass on a spring and a damper, by the central-difference method."""
    w, h = 2 * np.pi * frequency_hz, 1 / FINE_HZ
    ahead, behind = 1 / h**2 + damping * w / h, 1 / h**2 - damping * w / h
    place_m = lfilter([0.0, 1.0 / ahead], [1.0, (w**2 - 2 / h**2) / ahead, behind / ahead], force_n / mass_kg)
    return np.gradient(np.gradient(place_m, h), h)

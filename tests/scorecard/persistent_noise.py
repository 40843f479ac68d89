"""Fluctuations as strides have them: each stride remembers the ones before it (fractional Gaussian noise)."""

import numpy as np


def persistent_noise(n: int, exponent: float, rng: np.random.Generator) -> np.ndarray:
    """(n,) values of mean 0 and standard deviation 1 whose detrended fluctuations grow with this exponent.

    Circulant embedding (Davies & Harte 1987, Biometrika 74:95); exponent 0.5 = independent values.
    """
    lag = np.arange(n + 1, dtype=float)
    power = 2 * exponent
    correlation = ((lag + 1) ** power - 2 * lag**power + np.abs(lag - 1) ** power) / 2
    spectrum = np.fft.fft(np.concatenate([correlation, correlation[-2:0:-1]])).real.clip(0)
    m = len(spectrum)
    white = rng.normal(size=m) + 1j * rng.normal(size=m)
    return np.fft.fft(np.sqrt(spectrum / m) * white).real[:n]

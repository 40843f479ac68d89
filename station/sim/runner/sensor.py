"""What a small sensor makes of the light: photon and read noise, and a gain that makes up for the dark, to a point."""

import numpy as np

from station.sim.runner.filming import Filming

_ELECTRONS_PER_MS = 2000.0
"""Of a white pixel in a gym of 500 lux. Camera equation: 0.9 * 500 / (4 * 1.8^2) = 35 lux on the sensor; 1e16 photons a
lux, m2 and second of white light; a pixel of 2.8 um (1.4 um binned by two); colour filter and efficiency together
0.35: 950 electrons, and a pixel of the picture is made of about two of them."""
_READ_NOISE_ELECTRONS = 6.0  # about 3 a pixel (data sheets of small sensors), four and more of them added
_LEAST_LIGHT_MS = 0.3  # of a bright gym's light, below which the gain is at its end and the picture gets darker
_GAMMA = 2.2
_FIELD_PX = 1200  # side of the noise pattern, of which every frame takes another part


class Sensor:
    """Adds noise to rendered frames; the same seed gives the same noise."""

    def __init__(self, filming: Filming, seed: int) -> None:
        self._noisy = filming.noise > 0
        if not self._noisy:
            return
        light_ms = filming.light * filming.exposure_ms
        brightness = min(1.0, light_ms / _LEAST_LIGHT_MS)
        linear = (np.arange(256) / 255) ** _GAMMA
        electrons = linear * _ELECTRONS_PER_MS * light_ms
        deviation = np.sqrt(electrons + _READ_NOISE_ELECTRONS**2) / (_ELECTRONS_PER_MS * light_ms) * brightness
        shown = linear * brightness
        self._level = (255 * shown ** (1 / _GAMMA)).astype(np.float32)
        slope = 255 / _GAMMA * np.maximum(shown, deviation) ** (1 / _GAMMA - 1)  # finite at black
        self._deviation = (filming.noise * deviation * slope).astype(np.float32)
        self._rng = np.random.default_rng(seed)
        self._field = self._rng.standard_normal((_FIELD_PX, 2 * _FIELD_PX, 3), np.float32)

    def picture(self, ideal: np.ndarray) -> np.ndarray:
        """uint8 RGB (height, width, 3) of a noiseless frame of the same kind."""
        if not self._noisy:
            return ideal
        height, width, _ = ideal.shape
        top, left = self._rng.integers(0, (_FIELD_PX - height + 1, 2 * _FIELD_PX - width + 1))
        noise = self._field[top : top + height, left : left + width]
        return np.clip(self._level[ideal] + self._deviation[ideal] * noise, 0, 255).astype(np.uint8)

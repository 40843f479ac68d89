"""The mean force curve of each foot, and what it predicts for each single step."""

import numpy as np

from station.gait.stances import Stances

PHASES = np.linspace(-0.15, 1.15, 521)
"""Phase of the stance at which curves are averaged: 0 = its start, 1 = its end."""
_IN_STANCE = (PHASES >= 0) & (PHASES <= 1)
_MARGIN = 0.1
"""Share of the stance by which a curve that ends in flight is continued beyond it."""


def stance_template(t_s: np.ndarray, force: np.ndarray, stances: Stances) -> np.ndarray:
    """(n,) the mean curve of every second step, laid over each step in its own length and mean force; 0 elsewhere.

    Steps alternate within a chain; a chain after a missed step starts its own two means.
    """
    template = np.zeros(len(t_s))
    chain = stances.chain
    for c in np.unique(chain):
        of_chain = np.flatnonzero(chain == c)
        for foot in (of_chain[0::2], of_chain[1::2]):
            _lay(template, t_s, force, stances, foot[~stances.cut[foot]])
    return template


def _lay(template: np.ndarray, t_s: np.ndarray, force: np.ndarray, stances: Stances, foot: np.ndarray) -> None:
    start, length = stances.start_s[foot], (stances.end_s - stances.start_s)[foot]
    if len(foot) == 0:
        return
    curves = np.interp(start[:, None] + PHASES * length[:, None], t_s, force)
    heights = curves[:, _IN_STANCE].mean(axis=1)
    mean = (curves / heights[:, None]).mean(axis=0)
    for k, begin, duration, height in zip(foot, start, length, heights, strict=True):
        low = begin - _MARGIN * duration * stances.from_flight[k]
        high = begin + duration + _MARGIN * duration * stances.to_flight[k]
        span = slice(*np.searchsorted(t_s, (low, high)))
        template[span] = height * np.interp((t_s[span] - begin) / duration, PHASES, mean)

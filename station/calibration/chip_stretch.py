"""The longest stretch of one chip's conversions without a power cycle, with its clock."""

from collections.abc import Mapping

import numpy as np

from station.errors import CalibrationError
from station.gait.chip_clock import ChipClock, fit_chip_clock
from station.messages import FLAG_FIRST_AFTER_RESET
from station.words import N_


def chip_stretch(
    columns: Mapping[str, np.ndarray], channel: int, epoch_ns: int, place: str
) -> tuple[ChipClock, np.ndarray]:
    """Clock (seconds since `epoch_ns`) and counts (n,) from columns of SampleBatch.

    Raises CalibrationError, beginning with `place`, where the chip was silent or irregular.
    """
    own = columns["channel"] == channel
    columns = {name: values[own] for name, values in columns.items()}
    resets = np.flatnonzero(columns["flags"] & FLAG_FIRST_AFTER_RESET)
    longest = max(np.split(np.arange(len(columns["raw"])), resets), key=len)
    try:
        clock = fit_chip_clock(columns["t_high_ns"][longest], columns["t_low_ns"][longest], epoch_ns)
    except ValueError as e:
        raise CalibrationError(N_("{place}: {e}; check its wires and repeat").format(place=place, e=e)) from None
    if not clock.steady:
        raise CalibrationError(
            N_("{place}: its conversions came irregularly; close other programs and repeat").format(place=place)
        )
    return clock, columns["raw"][longest].astype(float)

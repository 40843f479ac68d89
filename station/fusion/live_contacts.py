"""Contacts in the live force, each told at its toe-off.

Runners swing about their weight in every step, with or without flight: that makes a step. It begins and ends where the
force passes a tenth of the weight; where the feet overlap and it never falls so far, in the valley between two steps.
The chips' averaging widens a stance; a tenth of the weight, more than the 50 N of a plate, makes up for most of that
(-4..+5 ms of contact time at 80 samples/s, on plate recordings and simulated runners).
"""

from dataclasses import dataclass

from station.gait.results import Side
from station.gait.stances import MAX_CONTACT_TIME_S

CONTACT_BW = 0.1
LOADED_BW, LEAVING_BW = 1.25, 0.75
VALLEY_BW = 0.1
"""Rise above the lowest force by which a valley is known to be over."""
LONGEST_RISE_S = 0.2
"""From contact to LOADED_BW: somebody who stepped on long before has only now begun."""


@dataclass(frozen=True)
class LiveContact:
    """A finished contact."""

    contact_ns: int
    toe_off_ns: int
    peak_bw: float
    side: Side | None

    @property
    def contact_time_ms(self) -> float:
        return (self.toe_off_ns - self.contact_ns) / 1e6


class ContactFinder:
    """Follows the force (in body weights) point by point."""

    def __init__(self) -> None:
        self.forget()

    def forget(self) -> None:
        """The force was interrupted: what was under way is not a contact."""
        self._last: tuple[float, float] | None = None  # time, force
        self._began_s: float | None = None
        self._loaded = False
        self._valley: tuple[float, float] | None = None  # lowest force since it fell below LEAVING_BW, time

    def take(self, t_s: float, bw: float) -> tuple[float, float] | None:
        """(contact, toe-off) in seconds where a contact has ended with this point."""
        last, self._last = self._last, (t_s, bw)
        if last is None:
            return None
        if self._loaded and t_s - self._began_s > MAX_CONTACT_TIME_S:  # a bounce, and then they stood
            self._began_s, self._loaded, self._valley = None, False, None
        if not self._loaded:
            self._await_load(last, t_s, bw)
            return None
        if bw < CONTACT_BW:
            return self._ended(_crossing(last, t_s, bw), None)
        if bw < LEAVING_BW and (self._valley is None or bw < self._valley[0]):
            self._valley = (bw, t_s)
        if self._valley is not None and bw > self._valley[0] + VALLEY_BW:
            return self._ended(self._valley[1], self._valley[1])
        return None

    def _await_load(self, last: tuple[float, float], t_s: float, bw: float) -> None:
        if last[1] < CONTACT_BW <= bw:
            self._began_s = _crossing(last, t_s, bw)
        if bw > LOADED_BW:
            self._loaded = True
            if self._began_s is None or t_s - self._began_s > LONGEST_RISE_S:
                self._began_s = t_s

    def _ended(self, toe_off_s: float, next_s: float | None) -> tuple[float, float]:
        contact = (self._began_s, toe_off_s)
        self._began_s, self._loaded, self._valley = next_s, False, None
        return contact


def _crossing(last: tuple[float, float], t_s: float, bw: float) -> float:
    """When the straight line from the last point to this one passes CONTACT_BW; this one where it does not."""
    return last[0] + (t_s - last[0]) * (CONTACT_BW - last[1]) / (bw - last[1]) if bw != last[1] else t_s

"""Which frames the expensive pose net should look at: force aims the camera.

A thin even sample for posture, and a handful of frames around each landing of the near foot: two on either side of
the contact (the foot angle is read between the nearest; the live contact may be a frame off) and one in mid-stance (the
same foot flat).
"""

from station.fusion.live_contacts import LiveContact
from station.gait.results import Side

EVEN_SPACING_NS = 200_000_000
STANDING_SPACING_NS = 150_000_000
ABOUT_CONTACT_NS = (-25_000_000, -8_000_000, 8_000_000, 25_000_000)
MID_STANCE = 0.42  # of the contact time
MAX_WAITING = 60  # frames asked for and not yet answered: beyond this the board cannot keep up
ENOUGH_LANDINGS = 24  # landings of the near foot that a verdict deserves, even if it must wait for them


class Aim:
    """Instants to ask for; keeps what was asked, so that nothing is asked twice."""

    def __init__(self) -> None:
        self._even_until_ns = 0
        self._aimed = 0  # landings asked for
        self._deferred: list[list[int]] = []  # landings that came while the board could not keep up

    def standing(self, start_ns: int, end_ns: int) -> list[int]:
        """The standing reference: an even sample of the time the runner stood still."""
        return list(range(start_ns, end_ns, STANDING_SPACING_NS))

    def even(self, run_ns: int, now_ns: int) -> list[int]:
        """The even sample of the run up to now."""
        start_ns = max(self._even_until_ns, run_ns)
        instants = list(range(start_ns, now_ns, EVEN_SPACING_NS))
        if instants:
            self._even_until_ns = instants[-1] + EVEN_SPACING_NS
        return instants

    def landing(self, contact: LiveContact, near: Side | None, waiting: int) -> list[int]:
        """Frames around one landing; none for the far foot, none now while too many are waiting."""
        if near is not None and contact.side is not None and contact.side != near:
            return []
        stance_ns = contact.toe_off_ns - contact.contact_ns
        mid_stance_ns = contact.contact_ns + round(MID_STANCE * stance_ns)
        instants = [*(contact.contact_ns + d for d in ABOUT_CONTACT_NS), mid_stance_ns]
        if waiting > MAX_WAITING:
            self._deferred.append(instants)
            return []
        self._aimed += 1
        return instants

    def rest(self) -> list[int]:
        """At the end of the run: deferred landings, spread over it, so that there are enough in all."""
        missing = max(0, ENOUGH_LANDINGS - self._aimed)
        every = max(1, len(self._deferred) // missing) if missing else 1
        chosen = self._deferred[::every][:missing]
        self._deferred = []
        return [instant for instants in chosen for instant in instants]

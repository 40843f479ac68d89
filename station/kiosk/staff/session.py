"""Who is signed in to the staff area: one at a time, for a few minutes after the last touch, until the kiosk ends."""

import secrets

from station.clock import Clock

LASTS_S = 300.0


class StaffSession:
    """Tokens are told by the browser's cookie; the kiosk alone knows which one is good, and until when."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._token: str | None = None
        self._until_ns = 0

    def begin(self) -> str:
        """The token of a new session; any other has ended."""
        self._token = secrets.token_urlsafe(24)
        self._touch()
        return self._token

    def is_open(self, token: object, *, touches: bool = True) -> bool:
        """Whether this is the token of the session; if so, and where somebody `touches`, it lasts on from now."""
        known = self._token is not None and isinstance(token, str) and secrets.compare_digest(token, self._token)
        if not known or self._clock.now_ns() >= self._until_ns:
            return False
        if touches:
            self._touch()
        return True

    def end(self) -> None:
        self._token = None

    def _touch(self) -> None:
        self._until_ns = self._clock.now_ns() + round(LASTS_S * 1e9)

"""Short-lived addresses of a card in the local network: random, in memory, dead with their visit."""

import hmac
import secrets
import threading
from dataclasses import dataclass

from station.clock import Clock

TOKEN_BYTES = 16  # 128 bit: nobody guesses one in its minutes


@dataclass(frozen=True)
class _Link:
    token: str
    visit_id: str
    dies_ns: int


class Links:
    """At most one link lives, that of the card on the screen. Usable from any thread."""

    def __init__(self, clock: Clock, life_s: float) -> None:
        self._clock = clock
        self._life_ns = round(life_s * 1e9)
        self._lock = threading.Lock()
        self._link: _Link | None = None

    def token(self, visit_id: str) -> str:
        """The token of this visit's card; a new one where there is none or the last has expired."""
        with self._lock:
            if self._link is None or self._link.visit_id != visit_id or self._expired():
                token = secrets.token_urlsafe(TOKEN_BYTES)
                self._link = _Link(token, visit_id, self._clock.now_ns() + self._life_ns)
            return self._link.token

    def visit(self, token: str) -> str | None:
        """The visit whose card this token opens; None: it opens nothing, or no longer."""
        with self._lock:
            if self._link is None or self._expired():
                self._link = None
                return None
            same = hmac.compare_digest(token.encode(), self._link.token.encode())
            return self._link.visit_id if same else None

    def keep_only(self, visit_id: str | None) -> None:
        """Forget the link of any other visit."""
        with self._lock:
            if self._link is not None and self._link.visit_id != visit_id:
                self._link = None

    def _expired(self) -> bool:
        return self._link is not None and self._clock.now_ns() >= self._link.dies_ns

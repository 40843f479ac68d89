"""So many requests in so much time from one address, and no more."""

import threading
from collections import deque

from station.clock import Clock

_MOST_ADDRESSES = 1000


class RateLimit:
    """Usable from any thread. Of more addresses than it can remember none is served."""

    def __init__(self, most: int, within_s: float, clock: Clock) -> None:
        self._most = most
        self._within_ns = round(within_s * 1e9)
        self._clock = clock
        self._lock = threading.Lock()
        self._requests: dict[str, deque[int]] = {}

    def allows(self, address: str) -> bool:
        """Whether this request is one of the first `most` within the time."""
        now_ns = self._clock.now_ns()
        with self._lock:
            self._forget_before(now_ns - self._within_ns)
            if address not in self._requests and len(self._requests) >= _MOST_ADDRESSES:
                return False
            times = self._requests.setdefault(address, deque())
            if len(times) >= self._most:
                return False
            times.append(now_ns)
            return True

    def _forget_before(self, t_ns: int) -> None:
        for times in self._requests.values():
            while times and times[0] <= t_ns:
                times.popleft()
        self._requests = {address: times for address, times in self._requests.items() if times}

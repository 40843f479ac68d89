"""Whether the web server still answers: a thread that asks it, as a browser would."""

import http.client
import logging
import threading

from station.clock import Clock

log = logging.getLogger(__name__)

PATH = "/alive"
_EVERY_S = 2.0
_PATIENCE_S = 5.0


class SelfCheck:
    """Asks from its creation until `close`. `answered_ns`: when it was answered last, whatever the answer was."""

    def __init__(self, host: str, port: int, clock: Clock) -> None:
        self._address = host, port
        self._clock = clock
        self._closed = threading.Event()
        self.answered_ns = clock.now_ns()
        threading.Thread(target=self._run, name="self-check", daemon=True).start()

    def close(self) -> None:
        self._closed.set()

    def _run(self) -> None:
        while not self._closed.wait(_EVERY_S):
            try:
                self._ask()
            except (OSError, http.client.HTTPException) as e:
                log.warning("kiosk: its own web server does not answer: %s", e)
            else:
                self.answered_ns = self._clock.now_ns()

    def _ask(self) -> None:
        connection = http.client.HTTPConnection(*self._address, timeout=_PATIENCE_S)
        try:
            connection.request("HEAD", PATH)
            connection.getresponse()
        finally:
            connection.close()

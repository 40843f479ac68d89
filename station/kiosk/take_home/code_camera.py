"""What the kiosk asks of the camera daemon: to look for a code that the runner holds before it."""

from pathlib import Path

import zmq

from station import bus
from station.messages import CodeRequest, CodeSeen

_TIMEOUT_S = 1.5
"""Longer than the camera daemon waits for a camera that is slow to close."""


class CodeCamera:
    """Usable from any thread: each request has its own socket. Raises BusError when refused or unanswered."""

    def __init__(self, context: zmq.Context, runtime: Path) -> None:
        self._context = context
        self._runtime = runtime

    def start(self) -> CodeSeen:
        return self._ask(CodeRequest(action="start"))

    def look(self) -> CodeSeen:
        return self._ask(CodeRequest(action="look"))

    def stop(self) -> CodeSeen:
        return self._ask(CodeRequest(action="stop"))

    def _ask(self, request: CodeRequest) -> CodeSeen:
        return bus.request(self._context, self._runtime, "camera", request, CodeSeen, _TIMEOUT_S)

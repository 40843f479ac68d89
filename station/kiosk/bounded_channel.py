"""A connection whose browser may lag behind only so far."""

import contextlib
import socket

from waitress.channel import ClientDisconnected, HTTPChannel

MAX_PENDING_BYTES = 256 * 1024
"""Some seconds of live events. A page or picture is handed over as one piece, so its size does not matter."""


class BoundedChannel(HTTPChannel):
    """Drops a browser that does not take what it asked for, so that memory stays bounded and its thread comes free."""

    def write_soon(self, data: bytes) -> int:
        """Called by the thread that answers. Raises ClientDisconnected, which ends the answer and closes its body."""
        if self.total_outbufs_len > MAX_PENDING_BYTES:
            self.drop()
            raise ClientDisconnected
        return super().write_soon(data)

    def drop(self) -> None:
        """Have the server's own thread close the socket: a shut-down one is ready for it at once, a full one never."""
        self.will_close = True
        with contextlib.suppress(OSError):  # the browser was faster
            self.socket.shutdown(socket.SHUT_RDWR)

"""What the camera daemon does while its camera cannot even be set up: it says so, and keeps no request for later."""

from station.clock import Clock
from station.daemon import Life
from station.messages import CameraHealth, Done

HEALTH_NS = 1_000_000_000
_TICK_S = 0.05


def serve(life: Life, clock: Clock, fault: str) -> None:
    """Publish the fault once, and answer what is asked with it for a second."""
    life.publisher().send(
        CameraHealth(t_ns=clock.now_ns(), opened=False, frames=0, dropped=0, fps=0.0, backlog=0, fault=fault)
    )
    server = life.server()
    end_ns = clock.now_ns() + HEALTH_NS
    while not life.stopping and clock.now_ns() < end_ns:
        request = server.receive(_TICK_S)
        if request is not None:
            server.reply(request[0], Done(error=fault))

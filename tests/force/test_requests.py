import pytest
import zmq

from station.bus import Server, endpoint
from station.errors import DeviceError
from station.force.requests import LONGEST_ON_NS, ForceRequests
from station.messages import Done, Message, ShuntRequest, ShuntSwitched, StillRequest, encode
from station.sim.virtual_clock import VirtualClock


class Switch:
    """A front end of which only the shunt is used."""

    def __init__(self, fitted: bool = True) -> None:
        self.fitted = fitted
        self.stuck = False
        self.switched: list[bool] = []

    def shunt(self, on: bool) -> int:
        if not self.fitted:
            raise DeviceError("no switch is fitted")
        if self.stuck:
            raise DeviceError("the pin cannot be driven")
        self.switched.append(on)
        return 42 + len(self.switched)


@pytest.fixture
def asked(tmp_path):
    """`ask(message, serve)`: put a question to a real server, let `serve` answer, give the parts of the answer."""
    context = zmq.Context()
    server = Server(context, tmp_path, "force")
    socket = context.socket(zmq.REQ)
    socket.connect(endpoint(tmp_path, "force", "req"))

    def ask(message: Message, serve) -> tuple[bytes, bytes]:
        socket.send_multipart([message.topic.encode(), encode(message)])
        for _ in range(200):
            serve()
            if socket.poll(20):
                return tuple(socket.recv_multipart())
        raise AssertionError("no answer")

    yield server, ask
    socket.close(linger=0)
    server.close()
    context.destroy(linger=0)


def answer(message: Message) -> tuple[bytes, bytes]:
    return message.topic.encode(), encode(message)


def test_the_shunt_is_switched_and_its_instant_told(asked):
    server, ask = asked
    requests, front_end = ForceRequests(server, VirtualClock()), Switch()
    assert ask(ShuntRequest(on=True), lambda: requests.serve(front_end)) == answer(ShuntSwitched(t_ns=43))
    assert ask(ShuntRequest(on=False), lambda: requests.serve(front_end)) == answer(ShuntSwitched(t_ns=44))
    assert front_end.switched == [True, False]


def test_what_cannot_be_done_is_answered_with_the_reason(asked):
    server, ask = asked
    requests = ForceRequests(server, VirtualClock())
    refused = ask(ShuntRequest(on=True), lambda: requests.serve(Switch(fitted=False)))
    assert refused == answer(Done(error="no switch is fitted"))
    unknown = ask(StillRequest(t_ns=1), lambda: requests.serve(Switch()))
    assert unknown == answer(Done(error="the load cells do not know the request still_request"))
    early = ask(ShuntRequest(on=True), lambda: requests.refuse("GPIO 5: busy"))
    assert early == answer(Done(error="GPIO 5: busy"))


def test_a_shunt_that_was_left_on_is_switched_off_once(asked):
    server, ask = asked
    clock, front_end = VirtualClock(), Switch()
    requests = ForceRequests(server, clock)
    ask(ShuntRequest(on=True), lambda: requests.serve(front_end))
    clock.sleep(0.5 * LONGEST_ON_NS * 1e-9)
    requests.serve(front_end)
    assert front_end.switched == [True]
    clock.sleep(0.6 * LONGEST_ON_NS * 1e-9)
    requests.serve(front_end)
    requests.serve(front_end)
    assert front_end.switched == [True, False]


def test_a_shunt_that_does_not_go_off_is_said_once_and_tried_until_it_does(asked, caplog):
    server, ask = asked
    clock, front_end = VirtualClock(), Switch()
    requests = ForceRequests(server, clock)
    ask(ShuntRequest(on=True), lambda: requests.serve(front_end))
    clock.sleep(1.1 * LONGEST_ON_NS * 1e-9)
    front_end.stuck = True
    for _ in range(3):
        requests.serve(front_end)
    assert caplog.text.count("the pin cannot be driven; the shunt is still on") == 1
    front_end.stuck = False
    requests.serve(front_end)
    requests.serve(front_end)
    assert front_end.switched == [True, False]

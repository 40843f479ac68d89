"""The bus with real sockets: late subscribers, restarts, requests that fail in words."""

import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack, closing
from pathlib import Path

import pytest
import zmq

from station.bus import Publisher, Server, Subscriber, endpoint, request
from station.errors import BusError, ConfigError
from station.messages import CameraSwitch, Done, LiveStep, Mark, StillRequest


@pytest.fixture
def context() -> Iterator[zmq.Context]:
    context = zmq.Context()
    yield context
    context.destroy(linger=0)


@pytest.fixture
def kept(context: zmq.Context) -> Iterator[ExitStack]:
    """Closes what a test opened."""
    with ExitStack() as stack:
        yield stack


def step(n: int) -> LiveStep:
    return LiveStep(n=n, side="left", t_s=0.1 * n, cadence_spm=None, contact_time_ms=250.0)


def heard(publisher: Publisher, subscriber: Subscriber, message: LiveStep) -> bool:
    """Whether a message sent again and again arrives within two seconds."""
    for _ in range(100):
        publisher.send(message)
        if subscriber.receive(timeout_s=0.02) == message:
            return True
    return False


def test_a_subscriber_may_come_first_and_survives_a_restart_of_the_publisher(
    tmp_path: Path, context: zmq.Context, kept: ExitStack
) -> None:
    subscriber = kept.enter_context(closing(Subscriber(context, tmp_path, ["force"], [LiveStep])))
    publisher = kept.enter_context(closing(Publisher(context, tmp_path, "force")))
    assert heard(publisher, subscriber, step(1))
    publisher.close()
    again = kept.enter_context(closing(Publisher(context, tmp_path, "force")))
    assert heard(again, subscriber, step(2))


def test_only_the_chosen_types_arrive(tmp_path: Path, context: zmq.Context, kept: ExitStack) -> None:
    publisher = kept.enter_context(closing(Publisher(context, tmp_path, "force")))
    subscriber = kept.enter_context(closing(Subscriber(context, tmp_path, ["force"], [LiveStep])))
    assert heard(publisher, subscriber, step(1))
    publisher.send(Mark(t_ns=1, phase="run"))
    publisher.send(step(9))
    assert [m.n for m in subscriber.drain(timeout_s=1.0) if m.n == 9] == [9]


def test_a_request_is_answered_or_fails_in_words(tmp_path: Path, context: zmq.Context, kept: ExitStack) -> None:
    server = kept.enter_context(closing(Server(context, tmp_path, "camera")))

    def serve() -> None:
        for _ in range(3):
            address, message = server.receive(timeout_s=5.0)
            server.reply(address, Done(error=None if isinstance(message, CameraSwitch) else "no such still"))

    thread = threading.Thread(target=serve)
    thread.start()
    assert request(context, tmp_path, "camera", CameraSwitch(on=True), Done) == Done()
    with pytest.raises(BusError, match="the camera daemon: no such still"):
        request(context, tmp_path, "camera", StillRequest(t_ns=1), Done)
    with pytest.raises(BusError, match="answered done"):
        request(context, tmp_path, "camera", CameraSwitch(on=True), Mark)
    thread.join()


def test_nobody_there_is_said_in_time(tmp_path: Path, context: zmq.Context) -> None:
    began_s = time.monotonic()
    with pytest.raises(BusError, match=r"the fusion daemon did not answer within 0\.1 s"):
        request(context, tmp_path, "fusion", CameraSwitch(on=True), Done, timeout_s=0.1)
    assert time.monotonic() - began_s < 2


def test_nonsense_is_answered_not_died_of(tmp_path: Path, context: zmq.Context, kept: ExitStack) -> None:
    server = kept.enter_context(closing(Server(context, tmp_path, "camera")))
    for parts in ([b"camera_switch", b"\xff"], [b"unheard_of", b""], [b"\xff\xfe", b""]):
        socket = context.socket(zmq.REQ)
        socket.connect(endpoint(tmp_path, "camera", "req"))
        socket.send_multipart(parts)
        assert server.receive(timeout_s=2.0) is None
        assert socket.poll(2000)
        assert b"request not understood" in socket.recv_multipart()[1]
        socket.close()


def test_a_subscriber_leaves_out_what_it_cannot_understand_and_says_so_once(
    tmp_path: Path, context: zmq.Context, kept: ExitStack, caplog: pytest.LogCaptureFixture
) -> None:
    publisher = kept.enter_context(closing(Publisher(context, tmp_path, "force")))
    subscriber = kept.enter_context(closing(Subscriber(context, tmp_path, ["force"], [LiveStep])))
    assert heard(publisher, subscriber, step(1))
    for parts in ([b"live_step", b"\xff"], [b"live_step"], [b"live_step2", b""], [b"live_step\xff", b""]):
        publisher._socket.send_multipart(parts)
        publisher._socket.send_multipart(parts)
    publisher.send(step(9))
    assert [m.n for m in subscriber.drain(timeout_s=5.0) if m.n == 9] == [9]
    said = [record.args[0] for record in caplog.records]
    assert sorted(said) == [b"live_step", b"live_step2", b"live_step\xff"]


@pytest.mark.parametrize("parts", [[b"done", b"\xff"], [b"unheard_of", b""], [b"done"], [b"\xff", b""]])
def test_an_answer_of_another_version_is_a_bus_error(
    tmp_path: Path, context: zmq.Context, kept: ExitStack, parts: list[bytes]
) -> None:
    server = kept.enter_context(closing(Server(context, tmp_path, "camera")))

    def serve() -> None:
        address, _ = server.receive(timeout_s=5.0)
        server.socket.send_multipart([*address, *parts])

    thread = threading.Thread(target=serve)
    thread.start()
    with pytest.raises(BusError, match="the camera daemon's answer is not understood"):
        request(context, tmp_path, "camera", CameraSwitch(on=True), Done)
    thread.join()


def test_an_impossible_runtime_directory_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(ConfigError, match="runtime_dir"):
        endpoint(tmp_path / "file", "force", "pub")
    with pytest.raises(ConfigError, match="too long for a socket"):
        endpoint(tmp_path / ("x" * 120), "force", "pub")

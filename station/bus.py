"""Publish / subscribe and request / reply between the daemons, over ZeroMQ `ipc://` sockets in the runtime directory.

Each daemon binds one publisher (`<name>.pub`) and one request socket (`<name>.req`). A subscriber may start
before its publisher and survives its restart. Nothing here knows what the messages mean.
"""

import logging
import os
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any, Generic, TypeVar

import msgspec
import zmq

from station import messages
from station.errors import BusError, ConfigError, NoAnswerError
from station.messages import Message
from station.words import N_

M = TypeVar("M", bound=Message)
log = logging.getLogger(__name__)

_HIGH_WATER = 4000  # messages; at 50 batches/s this is over a minute of load-cell data
_MAX_PATH = 100  # bytes; the kernel's limit for a socket path is 107

_TYPES: dict[str, type[Message]] = {
    t.topic: t for t in vars(messages).values() if isinstance(t, type) and issubclass(t, Message) and t is not Message
}

_NOT_UNDERSTOOD = (msgspec.DecodeError, KeyError, ValueError)
"""What `_decoded` raises on the bytes of another version, or of another program."""


def decode(topic: str, payload: bytes) -> Message:
    """Bytes of a message of that topic -> the message. Raises msgspec.DecodeError on bytes of another shape."""
    return msgspec.msgpack.decode(payload, type=_TYPES[topic])


def _decoded(parts: list[bytes]) -> Message:
    topic, payload = parts
    return decode(topic.decode(), payload)


def make_runtime(runtime: Path) -> None:
    """Make the runtime directory. Raises ConfigError where it cannot be made or written."""
    try:
        runtime.mkdir(parents=True, exist_ok=True, mode=0o700)
    except OSError as e:
        raise ConfigError(f"runtime_dir {runtime}: {e.strerror}; choose a directory this user may write") from None
    if not os.access(runtime, os.W_OK):
        raise ConfigError(f"runtime_dir {runtime}: not writable by this user; choose another or run as the owner")


def endpoint(runtime: Path, daemon: str, kind: str) -> str:
    """Socket address of a daemon; makes the runtime directory. Raises ConfigError where it cannot."""
    make_runtime(runtime)
    path = runtime / f"{daemon}.{kind}"
    if len(os.fsencode(path)) > _MAX_PATH:
        raise ConfigError(f"runtime_dir {runtime}: the path is too long for a socket; choose a shorter one")
    return f"ipc://{path}"


class Publisher:
    """The one publisher of a daemon. Sending never blocks: a slow subscriber loses its oldest messages."""

    def __init__(self, context: zmq.Context, runtime: Path, daemon: str) -> None:
        self._socket = context.socket(zmq.PUB)
        self._socket.set(zmq.SNDHWM, _HIGH_WATER)
        self._socket.set(zmq.LINGER, 0)
        self._socket.bind(endpoint(runtime, daemon, "pub"))

    def send(self, message: Message) -> None:
        self._socket.send_multipart([message.topic.encode(), messages.encode(message)])

    def close(self) -> None:
        self._socket.close()


class Subscriber:
    """Messages of some types from some daemons, in one stream."""

    def __init__(self, context: zmq.Context, runtime: Path, daemons: list[str], types: list[type[Message]]) -> None:
        self._complained: set[bytes] = set()  # topics
        self._socket = context.socket(zmq.SUB)
        self._socket.set(zmq.RCVHWM, _HIGH_WATER)
        self._socket.set(zmq.LINGER, 0)
        for t in types:
            self._socket.subscribe(t.topic.encode())
        for daemon in daemons:
            self._socket.connect(endpoint(runtime, daemon, "pub"))

    @property
    def socket(self) -> zmq.Socket:
        """For a zmq.Poller over several sockets."""
        return self._socket

    def receive(self, timeout_s: float = 0.0) -> Message | None:
        """The next message, or None when none came in time. What cannot be understood is left out."""
        end_s = time.monotonic() + timeout_s
        while self._socket.poll(max(0, round((end_s - time.monotonic()) * 1000))):
            parts = self._socket.recv_multipart()
            try:
                return _decoded(parts)
            except _NOT_UNDERSTOOD as e:
                self._complain(parts[0], e)
        return None

    def _complain(self, topic: bytes, error: Exception) -> None:
        """Once a topic: a daemon of another version says the same fifty times a second."""
        if topic not in self._complained:
            self._complained.add(topic)
            log.warning("messages %r are left out: %s; are all daemons of one version?", topic, error)

    def drain(self, timeout_s: float = 0.0) -> Iterator[Message]:
        """All messages that are waiting; waits up to `timeout_s` for the first."""
        message = self.receive(timeout_s)
        while message is not None:
            yield message
            message = self.receive()

    def close(self) -> None:
        self._socket.close()


class Server:
    """The request socket of a daemon: `poll` inside the daemon's own loop, one reply for each request."""

    def __init__(self, context: zmq.Context, runtime: Path, daemon: str) -> None:
        self._socket = context.socket(zmq.ROUTER)
        self._socket.set(zmq.LINGER, 200)
        self._socket.bind(endpoint(runtime, daemon, "req"))

    @property
    def socket(self) -> zmq.Socket:
        return self._socket

    def receive(self, timeout_s: float = 0.0) -> tuple[Any, Message] | None:
        """(return address, request), or None. A request that cannot be decoded is answered with the error here."""
        if not self._socket.poll(round(timeout_s * 1000)):
            return None
        *address, topic, payload = self._socket.recv_multipart()
        try:
            return address, _decoded([topic, payload])
        except _NOT_UNDERSTOOD as e:
            self.reply(address, messages.Done(error=f"request not understood: {e}"))
            return None

    def reply(self, address: Any, message: Message) -> None:
        self._socket.send_multipart([*address, message.topic.encode(), messages.encode(message)])

    def close(self) -> None:
        self._socket.close()


class Line:
    """A private line between a daemon and one child process, which connects to the `address` that the daemon binds.

    Sending never blocks: what the other end has not read yet waits in memory.
    """

    def __init__(self, context: zmq.Context, address: str, bind: bool) -> None:
        self._socket = context.socket(zmq.PAIR)
        self._socket.set(zmq.SNDHWM, 0)
        self._socket.set(zmq.RCVHWM, 0)
        self._socket.set(zmq.LINGER, 0 if bind else -1)
        if bind:
            self._socket.bind(address)
        else:
            self._socket.connect(address)

    def send(self, message: Message) -> bool:
        """False, and nothing sent, where nobody is at the other end."""
        try:
            self._socket.send_multipart([message.topic.encode(), messages.encode(message)], zmq.NOBLOCK)
        except zmq.Again:
            return False
        return True

    def receive(self, timeout_s: float | None = 0.0) -> Message | None:
        """The next message, or None when none came in time; `timeout_s` None waits for ever."""
        if not self._socket.poll(None if timeout_s is None else round(timeout_s * 1000)):
            return None
        return _decoded(self._socket.recv_multipart())

    def close(self) -> None:
        self._socket.close()


class Question(Generic[M]):
    """Asked of a daemon, and under way: whoever asks need not wait. To be closed."""

    def __init__(self, context: zmq.Context, runtime: Path, daemon: str, message: Message, reply: type[M]) -> None:
        self._daemon, self._topic, self._reply = daemon, message.topic, reply
        self._socket = context.socket(zmq.REQ)
        self._socket.set(zmq.LINGER, 0)
        try:
            self._socket.connect(endpoint(runtime, daemon, "req"))
            self._socket.send_multipart([message.topic.encode(), messages.encode(message)])
        except BaseException:
            self._socket.close()
            raise

    def answer(self, timeout_s: float = 0.0) -> M | None:
        """The reply; None when there was none in time. Raises BusError for an error or nonsense."""
        if not self._socket.poll(round(timeout_s * 1000)):
            return None
        daemon = self._daemon
        try:
            answer = _decoded(self._socket.recv_multipart())
        except _NOT_UNDERSTOOD as e:
            raise BusError(
                N_("the {daemon} daemon's answer is not understood ({error}); is it of another version?").format(
                    daemon=daemon, error=e
                )
            ) from None
        if isinstance(answer, messages.Done) and answer.error:
            raise BusError(N_("the {daemon} daemon: {error}").format(daemon=daemon, error=answer.error))
        if not isinstance(answer, self._reply):
            raise BusError(
                N_("the {daemon} daemon answered {answer} to {question}; is it of another version?").format(
                    daemon=daemon, answer=answer.topic, question=self._topic
                )
            )
        return answer

    def close(self) -> None:
        self._socket.close()


def request(
    context: zmq.Context, runtime: Path, daemon: str, message: Message, reply: type[M], timeout_s: float = 2.0
) -> M:
    """Ask a daemon and wait for its reply.

    Raises BusError when it answers an error or nonsense, NoAnswerError when it does not answer in time.
    """
    with closing(Question(context, runtime, daemon, message, reply)) as question:
        answer = question.answer(timeout_s)
    if answer is None:
        raise NoAnswerError(
            N_("the {daemon} daemon did not answer within {timeout_s:g} s; is it running?").format(
                daemon=daemon, timeout_s=timeout_s
            )
        )
    return answer

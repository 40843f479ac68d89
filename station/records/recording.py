"""Run recordings in MCAP: append-only, chunked, with CRCs, readable up to the last chunk after a crash.

A kept recording is brought to the disk every second, and so outlives a power cut; a sealed one is not meant to.
Every message is stored as it crossed the bus (msgpack; the topic is the channel), stamped with data time.
"""

import contextlib
import io
import struct
from collections.abc import Iterator
from pathlib import Path
from typing import Protocol

import msgspec
from mcap.exceptions import EndOfFile, McapError
from mcap.records import Channel
from mcap.records import Message as McapMessage
from mcap.stream_reader import StreamReader
from mcap.writer import MCAP0_MAGIC, CompressionType, Writer

from station import __version__, bus, messages
from station.errors import RecordingError
from station.messages import Message
from station.records import sealed
from station.records.disk import KeptFile

_CHUNK_NS = 250_000_000  # data time: what a crash may cost
_RECORD_LIMIT = 64 << 20


class Sink(Protocol):
    """Where a recording's bytes go: a kept file or a sealed one."""

    def write(self, data: bytes) -> int: ...
    def flush(self) -> None: ...
    def close(self) -> None: ...


class RunWriter:
    """One run's recording. Raises RecordingError (disk full, read-only, ...) from any call."""

    def __init__(self, path: Path, key: bytes | None) -> None:
        """`key` None writes a plain, kept MCAP file; else a sealed one."""
        self.path = path
        self._channels: dict[str, int] = {}
        with _explained(path):
            path.parent.mkdir(parents=True, exist_ok=True)
            self._sink: Sink = KeptFile(path) if key is None else sealed.SealedFile(path, key)
            self._writer = Writer(_Counted(self._sink), compression=CompressionType.NONE)
            self._writer.start(profile="station", library=f"station {__version__}")
            self._writer.flush()
        self._flushed_ns = 0

    def add(self, message: Message, t_ns: int) -> None:
        """Append one message; what is older than a quarter of a second is in the kernel's hands when this returns."""
        with _explained(self.path):
            channel = self._channels.get(message.topic) or self._register(message.topic)
            self._writer.add_message(channel, t_ns, messages.encode(message), publish_time=t_ns)
            if abs(t_ns - self._flushed_ns) > _CHUNK_NS:
                self._writer.flush()
                self._flushed_ns = t_ns

    def _register(self, topic: str) -> int:
        schema = self._writer.register_schema(f"station.{topic}", "", b"")
        self._channels[topic] = self._writer.register_channel(topic, "msgpack", schema)
        return self._channels[topic]

    def close(self) -> None:
        """Finish the file; a kept one is on the disk then. What was written before stays readable where this fails."""
        with _explained(self.path), contextlib.closing(self._sink):
            self._writer.finish()


class _Counted:
    """The writer's output: a sink that also knows how much went through it."""

    def __init__(self, sink: Sink) -> None:
        self._sink = sink
        self._length = 0

    def write(self, data: bytes) -> int:
        written = self._sink.write(data)
        self._length += written
        return written

    def tell(self) -> int:
        return self._length

    def flush(self) -> None:
        self._sink.flush()


class _explained:  # noqa: N801 - a context manager, read as a word
    """Turns an operating-system error into a RecordingError that names the file."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def __enter__(self) -> None: ...

    def __exit__(self, kind: type | None, error: BaseException | None, trace: object) -> None:
        if isinstance(error, OSError) and not isinstance(error, RecordingError):
            raise RecordingError(f"recording {self._path}: {error.strerror}; free space or check the disk") from None


def read(path: Path, key: bytes | None = None) -> Iterator[Message]:
    """Messages of a recording in the order written; a file cut off by a crash ends at its last whole chunk.

    `key` is needed for a sealed recording. Raises RecordingError for a file that is no recording or was altered.
    """
    try:
        data = b"".join(sealed.blocks(path, key)) if key is not None else path.read_bytes()
    except OSError as e:
        if isinstance(e, RecordingError):
            raise
        raise RecordingError(f"recording {path}: {e.strerror}; check the path") from None
    if not data.startswith(MCAP0_MAGIC):
        raise RecordingError(f"recording {path}: not a station recording; give a .mcap file of a run")
    if not data.endswith(MCAP0_MAGIC):
        data = data.rstrip(b"\0")  # a power cut leaves them in the file system's last block
    topics: dict[int, str] = {}
    reader = StreamReader(io.BytesIO(data), validate_crcs=True, record_size_limit=_RECORD_LIMIT)
    try:
        for record in reader.records:
            if isinstance(record, Channel):
                topics[record.id] = record.topic
            elif isinstance(record, McapMessage):
                yield bus.decode(topics[record.channel_id], record.data)
    except (EndOfFile, struct.error):
        return  # cut off: what came before is whole, each chunk has its CRC
    except (McapError, KeyError, ValueError, OverflowError, MemoryError, msgspec.DecodeError) as e:
        raise RecordingError(f"recording {path}: damaged ({e or type(e).__name__}); use another copy") from None


def open_any(path: Path, runtime: Path) -> Iterator[Message]:
    """`read`, finding the key of a sealed recording by its name in the runtime directory."""
    if path.exists() and not path.is_file():
        raise RecordingError(f"recording {path}: not a regular file; give a .mcap file of a run")
    try:
        key = sealed.load_key(runtime, path) if sealed.is_sealed(path) else None
    except OSError as e:
        if isinstance(e, RecordingError):
            raise
        raise RecordingError(f"recording {path}: {e.strerror}; check the path") from None
    return read(path, key)

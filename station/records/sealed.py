"""A file that becomes unreadable when its key is forgotten: the recording of a visit nobody has chosen to keep.

Layout: MAGIC, then blocks of (length u32 little-endian, nonce 12 bytes, AES-256-GCM ciphertext). Each flush is one
block, so that a file cut off at any byte is readable up to its last whole block. The key lives in the runtime
directory (a tmpfs): a restarted daemon finds it, a power cut or a wipe does not.
"""

import os
import struct
from collections.abc import Iterator
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from station.errors import RecordingError
from station.records.disk import AppendFile

MAGIC = b"STATION-SEALED-1\n"
KEYS = "keys"
"""Folder of the keys, in the runtime directory."""
_NONCE = 12


def key_path(runtime: Path, visit_id: str) -> Path:
    """Where the key of a visit lives while the visit lasts."""
    return runtime / KEYS / f"{visit_id}.key"


def new_key(runtime: Path, visit_id: str) -> bytes:
    """Make and store the throw-away key of a visit."""
    path = key_path(runtime, visit_id)
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    key = AESGCM.generate_key(256)
    with open(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as f:
        f.write(key)
    return key


def load_key(runtime: Path, path: Path) -> bytes:
    """The key of a recording, by the visit in its name. Raises RecordingError when it is gone: nothing can read it."""
    try:
        return key_path(runtime, path.stem).read_bytes()
    except FileNotFoundError:
        raise RecordingError(f"recording {path}: it was temporary and its key is gone; give a kept one") from None


class SealedFile:
    """Write-only, append-only. `write` collects, `flush` seals what was collected into one block."""

    def __init__(self, path: Path, key: bytes) -> None:
        self._cipher = AESGCM(key)
        self._pending = bytearray()
        self._file = AppendFile(path)
        self._file.append(MAGIC)

    def write(self, data: bytes) -> int:
        self._pending += data
        return len(data)

    def flush(self) -> None:
        if not self._pending:
            return
        nonce = os.urandom(_NONCE)
        sealed = self._cipher.encrypt(nonce, bytes(self._pending), None)
        self._file.append(struct.pack("<I", len(sealed)) + nonce + sealed)
        self._pending.clear()

    def close(self) -> None:
        try:
            self.flush()
        finally:
            self._file.close()


def is_sealed(path: Path) -> bool:
    with path.open("rb") as f:
        return f.read(len(MAGIC)) == MAGIC


def blocks(path: Path, key: bytes) -> Iterator[bytes]:
    """Plain bytes of each whole block. Raises RecordingError when the key does not fit or a block was altered."""
    cipher = AESGCM(key)
    with path.open("rb") as f:
        f.seek(len(MAGIC))
        while len(head := f.read(4 + _NONCE)) == 4 + _NONCE:
            (length,) = struct.unpack("<I", head[:4])
            sealed = f.read(length)
            if len(sealed) < length:
                return  # cut off in mid-block
            try:
                yield cipher.decrypt(head[4:], sealed, None)
            except InvalidTag:
                raise RecordingError(f"recording {path}: altered, or sealed with another key") from None

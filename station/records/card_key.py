"""The key with which a station signs the codes that runners take home, and the keys of the stations it believes.

`card_key.pem` in the state directory is the station's own Ed25519 key (RFC 8032), made at first use; its public half
lies beside it as `card_key.pub`. Public keys of sister stations are files `card_keys/*.pub` in the same directory.
"""

import contextlib
import hashlib
import logging
import os
import tempfile
from collections.abc import Iterator
from pathlib import Path

from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from station.errors import CardKeyError
from station.records.disk import sync_folder

log = logging.getLogger(__name__)

PRIVATE_FILE, PUBLIC_FILE, SISTERS_FOLDER = "card_key.pem", "card_key.pub", "card_keys"
SIGNATURE_BYTES = 64
ID_BYTES = 4
"""Of a key's name in a code: it only picks the key, the signature proves it."""
_REMEDY = "take it away, and a new one is made: codes signed so far are then no longer believed"


class CardKeys:
    """Signs for this station, and checks signatures of it and its sisters."""

    def __init__(self, own: Ed25519PrivateKey, sisters: tuple[Ed25519PublicKey, ...] = ()) -> None:
        self._own = own
        self.id = key_id(own.public_key())
        self._believed = {key_id(key): key for key in (*sisters, own.public_key())}

    def sign(self, message: bytes) -> bytes:
        """The signature, SIGNATURE_BYTES long."""
        return self._own.sign(message)

    def knows(self, by: bytes) -> bool:
        """Whether the key of this id is believed."""
        return by in self._believed

    def is_genuine(self, by: bytes, signature: bytes, message: bytes) -> bool:
        """Whether the key of this id, a believed one, has signed exactly this message."""
        key = self._believed.get(by)
        if key is None:
            return False
        try:
            key.verify(signature, message)
        except InvalidSignature:
            return False
        return True


def key_id(key: Ed25519PublicKey) -> bytes:
    """The first ID_BYTES of the SHA-256 of the raw public key."""
    raw = key.public_bytes(serialization.Encoding.Raw, serialization.PublicFormat.Raw)
    return hashlib.sha256(raw).digest()[:ID_BYTES]


def load(state: Path) -> CardKeys:
    """The station's keys, its own made where there is none yet.

    Raises CardKeyError where the own key is damaged or cannot be made. A sister's damaged key is left out, and logged.
    """
    path = state / PRIVATE_FILE
    try:
        if not path.exists():
            _make(path)
        own = _own(path)
    except OSError as e:
        raise CardKeyError(
            f"key of the take-home codes {path}: {e.strerror}; check the directory and its space"
        ) from None
    _publish(own.public_key(), path.with_name(PUBLIC_FILE))
    return CardKeys(own, tuple(_sisters(state / SISTERS_FOLDER)))


def _own(path: Path) -> Ed25519PrivateKey:
    try:
        key = serialization.load_pem_private_key(path.read_bytes(), password=None)
    except (ValueError, TypeError, UnsupportedAlgorithm):
        raise CardKeyError(f"key of the take-home codes {path} is damaged; {_REMEDY}") from None
    if not isinstance(key, Ed25519PrivateKey):
        raise CardKeyError(f"key of the take-home codes {path} is not an Ed25519 key; {_REMEDY}")
    return key


def _make(path: Path) -> None:
    """Make a key whole or not at all; of two stations that start at once, the first one's counts."""
    secret = Ed25519PrivateKey.generate().private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    path.parent.mkdir(parents=True, exist_ok=True)
    with _half_written(path, secret) as half, contextlib.suppress(FileExistsError):
        os.link(half, path)  # unlike a rename, it never replaces the key that another start has made meanwhile
    sync_folder(path.parent)


def _publish(key: Ed25519PublicKey, path: Path) -> None:
    """Put the public half where an installer finds it, unless it is there; a disk that refuses it is logged."""
    public = key.public_bytes(serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo)
    with contextlib.suppress(OSError):
        if path.read_bytes() == public:
            return
    try:
        with _half_written(path, public) as half:
            os.replace(half, path)
    except OSError as e:
        log.error("public key %s cannot be written: %s", path, e.strerror)


@contextlib.contextmanager
def _half_written(path: Path, content: bytes) -> Iterator[str]:
    """A file beside `path`, on the disk, gone afterwards unless it was moved."""
    descriptor, name = tempfile.mkstemp(prefix=f".{path.name}.", dir=path.parent)  # mode 0600
    try:
        with open(descriptor, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        yield name
    finally:
        with contextlib.suppress(FileNotFoundError):
            os.unlink(name)


def _sisters(folder: Path) -> Iterator[Ed25519PublicKey]:
    for path in sorted(folder.glob("*.pub")):
        try:
            key = serialization.load_pem_public_key(path.read_bytes())
        except (OSError, ValueError, UnsupportedAlgorithm) as e:
            log.error("public key %s of a sister station cannot be read (%s): codes of it are not believed", path, e)
            continue
        if isinstance(key, Ed25519PublicKey):
            yield key
        else:
            log.error("public key %s is not an Ed25519 key: codes of that station are not believed", path)

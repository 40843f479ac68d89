"""The staff PIN: kept as an argon2id hash (RFC 9106) in a file of the state directory, which only its user may read."""

from itertools import pairwise
from pathlib import Path

from argon2 import PasswordHasher, extract_parameters
from argon2.exceptions import Argon2Error, InvalidHashError

from station.errors import ConfigError
from station.records import disk
from station.words import N_

FILE = "staff_pin"
INSTALLED_COMMAND = "sudo -u station-kiosk station pin"
"""Sets it on an installed station (docs/installation.md): as the user whom the kiosk runs as."""
LEAST_DIGITS, MOST_DIGITS = 6, 12
_LEAST_DIFFERENT = 3
_hasher = PasswordHasher()  # the library's defaults are RFC 9106's low-memory profile: 64 MiB, 3 passes


class StaffPin:
    """The PIN of the station whose state directory this is."""

    def __init__(self, state: Path) -> None:
        self._path = state / FILE

    @property
    def is_set(self) -> bool:
        """Also where the file cannot be read: only the station's user may set another then, not who stands there."""
        try:
            self._path.stat()
        except FileNotFoundError:
            return False
        except OSError:
            return True
        return True

    @property
    def damaged(self) -> bool:
        """There is one, and no PIN can match it."""
        if not self.is_set:
            return False
        try:
            extract_parameters(self._path.read_text(encoding="ascii"))
        except (InvalidHashError, OSError, ValueError):
            return True
        return False

    def set(self, pin: str) -> None:
        """Keep this PIN. Raises ConfigError where it is weak or cannot be written."""
        reason = weakness(pin)
        if reason:
            raise ConfigError(N_("the PIN {reason}; choose another").format(reason=reason))
        try:
            disk.write_whole(self._path, _hasher.hash(pin).encode("ascii"), mode=0o600)
        except OSError as e:
            raise ConfigError(
                N_("{path}: {strerror}; is this the station's user?").format(path=self._path, strerror=e.strerror)
            ) from None

    def matches(self, pin: str) -> bool:
        """Whether this is the PIN; takes as long for a wrong one. False where the file cannot be read."""
        try:
            return _hasher.verify(self._path.read_text(encoding="ascii"), pin)
        except (Argon2Error, InvalidHashError, OSError, ValueError):
            return False


def weakness(pin: str) -> str | None:
    """Why nobody should use this PIN; None for one that is good enough."""
    if not (pin.isascii() and pin.isdigit()):
        return N_("may have digits only")
    if not LEAST_DIGITS <= len(pin) <= MOST_DIGITS:
        return N_("must have {least_digits} to {most_digits} digits").format(
            least_digits=LEAST_DIGITS, most_digits=MOST_DIGITS
        )
    if len(set(pin)) < _LEAST_DIFFERENT:
        return N_("must have at least {least_different} different digits").format(least_different=_LEAST_DIFFERENT)
    steps = {(int(b) - int(a)) % 10 for a, b in pairwise(pin)}
    if steps in ({1}, {9}):
        return N_("must not count up or down")
    if any(pin == pin[:k] * (len(pin) // k) for k in range(1, len(pin) // 2 + 1) if len(pin) % k == 0):
        return N_("must not repeat itself")
    return None

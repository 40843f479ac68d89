"""The text of the code that a runner takes home: words to read, then a signed summary for the next visit.

    <words, any language>\\n
    RUN:<base45 of: schema, 1 byte | key id, 4 bytes | body, msgpack | Ed25519 signature, 64 bytes>

The signature is over the UTF-8 of the words, the line's end and `RUN:`, then schema, key id and body: no character of
the code can be another. docs/take-home.md describes the body for other readers.
"""

from collections.abc import Iterable

import msgspec

from station.errors import InputError
from station.kiosk.take_home import base45, code_body
from station.records.card_key import ID_BYTES, SIGNATURE_BYTES, CardKeys
from station.scorecard.run_summary import RunSummary
from station.words import N_

MARKER = "RUN:"
SCHEMA = 1
MOST_CHARACTERS = 2500
"""More than any code of ours, fewer than the largest QR code holds."""

NOT_OURS = N_("This is not a code of a running station.")
DAMAGED = N_("This code is damaged. Please show the whole code as it was on the screen.")
ALTERED = N_("This code was altered: its signature does not fit. It is not used.")
FOREIGN = N_("This code was made by a station that this one does not know. It is not used.")
NEWER = N_("This code was made by another version of the station. This one cannot read it.")


class CodeError(InputError):
    """A code that is not used; the message is one of this module's sentences."""


def signed(words: str, summary: RunSummary, keys: CardKeys) -> tuple[str, str]:
    """The two parts of a code's text: what a person reads, and the line for the station."""
    said = f"{words}\n"
    content = bytes([SCHEMA]) + keys.id + code_body.encode(summary)
    signature = keys.sign((said + MARKER).encode() + content)
    return said, MARKER + base45.encode(content + signature)


def read(code: str, keys: CardKeys, mistakes: Iterable[str]) -> RunSummary:
    """The summary of a genuine code. `mistakes`: ids that this station knows. Raises CodeError on any other text."""
    said, marker, line = code.rpartition(f"\n{MARKER}")
    if not marker or len(code) > MOST_CHARACTERS:
        raise CodeError(NOT_OURS)
    try:
        content = base45.decode(line)
        message = f"{said}\n{MARKER}".encode()
    except ValueError:
        raise CodeError(DAMAGED) from None
    content, signature = content[:-SIGNATURE_BYTES], content[-SIGNATURE_BYTES:]
    if len(content) <= 1 + ID_BYTES:
        raise CodeError(DAMAGED)
    if content[0] != SCHEMA:
        raise CodeError(NEWER)
    station = content[1 : 1 + ID_BYTES]
    if not keys.knows(station):
        raise CodeError(FOREIGN)
    if not keys.is_genuine(station, signature, message + content):
        raise CodeError(ALTERED)
    try:
        return code_body.decode(content[1 + ID_BYTES :], station, mistakes)
    except msgspec.DecodeError:
        raise CodeError(NEWER) from None

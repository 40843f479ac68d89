"""Base45 (RFC 9285): bytes in the 45 characters that a QR code packs into 5.5 bits each."""

_ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:"
_VALUE = {character: value for value, character in enumerate(_ALPHABET)}
_BASE = len(_ALPHABET)


def encode(data: bytes) -> str:
    """Two bytes to three characters, a last single byte to two; the lowest digit first."""
    out = []
    for i in range(0, len(data), 2):
        pair = data[i : i + 2]
        n = int.from_bytes(pair, "big")
        for _ in range(len(pair) + 1):
            n, digit = divmod(n, _BASE)
            out.append(_ALPHABET[digit])
    return "".join(out)


def decode(text: str) -> bytes:
    """The bytes of which this is the one encoding. Raises ValueError on anything else."""
    out = bytearray()
    for i in range(0, len(text), 3):
        group = text[i : i + 3]
        try:
            n = sum(_VALUE[character] * _BASE**place for place, character in enumerate(group))
            out += n.to_bytes(len(group) - 1, "big")
        except (KeyError, OverflowError):
            raise ValueError(f"{group!r} at {i} is not base45") from None
        if len(group) == 1:
            raise ValueError("base45 text ends with a single character")
    return bytes(out)

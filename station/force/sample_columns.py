"""Room for the conversions of one read, taken once and filled by index."""

import numpy as np

from station.messages import SampleBatch


class SampleColumns:
    """The columns of a `SampleBatch` while they are filled. Room that was taken is kept for the next read."""

    def __init__(self) -> None:
        self._room = 0
        self._count = 0
        self._arrays: dict[str, np.ndarray] = {}

    @property
    def free(self) -> int:
        """Conversions for which there is room."""
        return self._room - self._count

    def clear(self, room: int) -> None:
        """Begin anew, with room for at least `room` conversions."""
        self._count = 0
        if room > self._room:
            self._room = room
            self._arrays = {name: np.zeros(room, dtype) for name, dtype in SampleBatch.DTYPES.items()}
            views = (memoryview(self._arrays[name]) for name in SampleBatch.DTYPES)  # quicker than an array, one by one
            self._channel, self._raw, self._high_ns, self._low_ns, self._seq, self._flags = views

    def add(self, channel: int, raw: int, high_ns: int, low_ns: int, seq: int, flags: int) -> None:
        """One conversion, in the order of `SampleBatch`. Raises IndexError where there is no room."""
        i = self._count
        self._channel[i] = channel
        self._raw[i] = raw
        self._high_ns[i] = high_ns
        self._low_ns[i] = low_ns
        self._seq[i] = seq
        self._flags[i] = flags
        self._count = i + 1

    def batch(self) -> SampleBatch:
        """A copy of what was added."""
        return SampleBatch.of(**{name: column[: self._count] for name, column in self._arrays.items()})

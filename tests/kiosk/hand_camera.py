"""A camera daemon led by hand: it has seen what a test says."""

from station.errors import BusError
from station.messages import CodeSeen


class HandCamera:
    """`texts` are handed over at the next look; `silent`: nobody answers."""

    def __init__(self) -> None:
        self.texts: list[str] = []
        self.fault: str | None = None
        self.silent = False
        self.looking = False
        self.starts = 0

    def start(self) -> CodeSeen:
        self.looking, self.starts = not self.silent, self.starts + 1
        return self._answer()

    def look(self) -> CodeSeen:
        return self._answer()

    def stop(self) -> CodeSeen:
        self.looking = False
        return self._answer()

    def _answer(self) -> CodeSeen:
        if self.silent:
            raise BusError("the camera daemon did not answer within 1.5 s; is it running?")
        texts, self.texts = self.texts, []
        return CodeSeen(looking=self.looking, texts=texts, fault=self.fault)

"""What only points at itself is freed a moment after the visit."""

import gc
import weakref

from station.forgetting import Forgetting
from tests.kiosk.conftest import HandClock

AFTER_S = 1.0


class Page:
    """Points at itself, as a page with its macros does."""

    def __init__(self) -> None:
        self.macro = self


def test_rings_are_freed_after_the_visit() -> None:
    clock = HandClock()
    forgetting = Forgetting(clock, AFTER_S)
    forgetting.look("visit")
    clock.sleep(AFTER_S)
    forgetting.look("visit")
    gc.disable()
    try:
        page = weakref.ref(Page())
        forgetting.look(None)
        assert page() is not None
        clock.sleep(AFTER_S)
        forgetting.look(None)
        assert page() is None
    finally:
        gc.enable()

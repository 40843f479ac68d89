"""The steps of the set-up, in their order and by their names."""

from station.kiosk.languages import gettext as _

STEPS = (
    "language", "screen", "station", "treadmill", "camera", "pin", "cells", "masses", "ringing", "view", "privacy",
    "done",
)  # fmt: skip
BEFORE_PIN = STEPS[: STEPS.index("pin") + 1]
"""Those that whoever stands at a fresh station may take."""
CALIBRATIONS = {"masses": ("tare", "grid"), "ringing": ("kernel", "deck"), "view": ("camera",)}
"""The calibrations that a step leads to."""


def title(step: str) -> str:
    """In the current language."""
    return {
        "language": _("Language"),
        "screen": _("Screen"),
        "station": _("Name and use"),
        "treadmill": _("Treadmill and load cells"),
        "camera": _("Camera"),
        "pin": _("PIN of the staff"),
        "cells": _("Are the cells wired right?"),
        "masses": _("Zero and known masses"),
        "ringing": _("Blur and ringing"),
        "view": _("Place of the camera"),
        "privacy": _("Privacy sheet"),
        "done": _("What this station measures now"),
    }[step]


def after(step: str) -> str:
    """The next step; after the last one, itself."""
    return STEPS[min(STEPS.index(step) + 1, len(STEPS) - 1)]


def before(step: str) -> str | None:
    """None before the first one."""
    return STEPS[STEPS.index(step) - 1] if step != STEPS[0] else None

"""Errors a user can meet: one root, and each is also the builtin a Python user expects.

A message says what is wrong, where, and what to do. The command prints it as one line and ends
with status 2; a daemon publishes it; the kiosk shows it. None of them shows a traceback.
"""


class StationError(Exception):
    """Root of all errors that the station raises on purpose."""


class ConfigError(StationError, ValueError):
    """The configuration has an unknown key, a wrong type or an impossible value."""


class InputError(StationError, ValueError):
    """A file given by the user cannot be analysed: which file, which row or column, what to do."""


class DeviceError(StationError, OSError):
    """A load cell, chip, pin or camera is missing, busy or answers nonsense."""


class DeviceBusyError(DeviceError):
    """A device is there, but another program holds it."""


class CalibrationError(StationError, ValueError):
    """A calibration step gave values that cannot be right, or a needed artefact is missing."""


class RecordingError(StationError, OSError):
    """A run recording cannot be written or read back."""


class CardKeyError(StationError, ValueError):
    """The key that signs take-home codes cannot be made or read."""


class BusError(StationError, TimeoutError):
    """Another daemon did not answer in time, or not what was asked."""


class NoAnswerError(BusError):
    """Another daemon did not answer in time: it may be away."""

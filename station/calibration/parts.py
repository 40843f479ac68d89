"""What each calibration leaves behind: one immutable part, complete with what it was measured on."""

from datetime import datetime, timedelta
from typing import Any, TypeVar

from msgspec import Struct
from msgspec.structs import replace

from station.config import Cell
from station.force.front_end import LoadCellFrontEnd
from station.messages import CameraCalibration, ChipKernel, DeckCalibration


class Part(Struct, frozen=True, kw_only=True, tag_field="kind"):
    """Root of all parts. `cells` and `rate_sps` tell which wires and chips it belongs to."""

    id: str
    created_utc: str
    cells: dict[str, Cell]  # the configuration's, when it was made
    rate_sps: list[float]  # of each chip, as measured then, in the order of CHANNELS; empty where no chip was heard
    residuals: dict[str, float] = {}
    notes: list[str] = []  # what the operator should know
    source: str = "measured on the deck"

    @property
    def kind(self) -> str:
        return str(self.__struct_config__.tag)


P = TypeVar("P", bound=Part)


class TarePart(Part, frozen=True, kw_only=True, tag="tare"):
    """Counts of the unloaded deck with the belt at rest, and what the running belt changes."""

    offset_counts: list[float]
    noise_counts: list[float]  # sd of one conversion
    belt_shift_counts: list[float] | None = None  # None: the belt was not tried
    belt_vibration_counts: list[float] | None = None  # rms


class WeighedPlate(Struct, frozen=True, kw_only=True):
    label_kg: float
    sd_kg: float
    seems_kg: float


class PointReading(Struct, frozen=True, kw_only=True):
    x_m: float
    y_m: float
    plate: int
    counts: list[float]  # tared


class GridPart(Part, frozen=True, kw_only=True, tag="grid"):
    """Gain and effective place of each cell, and all that they were computed from."""

    unloaded_counts: list[float]
    newton_per_count: list[float]
    x_m: list[float]
    y_m: list[float]
    gain_sd: float
    plates: list[WeighedPlate]
    points: list[PointReading]


class KernelPart(Part, frozen=True, kw_only=True, tag="kernel"):
    """Averaging kernel of each chip."""

    kernels: list[ChipKernel]


class DeckPart(Part, frozen=True, kw_only=True, tag="deck"):
    """What the taps told of the deck."""

    deck: DeckCalibration


class BoardPlace(Struct, frozen=True, kw_only=True):
    """Where a board was asked for, and its inner corners in the picture, rows from the top."""

    x_m: float
    y_m: float
    corners_px: list[tuple[float, float]]


class CameraPart(Part, frozen=True, kw_only=True, tag="camera"):
    """Where the camera stands and how it projects, and all that it was computed from."""

    camera: CameraCalibration
    square_m: float
    boards: list[BoardPlace]


def origin(kind: str, created: datetime, front_end: LoadCellFrontEnd | None, cells: dict[str, Cell]) -> dict[str, Any]:
    """The fields that say where a part of this kind comes from. `front_end` None: no chip was heard."""
    return {
        **_dated(kind, created),
        "cells": cells,
        "rate_sps": front_end.health().rate_sps if front_end else [],
    }


def later(part: P, by: timedelta) -> P:
    """The same part, made so much later: what was calibrated in virtual time, in that of the calendar."""
    return replace(part, **_dated(part.kind, datetime.fromisoformat(part.created_utc) + by))


def _dated(kind: str, created: datetime) -> dict[str, str]:
    return {"id": f"{kind}-{created:%Y%m%dT%H%M%SZ}", "created_utc": created.isoformat(timespec="seconds")}

"""What a part of any kind must have before it is joined with others: a file may have been edited or half restored."""

from collections.abc import Iterator

import numpy as np

from station.calibration.camera_limits import impossible
from station.calibration.parts import CameraPart, DeckPart, GridPart, KernelPart, Part, TarePart
from station.messages import CHANNELS, CameraCalibration, ChipKernel, DeckCalibration

GRID_RESIDUALS = ("leave_one_out_n", "leave_one_out_mm")
CAMERA_RESIDUALS = ("missed_px", "missed_mm", "boards_off_mm")
MOST_PX = 20_000
TAPS_SUM_WITHIN = 1e-3
_PLACE_BYTES, _DESCRIPTOR_BYTES = 8, 32  # of a landmark


def fault(part: Part) -> str | None:
    """The first thing that is wrong with a part read from JSON (so that its numbers are finite); None: nothing."""
    return next(_faults(part), None)


def _faults(part: Part) -> Iterator[str]:
    if set(part.cells) != set(CHANNELS):
        yield f"it needs the cells {', '.join(CHANNELS)}, and no other"
    if part.rate_sps:
        yield from _not_of_four("rate_sps", part.rate_sps)
    if isinstance(part, TarePart):
        yield from _tare(part)
    elif isinstance(part, GridPart):
        yield from _grid(part)
    elif isinstance(part, KernelPart):
        yield from _not_of_four("kernels", part.kernels)
        for kernel in part.kernels:
            yield from _kernel(kernel)
    elif isinstance(part, DeckPart):
        yield from _deck(part.deck)
    elif isinstance(part, CameraPart):
        yield from _camera(part.camera)
        for name in CAMERA_RESIDUALS:
            if name not in part.residuals:
                yield f"residuals has no {name}"


def _tare(part: TarePart) -> Iterator[str]:
    yield from _not_of_four("offset_counts", part.offset_counts)
    yield from _not_of_four("noise_counts", part.noise_counts)
    for name in ("belt_shift_counts", "belt_vibration_counts"):
        values = getattr(part, name)
        if values is not None:
            yield from _not_of_four(name, values)


def _grid(part: GridPart) -> Iterator[str]:
    for name in ("unloaded_counts", "newton_per_count", "x_m", "y_m"):
        yield from _not_of_four(name, getattr(part, name))
    for point in part.points:
        yield from _not_of_four("the counts of a point", point.counts)
    if part.gain_sd < 0:
        yield f"a gain_sd of {part.gain_sd:g} is below 0"
    for name in GRID_RESIDUALS:
        if name not in part.residuals:
            yield f"residuals has no {name}"


def _kernel(kernel: ChipKernel) -> Iterator[str]:
    """Order and period are bounded by their types."""
    if abs(sum(kernel.taps) - 1) > TAPS_SUM_WITHIN:
        yield f"the taps of a kernel sum to {sum(kernel.taps):g} instead of 1"


def _deck(deck: DeckCalibration) -> Iterator[str]:
    if (deck.frequency_hz is None) != (deck.damping_ratio is None):
        yield "a deck's frequency_hz and damping_ratio go together"
    if not deck.stiff and deck.frequency_hz is None and deck.at_least_hz is None:
        yield "it tells nothing of the deck: neither stiff nor frequency_hz nor at_least_hz"
    for name in ("frequency_hz", "damping_ratio", "at_least_hz"):
        value = getattr(deck, name)
        if value is not None and value <= 0:
            yield f"a deck's {name} of {value:g} is not above 0"
    for name in ("frequency_sd_hz", "damping_sd"):
        if getattr(deck, name) < 0:
            yield f"a deck's {name} of {getattr(deck, name):g} is below 0"


def _camera(camera: CameraCalibration) -> Iterator[str]:
    if len(camera.place_m) != 3:
        yield f"a camera's place_m has {len(camera.place_m)} values instead of 3"
    if not 0 < min(camera.width_px, camera.height_px) <= max(camera.width_px, camera.height_px) <= MOST_PX:
        yield f"a picture of {camera.width_px} x {camera.height_px} px cannot be"
    yield from impossible(camera)
    for name in ("roll_sd_deg", "scale_sd", "belt_sd_px"):
        if getattr(camera, name) < 0:
            yield f"a camera's {name} of {getattr(camera, name):g} is below 0"
    marks = camera.landmarks
    number, rest = divmod(len(marks.xy_px), _PLACE_BYTES)
    if rest or len(marks.descriptors) != number * _DESCRIPTOR_BYTES:
        yield "a camera's landmarks have not as many places as descriptors"
    elif not np.isfinite(marks.arrays()[0]).all():
        yield "a place of a camera's landmarks is no number"


def _not_of_four(name: str, values: list) -> Iterator[str]:
    if len(values) != len(CHANNELS):
        yield f"{name} has {len(values)} values instead of {len(CHANNELS)}"

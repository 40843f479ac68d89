"""What a calibration gave, in lines for the installer."""

from collections.abc import Iterator

import numpy as np

from station.calibration import artefact
from station.calibration.parts import CameraPart, DeckPart, GridPart, KernelPart, Part, TarePart
from station.config import Config
from station.errors import CalibrationError
from station.gait.camera_geometry import CameraGeometry
from station.messages import CHANNELS, Calibration, spoken
from station.words import N_

BELT_END_M = 0.5
"""From the deck's centre, where the belt line is told."""
MISSING = {
    "kernel": "kernel test not done: loading rates stay relative (station calibrate kernel)",
    "deck": "deck not tapped: loading rates stay relative (station calibrate deck)",
    "camera": "camera not calibrated: angles against the vertical trust its level (station calibrate camera)",
}


def told(part: Part, settings: Config) -> list[str]:
    """Of a part that has just been saved, and of what all parts now make together, or why they do not make one."""
    try:
        return list(lines(part, artefact.latest(settings.state, settings.force.cells)))
    except CalibrationError as e:
        return [*lines(part, None), N_("  not complete yet: {e}").format(e=e)]


def lines(part: Part, calibration: Calibration | None) -> Iterator[str]:
    """Of the new part, and of what all parts make together; `calibration` None: they do not make one yet."""
    yield f"{part.kind}: saved as {part.id}"
    if isinstance(part, TarePart):
        yield from _tare(part, calibration)
    elif isinstance(part, GridPart):
        yield from _grid(part)
    elif isinstance(part, KernelPart):
        yield from _kernel(part)
    elif isinstance(part, DeckPart):
        yield from _deck(part)
    elif isinstance(part, CameraPart):
        yield from _camera(part)
    for note in part.notes:
        yield f"  note: {note}"
    if calibration is None:
        return
    for kind, text in MISSING.items():
        if kind not in calibration.parts:
            yield f"  {text}"
    yield from (f"  note: {text}" for text in calibration.left_out)


def _tare(part: TarePart, calibration: Calibration | None) -> Iterator[str]:
    scale, unit = np.ones(len(CHANNELS)), "counts"
    if calibration is not None:
        scale, unit = np.array([abs(c.newton_per_count) for c in calibration.cells]), "N"
    yield _by_cell("noise of a conversion", np.array(part.noise_counts) * scale, unit)
    if part.belt_shift_counts is not None and part.belt_vibration_counts is not None:
        yield _by_cell("the running belt shifts the mean by", np.array(part.belt_shift_counts) * scale, unit)
        yield _by_cell("the running belt shakes with (rms)", np.array(part.belt_vibration_counts) * scale, unit)


def _grid(part: GridPart) -> Iterator[str]:
    yield _by_cell("gain", np.array(part.newton_per_count) * 1e3, "N per 1000 counts", 4)
    moved_m = np.hypot(
        np.array(part.x_m) - [part.cells[c].x_m for c in CHANNELS],
        np.array(part.y_m) - [part.cells[c].y_m for c in CHANNELS],
    )
    yield _by_cell("effective place off the configured one by", moved_m * 1e3, "mm", 1)
    for plate in part.plates:
        yield f"  the plate labelled {plate.label_kg:g} kg seems to weigh {plate.seems_kg:.2f} kg"
    missed_n, missed_mm = part.residuals["leave_one_out_n"], part.residuals["leave_one_out_mm"]
    yield f"  a point is predicted by all others to {missed_n:.2f} N and {missed_mm:.1f} mm (rms)"
    yield f"  all newtons together are known to {100 * part.gain_sd:.1f} % (by the plates' labels)"


def _kernel(part: KernelPart) -> Iterator[str]:
    for name, kernel in zip(CHANNELS, part.kernels, strict=True):
        shape = f"sinc order {kernel.order}" + (f", {len(kernel.taps)} taps" if len(kernel.taps) > 1 else "")
        yield (
            f"  {spoken(name)}: {1 / kernel.period_s:.2f} conversions a second, {shape}, "
            f"delay {1e3 * kernel.delay_s:.2f} ms, residual {kernel.residual_n:.2f} N"
        )


def _deck(part: DeckPart) -> Iterator[str]:
    deck = part.deck
    if deck.stiff:
        yield "  the deck is stiff"
    if deck.frequency_hz is not None and deck.damping_ratio is not None:
        yield (
            f"  the deck rings at {deck.frequency_hz:.1f} +- {deck.frequency_sd_hz:.1f} Hz, "
            f"damping ratio {deck.damping_ratio:.3f} +- {deck.damping_sd:.3f}"
        )
    if deck.at_least_hz is not None:
        yield f"  nothing of the deck rings below {deck.at_least_hz:.0f} Hz"


def _camera(part: CameraPart) -> Iterator[str]:
    camera, geometry = part.camera, CameraGeometry.of(part.camera)
    x_m, y_m, z_m = camera.place_m
    ends_px = geometry.belt_line_px(np.array([-BELT_END_M, BELT_END_M]))
    ends = " to ".join(f"({x:.0f}, {y:.0f})" for x, y in ends_px)
    yield (
        f"  it stands at the runner's {camera.side}, {abs(y_m):.2f} m from the belt's middle line, {z_m:.2f} m above "
        f"the belt, {abs(x_m):.2f} m {'ahead of' if x_m > 0 else 'behind'} the deck's centre"
    )
    yield f"  the picture is turned by {camera.roll_deg:.2f} +- {camera.roll_sd_deg:.2f} degrees"
    yield (
        f"  a metre is {geometry.px_per_m():.1f} px (+- {100 * camera.scale_sd:.1f} %) in the runner's plane; focal "
        f"length {camera.focal_px:.0f} px, distortion {camera.radial:+.3f}"
    )
    yield f"  the belt's middle line goes from {ends} px (+- {camera.belt_sd_px:.1f} px)"
    yield (
        f"  the corners are missed by {part.residuals['missed_px']:.2f} px ({part.residuals['missed_mm']:.1f} mm), the "
        f"boards seem to have stood {part.residuals['boards_off_mm']:.0f} mm off (rms)"
    )


def _by_cell(what: str, values: np.ndarray, unit: str, digits: int | None = None) -> str:
    digits = digits if digits is not None else (2 if unit == "N" else 0)
    each = ", ".join(f"{spoken(name)} {value:.{digits}f}" for name, value in zip(CHANNELS, values, strict=True))
    return f"  {what}: {each} {unit}"

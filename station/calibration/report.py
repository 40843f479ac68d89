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
    "kernel": N_("kernel test not done: loading rates stay relative (station calibrate kernel)"),
    "deck": N_("deck not tapped: loading rates stay relative (station calibrate deck)"),
    "camera": N_("camera not calibrated: angles against the vertical trust its level (station calibrate camera)"),
}


def told(part: Part, settings: Config) -> list[str]:
    """Of a part that has just been saved, and of what all parts now make together, or why they do not make one."""
    try:
        return list(lines(part, artefact.latest(settings.state, settings.force.cells)))
    except CalibrationError as e:
        return [*lines(part, None), N_("not complete yet: {e}").format(e=e)]


def lines(part: Part, calibration: Calibration | None) -> Iterator[str]:
    """Of the new part, and of what all parts make together; `calibration` None: they do not make one yet."""
    yield N_("{kind}: this was saved as {id}").format(kind=part.kind, id=part.id)
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
        yield N_("note: {note}").format(note=note)
    if calibration is None:
        return
    for kind, text in MISSING.items():
        if kind not in calibration.parts:
            yield text
    yield from (N_("note: {note}").format(note=text) for text in calibration.left_out)


def _tare(part: TarePart, calibration: Calibration | None) -> Iterator[str]:
    scale, unit, digits = np.ones(len(CHANNELS)), N_("counts"), 0
    if calibration is not None:
        scale, unit, digits = np.array([abs(c.newton_per_count) for c in calibration.cells]), "N", 2
    noise = _by_cell(np.array(part.noise_counts) * scale, digits)
    yield N_("noise of a conversion, in {unit}: {each}").format(each=noise, unit=unit)
    if part.belt_shift_counts is not None and part.belt_vibration_counts is not None:
        shift = _by_cell(np.array(part.belt_shift_counts) * scale, digits)
        yield N_("the running belt shifts the mean by, in {unit}: {each}").format(each=shift, unit=unit)
        shake = _by_cell(np.array(part.belt_vibration_counts) * scale, digits)
        yield N_("the running belt shakes with (rms), in {unit}: {each}").format(each=shake, unit=unit)


def _grid(part: GridPart) -> Iterator[str]:
    yield N_("gain: {each} N per 1000 counts").format(each=_by_cell(np.array(part.newton_per_count) * 1e3, 4))
    moved_m = np.hypot(
        np.array(part.x_m) - [part.cells[c].x_m for c in CHANNELS],
        np.array(part.y_m) - [part.cells[c].y_m for c in CHANNELS],
    )
    yield N_("effective place off the configured one by: {each} mm").format(each=_by_cell(moved_m * 1e3, 1))
    for plate in part.plates:
        yield N_("the plate labelled {label} kg seems to weigh {kg:.2f} kg").format(
            label=f"{plate.label_kg:g}", kg=plate.seems_kg
        )
    yield N_("a point is predicted by all others to {newtons:.2f} N and {mm:.1f} mm (rms)").format(
        newtons=part.residuals["leave_one_out_n"], mm=part.residuals["leave_one_out_mm"]
    )
    yield N_("all newtons together are known to {pct:.1f} % (by the plates' labels)").format(pct=100 * part.gain_sd)


def _kernel(part: KernelPart) -> Iterator[str]:
    for name, kernel in zip(CHANNELS, part.kernels, strict=True):
        shape = N_("sinc order {order}").format(order=kernel.order)
        if len(kernel.taps) > 1:
            shape = N_("sinc order {order}, {taps} taps").format(order=kernel.order, taps=len(kernel.taps))
        yield N_(
            "{cell}: {rate:.2f} conversions a second, {shape}, delay {delay_ms:.2f} ms, residual {newtons:.2f} N"
        ).format(
            cell=spoken(name),
            rate=1 / kernel.period_s,
            shape=shape,
            delay_ms=1e3 * kernel.delay_s,
            newtons=kernel.residual_n,
        )


def _deck(part: DeckPart) -> Iterator[str]:
    deck = part.deck
    if deck.stiff:
        yield N_("the deck is stiff")
    if deck.frequency_hz is not None and deck.damping_ratio is not None:
        yield N_(
            "the deck rings at {hz:.1f} +- {hz_sd:.1f} Hz, damping ratio {damping:.3f} +- {damping_sd:.3f}"
        ).format(
            hz=deck.frequency_hz, hz_sd=deck.frequency_sd_hz, damping=deck.damping_ratio, damping_sd=deck.damping_sd
        )
    if deck.at_least_hz is not None:
        yield N_("nothing of the deck rings below {hz:.0f} Hz").format(hz=deck.at_least_hz)


_STANDS = {
    ("left", True): N_(
        "it stands at the runner's left, {y:.2f} m from the belt's middle line, {z:.2f} m above the belt, {x:.2f} m "
        "ahead of the deck's centre"
    ),
    ("left", False): N_(
        "it stands at the runner's left, {y:.2f} m from the belt's middle line, {z:.2f} m above the belt, {x:.2f} m "
        "behind the deck's centre"
    ),
    ("right", True): N_(
        "it stands at the runner's right, {y:.2f} m from the belt's middle line, {z:.2f} m above the belt, {x:.2f} m "
        "ahead of the deck's centre"
    ),
    ("right", False): N_(
        "it stands at the runner's right, {y:.2f} m from the belt's middle line, {z:.2f} m above the belt, {x:.2f} m "
        "behind the deck's centre"
    ),
}
"""By the runner's side, and whether it is ahead."""


def _camera(part: CameraPart) -> Iterator[str]:
    camera, geometry = part.camera, CameraGeometry.of(part.camera)
    x_m, y_m, z_m = camera.place_m
    ends_px = geometry.belt_line_px(np.array([-BELT_END_M, BELT_END_M]))
    (x_from, y_from), (x_to, y_to) = ends_px
    yield _STANDS[camera.side, x_m > 0].format(x=abs(x_m), y=abs(y_m), z=z_m)
    yield N_("the picture is turned by {roll:.2f} +- {sd:.2f} degrees").format(
        roll=camera.roll_deg, sd=camera.roll_sd_deg
    )
    yield N_(
        "a metre is {px:.1f} px (+- {pct:.1f} %) in the runner's plane; focal length {focal:.0f} px, distortion "
        "{distortion:+.3f}"
    ).format(px=geometry.px_per_m(), pct=100 * camera.scale_sd, focal=camera.focal_px, distortion=camera.radial)
    yield N_(
        "the belt's middle line goes from ({x_from:.0f}, {y_from:.0f}) to ({x_to:.0f}, {y_to:.0f}) px (+- {sd:.1f} px)"
    ).format(x_from=x_from, y_from=y_from, x_to=x_to, y_to=y_to, sd=camera.belt_sd_px)
    yield N_(
        "the corners are missed by {px:.2f} px ({mm:.1f} mm), the boards seem to have stood {off_mm:.0f} mm off (rms)"
    ).format(px=part.residuals["missed_px"], mm=part.residuals["missed_mm"], off_mm=part.residuals["boards_off_mm"])


def _by_cell(values: np.ndarray, digits: int) -> str:
    front_left, front_right, rear_left, rear_right = (f"{value:.{digits}f}" for value in values)
    return N_("front left {fl}, front right {fr}, rear left {rl}, rear right {rr}").format(
        fl=front_left, fr=front_right, rl=rear_left, rr=rear_right
    )

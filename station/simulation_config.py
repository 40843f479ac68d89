"""The configuration's section [simulation]: the simulated world, and what is wrong with it."""

from typing import Annotated, Literal

from msgspec import Meta

from station.config_section import Section
from station.errors import ConfigError
from station.messages import Positive


class RunPart(Section, frozen=True, kw_only=True):
    """What the simulated runner does next, and for how long; "off": with the feet on the side rails.

    `speed_m_s`: of the belt; None: the scenario's for running, 1.3 for walking.
    """

    kind: Literal["run", "walk", "stand", "off"]
    for_s: Positive
    speed_m_s: Annotated[float, Meta(ge=0.5, le=8)] | None = None


class HandsOnRail(Section, frozen=True, kw_only=True):
    """The simulated runner's hands carry a share of the weight; times since the run began."""

    from_s: Annotated[float, Meta(ge=0)]
    for_s: Positive
    share: Annotated[float, Meta(gt=0, lt=1)] = 0.1


class OtherPerson(Section, frozen=True, kw_only=True):
    """Somebody else leans or steps on the deck's frame; times since the run began."""

    from_s: Annotated[float, Meta(ge=0)]
    for_s: Positive
    load_n: Positive = 150.0


CellName = Literal["front_left", "front_right", "rear_left", "rear_right"]


class ShownCode(Section, frozen=True, kw_only=True):
    """A picture of a code that somebody holds before the simulated camera, on a phone `width_m` wide."""

    path: str  # a PNG
    distance_m: Annotated[float, Meta(gt=0.05, le=5)] = 0.25
    width_m: Annotated[float, Meta(gt=0.01, le=1)] = 0.065
    tilt_deg: Annotated[float, Meta(ge=0, le=80)] = 10.0
    blur_px: Annotated[float, Meta(ge=0, le=20)] = 0.7  # standard deviation: lens, focus, a hand that shakes
    noise: Annotated[float, Meta(ge=0, le=60)] = 3.0  # standard deviation in grey levels


class CameraFaults(Section, frozen=True, kw_only=True):
    """What befell the simulated camera after its calibration: unplugged, held by another program, hung, defocused ...

    `turned_deg`: about its lens, to image right (yaw), upwards (pitch) and clockwise (roll).
    """

    missing: bool = False
    busy: bool = False
    frozen: bool = False  # the same picture again and again
    blur_px: Annotated[float, Meta(ge=0, le=40)] = 0.0  # radius of the disc that lens and focus make of a point
    light: Annotated[float, Meta(gt=0, le=1)] = 1.0  # share of a bright gym's
    turned_deg: tuple[float, float, float] = (0.0, 0.0, 0.0)
    every_nth: Annotated[int, Meta(ge=1, le=8)] = 1  # picture is taken: a slower sensor
    lost_share: Annotated[float, Meta(ge=0, le=0.9)] = 0.0  # of the frames, at random
    unknown_rows: bool = False  # a sensor of which nobody knows how it reads its rows


WiringMistake = Literal[
    "cell_unplugged", "signal_wire_open", "excitation_wire_open", "excitation_on_signal", "polarity_reversed",
    "cells_exchanged", "boards_exchanged", "pins_exchanged", "rate_10", "supply_noise", "cell_noise", "loose_ground",
    "no_power", "chip_dead", "data_low", "clock_low", "clock_high", "cell_overloaded", "cell_bent",
]  # fmt: skip


class WiringFault(Section, frozen=True, kw_only=True):
    """What is wrong between a simulated cell and its pins; without `cell` with all four.

    "cells_exchanged" (plugs at the chips) and "boards_exchanged" (plugs at the Pi) need `other`, too.
    """

    kind: WiringMistake
    cell: CellName | None = None
    other: CellName | None = None


class Simulation(Section, frozen=True, kw_only=True):
    """The simulated world behind `device = "simulated"`, and the recording behind `"replay"`.

    Deck: rigid without `deck_hz`. The rest is wrong with the world: newtons of belt and motor, of drifting zeros (every
    cell), the share of a load that a cell shows only after minutes, how far plates are off their labels.
    `parts`: of the run, the last to its end; none: all is running. Only running at the scenario's own speed is filmed
    as it is: at others its pictures are shown faster or slower, and all else is shown as standing.
    """

    scenario: str = "good_man"
    run_s: Positive = 60.0
    recording: str | None = None
    replay_factor: Positive = 1.0
    seed: int = 1
    deck_hz: Annotated[float, Meta(ge=5, le=1000)] | None = None
    deck_damping: Annotated[float, Meta(ge=0.005, le=1)] = 0.05
    vibration_n: Annotated[float, Meta(ge=0, le=500)] = 0.0
    zero_drift_n_per_min: Annotated[float, Meta(ge=-600, le=600)] = 0.0
    creep_share: Annotated[float, Meta(ge=0, le=0.05)] = 0.0
    mass_error: Annotated[float, Meta(ge=0, le=0.1)] = 0.0
    dead_cell: CellName | None = None
    swapped_cells: tuple[CellName, CellName] | None = None
    treadmill_kg: Annotated[float, Meta(ge=0, le=1000)] = 0.0  # stands on the cells; 0: their zeros contain it
    wiring: tuple[WiringFault, ...] = ()
    shown_code: ShownCode | None = None
    camera_faults: CameraFaults | None = None
    parts: tuple[RunPart, ...] = ()
    rail: tuple[HandsOnRail, ...] = ()
    others: tuple[OtherPerson, ...] = ()


def check(simulation: Simulation) -> None:
    """Raises ConfigError where two keys contradict each other."""
    _check_swapped(simulation)
    _check_wiring(simulation)


def _check_swapped(simulation: Simulation) -> None:
    if simulation.swapped_cells and len(set(simulation.swapped_cells)) == 1:
        raise ConfigError("configuration: simulation.swapped_cells names one cell twice; name two")


def _check_wiring(simulation: Simulation) -> None:
    for fault in simulation.wiring:
        pair = fault.kind in ("cells_exchanged", "boards_exchanged")
        if pair and (fault.cell is None or fault.other in (None, fault.cell)):
            raise ConfigError(f"configuration: simulation.wiring: {fault.kind} needs two cells, as cell and other")

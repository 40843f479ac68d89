"""Figures that say how good the load-cell data of a run were."""

from collections.abc import Mapping, Sequence

import numpy as np

from station.gait.asymmetry import stride_pairs
from station.gait.cell_load import CellLoad
from station.gait.parts import SteadyBlock
from station.gait.results import CellSignal
from station.gait.run_force import RunForce
from station.messages import FLAG_AFTER_SATURATION, FLAG_FIRST_AFTER_RESET


def force_quality(
    run: RunForce, blocks: Sequence[SteadyBlock], cells: Sequence[CellSignal], weight_n: float
) -> dict[str, float | int | str | bool | None]:
    """The `quality` of a ForceResult: noise in flight, missed steps, zero and drift, what was lost, chip rate.

    `run`: with the judged steps alone, which lie in `blocks`; between those nobody is expected to step.
    """
    contacts = run.contacts
    step_s = np.nanmedian(contacts.step_time_s)
    block = np.searchsorted([b.start_s for b in blocks], contacts.contact_s, side="right")
    gaps = np.diff(contacts.contact_s)[~contacts.follows & (np.diff(block) == 0)]
    lost = sum(_lost(c) for c in cells)
    missed = int(np.maximum(np.round(gaps / step_s) - 1, 0).sum())
    return {
        "aerial_noise_bw": _aerial_noise_n(run) / weight_n if np.nanmedian(contacts.flight_time_s) > 0 else None,
        "missed_steps_share": missed / (missed + len(contacts)),
        "stride_pairs": len(stride_pairs(contacts, run.sides)),
        "zero": "flights" if run.zero.applied else "tare",
        "drift_n_per_min": run.zero.drift_n_per_min,
        "lost_conversions": lost,
        "lost_share": lost / max(1, lost + sum(len(c.t_s) for c in cells)),
        "silences": len(run.silences_s),
        "slowest_chip_sps": min((1 / c.kernel.period_s for c in cells if c.kernel), default=None),
        "feet_apart_mm": 2e3 * run.sides.half_width_m,
    }


def reading_quality(columns: Mapping[str, np.ndarray], start_ns: int, end_ns: int) -> dict[str, int]:
    """How often between the two instants a cell left the range of its chip, and a chip had to be started again.

    `columns` of SampleBatch.
    """
    inside = (columns["t_low_ns"] > start_ns) & (columns["t_low_ns"] < end_ns)
    flags = columns["flags"][inside]
    return {
        "saturations": int(np.count_nonzero(flags & FLAG_AFTER_SATURATION)),
        "power_cycles": int(np.count_nonzero(flags & FLAG_FIRST_AFTER_RESET)),
    }


def load_quality(loads: Sequence[CellLoad]) -> dict[str, float | None]:
    """Each cell's share of the mean load, for the `quality` of a ForceResult."""
    return {f"load_share_{load.corner.replace(' ', '_')}": load.share for load in loads}


def _aerial_noise_n(run: RunForce) -> float:
    """Standard deviation of the force in the middle half of the flights."""
    t_s, contacts = run.raw.t_s, run.contacts
    parts = []
    for toe_off_s, flight_s in zip(contacts.toe_off_s, contacts.flight_time_s, strict=True):
        if flight_s > 0:
            inner = np.searchsorted(t_s, (toe_off_s + flight_s / 4, toe_off_s + 3 * flight_s / 4))
            parts.append(run.raw.force_n[slice(*inner)])
    return float(np.concatenate(parts).std())


def _lost(cell: CellSignal) -> int:
    """Conversions missing between the first and the last."""
    if cell.kernel is None:
        return 0
    return int((np.round(np.diff(cell.t_s) / cell.kernel.period_s) - 1).sum())

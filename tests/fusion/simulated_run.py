"""The messages of a simulated run, as fusion keeps them, without daemons and without a camera."""

from functools import cache

import numpy as np

from station.messages import Mark, Message, RunInfo, SampleBatch
from station.sim.runner.gait_spec import GaitSpec
from tests.gait.blur import blurred, corners
from tests.gait.raw_conversions import EPOCH_NS, calibration_of, columns_of
from tests.simulated_plate import SimulatedForce, simulate_ground_force

SPEC = GaitSpec(mass_kg=70, speed_m_s=3.2, cadence_spm=168, duty_factor=0.33, impact_force_bw=1.1, impact_time_ms=26)
BATCH_NS = 50_000_000


@cache
def plate_of(run_s: float, spec: GaitSpec = SPEC) -> SimulatedForce:
    return simulate_ground_force(spec, run_s, seed=4)


def batches_of(columns: dict[str, np.ndarray], batch_ns: int = BATCH_NS) -> list[SampleBatch]:
    """Columns cut into batches of `batch_ns`."""
    bounds = np.flatnonzero(np.diff(columns["t_low_ns"] // batch_ns)) + 1
    parts = zip(*(np.split(values, bounds) for values in columns.values()), strict=True)
    return [SampleBatch.of(**dict(zip(columns, part, strict=True))) for part in parts]


@cache
def run_messages(run_s: float, batch_ns: int = BATCH_NS, spec: GaitSpec = SPEC) -> list[Message]:
    """All messages of a run, whose axis begins at EPOCH_NS."""
    plate = plate_of(run_s, spec)
    cells = blurred(plate.t_s, corners(plate.fz_n, plate.cop_x_m, plate.cop_y_m))
    info = RunInfo(visit_id="simulated", version="test", seed=1, inputs={})
    end_ns = EPOCH_NS + round(run_s * 1e9)
    run, score = Mark(t_ns=EPOCH_NS, phase="run"), Mark(t_ns=end_ns, phase="score")
    return [info, calibration_of(cells), run, *batches_of(columns_of(cells), batch_ns), score]

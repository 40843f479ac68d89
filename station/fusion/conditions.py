"""How a run was recorded, as far as verdicts depend on it: frames lost, cells out of range, age of the calibration."""

from datetime import datetime

from station.force.overload import most_carried_kg
from station.fusion.filming import Filming
from station.fusion.session import Session
from station.gait.force_quality import reading_quality
from station.messages import CHANNELS, Calibration


def readings(session: Session) -> dict[str, int]:
    """What went wrong in reading the chips during the run; nothing is said of cells that came as newtons."""
    if session.samples is None:
        return {}
    window_ns = (session.t0_ns + round(t_s * 1e9) for t_s in (session.start_s, session.end_s))
    return reading_quality(session.samples, *window_ns)


def most_on_cells_kg(session: Session) -> dict[str, float]:
    """Name -> the most that each cell carried in the run; nothing where it is not known what stands on them."""
    treadmill_kg, calibration = session.info.inputs.get("treadmill_kg"), session.calibration
    if session.samples is None or calibration is None or treadmill_kg is None:
        return {}
    start_ns, end_ns = (session.t0_ns + round(t_s * 1e9) for t_s in (session.start_s, session.end_s))
    inside = (session.samples["t_low_ns"] > start_ns) & (session.samples["t_low_ns"] < end_ns)
    columns = {name: session.samples[name][inside] for name in ("channel", "raw")}
    most_kg = most_carried_kg(columns, calibration, float(treadmill_kg))
    return {f"most_on_{channel}_kg": kg for channel, kg in zip(CHANNELS, most_kg, strict=True) if kg is not None}


def overloaded(session: Session) -> bool:
    """Whether a cell carried more than its capacity."""
    capacity_kg = session.info.inputs.get("cell_capacity_kg")
    return capacity_kg is not None and max(most_on_cells_kg(session).values(), default=0.0) > float(capacity_kg)


def dropped_share(filming: Filming | None) -> float | None:
    """Share of the frames that the camera ought to have given and did not; None where nothing was filmed."""
    filmed = filming.frames + filming.dropped if filming is not None else 0
    return filming.dropped / filmed if filmed else None


def grid_age_days(calibration: Calibration | None, started_utc: str | None) -> float | None:
    """Days from the load grid to the run; None where one of the two instants is not known."""
    part = calibration.parts.get("grid") if calibration is not None else None
    made, started = _instant(part.created_utc if part else None), _instant(started_utc)
    return None if made is None or started is None else (started - made).total_seconds() / 86400


def _instant(text: str | None) -> datetime | None:
    """An instant as calibrations and recordings write it, with its zone; None for anything else."""
    try:
        instant = datetime.fromisoformat(text or "")
    except ValueError:
        return None
    return instant if instant.tzinfo is not None else None

"""The sample report with all numbers that a comparison looks at."""

from typing import Any

from tests.kiosk.sample_report import sample_document


def value(value: float, low: float, high: float) -> dict[str, Any]:
    return {"value": value, "low": low, "high": high, "n": 71}


def measured_document(step_time_pct: float = 5.36) -> dict[str, Any]:
    """`step_time_pct` moves; all else is as always."""
    foot = {
        "contact_time_ms": value(248.0, 246.0, 250.0),
        "loading_rate_bw_s": value(58.3, 55.0, 61.8) | {"status": "relative", "reason": "the deck was never tapped"},
    }
    names = ("contact_time_pct", "flight_time_pct", "peak_force_pct", "impulse_pct", "loading_rate_pct")
    return sample_document() | {
        "inputs": {"calibration": {"id": "3-deck", "parts": {"tare": "t", "grid": "g", "kernel": "k", "camera": "c"}}},
        "belt": {"speed_m_s": 2.8, "source": "given"},
        "feet": {"left": foot, "right": foot},
        "asymmetry": {"step_time_pct": value(step_time_pct, step_time_pct - 0.65, step_time_pct + 0.66)}
        | {name: value(1.5, 1.0, 2.1) for name in names},
        "posture": {
            "neck_inclination_deg": value(33.7, 32.0, 35.0),
            "neck_relative_deg": value(21.4, 20.1, 22.9),
            "neck_drift_deg": {"value": None, "low": None, "high": None, "n": 0, "reason": "The run was too short."},
            "shoulder_rotation_deg": value(18.2, 16.9, 19.4),
        },
    }

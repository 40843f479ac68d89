"""Builds reports as the fusion daemon gives them: schema 1, four mistakes, drawn from a simple stick runner."""

import json
from typing import Any

import cv2
import numpy as np

from station.messages import Report

WIDTH_PX, HEIGHT_PX = 960, 540
PICTURE_ID = "head_forward-412"


def stick_runner(phase: float = 0.0) -> dict[str, list[float]]:
    """A runner facing right, seen from the right, in pixels; `phase` 0..1 of a stride."""
    swing = np.sin(2 * np.pi * phase)
    hip, shoulder = np.array([470.0, 290]), np.array([486.0, 172])
    points = {"right_ear": np.array([522, 118]), "left_ear": np.array([529, 117])}
    for side, sign in (("right", 1), ("left", -1)):
        s = sign * swing
        knee = hip + np.array([42 * s + 12, 92 - 12 * abs(s)])
        ankle = knee + np.array([-28 + 34 * s, 82])
        heel = ankle + np.array([-12, 14])
        elbow = shoulder + np.array([-36 * s - 14, 66])
        points |= {
            f"{side}_shoulder": shoulder, f"{side}_elbow": elbow, f"{side}_wrist": elbow + np.array([56, -18 * s - 6]),
            f"{side}_hip": hip, f"{side}_knee": knee, f"{side}_ankle": ankle, f"{side}_heel": heel,
            f"{side}_foot_index": heel + np.array([62, 4 - 16 * s]),
        }  # fmt: skip
    return {name: [round(float(v), 1) for v in xy] for name, xy in points.items()}


def picture_evidence(
    picture_id: str | None, angle: dict[str, Any] | None, lines: list[list[str]], step: int = 108
) -> dict[str, Any]:
    return {
        "kind": "picture", "id": picture_id, "t_s": 41.23, "step": step, "points": stick_runner(0.1),
        "width_px": WIDTH_PX, "height_px": HEIGHT_PX, "lines": lines, "angle": angle,
    }  # fmt: skip


def neck_evidence(picture_id: str | None = PICTURE_ID, step: int = 108) -> dict[str, Any]:
    points = stick_runner(0.1)
    ear, shoulder = points["right_ear"], points["right_shoulder"]
    angle = {
        "label": "Neck from vertical", "value_deg": 33.7, "vertex": shoulder,
        "from": [shoulder[0], shoulder[1] - 64], "to": ear,
    }  # fmt: skip
    return picture_evidence(picture_id, angle, [["right_shoulder", "right_ear"]], step)


def elbow_evidence() -> dict[str, Any]:
    points = stick_runner(0.1)
    shoulder, elbow, wrist = (points[f"right_{part}"] for part in ("shoulder", "elbow", "wrist"))
    angle = {"label": "elbow", "value_deg": 92.4, "vertex": elbow, "from": shoulder, "to": wrist}
    return picture_evidence(None, angle, [["right_shoulder", "right_elbow"], ["right_elbow", "right_wrist"]])


def curve_evidence() -> dict[str, Any]:
    t_ms = np.arange(0, 251, 2.0)
    share = t_ms / 250
    force = {
        "left": 2.35 * np.sin(np.pi * share) ** 1.3 + 0.75 * np.exp(-(((share - 0.12) / 0.05) ** 2)),
        "right": 2.62 * np.sin(np.pi * share) ** 1.3 + 0.35 * np.exp(-(((share - 0.12) / 0.05) ** 2)),
    }
    return {
        "kind": "curves", "label": "mean_estimated", "unit": "BW", "bandwidth_hz": 44.0,
        "t_ms": {side: t_ms.tolist() for side in force},
        "force_bw": {side: np.round(f, 3).tolist() for side, f in force.items()},
        "sd_bw": {side: np.full(len(t_ms), 0.09).tolist() for side in force},
        "rise_ms": {"left": [8.0, 20.0], "right": [9.0, 24.0]}, "n": {"left": 77, "right": 76}, "sides_known": True,
    }  # fmt: skip


def step_curve(*feet: str) -> dict[str, Any]:
    """One step as the cells saw it, of each of these feet."""
    t_ms = np.arange(-20, 281, 1.0)
    force = 2.4 * np.sin(np.pi * np.clip(t_ms / 255, 0, 1)) ** 1.2
    return {
        "kind": "curves", "label": "single_step_blurred", "unit": "BW", "bandwidth_hz": 20.5, "sides_known": True,
        "n": dict.fromkeys(feet, 1), "t_ms": dict.fromkeys(feet, t_ms.tolist()),
        "force_bw": dict.fromkeys(feet, np.round(force, 3).tolist()), "sd_bw": {}, "rise_ms": {},
    }  # fmt: skip


def steps_evidence(kind: str, unit: str, steps: dict[int, float], feet: tuple[str, ...] = ("left",)) -> dict[str, Any]:
    """Steps by number with their values; `kind`: worst or example."""
    return {
        "kind": "steps", "variable": "it", "label": "loading rate", "unit": unit,
        "steps": [
            {"n": n, "side": feet[0], "t_s": 1 + 0.36 * n, "value": value, "unit": unit, "kind": kind,
             "curve": step_curve(*feet)}
            for n, value in steps.items()
        ],
    }  # fmt: skip


def mistake(title: str, verdict: str, severity: float | None, **more: Any) -> dict[str, Any]:
    measured = severity is not None
    return {
        "title": title, "verdict": verdict, "severity": severity,
        "low": severity - 8 if measured else None, "high": severity + 9 if measured else None,
        "probability": {"present": 0.97, "likely": 0.78, "borderline": 0.5, "unlikely": 0.2}.get(verdict, 0.03),
        "judged": 71, "of": 77, "reasons": [], "cue": "", "headline": None, "evidence": [],
    } | more  # fmt: skip


def headline(text: str, value: float, low: float, high: float, unit: str) -> dict[str, Any]:
    return {"text": text, "value": value, "low": low, "high": high, "unit": unit}


def sample_mistakes() -> dict[str, Any]:
    """One of each kind that a card must be able to show."""
    return {
        "head_forward": mistake(
            "Head forward", "present", 71.0,
            headline=headline("neck, compared with standing", 21.4, 20.1, 22.9, "deg"),
            cue="Look at the far end of the room and draw the chin back gently, as if making the neck long. "
            "Shoulders low. A screen below eye level pulls the head forward: raise it.",
            evidence=[
                neck_evidence(), neck_evidence(None, 21), steps_evidence("example", "°", {108: 22.3, 21: 21.9}),
            ],
        ),
        "uneven_gait": mistake(
            "Uneven gait", "borderline", 34.0, headline=headline("step time: larger on right", 5.36, 4.71, 6.02, "%"),
            cue="Listen: let the left and the right landing sound the same; a metronome at your own cadence helps. "
            "Check your shoes. If it stays like this for several visits, or hurts, ask a physio.",
            evidence=[
                curve_evidence(), steps_evidence("worst", "%", {33: 9.1, 77: 8.4, 141: 7.9}, ("right", "left")),
            ],
        ),
        "arm_movement": mistake(
            "Too much arm movement", "not_seen", 6.0,
            headline=headline("shoulder rotation", 18.2, 16.9, 19.4, "deg"),
            cue="Arms and shoulders move as in most runners. Some rotation is normal and needed.",
            evidence=[elbow_evidence()],
            reasons=["Seen from the side only: an indicator, not an exact angle."],
        ),
        "heavy_rearfoot_strike": mistake(
            "Heavy heel landing", "not_measured", None, probability=None, judged=0, of=154,
            headline=headline("loading rate, right foot", 58.3, 55.0, 61.8, "BW/s"),
            reasons=["Seen clearly: only 7 of the 10 landings needed."],
            evidence=[curve_evidence()],
        ),
    }  # fmt: skip


def sample_document(mistakes: dict[str, Any] | None = None) -> dict[str, Any]:
    steps = [
        {
            "n": n, "side": ("left", "right")[n % 2], "contact_s": 1 + 0.36 * n, "toe_off_s": 1.25 + 0.36 * n,
            "contact_time_ms": 248.0 + n % 5, "flight_time_ms": 112.0, "peak_force_bw": 2.4 + 0.01 * (n % 7),
            "impulse_bw_s": 0.36, "foot_strike_angle_deg": 14.2 if n % 2 else None,
            "strike": "rearfoot" if n % 2 else None,
        }
        for n in range(1, 155)
    ]  # fmt: skip
    return {
        "schema": 1, "version": "0", "inputs": {}, "gait": "running", "steps": steps,
        "runner": {"body_weight_n": 701.3, "mass_kg": 71.5},
        "summary": {"steps": 154, "cadence_spm": 167.6, "duration_s": 62.4},
        "mistakes": sample_mistakes() if mistakes is None else mistakes,
        "answers": ["This run was a snapshot of 62 s: enough for verdicts on these strides."],
        "fatigue": {
            "status": "not_measured",
            "sentences": ["Whether you tired takes 8 minutes at one speed; this run had 1.0."],
        },
    }  # fmt: skip


def still_jpeg() -> bytes:
    """A picture with a bright mark where the runner's ear is, so that a test can see it on a screen."""
    image = np.full((HEIGHT_PX, WIDTH_PX, 3), (58, 66, 60), np.uint8)
    cv2.rectangle(image, (0, 470), (WIDTH_PX, HEIGHT_PX), (34, 38, 36), -1)
    x, y = stick_runner(0.1)["right_ear"]
    cv2.circle(image, (round(x) + 8, round(y) - 4), 30, (120, 150, 190), -1)
    return cv2.imencode(".jpg", image)[1].tobytes()


def sample_report(visit_id: str, document: Any = None) -> Report:
    body = json.dumps(sample_document() if document is None else document).encode()
    return Report(visit_id=visit_id, json=body, pictures={PICTURE_ID: still_jpeg()})

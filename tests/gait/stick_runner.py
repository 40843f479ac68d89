"""A stick figure on a treadmill with known angles, as keypoints: the truth behind the posture tests."""

from dataclasses import dataclass, replace

import numpy as np
from scipy.interpolate import PchipInterpolator

from station.gait.posture_arms import SHOULDER_WIDTH_TRUNKS
from station.gait.posture_track import index_of
from station.gait.results import Step
from station.messages import KEYPOINTS
from tests.gait.network_labels import network_labels

PX_PER_M = 240.0
WIDTH_PX, HEIGHT_PX = 960, 540
GROUND_Y_PX = 500.0
TRUNK_M, NECK_M, UPPER_ARM_M, FOREARM_M, THIGH_M, SHANK_M, FOOT_M = 0.50, 0.24, 0.30, 0.26, 0.43, 0.42, 0.18


@dataclass(frozen=True)
class StickRunner:
    """Angles in degrees; swings are peak to peak. `running` False = a walker (hips highest in mid-stance)."""

    stride_s: float = 0.72
    duty: float = 0.36
    speed_m_s: float = 3.0
    running: bool = True
    facing: int = 1
    neck_relative_deg: float = 8.0
    neck_drift_deg_per_min: float = 0.0
    trunk_lean_deg: float = 6.0
    shoulder_rotation_deg: float = 20.0
    elbow_deg: float = 90.0
    forearm_across_deg: float = 30.0
    foot_strike_deg: float = 12.0
    noise_px: float = 0.0

    @property
    def near(self) -> str:
        return "right" if self.facing > 0 else "left"

    @property
    def far(self) -> str:
        return "left" if self.facing > 0 else "right"

    def steps(self, duration_s: float, sides_known: bool = True) -> list[Step]:
        """True contacts: the near foot at the beginning of each stride, the far foot half a stride later."""
        steps = []
        for k in range(int(2 * duration_s / self.stride_s) - 1):
            contact_s = k * self.stride_s / 2
            contact_ms = 1000 * self.duty * self.stride_s
            side = (self.near if k % 2 == 0 else self.far) if sides_known else None
            steps.append(
                Step(k + 1, side, contact_s, contact_s + contact_ms / 1000, contact_ms,
                     500 * self.stride_s - contact_ms, 2.3, 0.36)
            )  # fmt: skip
        return steps

    def keypoints(self, t_s: np.ndarray, seed: int = 1) -> tuple[np.ndarray, np.ndarray]:
        """(n, 33, 2) pixels and (n, 33) confidence at any instants."""
        t_s = np.asarray(t_s, float)
        phase = (t_s / self.stride_s) % 1
        xy_m = {name: np.zeros((len(t_s), 2)) for name in KEYPOINTS}
        lowest = -1.0 if self.running else 1.0
        hip_y = 0.90 + lowest * 0.03 * np.cos(4 * np.pi * (phase - self.duty / 2))
        hip = np.column_stack([np.zeros_like(t_s), hip_y])
        shoulder = hip + _ray(self.trunk_lean_deg + 1.5 * np.sin(4 * np.pi * phase), TRUNK_M)
        yaw = np.radians(self.shoulder_rotation_deg / 2 * np.cos(2 * np.pi * phase))
        across = SHOULDER_WIDTH_TRUNKS * TRUNK_M / 2 * np.sin(yaw)
        drift = self.neck_drift_deg_per_min * t_s / 60
        neck = self.trunk_lean_deg + self.neck_relative_deg + drift + 3.0 * np.sin(4 * np.pi * phase)
        for side, sign, lag in (("right", 1, 0.0), ("left", -1, 0.5)):
            own = (phase - lag) % 1
            xy_m[f"{side}_hip"], xy_m[f"{side}_shoulder"] = hip, shoulder + np.column_stack([sign * across, 0 * across])
            xy_m[f"{side}_ear"] = shoulder + _ray(neck, NECK_M)
            self._arm(xy_m, side, own)
            self._leg(xy_m, side, own)
        ear = xy_m["right_ear"]
        for name in KEYPOINTS:
            if name == "nose" or "eye" in name or "mouth" in name:
                xy_m[name] = ear + np.array([0.11, 0.0])
        return self._project(xy_m, seed)

    def _arm(self, xy_m: dict[str, np.ndarray], side: str, phase: np.ndarray) -> None:
        shoulder = xy_m[f"{side}_shoulder"]
        swing = -20 - 25 * np.cos(2 * np.pi * phase)
        elbow = shoulder + UPPER_ARM_M * np.column_stack([np.sin(np.radians(swing)), -np.cos(np.radians(swing))])
        out = np.radians(self.forearm_across_deg) * (1 - np.cos(2 * np.pi * phase)) / 2
        forearm = np.radians(swing + 180 - self.elbow_deg)
        apparent = FOREARM_M * np.cos(out)
        xy_m[f"{side}_elbow"] = elbow
        xy_m[f"{side}_wrist"] = elbow + apparent[:, None] * np.column_stack([np.sin(forearm), -np.cos(forearm)])
        for name in ("pinky", "index", "thumb"):
            xy_m[f"{side}_{name}"] = xy_m[f"{side}_wrist"]

    def _leg(self, xy_m: dict[str, np.ndarray], side: str, phase: np.ndarray) -> None:
        stance_m = self.speed_m_s * self.duty * self.stride_s
        front, back = 0.45 * stance_m, -0.55 * stance_m
        d = self.duty
        knots = [0, d / 2, d, d + 0.35 * (1 - d), d + 0.75 * (1 - d), 1]
        x = PchipInterpolator(knots, [front, (front + back) / 2, back, back - 0.1, front + 0.08, front])(phase)
        lift = PchipInterpolator(knots, [0, 0, 0.05, 0.35, 0.12, 0])(phase)
        angle = self.foot_strike_deg
        about, turn = 0.025 / self.stride_s, 4.0  # the foot turns evenly, 160 degrees a second, 25 ms about its contact
        turns = [0, about, 0.25 * d, 0.62 * d, d, d + 0.3 * (1 - d), 1 - about, 1]
        pitch = np.interp(phase, turns, [angle, angle - turn, 0, 0, -45, -70, angle + turn, angle])
        heel = np.column_stack([x - 0.04, lift + 0.02])
        along = np.column_stack([np.cos(np.radians(pitch)), np.sin(np.radians(pitch))])
        ankle = heel + 0.05 * along + np.array([0.0, 0.06])
        hip = xy_m[f"{side}_hip"]
        xy_m[f"{side}_heel"], xy_m[f"{side}_foot_index"] = heel, heel + FOOT_M * along
        xy_m[f"{side}_ankle"], xy_m[f"{side}_knee"] = ankle, (hip + ankle) / 2 + np.array([0.08, 0.0])

    def _project(self, xy_m: dict[str, np.ndarray], seed: int) -> tuple[np.ndarray, np.ndarray]:
        xy_px = np.zeros((len(xy_m["nose"]), len(KEYPOINTS), 2))
        for i, name in enumerate(KEYPOINTS):
            # Seen from its left the runner's left side is near; the near side is modelled as "right".
            source = (
                name if self.facing > 0 else name.replace("left", "*").replace("right", "left").replace("*", "right")
            )
            x, y = xy_m[source].T
            xy_px[:, i] = np.column_stack([WIDTH_PX / 2 + self.facing * PX_PER_M * x, GROUND_Y_PX - PX_PER_M * y])
        xy_px = network_labels(xy_px)
        xy_px += np.random.default_rng(seed).normal(0, self.noise_px, xy_px.shape) if self.noise_px else 0.0
        confidence = np.full(xy_px.shape[:2], 0.95)
        confidence[:, [index_of(f"{self.far}_{n}") for n in ("elbow", "wrist", "ear")]] = 0.25
        confidence[:, index_of(f"{self.far}_shoulder")] = 0.8
        return xy_px, confidence


def mirrored(runner: StickRunner) -> StickRunner:
    """The same runner facing the other way."""
    return replace(runner, facing=-runner.facing)


def _ray(angle_deg: np.ndarray | float, length_m: float) -> np.ndarray:
    angle = np.radians(angle_deg)
    return length_m * np.column_stack([np.sin(angle), np.cos(angle)])

"""Which vertices of a raw body lie under shirt, shorts, shoes and hair, by its own joints and points."""

from dataclasses import dataclass

import numpy as np

from station.sim.bodies.raw_body import RawBody

_HEM = {"man": 0.52, "woman": 0.42, "child": 0.50}  # of the shorts, share of the thigh
_SLEEVE = {"man": 0.62, "woman": 0.30, "child": 0.60}  # share of the upper arm
_ARM_BONES = ("upperarm", "lowerarm", "wrist", "finger", "metacarpal")


@dataclass(frozen=True)
class Regions:
    """Masks (n,) over the vertices; `thigh_share` and `chest_share` are (n,) fractions used to widen the cloth."""

    arm: np.ndarray
    foot: np.ndarray
    shirt: np.ndarray
    shorts: np.ndarray
    shoe: np.ndarray
    sock: np.ndarray
    scalp: np.ndarray
    brows: np.ndarray
    lips: np.ndarray
    hidden: np.ndarray  # skin that no one can see under the clothes
    side_stripe: np.ndarray
    thigh_share: np.ndarray  # 0 at the hip, 1 at the hem
    chest_share: np.ndarray  # 0 at the waist, 1 at the neck


def regions(body: RawBody) -> Regions:
    x, y, z = body.vertices.T
    aside = np.abs(y)
    bone = body.main_bone
    arm = np.array([b.startswith(_ARM_BONES) for b in bone])
    head = np.array([b == "head" or b.startswith(("neck", "eye")) for b in bone])
    foot = np.array([b.startswith(("foot", "toe")) for b in bone])
    hip, knee, ankle = (body.joint(f"{b}.R") for b in ("upperleg01", "lowerleg01", "foot"))
    neck = body.joint("neck01")
    waist = hip[2] + 0.13
    along_arm, thigh = _along_arm(body), (hip[2] - z) / (hip[2] - knee[2])
    hem, sleeve = _HEM[body.name], _SLEEVE[body.name]
    torso = (z > waist - 0.05) & ~head
    shirt = torso & (~arm | (along_arm < sleeve)) & ~foot
    shirt &= z < neck[2] + 0.012 + 0.35 * np.maximum(0, neck[0] - x)
    shorts = (z <= waist) & (thigh < hem) & ~arm
    deep_shirt = torso & (~arm | (along_arm < sleeve - 0.12)) & (z < neck[2] - 0.035)
    deep_shorts = (z <= waist) & (thigh < hem - 0.08) & ~arm
    eye = (body.points["left_eye"] + body.points["right_eye"]) / 2
    eye_aside, nose = abs(body.points["right_eye"][1]), body.points["nose"]
    brow_line = eye[2] + 0.021 - 0.25 * np.abs(aside - eye_aside)
    brows = (np.abs(aside - eye_aside) < 0.024) & (np.abs(z - brow_line) < 0.006) & (x > eye[0] - 0.03)
    lips = (aside < 0.026) & (np.abs(z - (nose[2] - 0.037)) < 0.011) & (x > eye[0] - 0.01)
    return Regions(
        arm=arm,
        foot=foot,
        shirt=shirt,
        shorts=shorts,
        shoe=z < ankle[2] + 0.005,
        sock=(z < ankle[2] + 0.055) & ~arm,
        scalp=_scalp(body, bone == "head", eye[2] + 0.062),
        brows=brows & head,
        lips=lips & head,
        hidden=deep_shirt | deep_shorts | (z < ankle[2] - 0.012),
        side_stripe=(np.abs(x - hip[0]) < 0.02) & (aside > abs(hip[1]) + 0.05),
        thigh_share=np.clip(thigh / hem, 0, 1),
        chest_share=(z - waist) / (neck[2] - waist),
    )


def _along_arm(body: RawBody) -> np.ndarray:
    """0 at the shoulder, 1 at the elbow, for both arms at once."""
    shoulder, elbow = (body.joint(f"{b}.R") * (1, -1, 1) for b in ("upperarm01", "lowerarm01"))
    mirrored = np.column_stack([body.vertices[:, 0], np.abs(body.vertices[:, 1]), body.vertices[:, 2]])
    return (mirrored - shoulder) @ (elbow - shoulder) / np.sum((elbow - shoulder) ** 2)


def _scalp(body: RawBody, on_head: np.ndarray, hairline_z: float) -> np.ndarray:
    """Above a plane from the hairline to the nape and behind the ears, without the ears."""
    x, y, z = body.vertices.T
    ear = body.points["right_ear"]
    top = (z > hairline_z) & (x > ear[0])
    back = (x <= ear[0] + 0.022) & (z > ear[2] + 0.025)
    nape = (x < ear[0] - 0.028) & (z > ear[2] - 0.055)
    on_ear = (np.abs(np.abs(y) - abs(ear[1])) < 0.03) & (np.hypot(x - ear[0], z - ear[2]) < 0.042)
    return on_head & (top | back | nape) & ~on_ear

"""What a run is made of: running, walking, standing, a jump to the side rails; hands on the rail, a second person."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby

import msgspec
import numpy as np

from station.sim.looped_gait import LoopedGait
from station.sim.runner.corners import moments
from station.sim.runner.scenario import Scenario
from station.simulation_config import HandsOnRail, OtherPerson, RunPart

CONTACT_EXPONENT, CADENCE_EXPONENT = -0.42, 0.15
"""Of the belt's speed: from 2.5 to 3.5 m/s contacts become 13 % shorter and steps 5 % quicker (the trials of Fukuchi et
al. 2017, PeerJ 5:e3298)."""
WALK_M_S = 1.3
_WALKING = ((0.8, 85, 0.68), (1.2, 105, 0.63), (1.5, 118, 0.60), (1.8, 128, 0.58), (2.1, 140, 0.56))
"""Speed, cadence, duty factor."""
_WALKING_STRIKE_DEG = 16.0
_WALK_ENDS_EARLY_S = 0.3  # its last contact is long, and the next gait bears the weight at once
_LATEST_CONTACT_S = 1.0  # a contact that began with its part's end is over by then
GRIP_S = 0.5  # from nothing to the whole share, or load
_OTHER_AT_M = (-0.45, 0.33)  # on the rear left of the frame
_OTHER_SWAY, _OTHER_SWAY_HZ = 0.03, 0.4


@dataclass(frozen=True)
class Part:
    """`start_s`, `end_s`: since the run began; `pace`: of the scenario's own strides; `gait` None: nobody steps."""

    kind: str
    start_s: float
    end_s: float
    gait: LoopedGait | None = None
    pace: float = 1.0


class Course:
    """The parts of a run, one after the other; the last lasts as long as the run. Without any, all is one run."""

    def __init__(
        self,
        scenario: Scenario,
        seed: int,
        parts: Sequence[RunPart] = (),
        rail: Sequence[HandsOnRail] = (),
        others: Sequence[OtherPerson] = (),
    ) -> None:
        self._rail, self._others = tuple(rail), tuple(others)
        self.parts = tuple(_parts(scenario, seed, parts or (RunPart(kind="run", for_s=math.inf),)))

    @property
    def on_foot_s(self) -> list[tuple[float, float]]:
        """Beginnings and ends of the times in which nobody stands still."""
        groups = [list(group) for standing, group in groupby(self.parts, lambda p: p.kind == "stand") if not standing]
        return [(group[0].start_s, group[-1].end_s) for group in groups]

    def part_at(self, since_s: float) -> Part:
        """The part of that instant of the run."""
        return next(part for part in self.parts if since_s < part.end_s)

    def moments(self, since_s: np.ndarray, until_s: float) -> np.ndarray:
        """Moments (4, n) of all contacts, in a run that ends at `until_s`."""
        out = np.zeros((4, len(since_s)))
        for part in self.parts:
            end_s = min(part.end_s - (_WALK_ENDS_EARLY_S if part.kind == "walk" else 0.0), until_s)
            touched = (since_s >= part.start_s) & (since_s <= part.end_s + _LATEST_CONTACT_S)
            if part.gait is not None and part.start_s < until_s and touched.any():
                out[:, touched] += part.gait.moments(since_s[touched] - part.start_s, end_s - part.start_s)
        return out

    def carried(self, since_s: np.ndarray) -> np.ndarray:
        """(n,) share of the runner's weight that the hands leave to the deck."""
        return 1 - sum((hold.share * _grip(since_s, hold) for hold in self._rail), np.zeros(len(since_s)))

    def other_moments(self, since_s: np.ndarray) -> np.ndarray:
        """Moments (4, n) of a second person on the deck's frame."""
        newtons = sum((other.load_n * _grip(since_s, other) for other in self._others), np.zeros(len(since_s)))
        sway = 1 + _OTHER_SWAY * np.sin(2 * np.pi * _OTHER_SWAY_HZ * since_s)
        return moments(newtons * sway, *_OTHER_AT_M)


def _parts(scenario: Scenario, seed: int, parts: Sequence[RunPart]) -> list[Part]:
    gaits: dict[tuple[str, float], tuple[LoopedGait, float]] = {}
    own_s, start_s, out = scenario.loop().length_s, 0.0, []
    for number, part in enumerate(parts):
        end_s = start_s + part.for_s if number < len(parts) - 1 else math.inf
        gait, pace = None, 1.0
        if part.kind in ("run", "walk"):
            speed_m_s = part.speed_m_s or (scenario.speed_m_s if part.kind == "run" else WALK_M_S)
            if (part.kind, speed_m_s) not in gaits:
                made = LoopedGait(_at_speed(scenario, part.kind, speed_m_s), seed)
                gaits[part.kind, speed_m_s] = made, own_s / made.length_s
            gait, pace = gaits[part.kind, speed_m_s]
        out.append(Part(part.kind, start_s, end_s, gait, pace))
        start_s = end_s
    return out


def _at_speed(scenario: Scenario, kind: str, speed_m_s: float) -> Scenario:
    """The same runner on a faster or slower belt, or walking."""
    if kind == "walk":
        speeds, cadences, duties = zip(*_WALKING, strict=True)
        cadence_spm, duty_factor = (float(np.interp(speed_m_s, speeds, column)) for column in (cadences, duties))
        changes = {"gait": "walking", "strike_angle_deg": _WALKING_STRIKE_DEG, "impact_force_bw": 0.0}
    elif speed_m_s == scenario.speed_m_s:
        return scenario
    else:
        faster = speed_m_s / scenario.speed_m_s
        cadence_spm = scenario.cadence_spm * faster**CADENCE_EXPONENT
        duty_factor = scenario.duty_factor * faster ** (CONTACT_EXPONENT + CADENCE_EXPONENT)
        changes = {}
    return msgspec.structs.replace(
        scenario, speed_m_s=speed_m_s, cadence_spm=cadence_spm, duty_factor=duty_factor, **changes
    )


def _grip(since_s: np.ndarray, event: HandsOnRail | OtherPerson) -> np.ndarray:
    """0 to 1 and back, smoothly."""
    inside_s = np.minimum(since_s - event.from_s, event.from_s + event.for_s - since_s)
    return (1 - np.cos(np.pi * np.clip(inside_s / GRIP_S, 0, 1))) / 2

"""One clip to render: who is there, how they move, and how it is filmed."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from station.sim.runner.body import Body, Pose
from station.sim.runner.filming import Filming
from station.sim.runner.gait_motion import RunnerMotion
from station.sim.runner.scenario import Scenario
from station.sim.runner.standing import standing_pose
from station.sim.runner.stride_timing import Contact


@dataclass(frozen=True)
class Shot:
    """`pose` at any time of the clip; None: nobody is on the treadmill. Without contacts the belt stands."""

    name: str
    scenario: Scenario
    body: Body
    frames: int
    pose: Callable[[float], Pose] | None = None
    contacts: tuple[Contact, ...] = ()
    neck_deg: float = 0.0

    @property
    def filming(self) -> Filming:
        return self.scenario.filming

    @property
    def length_s(self) -> float:
        return self.frames / self.filming.fps

    @property
    def speed_m_s(self) -> float:
        """Of the belt."""
        return self.scenario.speed_m_s if self.contacts else 0.0


def running_shots(scenario: Scenario) -> Iterator[Shot]:
    """The clips of the run, stage by stage."""
    body = Body.of(scenario)
    for stage, clip in enumerate(scenario.clip_names()):
        neck_deg = scenario.stage_neck_deg(stage)
        motion = RunnerMotion(body, scenario, neck_deg)
        frames = round(motion.loop.length_s * scenario.filming.fps)
        yield Shot(clip, scenario, body, frames, motion.pose, motion.loop.contacts, neck_deg)


def standing_shot(scenario: Scenario) -> Shot:
    """The runner of the scenario before the run."""
    body, frames = Body.of(scenario), scenario.standing_frames
    length_s = frames / scenario.filming.fps
    return Shot(scenario.standing_clip, scenario, body, frames, lambda t_s: standing_pose(body, t_s / length_s))


def empty_shot(scenario: Scenario) -> Shot:
    """The treadmill with nobody on it."""
    return Shot(scenario.empty_clip, scenario, Body.of(scenario), 1)

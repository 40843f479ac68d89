"""Scenarios, one TOML file each: a runner, how the run is filmed, and the mistakes that a good analysis must find.

Those in `scenarios/` ship with their clips; `studies/` carry the claims of accuracy, and their clips are rendered when
they are needed.
"""

import tomllib
from pathlib import Path
from typing import Annotated

import msgspec
from msgspec import Meta

from station.errors import ConfigError
from station.sim.bodies.clothes import Clothes
from station.sim.bodies.headwear import Headwear
from station.sim.bodies.skin_tone import SkinTone
from station.sim.bodies.wardrobe import BodyName
from station.sim.runner.filming import Filming
from station.sim.runner.gait_spec import GaitSpec
from station.sim.runner.stride_timing import StrideLoop, loop_length_s, stride_loop

FOLDER = Path(__file__).parent.parent / "scenarios"
STUDIES = Path(__file__).parent.parent / "studies"
EMPTY_CLIP = "empty"
_STANDING_S, _STUDY_STANDING_S = 2.0, 0.5


class Scenario(GaitSpec, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One runner. Neck angles are shoulder to ear against the trunk, over what the same runner has standing."""

    name: str = ""  # of its file
    title: str  # one line for the command's help
    mistakes: list[str]  # the mistakes a good analysis finds, by id
    body: BodyName
    skin: SkinTone = "light"
    clothes: Clothes = "sports"
    headwear: Headwear = "none"
    neck_start_deg: Annotated[float, Meta(ge=-10, le=35)] = 0.0
    neck_end_deg: Annotated[float, Meta(ge=-10, le=35)] = 0.0
    lean_deg: Annotated[float, Meta(ge=-5, le=25)] = 6.0  # hip to shoulder from vertical
    shoulder_rotation_deg: Annotated[float, Meta(ge=0, le=90)] = 14.0  # peak to peak about the vertical
    arm_swing_deg: Annotated[float, Meta(ge=0, le=120)] = 55.0  # range of the upper arm
    elbow_deg: Annotated[float, Meta(ge=40, le=170)] = 90.0  # included angle, 180 = straight
    forearm_across_deg: Annotated[float, Meta(ge=0, le=80)] = 20.0  # out of the side view at the front of the swing
    stages: Annotated[int, Meta(ge=1, le=8)] = 1  # clips over the run, from neck_start to neck_end
    strides: Annotated[int, Meta(ge=2, le=40)] = 10  # of a clip's loop
    seed: int = 1
    filming: Filming = Filming()
    study: bool = False  # by where its file is: all its clips are its own, and none ships

    def loop(self) -> StrideLoop:
        """The events of the clips: the same in every stage."""
        return stride_loop(self, self.strides, loop_length_s(self, self.strides, self.filming.fps), self.seed)

    def clip_names(self) -> tuple[str, ...]:
        """The running clips, in the order of the run."""
        if self.stages == 1:
            return (self.name,)
        return tuple(f"{self.name}_{k + 1}" for k in range(self.stages))

    def stage_neck_deg(self, stage: int) -> float:
        share = stage / (self.stages - 1) if self.stages > 1 else 0.0
        return self.neck_start_deg + share * (self.neck_end_deg - self.neck_start_deg)

    @property
    def standing_clip(self) -> str:
        return f"{self.name}_standing" if self.study else f"standing_{self.body}"

    @property
    def empty_clip(self) -> str:
        return f"{self.name}_empty" if self.study else EMPTY_CLIP

    @property
    def standing_frames(self) -> int:
        """Length of the standing clip, which closes on itself."""
        return round((_STUDY_STANDING_S if self.study else _STANDING_S) * self.filming.fps)


def scenario_names() -> tuple[str, ...]:
    """All shipped scenarios, in order of name."""
    return tuple(sorted(path.stem for path in FOLDER.glob("*.toml")))


def study_names() -> tuple[str, ...]:
    """All studies, in order of name."""
    return tuple(sorted(path.stem for path in STUDIES.glob("*.toml")))


def load_scenario(name: str) -> Scenario:
    """The scenario or study `name`. Raises ConfigError where there is none, or where its file is not one."""
    study = name in study_names()
    if not study and name not in scenario_names():
        raise ConfigError(f"scenario {name!r} does not exist; choose one of {', '.join(scenario_names())}")
    path = (STUDIES if study else FOLDER) / f"{name}.toml"
    try:
        scenario = msgspec.toml.decode(path.read_bytes(), type=Scenario)
    except (msgspec.ValidationError, tomllib.TOMLDecodeError) as e:
        raise ConfigError(f"scenario {path}: {e}; mend that key") from None
    return msgspec.structs.replace(scenario, name=name, study=study)

"""How a simulated runner is filmed: where the camera stands, how it exposes, and what else is in the picture."""

from typing import Annotated, Literal

from msgspec import Meta, Struct

from station.gait.results import Side

SecondPerson = Literal["beside", "behind", "passing", "crossing"]


class Filming(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One way of filming. The defaults are an ideal camera: level, sharp, free of noise, every row at once.

    Frame k of a clip shows the instant k / fps: the middle of the exposure of its first row.
    """

    side: Side = "right"  # of the runner that the camera sees
    fps: Annotated[float, Meta(ge=20, le=240)] = 60.0
    height_px: Annotated[int, Meta(ge=120, le=1080, multiple_of=4)] = 540  # the picture is 16:9
    exposure_ms: Annotated[float, Meta(ge=0, le=33)] = 0.0  # blurs what moves
    readout_ms: Annotated[float, Meta(ge=0, le=33)] = 0.0  # from the first row to the last: rolling shutter
    light: Annotated[float, Meta(gt=0, le=1)] = 1.0  # share of a bright gym's 500 lux; only with noise
    noise: Annotated[float, Meta(ge=0, le=4)] = 0.0  # multiple of a usual sensor's; 0 = none
    roll_deg: Annotated[float, Meta(ge=-15, le=15)] = 0.0  # of the picture: the belt falls towards image right
    handrail: bool = False  # along the near side of the treadmill, before the runner
    second_person: SecondPerson | None = None

    def __post_init__(self) -> None:
        if max(self.exposure_ms, self.readout_ms) > 1000 / self.fps:
            raise ValueError(f"exposure and readout must fit into a frame of {1000 / self.fps:.1f} ms")
        if self.light < 1 and not self.noise:
            raise ValueError("light below 1 needs noise: without a sensor's noise every picture is as bright as can be")
        if self.noise and not self.exposure_ms:
            raise ValueError("noise needs exposure_ms: it comes from the light that the sensor has caught")

    @property
    def row_s(self) -> float:
        """Seconds from one image row to the next."""
        return self.readout_ms / 1000 / self.height_px

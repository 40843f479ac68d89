"""What has to be said of a gait to simulate it: the spec of the plain generator and of the scenarios."""

from typing import Annotated, Literal

from msgspec import Meta, Struct

from station.gait.results import Side
from station.gravity import GRAVITY_M_S2

Percent = Annotated[float, Meta(ge=-40, le=40)]


class GaitSpec(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One way of running (or walking). Asymmetries are 100 (R - L) / ((R + L) / 2) percent, positive = right larger.

    A foot's step time runs from its own contact to the other foot's next contact, so a longer contact and a
    longer flight after it make a longer step of the same side.
    """

    gait: Literal["running", "walking"] = "running"
    mass_kg: Annotated[float, Meta(gt=0)]
    speed_m_s: Annotated[float, Meta(gt=0)]
    cadence_spm: Annotated[float, Meta(ge=60, le=260)]
    duty_factor: Annotated[float, Meta(ge=0.2, le=0.75)]  # contact time / stride time; over 0.5 the feet overlap
    strike_angle_deg: Annotated[float, Meta(ge=-15, le=30)] = 6.0  # of the sole at contact, toe-up positive
    impact_force_bw: Annotated[float, Meta(ge=0, le=2.5)] = 0.6  # height of the impact bell; 0 = no impact peak
    impact_time_ms: Annotated[float, Meta(ge=8, le=60)] = 40.0  # rise of the impact bell: shorter = harder landing
    heel_ahead_m: float = 0.18  # of the flat foot's heel before the pelvis at contact; about 0.2 leg lengths
    foot_length_m: Annotated[float, Meta(gt=0)] = 0.28  # of the shoe
    step_width_m: float = 0.08  # between the lines of the two feet
    blade: Side | None = None  # the side of a running blade below the knee
    step_time_asymmetry_pct: Percent = 0.0
    contact_time_asymmetry_pct: Percent = 0.0
    peak_force_asymmetry_pct: Percent = 0.0
    variability: Annotated[float, Meta(ge=0, le=3)] = 1.0  # of step and contact times: multiple of a healthy runner's

    def impact_on(self, side: Side) -> float:
        """Height of the impact bell of this foot, in body weights: a blade has no heel to land on."""
        return 0.0 if side == self.blade else self.impact_force_bw

    @property
    def body_weight_n(self) -> float:
        return self.mass_kg * GRAVITY_M_S2

    @property
    def stride_time_s(self) -> float:
        return 120 / self.cadence_spm

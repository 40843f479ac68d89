"""Heavy rearfoot strike: landing on the heel, times how hard the landing is. Either alone is no mistake.

71-94 % of road-race runners land on the heel, so the heel alone is never a fault. The loading rate is anchored at
66 BW/s (Davis 2016, BJSM 50:887: odds of a diagnosed injury 2.7, 95 % CI 1.0-7.4; not confirmed by Schmida 2022);
the other breakpoints are engineering choices. The cut-offs hold for 2.5-3.8 m/s. Foot and force are of the same foot:
the one the camera sees.
"""

import numpy as np

from station.gait.foot_strike import REARFOOT_DEG
from station.gait.posture import FOOT_STRIKE
from station.gait.results import FootForce, ForceResult, Measure, PostureResult, Series, Side
from station.scorecard.confidence import Confidence
from station.scorecard.criterion import ANCHORS, WATCH, Criterion, combine
from station.scorecard.draws import normal_draws, robust_draws, with_measurement_error
from station.scorecard.evidence import Evidence, force_curves
from station.scorecard.facts import Facts
from station.scorecard.gates import many_outliers, no_force, no_posture, not_running, too_short
from station.scorecard.mistake import Mistake
from station.scorecard.quality_gates import STEADY_FORCE, STEADY_PICTURE, failed
from station.scorecard.step_evidence import landing_evidence
from station.scorecard.verdict import Headline, Verdict
from station.words import N_

TITLE = N_("Heavy heel landing")
TRY = N_(
    "Take shorter, quicker steps: about 5 % more steps a minute at the same speed. Land softly and quietly. "
    "Do not force yourself onto the forefoot: that moves the load to the calf."
)
NOT_HEAVY = N_("No heavy landing on the heel was seen: there is nothing to try here.")
HARD_ELSEWHERE = N_("A hard landing, but not on the heel.")
TRY_QUIET = N_("If you like, try to land more quietly, with slightly shorter, quicker steps at the same speed.")
CLEAR_FOOT = N_("The foot was clearly on one side of the limit; how hard it landed is known less exactly.")
UNCLEAR_FOOT = N_("The foot was near the limit between heel and midfoot: it may have been on either side.")
RELATIVE = N_("How hard the landing is can only be told roughly here.")
MATTERS = N_("Studies disagree: one found harder landings in women who got hurt later, another found no difference.")
LOADING_RATE_OF = {
    (True, "left"): N_("loading rate, left foot"),
    (True, "right"): N_("loading rate, right foot"),
    (False, "left"): N_("loading rate, foot A"),
    (False, "right"): N_("loading rate, foot B"),
}
"""By whether the sides are known, and the foot."""
UNCLEAR_ANGLES_DEG = (4.0, 12.0)
"""Of the foot at contact: between them a heel landing is not surely told from one on the midfoot (spec, section 5)."""
LOADING_RATE = Criterion((50, 66, 80, 100), weight=0.7, gain_sd=0.15)
LOADING_RATE_ANY_SPEED = Criterion((50, 66, 80, 100), weight=0.7, gain_sd=0.25)
IMPACT_SHARE = Criterion((0.55, 0.65, 0.75, 0.90), weight=0.3, offset_sd=0.05)
FOOT_ANGLE_SD_DEG = {"standing_shoe": 2.0, "standing": 4.0, "mid_stance": 7.0}
"""Systematic error of the foot angle by what its zero was taken from (docs/decisions/0008, 0046)."""
SPEEDS_M_S = (2.5, 3.8)
LEAST_LANDINGS = 10
LEAST_IMPACT_VISIBLE = 0.30
CAP_RELATIVE = 50.0
RARELY_HEEL = 0.3
LEAST_PROBABLE = 0.34
"""Probability of "borderline": below, a mistake would be called unlikely."""


def judge(facts: Facts, rng: np.random.Generator) -> Verdict:
    """Verdict from the near foot's landings."""
    force, of = facts.force, facts.stride_pairs
    if force is None:
        return Verdict.not_measured(TITLE, [no_force(facts)], of=of)
    feet = _feet(force, facts.posture)
    shown = {
        "of": of,
        "headline": _headline(feet, force, _loading_rate(_speed_m_s(facts))),
        "evidence": _evidence(facts, None, feet),
    }
    if reason := no_force(facts) or not_running(facts) or no_posture(facts):
        return Verdict.not_measured(TITLE, [reason], **shown)
    posture = facts.posture
    angle = posture.foot_strike_angle_deg[posture.camera_side]
    landings = posture.series.get(FOOT_STRIKE)
    if not angle.measured or landings is None:
        return Verdict.not_measured(TITLE, [angle.reason or N_("The landing foot was not seen.")], **shown)
    shown |= {"judged": angle.n, "evidence": _evidence(facts, landings, feet)}
    speed_m_s = _speed_m_s(facts)
    if reason := too_short(facts.judged_pairs, facts.stride_pairs) or _too_few(angle) or _outside_speeds(speed_m_s):
        return Verdict.not_measured(TITLE, [reason], **shown)
    impact = _impact(list(feet.values()), speed_m_s, rng)
    if impact is None:
        reason = next(foot.loading_rate_reason for foot in feet.values() if not foot.loading_rate_bw_s.measured)
        said = N_("The loading rate was not measured: {reason}").format(reason=reason)
        return Verdict.not_measured(TITLE, [said], **shown)
    angle_deg = with_measurement_error(robust_draws(landings, rng, centre="median"), angle, rng)
    angle_deg += rng.normal(0, FOOT_ANGLE_SD_DEG[posture.quality["flat_foot_seen_in"]], len(angle_deg))
    on_heel = angle_deg > REARFOOT_DEG
    severity = np.where(on_heel, impact, 0.0)
    if not _absolute(feet):
        severity = np.minimum(severity, CAP_RELATIVE)
    if not _absolute(feet) and np.mean(severity >= WATCH) < LEAST_PROBABLE <= on_heel.mean():
        return Verdict.not_measured(TITLE, [_relative(feet)], **shown)
    speed_note = None if speed_m_s is not None else _unsure_speed(facts)
    hard_elsewhere = _hard_elsewhere(feet, on_heel, impact)
    notes = [
        _relative(feet) if not _absolute(feet) and on_heel.mean() >= RARELY_HEEL else None,
        HARD_ELSEWHERE if hard_elsewhere else None,
        speed_note,
        many_outliers([landings]),
    ]
    clearly_on_heel = angle_deg - angle_deg.mean() + 2 * REARFOOT_DEG > REARFOOT_DEG
    return Verdict.of_draws(
        TITLE,
        severity,
        cues=(TRY, TRY_QUIET if hard_elsewhere else NOT_HEAVY),
        reasons=[*(note for note in notes if note), *failed(facts, (*STEADY_FORCE, *STEADY_PICTURE))],
        confidence=_confidence(angle.value, feet),
        clear=np.where(clearly_on_heel, ANCHORS[2], 0.0),
        **shown,
    )


def _confidence(angle_deg: float, feet: dict[Side, FootForce]) -> Confidence:
    """The lower of two parts: the loading rate medium at the best, the foot's class high or low (spec, section 5)."""
    least, most = UNCLEAR_ANGLES_DEG
    if not _absolute(feet):
        return Confidence("low", RELATIVE, "low", MATTERS)
    if least <= angle_deg <= most:
        return Confidence("low", UNCLEAR_FOOT, "low", MATTERS)
    return Confidence("medium", CLEAR_FOOT, "low", MATTERS)


def _evidence(facts: Facts, landings: Series | None, feet: dict[Side, FootForce]) -> tuple[Evidence, ...]:
    return (*landing_evidence(facts, landings, list(feet.values())), *force_curves(facts.force))


def _feet(force: ForceResult, posture: PostureResult | None) -> dict[Side, FootForce]:
    """The foot that the camera sees; both where it is not known which of them that is."""
    side = posture.camera_side if posture is not None and force.sides_known else None
    return {side: force.feet[side]} if side in force.feet else dict(force.feet)


def _absolute(feet: dict[Side, FootForce]) -> bool:
    return all(foot.loading_rate_status == "absolute" for foot in feet.values())


def _impact(feet: list[FootForce], speed_m_s: float | None, rng: np.random.Generator) -> np.ndarray | None:
    """Severity of the landing in each draw, None without a loading rate."""
    loading_rate = _loading_rate(speed_m_s)
    rates = [normal_draws(foot.loading_rate_bw_s, rng) for foot in feet if foot.loading_rate_bw_s.measured]
    shares = [_impact_share(foot, rng) for foot in feet]
    parts = [(loading_rate, np.mean(rates, axis=0) if len(rates) == len(feet) else None)]
    parts += [(IMPACT_SHARE, np.mean(shares, axis=0) if all(s is not None for s in shares) else None)]
    return combine(
        [
            (criterion, None if draws is None else criterion.severity(criterion.with_systematic_error(draws, rng)))
            for criterion, draws in parts
        ]
    )


def _loading_rate(speed_m_s: float | None) -> Criterion:
    return LOADING_RATE if speed_m_s is not None else LOADING_RATE_ANY_SPEED


def _impact_share(foot: FootForce, rng: np.random.Generator) -> np.ndarray | None:
    """Draws of impact peak / active peak; nought where most steps show no impact peak."""
    if foot.impact_peak_visible is None or not foot.peak_force_bw.measured:
        return None
    active = normal_draws(foot.peak_force_bw, rng)
    if foot.impact_peak_visible < LEAST_IMPACT_VISIBLE or not foot.impact_peak_bw.measured:
        return np.zeros_like(active)
    return normal_draws(foot.impact_peak_bw, rng) / active


def _too_few(angle: Measure) -> str | None:
    if angle.n >= LEAST_LANDINGS:
        return None
    few = N_("Seen clearly: only {n} of the {least} landings needed.")
    return few.format(n=angle.n, least=LEAST_LANDINGS)


def _speed_m_s(facts: Facts) -> float | None:
    """The given speed; else the seen one, where its whole interval lies inside, or outside, SPEEDS_M_S."""
    seen = facts.seen_speed_m_s
    if facts.speed_m_s is not None or seen is None or not seen.measured:
        return facts.speed_m_s
    return None if any(seen.low < limit < seen.high for limit in SPEEDS_M_S) else seen.value


def _outside_speeds(speed_m_s: float | None) -> str | None:
    slowest, fastest = SPEEDS_M_S
    if speed_m_s is None or slowest <= speed_m_s <= fastest:
        return None
    said = N_("Loading rates can be judged at {slowest} to {fastest} m/s; this run was at {speed} m/s.")
    return said.format(slowest=slowest, fastest=fastest, speed=f"{speed_m_s:.3g}")


def _unsure_speed(facts: Facts) -> str:
    slowest, fastest = SPEEDS_M_S
    seen = facts.seen_speed_m_s
    if seen is not None and seen.measured:
        said = N_("The belt speed is only known as {low} to {high}; the limits hold for {slowest} to {fastest} m/s.")
        return said.format(low=f"{seen.low:.1f}", high=f"{seen.high:.1f}", slowest=slowest, fastest=fastest)
    if facts.episodes is not None and facts.episodes.speed_changes_s:
        said = N_(
            "The belt changed its speed, and that of the judged part is not known; the limits hold for {slowest} to "
            "{fastest} m/s."
        )
    else:
        said = N_("The belt speed is not known; the limits hold for {slowest} to {fastest} m/s.")
    return said.format(slowest=slowest, fastest=fastest)


def _hard_elsewhere(feet: dict[Side, FootForce], on_heel: np.ndarray, impact: np.ndarray) -> bool:
    """Whether a landing on the forefoot or midfoot was hard, as far as that can be told."""
    return _absolute(feet) and bool(on_heel.mean() < RARELY_HEEL and np.median(impact) >= WATCH)


def _relative(feet: dict[Side, FootForce]) -> str:
    reason = next(foot.loading_rate_reason for foot in feet.values() if foot.loading_rate_status != "absolute")
    return N_("Heel landing; how hard it is cannot be told exactly here: {reason}").format(reason=reason)


def _headline(feet: dict[Side, FootForce], force: ForceResult, criterion: Criterion) -> Headline | None:
    """The loading rate: of the foot the camera sees, else of the harder one."""
    measured = {side: foot.loading_rate_bw_s for side, foot in feet.items() if foot.loading_rate_bw_s.measured}
    if not measured:
        return None
    side = max(measured, key=lambda s: measured[s].value)
    rate = measured[side]
    text, sd_bw_s = LOADING_RATE_OF[force.sides_known, side], criterion.systematic_sd(rate.value)
    return Headline(text, rate.value, rate.low, rate.high, "BW/s", sd_bw_s)


MISTAKE = Mistake("heavy_rearfoot_strike", 4, TITLE, judge, needs_camera=True)

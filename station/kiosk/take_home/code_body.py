"""The body of a take-home code: a run's summary in as few bytes as its numbers are worth (docs/take-home.md)."""

import math
import zlib
from collections.abc import Iterable
from datetime import date, timedelta
from typing import Annotated, get_args

import msgspec
from msgspec import Meta, Struct

from station.gait.results import Measure
from station.scorecard.run_summary import VARIABLES, Conditions, Judged, LoadingStatus, RunSummary
from station.scorecard.verdict import Word

_EPOCH = date(2020, 1, 1)
_VERDICTS: tuple[str, ...] = get_args(Word)
_HEADLINE_QUANTUM = 0.1
_LOADING: tuple[LoadingStatus, ...] = ("not_measured", "relative", "absolute")

_MOST_QUANTA = 1_000_000
_MOST_CM_S = 1000
_UNIT_LETTERS = 8
_Quanta = Annotated[int, Meta(ge=-_MOST_QUANTA, le=_MOST_QUANTA)]
_Width = Annotated[int, Meta(ge=0, le=2 * _MOST_QUANTA)]
_Value = tuple[_Quanta, _Width, _Width]
"""In quanta: the value, and how far its interval reaches below and above."""


class _Mistake(Struct, array_like=True, frozen=True):
    verdict: Annotated[int, Meta(ge=0, lt=len(_VERDICTS))]
    headline: _Value | None = None
    unit: Annotated[str, Meta(max_length=_UNIT_LETTERS)] = ""


class _Body(Struct, array_like=True, frozen=True):
    day: Annotated[int, Meta(ge=0, le=60_000)]  # since 2020-01-01
    values: list[_Value | None]  # by VARIABLES
    mistakes: dict[int, _Mistake]  # by `_short`
    loading_rate: Annotated[int, Meta(ge=0, lt=len(_LOADING))]
    sides_known: bool
    force_calibration: Annotated[bytes, Meta(max_length=8)]
    camera_calibration: Annotated[bytes, Meta(max_length=8)]
    speed_cm_s: Annotated[int, Meta(gt=0, le=_MOST_CM_S)] | None = None
    incline_permille: Annotated[int, Meta(ge=-100, le=400)] | None = None
    shoes: Annotated[str, Meta(max_length=40)] | None = None


def encode(summary: RunSummary) -> bytes:
    """Without the station: its key's id stands beside the body."""
    return msgspec.msgpack.encode(_packed(summary))


def decode(body: bytes, station: bytes, mistakes: Iterable[str]) -> RunSummary:
    """`mistakes`: ids that this station knows. Raises msgspec.DecodeError on anything but a body of this schema."""
    return _unpacked(msgspec.msgpack.decode(body, type=_Body), station, {_short(name): name for name in mistakes})


def _packed(summary: RunSummary) -> _Body:
    conditions = summary.conditions
    return _Body(
        day=(summary.day - _EPOCH).days,
        values=[_quantised(summary.value(variable), variable.quantum) for variable in VARIABLES],
        mistakes={_short(name): _packed_mistake(judged) for name, judged in summary.mistakes.items()},
        loading_rate=_LOADING.index(conditions.loading_rate),
        sides_known=conditions.sides_known,
        force_calibration=conditions.force_calibration,
        camera_calibration=conditions.camera_calibration,
        speed_cm_s=_cm_s(conditions.speed_m_s),
        incline_permille=None if conditions.incline_pct is None else round(10 * conditions.incline_pct),
        shoes=conditions.shoes,
    )


def _packed_mistake(judged: Judged) -> _Mistake:
    headline = judged.headline and _quantised(judged.headline, _HEADLINE_QUANTUM)
    return _Mistake(_VERDICTS.index(judged.verdict), headline, judged.unit[:_UNIT_LETTERS] if headline else "")


def _cm_s(speed_m_s: float | None) -> int | None:
    speed = round(100 * (speed_m_s or 0.0))
    return speed if 0 < speed <= _MOST_CM_S else None


def _unpacked(body: _Body, station: bytes, names: dict[int, str]) -> RunSummary:
    return RunSummary(
        day=_EPOCH + timedelta(days=body.day),
        values={v.id: _measure(q, v.quantum) for v, q in zip(VARIABLES, body.values, strict=False) if q is not None},
        mistakes={names[key]: _judged(mistake) for key, mistake in body.mistakes.items() if key in names},
        conditions=Conditions(
            speed_m_s=None if body.speed_cm_s is None else body.speed_cm_s / 100,
            incline_pct=None if body.incline_permille is None else body.incline_permille / 10,
            shoes=body.shoes,
            loading_rate=_LOADING[body.loading_rate],
            sides_known=body.sides_known,
            station=station,
            force_calibration=body.force_calibration,
            camera_calibration=body.camera_calibration,
        ),
    )


def _judged(mistake: _Mistake) -> Judged:
    headline = None if mistake.headline is None else _measure(mistake.headline, _HEADLINE_QUANTUM)
    return Judged(_VERDICTS[mistake.verdict], headline, mistake.unit)


def _short(name: str) -> int:
    """A mistake's id in two bytes."""
    return zlib.crc32(name.encode()) & 0xFFFF


def _quantised(measure: Measure, quantum: float) -> _Value | None:
    """An interval never becomes narrower by it. None of what no run can give."""
    numbers = (measure.value, measure.low, measure.high)
    if not measure.measured or any(abs(n) > _MOST_QUANTA * quantum for n in numbers):
        return None
    value = round(measure.value / quantum)
    below, above = value - math.floor(measure.low / quantum), math.ceil(measure.high / quantum) - value
    return value, max(0, below), max(0, above)


def _measure(value: _Value, quantum: float) -> Measure:
    middle, below, above = value
    return Measure(middle * quantum, (middle - below) * quantum, (middle + above) * quantum, 0)

"""The mistakes the station judges: whatever files lie in `station/scorecard/mistakes/`."""

import importlib
import pkgutil
import zlib
from dataclasses import replace

import numpy as np

from station.errors import ConfigError
from station.scorecard import mistakes
from station.scorecard.facts import Facts
from station.scorecard.mistake import Mistake
from station.scorecard.verdict import Verdict


def all_mistakes() -> tuple[Mistake, ...]:
    """Every mistake, in the order of the cards. Raises ConfigError for a file without one and for an id used twice."""
    found: dict[str, Mistake] = {}
    for module in pkgutil.iter_modules(mistakes.__path__):
        name = f"{mistakes.__name__}.{module.name}"
        mistake = getattr(importlib.import_module(name), "MISTAKE", None)
        if not isinstance(mistake, Mistake):
            raise ConfigError(f"{name} defines no MISTAKE; add one or take the file out of the folder")
        if mistake.id in found:
            raise ConfigError(f"{name} uses the id {mistake.id} again; give it an id of its own")
        found[mistake.id] = mistake
    return tuple(sorted(found.values(), key=lambda mistake: (mistake.order, mistake.id)))


def judge_all(facts: Facts) -> dict[str, Verdict]:
    """id -> verdict, in the order of the cards.

    Each mistake draws its own random numbers: the same facts give the same verdict, whatever other mistakes exist.
    """
    return {mistake.id: _judged(mistake, facts) for mistake in all_mistakes()}


def _judged(mistake: Mistake, facts: Facts) -> Verdict:
    verdict = mistake.judge(facts, _rng(facts.seed, mistake.id))
    trouble = facts.camera_trouble if mistake.needs_camera else None
    if trouble is None or trouble in verdict.reasons:
        return verdict
    return replace(verdict, reasons=(*verdict.reasons, trouble))


def _rng(seed: int, mistake_id: str) -> np.random.Generator:
    return np.random.default_rng([seed % 2**32, zlib.crc32(mistake_id.encode())])

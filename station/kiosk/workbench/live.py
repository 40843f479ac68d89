"""What a page of the workbench asks for again and again: whether it is still the right one, and the live numbers."""

import math

from station.kiosk import languages
from station.messages import WorkbenchState

SILENT = "silent"


def token(state: WorkbenchState | None) -> str:
    """Another one for each page that differs by more than its live numbers; None: the workbench is silent."""
    if state is None:
        return SILENT
    shown = (state.doing, state.kind, state.step, state.measuring, state.prompt and state.prompt.text, state.refused)
    return f"{hash((*shown, state.failed, state.report, state.examined)):x}"


def numbers(state: WorkbenchState) -> list[str]:
    """What each cell says, as it is written at the cell."""
    if not state.calibrated:
        return [_dash(value) or languages.number(value) for value in state.force_n]
    return [_dash(value) or f"{languages.number(value, 1)} N" for value in state.force_n]


def _dash(value: float) -> str:
    return "" if math.isfinite(value) else "–"

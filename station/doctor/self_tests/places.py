"""On a calibrated station with an empty deck: does each cell still read what it read when the calibration was made?"""

from collections.abc import Sequence

import numpy as np

from station.calibration import artefact
from station.doctor.cell_findings import signs_at_rest, spoken_list, unquiet
from station.doctor.self_test import Bedside, SelfTest
from station.doctor.tare_pattern import FAR_N, Change, Explanation, alike, away_n, explanations
from station.errors import CalibrationError
from station.gravity import GRAVITY_M_S2
from station.messages import CHANNELS, Calibration, Finding, spoken
from station.words import N_

SAID: dict[Change, str] = {
    "exchanged": N_(
        "the {cells} load cells were exchanged since the calibration: exchange their plugs back, or repeat the "
        "calibration"
    ),
    "reversed": N_(
        "the signal wires (A+ and A-) or the supply wires (E+ and E-) of the {cells} load cell were exchanged since "
        "the calibration: exchange them back"
    ),
    "no_supply": N_(
        "the {cells} load cell gives no signal any more: a supply wire (E+ or E-) of it is open; check its plug"
    ),
}


def _cells_in_place(bedside: Bedside) -> Sequence[Finding]:
    signs, config = signs_at_rest(bedside), bedside.config
    if signs.restless:
        return unquiet(CELLS_IN_PLACE)
    if len(signs.sound) < len(CHANNELS):
        text = N_("Not checked: it needs all four cells; see what else was found.")
        return [CELLS_IN_PLACE.finding("not_checked", text)]
    try:
        calibration = artefact.latest(config.state, config.force.cells)
    except CalibrationError:
        text = N_("Not checked: the station is not calibrated yet. The guided self-tests tell without.")
        return [CELLS_IN_PLACE.finding("not_checked", text)]
    return _judged(calibration, np.array([np.median(cell.recording.counts) for cell in signs.cells]))


def _judged(calibration: Calibration, counts: np.ndarray) -> Sequence[Finding]:
    away = away_n(calibration, counts)
    if np.abs(away).max() < FAR_N:
        return [CELLS_IN_PLACE.finding("ok", _all_in_place(calibration))]
    found = explanations(calibration, counts)
    if found:
        return [_explained(found)]
    worst = int(np.abs(away).argmax())
    text = N_(
        "The empty deck reads {kg:.0f} kg more than when it was calibrated, most of it on the {name} load cell. Take "
        "everything off the deck and ask again; if it stays, repeat the tare."
    )
    text = text.format(kg=float(away.sum()) / GRAVITY_M_S2, name=spoken(CHANNELS[worst]))
    return [CELLS_IN_PLACE.finding("warning", text, CHANNELS[worst], moved_n=float(away[worst]))]


def _all_in_place(calibration: Calibration) -> str:
    text = N_("Each cell reads what it read when it was calibrated.")
    pairs = [spoken_list(pair) for pair in alike(calibration)]
    if not pairs:
        return text
    blind = N_("Some read too much alike for an exchange to show ({pairs}): the guided self-tests tell.")
    return " ".join((text, blind.format(pairs="; ".join(pairs))))


def _explained(found: Sequence[Explanation]) -> Finding:
    """More than one mistake may read the same: all are named."""
    said = [SAID[each.change].format(cells=spoken_list(each.channels)) for each in found]
    text = (
        N_("By what the empty deck reads, {what}.")
        if len(said) == 1
        else N_("By what the empty deck reads, one of these: {what}.")
    )
    text = text.format(what="; ".join(said))
    where = found[0].channels[0] if len(found) == 1 and len(found[0].channels) == 1 else None
    return CELLS_IN_PLACE.finding("fault", text, where)


CELLS_IN_PLACE = SelfTest(
    "cells_in_place", 130, N_("Cells where the calibration found them"), "cells", 60.0, _cells_in_place
)
SELF_TESTS = (CELLS_IN_PLACE,)

"""How a self-test of the load cells says what it found: a finding for each cell that is wrong, else one for all."""

from collections.abc import Iterable, Sequence

from station.config import Cell
from station.doctor.cell_signs import CellSigns, Signs
from station.doctor.self_test import Bedside, SelfTest
from station.messages import CHANNELS, Finding, spoken
from station.words import N_


def signs_at_rest(bedside: Bedside) -> Signs:
    """Of the deck as it stands there now. Raises DeviceError."""
    return Signs.of(bedside.cells.at_rest(), bedside.config.force)


def unquiet(test: SelfTest) -> Sequence[Finding]:
    """Where the deck is `restless`."""
    text = N_("Not checked: somebody or something moves on the deck. Take everything off, step back and ask again.")
    return [test.finding("not_checked", text)]


def spoken_list(channels: Iterable[str]) -> str:
    """ "front left", "front left and rear left", "front left, rear left and rear right"."""
    *others, last = map(spoken, channels)
    if not others:
        return last
    return N_("{others} and {last}").format(others=", ".join(others), last=last)


def wires(cell: Cell) -> dict[str, int]:
    """For the places {dout} and {pd_sck} of a sentence."""
    return {"dout": cell.dout, "pd_sck": cell.pd_sck}


def summed_up(
    test: SelfTest, wrong: Sequence[Finding], examined: Sequence[CellSigns], all_well: str, **measured: float
) -> Sequence[Finding]:
    """What is wrong, and which cells could not be examined for it; where neither, that all is well, as `measured`."""
    left_out = [name for name in CHANNELS if name not in {cell.channel for cell in examined}]
    findings = list(wrong)
    if left_out:
        text = N_("Not checked for the {cells} load cell: see what else was found there.")
        findings.append(test.finding("not_checked", text.format(cells=spoken_list(left_out))))
    return findings or [test.finding("ok", all_well, **measured)]

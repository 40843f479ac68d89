"""What a chip that does not deliver is said to suffer from, in a user's words."""

from station.config import Cell
from station.messages import ChipTrouble, spoken
from station.words import N_

_SAID: dict[ChipTrouble, str] = {
    "open": N_(
        "{name} load cell: no answer; check its DOUT wire on GPIO {dout}, its PD_SCK wire on GPIO "
        "{pd_sck} and the chip's 3.3 V supply"
    ),
    "exchanged": N_(
        "{name} load cell: DOUT and PD_SCK are exchanged; put DOUT on GPIO {dout} and PD_SCK on GPIO {pd_sck}"
    ),
    "high": N_(
        "{name} load cell: no answer; its data line is held high: check GPIO {dout} for a short circuit to 3.3 V, and "
        "whether its chip is broken"
    ),
    "clock_high": N_(
        "{name} load cell: no answer; its clock line is held high: check GPIO {pd_sck} for a short circuit to 3.3 V"
    ),
    "low": N_(
        "{name} load cell: its data line is held low; check GPIO {dout} for a short circuit to ground, and that the "
        "PD_SCK wire on GPIO {pd_sck} is whole and touches nothing else"
    ),
    "out_of_range": N_("{name} load cell: out of range; take the load off and check the four wires from cell to chip"),
    "slow": N_(
        "{name} load cell: its chip makes {rate_sps:.0f} readings a second instead of {nominal_sps:g}; connect its "
        "RATE pin to the supply (DVDD), not to ground"
    ),
    "disturbed": N_(
        "{name} load cell: its readings are disturbed; check the wires on GPIO {dout} and {pd_sck}, and that "
        "the chip makes {nominal_sps:g} readings a second (force.chip_rate_sps)"
    ),
}


def said(trouble: ChipTrouble, channel: str, cell: Cell, rate_sps: float, nominal_sps: float) -> str:
    """One sentence: what, where, what to do. `rate_sps`: as measured, where it is known."""
    return _SAID[trouble].format(
        name=spoken(channel), dout=cell.dout, pd_sck=cell.pd_sck, rate_sps=rate_sps, nominal_sps=nominal_sps
    )

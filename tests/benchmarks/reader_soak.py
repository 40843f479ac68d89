"""What the load-cell reader delivers of what four simulated chips convert, in virtual time, undisturbed and disturbed.

Run as `python -m tests.benchmarks.reader_soak [--rate 80|320] [--hours H] [--conversions N]`. Each value is compared
with what that chip really converted. Seeds are fixed. Disturbed, the rows of one rate share the N conversions.
"""

import argparse
import tracemalloc
from dataclasses import dataclass

import numpy as np

from station.sim.virtual_clock import Preemption
from tests.force.disturbed_line import CHATTER, CLOCKED, GROUNDED, SPIKES, DisturbedLine, Trouble
from tests.force.four_chips import FourChips, wave
from tests.force.truth import Tally

BATCH_S = 0.05
STARTED_S = 1.0
"""After it, conversions count: chips settle for 50 ms, and a chip's first result is dropped."""


@dataclass(frozen=True)
class World:
    """One row: what the host and the wires suffer."""

    name: str
    preemption: Preemption | None = None
    pin_call_ns: int = 700
    troubles: tuple[Trouble, ...] = ()
    saturated: bool = False


DISTURBED = (
    World("preempted 20/s for 0.03-3 ms", Preemption(20.0, 3e-5, 3e-3)),
    World("preempted 300/s for 0.03-0.4 ms", Preemption(300.0, 3e-5, 4e-4)),
    World("preempted 3/s for 1-60 ms", Preemption(3.0, 1e-3, 60e-3)),
    World("slow pins (3 us), preempted 50/s, to 12 ms", Preemption(50.0, 3e-5, 12e-3), pin_call_ns=3000),
    World("spikes on DOUT, 50/s, to 1 us", troubles=(SPIKES,)),
    World("spikes on PD_SCK, 1/s: a pulse too many", troubles=(CLOCKED,)),
    World("DOUT loose, 2/s, open for 1-20 ms", troubles=(CHATTER,)),
    World("DOUT to ground, 2/s, for 1-20 ms", troubles=(GROUNDED,)),
    World("unplugged every 10 s for 0.2-3 s", troubles=(Trouble("open", 0.1, 0.2, 3.0),)),
    World("without power every 10 s for 0.2-3 s", troubles=(Trouble("unpowered", 0.1, 0.2, 3.0),)),
    World("stuck low every 10 s for 0.2-3 s", troubles=(Trouble("grounded", 0.1, 0.2, 3.0),)),
    World("stuck high every 10 s for 0.2-3 s", troubles=(Trouble("high", 0.1, 0.2, 3.0),)),
    World("out of range for 0.3 s every 5 s", saturated=True),
    World("all of it", Preemption(20.0, 3e-5, 3e-3), 700, (SPIKES, CLOCKED, CHATTER, GROUNDED), True),
)


@dataclass(frozen=True)
class Row:
    """What became of one world."""

    seconds: float
    chips: list[Tally]
    lost: int  # as the reader counts them
    rejected: int
    power_downs: int
    rest_ms: float  # the longest time without a conversion while the wire was sound

    def total(self, name: str) -> int:
        return sum(getattr(chip, name) for chip in self.chips)

    def late_ms(self, percentile: float) -> float:
        return float(np.percentile(np.concatenate([chip.late_ns for chip in self.chips]), percentile)) * 1e-6


def soak(world: World, rate_sps: int, seconds: float, seed: int = 1) -> Row:
    """Read for `seconds` of virtual time, comparing each value with the truth."""
    force_n = wave_out_of_range if world.saturated else wave
    bench = FourChips(force_n, None, seed, rate_sps, world.preemption, world.pin_call_ns, world.troubles)
    bench.untrue(bench.reader.read(STARTED_S))
    before = bench.reader.health()
    for truth in bench.truths:
        truth.tally = Tally()
    end_ns = bench.clock.now_ns() + round(seconds * 1e9)
    while bench.clock.now_ns() < end_ns:
        bench.untrue(bench.reader.read(BATCH_S))
    health = bench.reader.health()
    return Row(
        seconds,
        [truth.tally for truth in bench.truths],
        sum(health.lost) - sum(before.lost),
        sum(health.rejected) - sum(before.rejected),
        sum(health.power_downs) - sum(before.power_downs),
        max(_longest_rest_ms(truth.tally, own) for truth, own in zip(bench.truths, bench.lines, strict=True)),
    )


def wave_out_of_range(t_s: np.ndarray) -> np.ndarray:
    """As `wave`, with 0.3 s beyond what the chips can show every 5 s."""
    return wave(t_s) + np.where(np.mod(t_s, 5.0) < 0.3, 1e6, 0.0)


def _longest_rest_ms(tally: Tally, lines: list[DisturbedLine]) -> float:
    """Between two conversions, or from the end of a trouble in between to the second of them."""
    low_ns = np.array(tally.low_ns)
    since_ns = low_ns[:-1].copy()
    for line in lines:
        ended_ns = np.array([0, *sorted(line.ended_ns)])
        latest_ns = ended_ns[np.searchsorted(ended_ns, low_ns[1:]) - 1]
        since_ns = np.maximum(since_ns, latest_ns)
    return float((low_ns[1:] - since_ns).max(initial=0)) * 1e-6


def memory_growth_bytes(rate_sps: int, seconds: float) -> int:
    """What the reader holds after `seconds` more than after the first 5 s, by tracemalloc: its own lines alone."""
    bench = FourChips(wave, rate_sps=rate_sps)
    own = [tracemalloc.Filter(True, "*/station/force/*")]

    def held(for_s: float) -> int:
        end_ns = bench.clock.now_ns() + round(for_s * 1e9)
        while bench.clock.now_ns() < end_ns:
            bench.untrue(bench.reader.read(BATCH_S))
            for truth in bench.truths:
                truth.tally = Tally()
        statistics = tracemalloc.take_snapshot().filter_traces(own).statistics("filename")
        return sum(statistic.size for statistic in statistics)

    tracemalloc.start()
    try:
        first = held(5.0)
        return held(seconds) - first
    finally:
        tracemalloc.stop()


def show(world: World, row: Row) -> None:
    made, delivered = row.total("made"), row.total("delivered")
    print(
        f"{world.name:44}{made:10}{delivered:11}{100 * delivered / made:8.2f}{row.lost:8}{row.rejected:9}"
        f"{row.power_downs:8}{row.total('bad'):5}{row.total('outside'):9}"
        f"{row.late_ms(50):7.2f}{row.late_ms(99):7.2f}{row.late_ms(100):7.2f}{row.rest_ms:10.0f}",
        flush=True,
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rate", type=int, choices=(80, 320), help="samples a second; default both")
    parser.add_argument("--hours", type=float, default=1.0, help="of virtual time undisturbed; default 1")
    parser.add_argument("--conversions", type=float, default=1.1e6, help="of all disturbed rows together")
    options = parser.parse_args()
    print(
        f"{'':44}{'made':>10}{'delivered':>11}{'%':>8}{'lost':>8}{'refused':>9}{'p.downs':>8}{'bad':>5}{'outside':>9}",
        end="",
    )
    print(f"{'late ms':>14}{'':7}{'longest':>10}\n{'':104}{'p50':>7}{'p99':>7}{'max':>7}{'rest ms':>10}")
    for rate_sps in (options.rate,) if options.rate else (80, 320):
        undisturbed = World(f"{rate_sps} SPS, {options.hours:g} h undisturbed")
        show(undisturbed, soak(undisturbed, rate_sps, 3600 * options.hours))
        seconds = options.conversions / len(DISTURBED) / (4 * rate_sps)
        rows = [soak(world, rate_sps, seconds) for world in DISTURBED]
        for world, row in zip(DISTURBED, rows, strict=True):
            show(world, row)
        made, bad = (sum(row.total(name) for row in rows) for name in ("made", "bad"))
        print(f"{rate_sps} SPS disturbed: {made} conversions made, {bad} bad values delivered")
        minutes = 10 * options.hours
        print(f"the reader held {memory_growth_bytes(rate_sps, 60 * minutes)} bytes more after {minutes:g} min\n")


if __name__ == "__main__":
    main()

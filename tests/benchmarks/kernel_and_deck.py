"""What the kernel test and the tap test tell of known chips and decks: `python -m tests.benchmarks.kernel_and_deck`.

`--seeds N` (default 6), `--part kernel|deck80|deck320|order|modes|phone` for one table. Simulated chips and decks;
their kernels, pulses and ringing are made by the simulated world, with none of the calibration's formulas.
"""

import argparse
import random
import tempfile
import time
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from station.calibration.accelerometer import measure_deck_by_phone
from station.calibration.kernel import fit_kernel
from station.calibration.kernel_recording import record_switching
from station.config import Force
from station.errors import CalibrationError
from station.messages import DeckCalibration
from station.sim.chips import COUNTS_PER_NEWTON, draw_chips
from station.sim.deck import Deck, Mode
from station.sim.rig import Rig
from tests.calibration.phone import write_phone_file
from tests.calibration.step_truth import step_error
from tests.calibration.struck_deck import struck

DECKS_HZ = (18, 25, 33, 40, 55, 80, 120)
DAMPINGS = (0.03, 0.07, 0.15)
CHIPS = (
    {"order": 1}, {"order": 2}, {"order": 3}, {"order": 4}, {"order": 1, "extra_box_periods": 0.5},
    {"order": 2, "extra_box_periods": 0.5}, {"order": 3, "extra_box_periods": 0.25},
    {"order": 3, "extra_box_periods": 0.5}, {"order": 3, "sag": 0.03}, {"order": 4, "sag": 0.03, "sag_tau_s": 0.1},
)  # fmt: skip
WRONG_ORDERS = ((3, 2), (3, 4), (4, 3))
WRONG_SDS = 4.0


@dataclass
class Tally:
    """What came of several trials on decks of one frequency, their dampings taken in turn."""

    frequency_hz: float | None
    outcomes: Counter = field(default_factory=Counter)
    frequency_pct: list[float] = field(default_factory=list)
    damping_pct: list[float] = field(default_factory=list)
    frequency_sds: list[float] = field(default_factory=list)
    damping_sds: list[float] = field(default_factory=list)
    bounds_hz: list[float] = field(default_factory=list)

    def add(self, deck: DeckCalibration | None, damping: float) -> None:
        if deck is None:
            self.outcomes["refused"] += 1
        elif deck.frequency_hz is None:
            self.outcomes["bound" if (self.frequency_hz or np.inf) >= deck.at_least_hz else "WRONG"] += 1
            self.bounds_hz.append(deck.at_least_hz)
        elif self.frequency_hz is None:
            self.outcomes["WRONG"] += 1
        else:
            off_hz, off = deck.frequency_hz - self.frequency_hz, deck.damping_ratio - damping
            self.frequency_pct.append(100 * off_hz / self.frequency_hz)
            self.damping_pct.append(100 * off / damping)
            self.frequency_sds.append(off_hz / deck.frequency_sd_hz)
            self.damping_sds.append(off / deck.damping_sd)
            wrong = max(abs(self.frequency_sds[-1]), abs(self.damping_sds[-1])) > WRONG_SDS
            self.outcomes["WRONG" if wrong else "told"] += 1

    def __str__(self) -> str:
        name = "stiff" if self.frequency_hz is None else f"{self.frequency_hz:g} Hz"
        counts = " ".join(f"{self.outcomes[k]:5d}" for k in ("told", "bound", "refused", "WRONG"))
        line = f"{name:8s} {counts}"
        if self.frequency_pct:
            line += f"   f {_rms(self.frequency_pct):6.2f} % ({_rms(self.frequency_sds):4.2f} sd)"
            line += f"   damping {_rms(self.damping_pct):6.1f} % ({_rms(self.damping_sds):4.2f} sd)"
        if self.bounds_hz:
            line += f"   at least {min(self.bounds_hz):.0f}-{max(self.bounds_hz):.0f} Hz"
        return line


def kernels(seeds: range) -> None:
    """Error of the measured step response over 200 ms."""
    for rate_sps in (80, 320):
        print(f"\nkernel test, {rate_sps} SPS: rms error of the step response, % of the step")
        for made in CHIPS:
            errors, family_n, left_n, taps, cpu_s = [], [], [], [], []
            for seed in seeds:
                rig = Rig(seed, Force(chip_rate_sps=rate_sps), chips=draw_chips(seed, rate_sps, **made))
                test = record_switching(rig.front_end, random.Random(seed), 20)
                begun_s = time.process_time()
                fits = [fit_kernel(test, c, 1 / COUNTS_PER_NEWTON) for c in range(4)]
                cpu_s.append(time.process_time() - begun_s)
                errors += [100 * step_error(spec, fit.kernel) for spec, fit in zip(rig.specs, fits, strict=True)]
                family_n += [fit.family_residual_n for fit in fits]
                left_n += [fit.kernel.residual_n for fit in fits]
                taps += [len(fit.kernel.taps) for fit in fits]
            print(
                f"{', '.join(f'{k} {v:g}' for k, v in made.items()):36s} mean {np.mean(errors):5.3f} "
                f"max {max(errors):5.3f}   residual {np.mean(family_n):5.2f} -> {np.mean(left_n):4.2f} N"
                f"   taps {np.median(taps):3.0f}   cpu {np.mean(cpu_s):.2f} s",
                flush=True,
            )


def decks_80(seeds: range) -> None:
    _decks(seeds, 80)


def decks_320(seeds: range) -> None:
    _decks(seeds, 320)


def _decks(seeds: range, rate_sps: int) -> None:
    print(f"\ntap test, {rate_sps} SPS told bound refused WRONG   rms errors (in reported sds)")
    for frequency_hz in (*DECKS_HZ, None):
        tally, cpu_s = Tally(frequency_hz), []
        for seed in seeds:
            damping = DAMPINGS[seed % len(DAMPINGS)]
            recording = struck(Deck(frequency_hz, damping), seed, rate_sps)
            begun_s = time.process_time()
            try:
                tally.add(recording.measure().deck, damping)
            except CalibrationError:
                tally.add(None, damping)
            cpu_s.append(time.process_time() - begun_s)
        print(f"{tally}   cpu {np.mean(cpu_s):.1f} s", flush=True)


def wrong_orders(seeds: range) -> None:
    print("\nwrong order in the artefact, 80 SPS: refused of tried")
    for true, believed in WRONG_ORDERS:
        for frequency_hz in (25, 40, 80, None):
            refused = 0
            for seed in seeds:
                try:
                    struck(Deck(frequency_hz, 0.05), seed, order=true).measure(believed)
                except CalibrationError:
                    refused += 1
            print(f"{believed} for {true}, deck {frequency_hz or 'stiff'}: {refused} of {len(seeds)}", flush=True)


def two_modes(seeds: range) -> None:
    print("\na second mode: what is said")
    for first_hz, second_hz, share in ((25, 48, 0.3), (40, 25, 0.1), (33, 40, 0.4)):
        said = Counter()
        for seed in seeds:
            deck = Deck(first_hz, 0.05, (Mode(second_hz, 0.05, share),))
            try:
                said[f"told {struck(deck, seed).measure().deck.frequency_hz:.1f} Hz"] += 1
            except CalibrationError as e:
                said[str(e).split(",")[0]] += 1
        print(f"{first_hz} Hz and {second_hz} Hz ({share:g}): {dict(said)}", flush=True)


def phones(seeds: range) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "phone.csv"
        for rate_hz in (100, 200, 400):
            print(f"\nphone, {rate_hz} samples/s: told bound refused WRONG   rms errors (in reported sds)")
            for frequency_hz in (*DECKS_HZ, None):
                tally = Tally(frequency_hz)
                for seed in seeds:
                    damping = DAMPINGS[seed % len(DAMPINGS)]
                    modes = [(frequency_hz, damping, 1.0)] if frequency_hz else []
                    write_phone_file(path, modes, rate_hz, seed)
                    try:
                        tally.add(measure_deck_by_phone(path).deck, damping)
                    except CalibrationError:
                        tally.add(None, damping)
                print(tally, flush=True)


def _rms(values: list[float]) -> float:
    return float(np.sqrt(np.mean(np.square(values))))


PARTS = {
    "kernel": kernels,
    "deck80": decks_80,
    "deck320": decks_320,
    "order": wrong_orders,
    "modes": two_modes,
    "phone": phones,
}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--seeds", type=int, default=6)
    parser.add_argument("--part", choices=PARTS)
    options = parser.parse_args()
    for name, part in PARTS.items():
        if options.part in (None, name):
            part(range(1, options.seeds + 1))


if __name__ == "__main__":
    main()

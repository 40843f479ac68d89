"""An installer at a terminal: shows the prompts of a machine and live numbers, waits for Enter, ends at Ctrl-C."""

import os
import select
import sys
from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext

import numpy as np

from station.calibration.machine import FINISHED, Machine, StepRefusedError
from station.daemon import Life
from station.messages import CHANNELS, CalibrationPrompt, SampleBatch, spoken

LOOK_S = 0.2
TYPED_AHEAD = 4096
TRIES = 3
"""Of a step with nobody there who could mend something."""


class Terminal:
    """`waiting`: the operator says with Enter when a step is prepared; else it is measured at once.

    `reading` is entered while the device is read. Each prompt is published before it is measured, for whoever shows it
    elsewhere. Raises KeyboardInterrupt where the life is to end.
    """

    def __init__(self, life: Life, waiting: bool, reading: Callable[[], AbstractContextManager] = nullcontext) -> None:
        self._life = life
        self._publisher = life.publisher()
        self._waiting = waiting
        self._reading = reading
        self._counts = np.full(len(CHANNELS), np.nan)

    def carry_out(self, machine: Machine) -> None:
        """All steps of the machine. Raises CalibrationError where it cannot go on, without waiting also where a step
        was refused several times running.
        """
        refused = 0
        try:
            while not machine.done:
                try:
                    self._step(machine)
                    refused = 0
                except StepRefusedError as e:
                    refused += 1
                    if refused == TRIES and not self._waiting:
                        raise
                    print(f"Refused: {e}", file=sys.stderr, flush=True)
        finally:
            self._publisher.send(FINISHED)

    def ask(self, prompt: CalibrationPrompt, which: str) -> None:
        """Show the prompt, wait until it is done, and publish it."""
        print(f"{which}: {prompt.text}", file=sys.stderr, flush=True)
        if self._waiting:
            self._wait_for_enter()
        self._publisher.send(prompt)

    def heed(self) -> None:
        """Raise KeyboardInterrupt where the life is to end."""
        if self._life.stopping:
            raise KeyboardInterrupt

    def look(self, batch: SampleBatch) -> None:
        """Show what was read meanwhile."""
        self.heed()
        columns = batch.arrays()
        for c in range(len(CHANNELS)):
            own = columns["raw"][columns["channel"] == c]
            if len(own):
                self._counts[c] = own.mean()
        if sys.stderr.isatty():
            numbers = "  ".join(f"{spoken(name)} {n:9.0f}" for name, n in zip(CHANNELS, self._counts, strict=True))
            print(f"\r  {numbers} counts", end="", file=sys.stderr, flush=True)

    def _step(self, machine: Machine) -> None:
        self.ask(machine.prompt, f"Step {machine.step + 1} of {machine.steps}")
        try:
            machine.measure(self._reading)
        finally:
            if sys.stderr.isatty():
                print(file=sys.stderr)  # the live numbers stay

    def _wait_for_enter(self) -> None:
        print("  Enter when that is done, Ctrl-C to give up. ", end="", file=sys.stderr, flush=True)
        while not select.select([sys.stdin], [], [], LOOK_S)[0]:
            self.heed()
        if not os.read(sys.stdin.fileno(), TYPED_AHEAD):  # and what was typed too early is forgotten
            raise KeyboardInterrupt  # the terminal has gone

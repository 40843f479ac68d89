"""The installer's terminal, with a machine whose steps go as they are told."""

import io
import os
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import pytest

from station.calibration.machine import FINISHED, Machine, StepRefusedError
from station.calibration.parts import Part
from station.calibration.terminal import TRIES, Terminal
from station.calibration.watched import WatchedFrontEnd
from station.config import Config
from station.daemon import Life
from station.messages import CalibrationPrompt, ForceHealth, SampleBatch

PROMPTS = [CalibrationPrompt(action="unload", text="Clear it."), CalibrationPrompt(action="place", text="Load it.")]


def press_enter(keyboard: io.TextIOBase) -> None:
    keyboard.write("\n")
    keyboard.flush()


class Scripted(Machine[int]):
    """Refuses as often as `refusals` says; whoever is at the keyboard then presses Enter for the next step."""

    kind = "tare"

    def __init__(self, refusals: int = 0, keyboard: io.TextIOBase | None = None) -> None:
        super().__init__(PROMPTS)
        self.refusals, self.keyboard = refusals, keyboard

    def _read(self, prompt: CalibrationPrompt) -> int:
        if self.keyboard is not None:
            press_enter(self.keyboard)
        if prompt is PROMPTS[1] and self.refusals:
            self.refusals -= 1
            raise StepRefusedError("it moves")
        return 1

    def result(self, created: datetime) -> Part:
        raise NotImplementedError


@pytest.fixture
def life(tmp_path: Path) -> Iterator[Life]:
    with Life("calibrate", Config(runtime_dir=str(tmp_path), state_dir=str(tmp_path))) as life:
        yield life


@pytest.fixture
def keyboard(monkeypatch: pytest.MonkeyPatch) -> Iterator[io.TextIOBase]:
    """What is written here was typed."""
    reading, writing = os.pipe()
    with open(reading) as stdin, open(writing, "w") as typed:
        monkeypatch.setattr("sys.stdin", stdin)
        yield typed


def published(terminal: Terminal, monkeypatch: pytest.MonkeyPatch) -> list[CalibrationPrompt]:
    sent: list[CalibrationPrompt] = []
    monkeypatch.setattr(terminal._publisher, "send", sent.append)
    return sent


def test_each_prompt_is_shown_and_published_before_it_is_measured(life, monkeypatch, capsys):
    terminal = Terminal(life, waiting=False)
    sent = published(terminal, monkeypatch)
    machine = Scripted()
    terminal.carry_out(machine)
    assert machine.done
    assert sent == [*PROMPTS, FINISHED]
    assert capsys.readouterr().err == "Step 1 of 2: Clear it.\nStep 2 of 2: Load it.\n"


def test_a_refused_step_is_repeated_as_often_as_the_operator_wants(life, keyboard, capsys):
    machine = Scripted(refusals=TRIES + 1, keyboard=keyboard)
    press_enter(keyboard)
    Terminal(life, waiting=True).carry_out(machine)
    assert machine.done
    assert capsys.readouterr().err.count("Refused: it moves") == TRIES + 1


def test_with_nobody_there_it_is_repeated_a_few_times(life, monkeypatch):
    terminal = Terminal(life, waiting=False)
    sent = published(terminal, monkeypatch)
    machine = Scripted(refusals=TRIES - 1)
    terminal.carry_out(machine)
    assert machine.done
    machine = Scripted(refusals=TRIES)
    with pytest.raises(StepRefusedError, match="it moves"):
        terminal.carry_out(machine)
    assert machine.step == 1
    assert sent[-1] == FINISHED


def test_a_stop_ends_the_waiting_and_the_measuring(life, keyboard):
    terminal = Terminal(life, waiting=True)
    life.stopping = True
    with pytest.raises(KeyboardInterrupt):
        terminal.carry_out(Scripted())
    with pytest.raises(KeyboardInterrupt):
        terminal.look(SampleBatch.of(**{name: () for name in SampleBatch.DTYPES}))


def test_a_terminal_that_has_gone_ends_it(life, keyboard):
    keyboard.close()
    with pytest.raises(KeyboardInterrupt):
        Terminal(life, waiting=True).carry_out(Scripted())


def test_what_is_watched_is_what_is_read():
    class FrontEnd:
        channels, nominal_rate_sps = (), 80.0
        read_s: list[float] = []

        def read(self, duration_s: float) -> SampleBatch:
            self.read_s.append(duration_s)
            columns = {name: [len(self.read_s)] for name in SampleBatch.DTYPES}
            return SampleBatch.of(**columns)

        def health(self) -> ForceHealth:
            raise NotImplementedError

    looks: list[SampleBatch] = []
    inner = FrontEnd()
    batch = WatchedFrontEnd(inner, looks.append).read(0.6)
    assert inner.read_s == pytest.approx([0.25, 0.25, 0.1])
    assert batch.arrays()["raw"].tolist() == [1, 2, 3]
    assert len(looks) == 3

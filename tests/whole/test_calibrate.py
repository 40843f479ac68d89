"""What an installer types: a whole calibration of a simulated station by the command, with real processes."""

import json
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import msgspec
import numpy as np
import pytest

from station import config
from station.calibration import artefact
from station.simulated_world import calibrate_simulation
from tests.calibration.phone import write_phone_file

QUICK = ("--yes", "--settle", "0.8", "--seconds", "0.5")
MASS_ERROR, DECK_HZ = 0.03, 31.0


@pytest.fixture
def settings(tmp_path: Path) -> Iterator[config.Config]:
    with tempfile.TemporaryDirectory(prefix="st-") as runtime:
        yield config.Config(
            runtime_dir=runtime,
            state_dir=str(tmp_path),
            force=config.Force(device="simulated"),
            simulation=config.Simulation(seed=5, mass_error=MASS_ERROR, deck_hz=DECK_HZ),
        )


def command(settings: config.Config, *words: str) -> list[str]:
    path = settings.state / "station.toml"
    config.dump(settings, path)
    return [sys.executable, "-m", "station", *words, "--config", str(path)]


def calibrate(settings: config.Config, *words: str) -> subprocess.CompletedProcess:
    return subprocess.run(
        command(settings, "calibrate", *words), stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=120
    )


def parts(settings: config.Config) -> list[str]:
    return sorted(path.name for path in (settings.state / artefact.FOLDER).glob("*"))


@pytest.mark.long
def test_a_station_is_calibrated_by_the_command_with_and_without_its_daemon(settings: config.Config) -> None:
    tare = calibrate(settings, "tare", *QUICK, "--no-belt")
    assert tare.returncode == 0, tare.stderr
    assert "not complete yet: the load grid has not been measured yet" in tare.stdout
    grid = calibrate(settings, "grid", *QUICK, "--points", "4", "--json")
    assert grid.returncode == 0, grid.stderr
    assert [plate["label_kg"] for plate in json.loads(grid.stdout)["plates"]] == [20.0, 10.0]

    with subprocess.Popen(command(settings, "--verbose", "force"), stderr=subprocess.PIPE, text=True) as force:
        assert any("force: ready" in line for line in force.stderr)
        kernel = calibrate(settings, "kernel", *QUICK)
        deck = calibrate(settings, "deck", "--yes", "--seconds", "6")
        force.terminate()
    assert kernel.returncode == 0, kernel.stderr
    assert kernel.stdout.count("sinc order 3") == 4
    assert deck.returncode == 0, deck.stderr
    assert "the deck rings at 31." in deck.stdout or "the deck rings at 30." in deck.stdout

    kinds = ["tare", "grid", "kernel", "deck"]
    assert [name.split("-")[:2] for name in parts(settings)] == [[f"{k:04d}", kind] for k, kind in enumerate(kinds, 1)]
    made = artefact.latest(settings.state, settings.force.cells)
    exact = msgspec.structs.replace(settings, simulation=config.Simulation(seed=5))
    truth = artefact.assemble(calibrate_simulation(exact), settings.force.cells)
    ratio = np.array([a.newton_per_count / b.newton_per_count for a, b in zip(made.cells, truth.cells, strict=True)])
    assert ratio.max() - ratio.min() < 1e-3  # wrong plates make no asymmetry
    assert abs(ratio.mean() - 1) < MASS_ERROR
    assert made.gain_sd == pytest.approx(0.0212, rel=0.5)
    assert [c.kernel.period_s for c in made.cells] == pytest.approx([c.kernel.period_s for c in truth.cells], rel=1e-3)
    assert made.deck.frequency_hz == pytest.approx(DECK_HZ, rel=0.02)


def test_a_phone_on_the_deck_will_do(settings: config.Config) -> None:
    recorded = settings.state / "phone.csv"
    write_phone_file(recorded, [(DECK_HZ, 0.05, 1.0)])
    done = calibrate(settings, "deck", "--accelerometer", str(recorded), "--json")
    assert done.returncode == 0, done.stderr
    part = json.loads(done.stdout)
    assert part["deck"]["frequency_hz"] == pytest.approx(DECK_HZ, rel=0.02)
    assert (part["kind"], part["source"]) == ("deck", "accelerometer file phone.csv")
    missing = calibrate(settings, "deck", "--accelerometer", str(recorded) + "x")
    assert missing.returncode == 2
    assert "phone.csvx: cannot be read" in missing.stderr


def test_a_refusal_and_a_stop_save_nothing(settings: config.Config) -> None:
    simulation = msgspec.structs.replace(settings.simulation, swapped_cells=("front_left", "rear_right"))
    swapped = msgspec.structs.replace(settings, simulation=simulation)
    refused = calibrate(swapped, "grid", *QUICK, "--points", "4", "--mass", "20")
    assert refused.returncode == 2
    *_, last = refused.stderr.splitlines()
    assert last.startswith("station: load grid: the front left and rear right load cells are exchanged")

    with subprocess.Popen(
        command(settings, "calibrate", "tare", "--yes", "--seconds", "60"), stderr=subprocess.PIPE, text=True
    ) as stopped:
        assert "Step 1 of 2" in stopped.stderr.readline()
        time.sleep(0.5)
        stopped.send_signal(signal.SIGINT)
        assert stopped.wait(20) == 130
        assert stopped.stderr.read() == ""
    assert parts(settings) == []


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["tare"], "run it in a terminal, or add --yes"),
        (["kernel", "--yes"], "run `station calibrate grid`"),
        (["grid", "--yes", "--mass", "2000"], "give the mass in kilograms"),
        (["grid", "--yes", "--mass", "20:x"], "20:1% or 20:0.2kg"),
        (["grid", "--yes", "--mass", "20:20kg"], "must be above 0 and below the mass"),
    ],
)
def test_what_cannot_be_meant_is_refused(settings: config.Config, words: list[str], message: str) -> None:
    done = calibrate(settings, *words)
    assert done.returncode == 2
    assert message in done.stderr
    assert "Traceback" not in done.stderr

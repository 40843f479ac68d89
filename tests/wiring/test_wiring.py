"""The drawings tell the configured pins, wire by wire; those that are committed are of today's configuration."""

import subprocess
import sys
from html import unescape
from pathlib import Path

import msgspec
import pytest
import yaml

from station import config
from station.cli import main
from station.config import Cell, Force
from station.messages import CHANNELS, spoken
from station.wiring import command
from station.wiring.command import DRAWINGS, made_of
from station.wiring.harness import harness
from station.wiring.header import GND, PINS, PULLED_UP_AT_BOOT, V3, V5, name_of, pin_of, pins_with
from station.wiring.netlist import HEADER, STAR, End, board, cell_name, netlist

FOLDER = Path(__file__).parents[2] / "wiring"
MADE_OF = FOLDER / "station.toml"
MOVED = msgspec.structs.replace(
    Force(),
    cells={n: Cell(dout=d, pd_sck=s, x_m=x, y_m=y) for n, d, s, x, y in (
        ("front_left", 17, 27, 0.61, 0.28), ("front_right", 22, 23, 0.61, -0.28),
        ("rear_left", 24, 25, -0.66, 0.28), ("rear_right", 4, 18, -0.66, -0.28))},
)  # fmt: skip


def ends(text: str) -> dict[tuple[str, str | int], set[tuple[str, str | int]]]:
    """What WireViz's YAML connects, read as an electrician would: terminal -> terminals at the other ends."""
    found: dict[tuple[str, str | int], set[tuple[str, str | int]]] = {}
    for connection in yaml.safe_load(text)["connections"]:
        if len(connection) == 2:  # a shield: one end only
            continue
        (start, starts), (_, wires), (end, others) = (next(iter(part.items())) for part in connection)
        assert len(starts) == len(wires) == len(others)
        for one, other in zip(starts, others, strict=True):
            found.setdefault((start, one), set()).add((end, other))
            found.setdefault((end, other), set()).add((start, one))
    return found


@pytest.mark.parametrize("force", [Force(), Force(shunt_pin=12), MOVED], ids=["default", "shunt", "moved"])
def test_every_wire_ends_where_the_configuration_says(force: Force) -> None:
    at = ends(harness(force))

    def on_header(name: str, terminal: str) -> int:
        """Follow the wire of a board's terminal over the star board to its one pin of the header."""
        ((star, between),) = at[(name, terminal)]
        assert star == STAR
        (pin,) = (pin for part, pin in at[(star, between)] if part == HEADER)
        return pin

    for channel in CHANNELS:
        name, cell = board(channel), force.cells[channel]
        assert PINS[on_header(name, "DT") - 1] == cell.dout
        assert PINS[on_header(name, "SCK") - 1] == cell.pd_sck
        assert PINS[on_header(name, "VCC") - 1] == V3
        assert PINS[on_header(name, "GND") - 1] == GND
        for terminal in ("E+", "E-", "A+", "A-"):
            assert at[(name, terminal)] == {(cell_name(channel), terminal)}
        if force.shunt_pin is not None:
            assert PINS[on_header(name, "SHUNT") - 1] == force.shunt_pin
    used = [pin for part, pin in at if part == HEADER]
    assert len(used) == len(set(used)) == 2 + 8 + (force.shunt_pin is not None)
    assert not {PINS[pin - 1] for pin in used} & {V5}, "5 V reaches no board"


def test_the_drawings_name_the_chip_that_is_configured() -> None:
    for draw in (harness, DRAWINGS["schematic.svg"]):
        assert draw(Force()).count("HX711 board, RATE to DVDD") == 4
        assert draw(Force(chip_rate_sps=320)).count("HX717 board, 320 SPS") == 4


def test_each_shield_has_one_end_and_that_is_ground() -> None:
    connections = yaml.safe_load(harness(Force()))["connections"]
    shields = [(next(iter(one.items())), next(iter(cable.items()))) for one, *rest in connections if len(rest) == 1
               for cable in rest]  # fmt: skip
    assert [terminals for (_, terminals), _ in shields] == [[GND]] * 8
    assert len({cable for _, (cable, _) in shields}) == 8
    assert {part for (part, _), (cable, _) in shields if cable.startswith("Cable")} == {STAR}


def test_wireviz_is_given_the_labels_that_belong_to_the_pins() -> None:
    header = yaml.safe_load(harness(Force()))["connectors"][HEADER]
    assert [name_of(pin) for pin in header["pins"]] == header["pinlabels"]
    assert header["pinlabels"][28:31] == ["GPIO 5", "GND", "GPIO 6"]


def test_the_header_is_the_one_of_the_documentation() -> None:
    """Every GPIO of the header once, the supplies where every Pi has them, and a few pins that everybody knows."""
    assert len(PINS) == 40
    assert sorted(carries for carries in PINS if isinstance(carries, int)) == list(range(2, 28))
    assert pins_with(V3) == (1, 17)
    assert pins_with(V5) == (2, 4)
    assert pins_with(GND) == (6, 9, 14, 20, 25, 30, 34, 39)
    known = {2: 3, 3: 5, 4: 7, 14: 8, 15: 10, 17: 11, 18: 12, 10: 19, 9: 21, 11: 23, 8: 24, 7: 26, 21: 40}
    assert {bcm: pin_of(bcm) for bcm in known} == known


def test_the_pull_down_holds_a_clock_low_against_the_pis_own_pull_up() -> None:
    """GPIO 6 is among those that boot with a pull-up of 50 kohm: the chip must see a low (0.3 of its supply)."""
    resistors = yaml.safe_load(harness(Force()))["connectors"][STAR]["additional_components"]
    assert Force().cells["front_left"].pd_sck in PULLED_UP_AT_BOOT
    assert "10 kohm" in resistors[1]["type"]
    assert resistors[1]["qty"] == 4
    assert 10 / (10 + 50) < 0.3


@pytest.mark.parametrize("force", [Force(shunt_pin=12), MOVED], ids=["shunt", "moved"])
def test_each_drawing_says_the_pins(force: Force) -> None:
    schematic, header, deck = (unescape(DRAWINGS[f"{name}.svg"](force)) for name in ("schematic", "header", "deck"))
    for channel in CHANNELS:
        cell = force.cells[channel]
        for bcm, signal in ((cell.dout, "DT"), (cell.pd_sck, "SCK")):
            assert f">GPIO {bcm}: pin {pin_of(bcm)}<" in schematic
            assert f">GPIO {bcm}: {spoken(channel)} {signal}<" in header
        assert f">x {cell.x_m:+.2f} m<" in deck
        assert f">y {cell.y_m:+.2f} m<" in deck
    assert ("SHUNT" in schematic) == (force.shunt_pin is not None)


def test_the_committed_drawings_are_of_todays_configuration(tmp_path: Path) -> None:
    force = config.load(MADE_OF).force
    assert force.cells == Force().cells
    stale = [name for name, draw in DRAWINGS.items() if (FOLDER / name).read_text() != draw(force)]
    assert stale == [], "run: station wiring --config wiring/station.toml --out wiring"


def test_the_committed_picture_of_the_harness_was_made_of_the_committed_harness() -> None:
    """Graphviz draws it differently in every version: it is not drawn again here, but its source is known."""
    picture = (FOLDER / "harness.svg").read_text()
    assert picture.endswith(made_of((FOLDER / "harness.yml").read_text()))
    shown = unescape(picture)
    for wire in netlist(config.load(MADE_OF).force):
        for end in (wire.start, wire.end):
            assert end.part in shown
            assert str(end.terminal) in shown


def test_wireviz_itself_reads_the_harness(tmp_path: Path) -> None:
    """It finds each pin by number or label; its list of parts has what the installer buys."""
    (tmp_path / "h.yml").write_text(harness(Force(shunt_pin=12)))
    script = "import sys; from wireviz.wireviz import parse; print(parse(sys.argv[1], return_types='harness').bom())"
    command = [sys.executable, "-W", "ignore", "-c", script, tmp_path / "h.yml"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert "HX711 board" in done.stdout
    assert "430 kohm" in done.stdout


def test_the_command_says_pins_and_weights_and_writes_the_drawings(
    tmp_path: Path, capsys: pytest.CaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "s.toml").write_text("[force]\ntreadmill_kg = 140\ncell_capacity_kg = 300\n")
    monkeypatch.setenv("PATH", "")
    monkeypatch.setattr(sys, "executable", str(tmp_path / "python"))  # a Pi: no WireViz
    assert main(["wiring", "--config", str(tmp_path / "s.toml"), "--out", str(tmp_path / "out")]) == 0
    said = capsys.readouterr().out
    assert "front left   GPIO 5 = pin 29   GPIO 6 = pin 31" in said
    assert "one cell: 300 kg rated, 450 kg without harm, 586 kg" in said
    assert "treadmill: 140 kg, of which 49 kg on the heaviest corner" in said
    assert "no shunt switch" in said
    assert "harness.svg left out" in said
    assert sorted(p.name for p in (tmp_path / "out").iterdir()) == sorted(DRAWINGS)


@pytest.mark.parametrize(
    ("program", "said"),
    [
        ("#!/bin/sh\nexec /bin/sleep 30\n", "it took more than 0.2 s"),
        ("#!/nowhere\n", "wireviz: No such file or directory"),
        ("#!/bin/sh\necho no font >&2\nexit 1\n", "no font"),
        ("#!/bin/sh\nexit 0\n", "it ended with 0"),
    ],
    ids=["hangs", "does not start", "fails", "draws nothing"],
)
def test_what_wireviz_does_not_draw_is_one_line(
    tmp_path: Path, capsys: pytest.CaptureFixture, monkeypatch: pytest.MonkeyPatch, program: str, said: str
) -> None:
    for name in ("wireviz", "dot"):
        (tmp_path / name).write_text(program)
        (tmp_path / name).chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr(sys, "executable", str(tmp_path / "python"))
    monkeypatch.setattr(command, "_WIREVIZ_S", 0.2)
    assert main(["wiring", "--out", str(tmp_path / "out")]) == 2
    (line,) = capsys.readouterr().err.splitlines()
    assert "harness.yml: WireViz could not draw it" in line
    assert said in line


def test_a_folder_that_cannot_be_written_is_named(tmp_path: Path, capsys: pytest.CaptureFixture) -> None:
    (tmp_path / "file").write_text("")
    assert main(["wiring", "--out", str(tmp_path / "file" / "out")]) == 2
    assert "choose another place" in capsys.readouterr().err


def test_no_terminal_is_used_by_two_parts() -> None:
    wires = netlist(Force(shunt_pin=12))
    ends = [w.end for w in wires if w.end.part != STAR]
    assert len(ends) == len(set(ends)) == 4 * 5 + 4 * 4
    assert End(HEADER, 39) in [w.start for w in wires]

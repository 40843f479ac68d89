"""The installer's guide says what the code does: pins, weights, parts, self-tests; and nothing is measured yet."""

import re
from pathlib import Path

import pytest

from station import cli, config, screen
from station.config import Force
from station.doctor.registry import all_self_tests
from station.force.capacity import capacity, nearest_e24, shunt_ohm
from station.force.chip_trouble import said
from station.kiosk.setup.forms import SHUNT_PIN
from station.messages import CHANNELS, spoken
from station.wiring.header import pin_of
from station.wiring.netlist import GROUND_PIN, SUPPLY_PIN

ROOT = Path(__file__).parents[2]
WIRING = ROOT / "wiring"
GUIDE = (WIRING / "README.md").read_text()
SHEET = (WIRING / "acceptance.md").read_text()
FORCE = config.load(WIRING / "station.toml").force


def test_its_table_of_pins_is_the_configurations() -> None:
    for channel in CHANNELS:
        cell = FORCE.cells[channel]
        dt, sck = (f"{pin_of(bcm)} (GPIO {bcm})" for bcm in (cell.dout, cell.pd_sck))
        assert f"| {spoken(channel)} | {dt} | {sck} |" in GUIDE
    assert f"| 3V3 | {SUPPLY_PIN} |" in GUIDE
    assert f"| GND | {GROUND_PIN} |" in GUIDE
    assert f"| SHUNT | {pin_of(FORCE.shunt_pin)} (GPIO {FORCE.shunt_pin}) |" in GUIDE


def test_the_set_ups_switch_is_the_plans() -> None:
    assert FORCE.shunt_pin == SHUNT_PIN


def test_its_table_of_weights_is_computed() -> None:
    rows = re.findall(r"\| \**4 x (\d+) kg\** \| (\d+) kg \| ([\d /]+) kg \| (\d+) kg \|", GUIDE)
    assert len(rows) == 4
    for cell_kg, treadmill_kg, within, most in rows:
        told = capacity(Force(cell_capacity_kg=float(cell_kg), treadmill_kg=float(treadmill_kg)))
        assert within == " / ".join(f"{kg:.0f}" for kg in told.runner_rated_kg.values())
        assert int(most) == round(told.runner_kg)
    assert f"ends at {capacity(FORCE).range_kg:.0f} kg" in GUIDE


def test_its_resistor_is_the_one_that_is_computed() -> None:
    assert f"resistor {nearest_e24(shunt_ohm(FORCE)) / 1e3:.0f} kΩ" in GUIDE


def test_it_quotes_what_a_chip_that_is_not_there_is_said_to_suffer_from() -> None:
    quoted = re.search(r'"(no answer; check [^"]*)"', GUIDE)[1]
    told = said("open", "front_left", FORCE.cells["front_left"], 80.0, 80.0).partition(": ")[2]
    assert re.fullmatch(re.escape(" ".join(quoted.split())).replace(r"\.\.\.", r"\d+"), told)


def test_the_treadmill_is_unplugged_before_anybody_reaches_under_it() -> None:
    assert GUIDE.index("mains plug is pulled") < GUIDE.index("## Step 1")
    assert "Pull its mains plug" in GUIDE.split("## Step 6")[1].split("\n2. ")[0]
    assert "Mains plug of the treadmill out" in SHEET.split("## A.")[0]


def test_each_self_test_that_it_names_is_there() -> None:
    known = {test.id for test in all_self_tests()}
    table = GUIDE.split("## What each fault looks like")[1].split("## Sources")[0]
    named = set(re.findall(r"`([a-z_]+)`", table.replace("`shunt_pin`", "").replace("`station", "station")))
    commands = {name for names in re.findall(r"--only\s+([a-z_ \n]+)`", GUIDE) for name in names.split()}
    assert len(named) > 10
    assert named | commands <= known


@pytest.mark.parametrize(
    "page",
    ["wiring/README.md", "wiring/acceptance.md", "docs/installation.md", "docs/calibration.md", "docs/doctor.md"],
)
def test_what_it_links_to_is_there(page: str) -> None:
    text = (ROOT / page).read_text()
    for target in re.findall(r"\]\((?!https?:)([^)#]+)\)", text):
        assert (ROOT / page).parent.joinpath(target).exists(), target


@pytest.mark.parametrize("page", ["wiring/README.md", "docs/calibration.md", "docs/kiosk-browser.md"])
def test_who_is_given_a_command_is_told_where_to_type_it(page: str) -> None:
    (target,) = set(re.findall(r"\]\(([^)]*installation\.md)#a-terminal-on-the-station\)", (ROOT / page).read_text()))
    text = (ROOT / page).parent.joinpath(target).read_text()
    told = text.split("### A terminal on the station\n")[1].split("\n##")[0]
    assert "ssh " in told
    assert ("Ctrl+Alt+F2" in told) == ("-s" in screen.CAGE_FLAGS)


def test_until_the_sheet_is_signed_the_figures_are_called_simulated() -> None:
    status = re.search(r"^Status: (\w+)$", SHEET, re.MULTILINE)[1]
    assert status in ("unsigned", "signed")
    for page in (ROOT / "README.md", WIRING / "README.md"):
        said = "simulated" in page.read_text().lower()
        assert said or status == "signed", page


def test_the_sheets_rows_are_numbered_and_each_leaves_room_to_write() -> None:
    rows = re.findall(r"^\| (\d+) \|.*\|$", SHEET, re.MULTILINE)
    assert [int(n) for n in rows] == list(range(1, len(rows) + 1))
    assert all(line.endswith("| |") for line in SHEET.splitlines() if re.match(r"\| \d+ \|", line))


def test_the_file_that_it_shows_is_taken(tmp_path: Path) -> None:
    (shown,) = re.findall(r"```toml\n(.*?)```", GUIDE, re.DOTALL)
    (tmp_path / "conf.d").mkdir()
    (tmp_path / "station.toml").write_text((WIRING / "station.toml").read_text())
    (tmp_path / "conf.d" / "60-wiring.toml").write_text(shown)
    assert config.load(tmp_path / "station.toml").force == FORCE  # it shows the defaults


@pytest.mark.parametrize("page", ["wiring/README.md", "wiring/acceptance.md", "docs/installation.md"])
def test_each_command_that_it_names_is_one(page: str) -> None:
    commands = re.findall(r"`(?:sudo (?:-u [\w-]+ )?)?station ([a-z][^`]+)`", (ROOT / page).read_text())
    assert commands
    for command in commands:
        cli._parser().parse_args(command.split())

"""The configuration: defaults, files over files, and a clear refusal of what cannot be meant."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from station import config
from station.errors import ConfigError


def test_no_file_gives_the_defaults_and_a_dump_reads_back(tmp_path: Path) -> None:
    assert config.load(None) == config.Config()
    config.dump(config.Config(mode="clinic"), tmp_path / "s.toml")
    assert config.load(tmp_path / "s.toml") == config.Config(mode="clinic")


def test_later_files_win_key_by_key(tmp_path: Path) -> None:
    (tmp_path / "conf.d").mkdir()
    (tmp_path / "station.toml").write_text('mode = "clinic"\n[kiosk]\nport = 81\nhost = "::1"\n')
    (tmp_path / "conf.d" / "20.toml").write_text("[kiosk]\nport = 83\n")
    (tmp_path / "conf.d" / "10.toml").write_text("[kiosk]\nport = 82\n")
    read = config.load(tmp_path / "station.toml")
    assert (read.mode, read.kiosk.port, read.kiosk.host) == ("clinic", 83, "::1")


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("colour = 1", "unknown field `colour`"),
        ("[kiosk]\nport = 0", r"\$.kiosk.port"),
        ('[force]\ndevice = "scale"', r"\$.force.device"),
        ("[run]\nweigh_s = -1", r"\$.run.weigh_s"),
        ("[run]\nweigh_s = 7.1", r"<= 7.* `\$.run.weigh_s"),
        ("[kiosk]\ncard_timeout_s = 590.1", r"<= 590.* `\$.kiosk.card_timeout_s"),
        ('[kiosk]\nhost = "0.0.0.0"', "127.0.0.1, localhost or ::1: .* own screen alone; .* kiosk.share_host"),
        ('[kiosk]\nhost = "192.168.1.20"', "kiosk.host must be"),
        ('[kiosk]\nhost = ""', "kiosk.host must be"),
        ("[kiosk", "is not TOML"),
        ("[simulation]\ndeck_hz = 3", r"\$.simulation.deck_hz"),
        ('[simulation]\ndead_cell = "left"', r"\$.simulation.dead_cell"),
        ('[simulation]\nswapped_cells = ["rear_left"]', r"\$.simulation.swapped_cells"),
        ('[simulation]\nswapped_cells = ["rear_left", "rear_left"]', "names one cell twice"),
        ('[[simulation.wiring]]\nkind = "cells_exchanged"\ncell = "rear_left"', "needs two cells"),
        ('[[simulation.wiring]]\nkind = "cell_asleep"', r"\$.simulation.wiring"),
        ("[force.cells.middle]\ndout=4\npd_sck=17\nx_m=0\ny_m=0", "force.cells needs exactly"),
    ],
)
def test_a_wrong_file_is_refused_by_key(tmp_path: Path, text: str, message: str) -> None:
    (tmp_path / "s.toml").write_text(text)
    with pytest.raises(ConfigError, match=message) as error:
        config.load(tmp_path / "s.toml")
    assert "\n" not in str(error.value)


def test_each_key_of_a_cell_may_stand_in_another_file(tmp_path: Path) -> None:
    """The set-up writes places, who wires writes pins: neither hides what the other changes later."""
    (tmp_path / "conf.d").mkdir()
    (tmp_path / "s.toml").write_text("[force.cells.front_left]\ndout = 22\npd_sck = 23")
    (tmp_path / "conf.d" / "50-wizard.toml").write_text("[force.cells.front_left]\nx_m = 0.9\ny_m = 0.25")
    usual = config.Config().force.cells
    cells = config.load(tmp_path / "s.toml").force.cells
    assert cells == usual | {"front_left": config.Cell(dout=22, pd_sck=23, x_m=0.9, y_m=0.25)}


def test_a_pin_used_twice_is_refused(tmp_path: Path) -> None:
    cells = config.Config().force.cells
    lines = [
        f"[force.cells.{n}]\ndout={c.dout}\npd_sck={cells['front_left'].pd_sck}\nx_m={c.x_m}\ny_m={c.y_m}\n"
        for n, c in cells.items()
    ]
    (tmp_path / "s.toml").write_text("".join(lines))
    with pytest.raises(ConfigError, match="uses a pin twice"):
        config.load(tmp_path / "s.toml")


@pytest.mark.parametrize(
    ("places", "message"),
    [
        ({"y_m": [0, 0, 0, 0]}, r"left load cell is at y = 0 m, a right one at 0 m; y grows to the runner's left"),
        ({"x_m": [0.7, 0.7, 0.7, 0.7]}, r"front load cell is at x = 0.7 m, a rear one at 0.7 m; x grows in the run"),
        ({"x_m": [-0.7, -0.7, 0.7, 0.7]}, r"front load cell is at x = -0.7 m, a rear one at 0.7 m"),
        ({"y_m": [-0.3, 0.3, -0.3, 0.3]}, r"left load cell is at y = -0.3 m, a right one at 0.3 m"),
        ({"y_m": [0.3, -0.3, -0.4, -0.3]}, r"left load cell is at y = -0.4 m, a right one at -0.3 m"),
        ({"x_m": ["nan", 0.7, -0.7, -0.7]}, ">= -5"),
        ({"x_m": [700, 700, -700, -700]}, "<= 5"),
    ],
)
def test_cells_that_span_no_rectangle_are_refused(tmp_path: Path, places: dict, message: str) -> None:
    cells = config.Config().force.cells.values()
    usual = {"x_m": [c.x_m for c in cells], "y_m": [c.y_m for c in cells]}
    lines = [
        f"[force.cells.{name}]\ndout={c.dout}\npd_sck={c.pd_sck}\nx_m={x_m}\ny_m={y_m}\n"
        for (name, c), x_m, y_m in zip(config.Config().force.cells.items(), *(usual | places).values(), strict=True)
    ]
    (tmp_path / "s.toml").write_text("".join(lines))
    with pytest.raises(ConfigError, match=message):
        config.load(tmp_path / "s.toml")


def test_a_shunt_switch_on_a_load_cells_pin_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "s.toml"
    path.write_text("[force]\nshunt_pin = 12")
    assert config.load(path).force.shunt_pin == 12
    path.write_text(f"[force]\nshunt_pin = {config.Config().force.cells['rear_left'].dout}")
    with pytest.raises(ConfigError, match=r"force\.shunt_pin is a load cell's pin"):
        config.load(path)


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=r"none\.toml: No such file"):
        config.load(tmp_path / "none.toml")


def test_the_longest_times_and_every_loopback_name_are_taken(tmp_path: Path) -> None:
    for host in config.LOOPBACK_HOSTS:
        text = f'[kiosk]\nhost = "{host}"\ncard_timeout_s = 590\n[run]\nweigh_s = 7'
        (tmp_path / "s.toml").write_text(text)
        read = config.load(tmp_path / "s.toml")
        assert (read.kiosk.host, read.kiosk.card_timeout_s, read.run.weigh_s) == (host, 590, 7)


@given(st.binary(max_size=200))
def test_no_bytes_give_anything_but_a_config_error(tmp_path_factory: pytest.TempPathFactory, content: bytes) -> None:
    path = tmp_path_factory.mktemp("c") / "s.toml"
    path.write_bytes(content)
    try:
        assert isinstance(config.load(path), config.Config)
    except ConfigError as e:
        assert str(path) in str(e) or "force.cells" in str(e)  # noqa: PT017

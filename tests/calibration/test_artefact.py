import json
import os

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from station.calibration.artefact import FOLDER, assemble, latest, load, load_parts, save
from station.calibration.parts import DeckPart, TarePart
from station.calibration.soundness import check
from station.config import Force
from station.errors import CalibrationError
from station.messages import CHANNELS, Calibration, CalibrationPart, ChipKernel, DeckCalibration
from tests.calibration.mutated import mutated
from tests.calibration.saved_parts import grid_part, kernel_part, origin_of

CELLS = Force().cells
DECK = DeckCalibration(stiff=False, frequency_hz=31.0, damping_ratio=0.05)


def tare_part(day: int = 1, counts: float = 100.0, **changes) -> TarePart:
    origin = {**origin_of("tare", day=day), **changes}
    return TarePart(**origin, offset_counts=[counts] * 4, noise_counts=[200.0] * 4, residuals={"noise_counts": 200.0})


def deck_part(day: int = 1) -> DeckPart:
    return DeckPart(**origin_of("deck", day=day), deck=DECK)


def whole(**cell_changes) -> Calibration:
    """A calibration whose first cell is changed."""
    made = assemble([grid_part(), kernel_part()], CELLS)
    return msgspec.structs.replace(
        made, cells=[msgspec.structs.replace(made.cells[0], **cell_changes), *made.cells[1:]]
    )


def moved(channel: str, **changes) -> dict:
    return {**CELLS, channel: msgspec.structs.replace(CELLS[channel], **changes)}


def test_parts_saved_one_after_the_other_make_one_calibration(tmp_path):
    ids = [save(part, tmp_path).id for part in (grid_part(), tare_part(), kernel_part(), deck_part())]
    assert ids == ["0001-grid-20260101T120000Z", "0002-tare-20260101T120000Z", "0003-kernel-20260101T120000Z",
                   "0004-deck-20260101T120000Z"]  # fmt: skip
    made = latest(tmp_path, CELLS)
    assert made.id == ids[3]
    assert [c.channel for c in made.cells] == list(CHANNELS)
    assert [(c.x_m, c.y_m) for c in made.cells] == [(0.7, 0.3), (0.7, -0.3), (-0.7, 0.3), (-0.7, -0.3)]
    assert [c.offset_counts for c in made.cells] == [100.0] * 4
    assert [c.kernel for c in made.cells] == kernel_part().kernels
    assert (made.deck, made.gain_sd, made.residual_n) == (DECK, 0.02, 0.3)
    assert made.parts["tare"] == CalibrationPart(
        id=ids[1], created_utc="2026-01-01T12:00:00+00:00", residuals={"noise_counts": 200.0}
    )
    assert [made.parts[kind].id for kind in ("grid", "tare", "kernel", "deck")] == ids


def test_a_new_tare_alone_keeps_the_rest(tmp_path):
    for part in (tare_part(), grid_part(), kernel_part(), deck_part()):
        save(part, tmp_path)
    before = latest(tmp_path, CELLS)
    assert [c.offset_counts for c in before.cells] == [10.0, 20.0, 30.0, 40.0]  # the grid's: newer than the tare
    save(tare_part(day=2, counts=7.0), tmp_path)
    after = latest(tmp_path, CELLS)
    assert [c.offset_counts for c in after.cells] == [7.0] * 4
    assert (after.deck, after.cells[0].kernel) == (before.deck, before.cells[0].kernel)
    assert after.parts["grid"] == before.parts["grid"]


def test_the_newest_is_what_was_saved_last_whatever_the_clock_said(tmp_path):
    for number, day in enumerate((3, 9, 5), start=1):
        saved = save(grid_part(day=day), tmp_path)
        assert saved.id == f"{number:04d}-grid-202601{day:02d}T120000Z"
        assert load(tmp_path / FOLDER / f"{saved.id}.json") == saved
        assert load_parts(tmp_path) == [saved]
    assert not list(tmp_path.rglob("*.part"))


def test_numbers_rise_beyond_four_digits(tmp_path):
    path = tmp_path / FOLDER / f"{save(grid_part(day=3), tmp_path).id}.json"
    path.rename(path.with_name("9999-grid-20260103T120000Z.json"))
    assert save(grid_part(day=2), tmp_path).id == "10000-grid-20260102T120000Z"
    assert latest(tmp_path, CELLS).created_utc.startswith("2026-01-02")


def test_a_grid_alone_will_do_and_leaves_kernel_and_deck_unknown(tmp_path):
    save(grid_part(), tmp_path)
    made = latest(tmp_path, CELLS)
    assert [c.kernel for c in made.cells] == [None] * 4
    assert made.deck is None
    assert sorted(made.parts) == ["grid", "tare"]


def test_without_a_grid_there_is_no_calibration(tmp_path):
    save(tare_part(), tmp_path)
    with pytest.raises(CalibrationError, match="run `station calibrate grid`"):
        latest(tmp_path, CELLS)


@pytest.mark.parametrize("part", [grid_part(), tare_part()])
def test_parts_of_other_wires_are_refused(part):
    with pytest.raises(
        CalibrationError, match=r"front right load cell on the pins 13 and 19, the configuration says 17"
    ):
        assemble([grid_part(cells=moved("front_right", dout=17)), part], moved("front_right", dout=17))


def test_a_grid_of_other_places_is_refused():
    with pytest.raises(
        CalibrationError, match=r"rear left load cell at \(-0.7, 0.3\) m, the configuration says \(-0.8"
    ):
        assemble([grid_part(), tare_part()], moved("rear_left", x_m=-0.8))


def test_a_kernel_test_of_other_chips_is_left_out_and_named():
    made = assemble([kernel_part(), grid_part(rate_sps=[80, 80, 83, 80])], CELLS)
    assert made.cells[0].kernel is None
    assert "kernel" not in made.parts
    assert "rear left chip gave 80.0 conversions a second then and 83.0 in grid-2026" in made.left_out[0]
    wires = moved("rear_left", pd_sck=25)
    made = assemble([kernel_part(), grid_part(cells=wires)], wires)
    assert "kernel test left out" in made.left_out[0]
    assert "pins 16 and 20" in made.left_out[0]


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"newton_per_count": 0.0}, "front left load cell: 0 N per count"),
        ({"newton_per_count": float("nan")}, "front left load cell: nan N per count"),
        ({"newton_per_count": 4.6e-3}, "differ 10.0-fold"),
        ({"offset_counts": 9e6}, "front left load cell: an offset of 9000000 counts"),
        ({"kernel": ChipKernel(order=3, period_s=0.5)}, "a conversion every 500.00 ms"),
        ({"kernel": ChipKernel(order=3, period_s=0.0125, delay_s=-0.1)}, "a delay of -100.0 ms"),
        ({"channel": "front_right"}, "in this order"),
    ],
)
def test_the_absurd_is_refused_with_the_reason(changes, words):
    with pytest.raises(CalibrationError, match=words):
        check(whole(**changes))


def test_missing_and_damaged_files_are_named(tmp_path):
    with pytest.raises(CalibrationError, match="No such file"):
        load(tmp_path / "none.json")
    path = tmp_path / FOLDER / f"{save(grid_part(), tmp_path).id}.json"
    path.write_bytes(path.read_bytes()[:-40])
    with pytest.raises(CalibrationError, match=rf"{path.name}: damaged .*; restore it from a backup, or remove it"):
        latest(tmp_path, CELLS)


@pytest.mark.parametrize(
    ("part", "changes", "words"),
    [
        (tare_part(), {"offset_counts": [1.0, 2.0, 3.0]}, "offset_counts has 3 values instead of 4"),
        (tare_part(), {"belt_shift_counts": []}, "belt_shift_counts has 0 values instead of 4"),
        (tare_part(), {"rate_sps": [80.0]}, "rate_sps has 1 values"),
        (tare_part(), {"cells": {}}, "it needs the cells front_left, front_right"),
        (grid_part(), {"residuals": {}}, "residuals has no leave_one_out_n"),
        (grid_part(), {"gain_sd": -0.1}, "a gain_sd of -0.1 is below 0"),
        (grid_part(), {"x_m": [0.7] * 5}, "x_m has 5 values"),
        (kernel_part(), {"kernels": [{"order": 3, "period_s": 0.0125}] * 3}, "kernels has 3 values"),
        (kernel_part(), {"kernels": [{"order": 3, "period_s": 0.0125, "taps": [1, 1]}] * 4}, "sum to 2 instead of 1"),
        (kernel_part(), {"kernels": [{"order": 3, "period_s": 0.0125, "taps": []}] * 4}, "sum to 0 instead of 1"),
        (deck_part(), {"deck": {"stiff": False, "frequency_hz": 0, "damping_ratio": 0.1}}, "frequency_hz of 0 is not"),
        (deck_part(), {"deck": {"stiff": False, "frequency_hz": 9, "damping_ratio": 0}}, "damping_ratio of 0 is not"),
        (deck_part(), {"deck": {"stiff": False, "frequency_hz": 9}}, "go together"),
        (deck_part(), {"deck": {"stiff": False}}, "tells nothing of the deck"),
        (deck_part(), {"deck": {"stiff": True, "damping_sd": -1}}, "damping_sd of -1 is below 0"),
    ],
)
def test_a_part_that_is_not_whole_is_named_with_what_to_do(tmp_path, part, changes, words):
    path = tmp_path / FOLDER / f"{save(part, tmp_path).id}.json"
    path.write_text(json.dumps(json.loads(path.read_text()) | changes))
    with pytest.raises(CalibrationError, match=rf"{path.name}: .*{words}.*repeat `station calibrate {part.kind}`"):
        load(path)


@pytest.mark.parametrize("number", ["NaN", "Infinity", "1e999"])
def test_no_number_of_a_part_is_infinite(tmp_path, number):
    path = tmp_path / FOLDER / f"{save(grid_part(), tmp_path).id}.json"
    path.write_text(path.read_text().replace('"gain_sd": 0.02', f'"gain_sd": {number}'))
    with pytest.raises(CalibrationError, match="damaged"):
        load(path)


@pytest.mark.parametrize("rates_sps", [[], [0.0] * 4])
def test_a_kernel_test_stays_where_the_newer_part_heard_no_chip(rates_sps):
    tare = msgspec.structs.replace(tare_part(), rate_sps=rates_sps)
    made = assemble([grid_part(), kernel_part(), tare], CELLS)
    assert made.cells[0].kernel is not None
    assert made.left_out == []


@given(st.data())
@settings(max_examples=200, deadline=None)  # the disk is at times slow
def test_parts_that_were_changed_give_a_calibration_or_a_calibration_error(tmp_path_factory, data):
    state = tmp_path_factory.mktemp("mutated")
    for part in (grid_part(), tare_part(), kernel_part(), deck_part()):
        path = state / FOLDER / f"{save(part, state).id}.json"
        if data.draw(st.booleans()):
            path.write_text(json.dumps(data.draw(mutated(json.loads(path.read_text())))))
    try:
        made = latest(state, CELLS)
    except CalibrationError as e:
        assert "calibration " in str(e)  # noqa: PT017
    else:
        assert msgspec.json.decode(msgspec.json.encode(made), type=Calibration) == made


def test_a_file_of_brackets_is_damaged(tmp_path):
    path = tmp_path / "0001-tare.json"
    path.write_text('{"kind": "tare", "more": ' + "[" * 100_000)
    with pytest.raises(CalibrationError, match="damaged"):
        load(path)


def test_a_disk_that_takes_nothing_leaves_what_was_there(tmp_path, monkeypatch):
    save(grid_part(), tmp_path)

    def full(descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(CalibrationError, match=r"0002-tare.*No space left on device"):
        save(tare_part(), tmp_path)
    assert [path.name for path in (tmp_path / FOLDER).iterdir()] == ["0001-grid-20260101T120000Z.json"]


@given(st.binary(max_size=60))
@settings(max_examples=40)
def test_no_bytes_give_anything_but_a_calibration_error(tmp_path_factory, content):
    path = tmp_path_factory.mktemp("artefact") / "some.json"
    path.write_bytes(content)
    with pytest.raises(CalibrationError):
        load(path)

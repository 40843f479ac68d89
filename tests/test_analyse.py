"""`station analyse` as a user types it: good files are scored, every bad one ends with status 2 and one line."""

import json
import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from station.cli import main
from station.messages import KEYPOINTS
from station.records.sealed import MAGIC
from station.sim.runner.scenario import load_scenario
from tests.camera.clips import gradient, write_clip
from tests.gait.stick_runner import StickRunner
from tests.simulated_plate import simulate_ground_force

RATE_HZ = 500


def analyse(capsys: pytest.CaptureFixture, *arguments: str | Path) -> tuple[int, str, str]:
    """Status, standard output, standard error."""
    try:
        status = main(["analyse", *map(str, arguments)])
    except SystemExit as e:  # argparse
        status = e.code
    out, err = capsys.readouterr()
    return status, out, err


def refused(capsys: pytest.CaptureFixture, *arguments: str | Path) -> str:
    status, out, err = analyse(capsys, *arguments)
    assert status == 2
    assert out == ""
    lines = [line for line in err.splitlines() if not line.startswith("usage:") and not line.startswith("  ")]
    assert len(lines) == 1, err
    return lines[0]


@pytest.fixture(scope="module")
def plate_csv(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Twelve seconds of a simulated runner on a force plate."""
    run = simulate_ground_force(load_scenario("good_man"), 12.0, 1, RATE_HZ)
    path = tmp_path_factory.mktemp("plate") / "plate.csv"
    rows = zip(run.t_s, run.fz_n, run.cop_x_m, run.cop_y_m, strict=True)
    lines = ["time_s,fz_n,cop_x_m,cop_y_m", *(f"{t:.4f},{f:.2f},{x:.4f},{y:.4f}" for t, f, x, y in rows)]
    path.write_text("\n".join(lines))
    return path


@pytest.fixture(scope="module")
def keypoints_csv(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The same twelve seconds of a stick runner seen from the right, sixty frames a second."""
    runner = StickRunner(stride_s=120 / 170, noise_px=1.0)
    return write_keypoints(tmp_path_factory.mktemp("keypoints") / "keypoints.csv", runner)


def write_keypoints(path: Path, runner: StickRunner) -> Path:
    t_s = np.arange(0, 12, 1 / 60)
    xy_px, confidence = runner.keypoints(t_s)
    seen = [i for i in range(33) if np.isfinite(xy_px[0, i]).all()]
    header = [f"{KEYPOINTS[i]}_{part}" for i in seen for part in ("x_px", "y_px", "confidence")]
    cells = np.concatenate([xy_px[:, seen], confidence[:, seen, None]], axis=2).reshape(len(t_s), -1)
    rows = [",".join([f"{t:.5f}", *(f"{value:.2f}" for value in row)]) for t, row in zip(t_s, cells, strict=True)]
    path.write_text("\n".join([",".join(["time_s", *header]), *rows]))
    return path


def test_a_force_plate_is_pressed_on_the_pins_and_scored(plate_csv: Path, capsys: pytest.CaptureFixture) -> None:
    status, out, _ = analyse(capsys, "--force-plate", plate_csv, "--speed", "3.0", "--mass", "76")
    assert status == 0
    document = json.loads(out)
    assert document["gait"] == "running"
    assert document["runner"]["mass_kg"] == pytest.approx(76, rel=0.01)
    assert document["summary"]["cadence_spm"] == pytest.approx(170, rel=0.01)
    assert document["summary"]["notes"] == []
    assert document["feet"]["left"]["loading_rate_bw_s"]["status"] == "absolute"
    head = document["mistakes"]["head_forward"]
    assert (head["verdict"], bool(head["reasons"])) == ("not_measured", True)


def test_both_sensors_on_one_call_give_one_card_set(
    plate_csv: Path, keypoints_csv: Path, tmp_path: Path, capsys: pytest.CaptureFixture
) -> None:
    out = tmp_path / "out.json"
    files = ("--force-plate", plate_csv, "--keypoints", keypoints_csv)
    status, _, err = analyse(capsys, *files, "--json", out, "--html", tmp_path / "out.html")
    assert (status, err) == (0, "")
    document = json.loads(out.read_text())
    assert document["feet"]["right"]["peak_force_bw"]["value"] > 1.5
    assert document["posture"]["neck_relative_deg"]["value"] == pytest.approx(8, abs=2)
    assert document["posture"]["camera_side"] == "right"
    assert len(document["mistakes"]) == 4
    assert "<h2>Head forward</h2>" in (tmp_path / "out.html").read_text()


def test_the_same_seed_gives_the_same_document(plate_csv: Path, capsys: pytest.CaptureFixture) -> None:
    first, again, other = (analyse(capsys, "--force-plate", plate_csv, "--seed", seed)[1] for seed in (5, 5, 6))
    assert first == again != other


def test_a_mass_that_does_not_fit_is_a_note(plate_csv: Path, capsys: pytest.CaptureFixture) -> None:
    document = json.loads(analyse(capsys, "--force-plate", plate_csv, "--mass", "80")[1])
    assert any("given 80.0 kg" in note for note in document["summary"]["notes"])
    assert document["runner"]["mass_kg"] == pytest.approx(76, rel=0.01)


def test_empty_cop_columns_leave_the_sides_unnamed(plate_csv: Path, tmp_path: Path, capsys) -> None:
    rows = [",".join([*row.split(",")[:2], "", ""]) for row in plate_csv.read_text().splitlines()[1:]]
    (tmp_path / "p.csv").write_text("\n".join(["time_s,fz_n,cop_x_m,cop_y_m", *rows]))
    document = json.loads(analyse(capsys, "--force-plate", tmp_path / "p.csv")[1])
    assert document["summary"]["steps"] > 25
    assert {step["side"] for step in document["steps"]} == {None}
    assert document["feet"]["left"]["contact_time_ms"]["n"] > 10


def test_the_simulated_deck_is_as_bad_as_it_was_said_to_be(plate_csv: Path, capsys: pytest.CaptureFixture) -> None:
    said = ("--vibration", "6", "--zero-drift", "20", "--creep", "0.002", "--swapped-cells", "front_left,rear_left")
    document = json.loads(analyse(capsys, "--force-plate", plate_csv, *said)[1])
    inputs = document["inputs"]
    assert (inputs["vibration_n"], inputs["zero_drift_n_per_min"], inputs["creep_share"]) == (6.0, 20.0, 0.002)
    assert (inputs["swapped_cells"], inputs["dead_cell"]) == ("front_left,rear_left", None)
    ideal = json.loads(analyse(capsys, "--force-plate", plate_csv)[1])
    assert ideal["runner"]["body_weight_n"] != document["runner"]["body_weight_n"]


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ((), "nothing to analyse"),
        (("--cells", "a", "--recording", "b"), "--recording holds both sensors"),
        (("--cells", "a", "--force-plate", "b"), "not allowed with argument"),
        (("--cells", "a", "--deck-hz", "40"), "--deck-hz and --deck-damping belong together"),
        (("--cells", "a", "--deck-calibrated"), "--deck-calibrated needs --deck-hz"),
        (("--cells", "a", "--deck-hz", "40", "--deck-damping", "0.1"), "they need --force-plate"),
        (("--cells", "a", "--chip-rate", "320"), "they need --force-plate"),
        (
            ("--cells", "a", "--vibration", "8", "--creep", "0.01"),
            "--vibration and --creep describe what a force plate",
        ),
        (("--keypoints", "a", "--dead-cell", "rear_left"), "they need --force-plate"),
        (("--force-plate", "a", "--zero-drift", "much"), "argument --zero-drift"),
        (("--force-plate", "a", "--creep", "0.5"), "argument --creep"),
        (("--force-plate", "a", "--dead-cell", "left"), "argument --dead-cell"),
        (("--force-plate", "a", "--swapped-cells", "rear_left"), "argument --swapped-cells"),
        (("--force-plate", "a", "--swapped-cells", "rear_left,rear_left"), "argument --swapped-cells"),
        (("--cells", "a", "--overlay", "o.mp4"), "--overlay draws over a video; it needs --video"),
        (("--video", "a", "--overlay", "a"), "is one of the files to be analysed"),
        (("--cells", "a", "--json", "./a"), "is one of the files to be analysed"),
        (("--recording", "a", "--html", "../{here}/a"), "is one of the files to be analysed"),
        (("--video", "a", "--overlay", "o", "--html", "o"), "cannot be one file"),
        (("--video", "a", "--overlay", "o", "--html", "../{here}/o"), "cannot be one file"),
        (("--cells", "absent.csv"), "absent.csv: cannot be read"),
        (("--keypoints", "absent.csv"), "absent.csv: cannot be read"),
        (("--video", "absent.mp4"), "absent.mp4"),
        (("--recording", "absent.mcap"), "absent.mcap"),
        (("--cells", "a", "--mass", "heavy"), "argument --mass"),
        (("--cells", "a", "--speed", "nan"), "argument --speed"),
        (("--cells", "a", "--seed", "-1"), "argument --seed"),
        (("--cells", "a", "--chip-rate", "81"), "argument --chip-rate"),
    ],
)
def test_calls_that_cannot_be_meant_are_refused(arguments: tuple[str, ...], message: str, capsys) -> None:
    assert message in refused(capsys, *(text.format(here=Path.cwd().name) for text in arguments))


def test_the_result_does_not_hang_on_the_overlay(tmp_path: Path, capsys: pytest.CaptureFixture) -> None:
    """A video without anybody: the result says so, and only then is it said that there is nothing to draw."""
    video = write_clip(tmp_path / "v.mp4", [gradient(shift=k) for k in range(20)])
    status, out, err = analyse(capsys, "--video", video, "--overlay", tmp_path / "o.mp4")
    assert status == 2
    assert "Nobody was found in the video." in json.loads(out)["summary"]["notes"]
    assert err.splitlines() == [
        f"station: {tmp_path / 'o.mp4'}: nobody was found in the video; there is nothing to draw"
    ]


@pytest.mark.parametrize("option", ["--force-plate", "--cells", "--keypoints", "--video", "--recording"])
def test_a_pipe_or_a_directory_is_refused_and_not_waited_for(option: str, tmp_path: Path, capsys) -> None:
    os.mkfifo(tmp_path / "pipe")
    assert "not a regular file" in refused(capsys, option, tmp_path / "pipe")
    assert str(tmp_path) in refused(capsys, option, tmp_path)


def test_sensors_that_cannot_be_put_on_one_time_axis_are_judged_alone(
    plate_csv: Path, tmp_path: Path, capsys: pytest.CaptureFixture
) -> None:
    """A plate of one runner and the keypoints of another, who runs at another cadence."""
    path = write_keypoints(tmp_path / "other.csv", StickRunner(stride_s=0.62, noise_px=1.0))
    both = json.loads(analyse(capsys, "--force-plate", plate_csv, "--keypoints", path)[1])
    alone = json.loads(analyse(capsys, "--keypoints", path)[1])
    assert both["sync"]["camera_offset_ms"]["value"] is None
    assert any("one time axis" in note for note in both["summary"]["notes"])
    assert both["posture"] == alone["posture"]
    assert both["steps"]


def test_keypoints_that_are_all_in_one_place_are_nobody(tmp_path: Path, capsys: pytest.CaptureFixture) -> None:
    header = [f"{name}_{part}" for name in KEYPOINTS for part in ("x_px", "y_px", "confidence")]
    rows = [",".join([f"{k / 60:.5f}", *["50", "50", "1"] * len(KEYPOINTS)]) for k in range(300)]
    (tmp_path / "k.csv").write_text("\n".join([",".join(["time_s", *header]), *rows]))
    status, out, err = analyse(capsys, "--keypoints", tmp_path / "k.csv")
    assert (status, err) == (0, "")
    assert json.loads(out)["mistakes"]["head_forward"]["reasons"] == ["Nobody could be followed in the picture."]


def test_a_place_that_cannot_be_written_is_named(plate_csv: Path, tmp_path: Path, capsys) -> None:
    message = refused(capsys, "--force-plate", plate_csv, "--json", tmp_path / "absent" / "out.json")
    assert "out.json: cannot be written there" in message


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    option=st.sampled_from(["--force-plate", "--cells", "--keypoints", "--video", "--recording"]),
    content=st.one_of(st.binary(max_size=400), st.text(max_size=200).map(str.encode)),
    suffix=st.sampled_from([".csv", ".mp4", ".mcap", ""]),
)
@example(option="--recording", content=MAGIC, suffix=".mcap")
def test_no_content_gives_a_traceback(option: str, content: bytes, suffix: str, tmp_path: Path, capsys) -> None:
    path = tmp_path / f"any{suffix}"
    path.write_bytes(content)
    assert str(path) in refused(capsys, option, path)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(seed=st.integers(0, 2**32 - 1), data=st.data())
def test_no_numbers_give_a_traceback(seed: int, data: st.DataObject, tmp_path: Path, capsys) -> None:
    """Files of the right form with any content: noise, constants, huge or tiny numbers."""
    rng = np.random.default_rng(seed)
    n = data.draw(st.integers(450, 2500))
    scale = 10.0 ** data.draw(st.integers(-6, 4))
    kind = data.draw(st.sampled_from(["noise", "steps", "constant"]))
    force = {
        "noise": lambda: rng.normal(0, scale, n),
        "steps": lambda: np.repeat(rng.normal(0, scale, n // 50 + 1), 50)[:n],
        "constant": lambda: np.full(n, scale),
    }[kind]().clip(-19_000, 19_000)
    path = tmp_path / "numbers.csv"
    rows = [f"{i / 200:.4f},{f:.6g},{f / 4:.6g},{f / 4:.6g},{f / 4:.6g}" for i, f in enumerate(force)]
    path.write_text("\n".join(["time_s,front_left_n,front_right_n,rear_left_n,rear_right_n", *rows]))
    status, out, err = analyse(capsys, "--cells", path)
    assert status == 0, err
    assert json.loads(out)["gait"] in ("running", "walking", "other")


def test_a_broken_pipe_is_no_traceback(plate_csv: Path) -> None:
    read, write = os.pipe()
    os.close(read)
    command = [sys.executable, "-m", "station", "analyse", "--force-plate", str(plate_csv)]
    done = subprocess.run(command, stdout=write, stderr=subprocess.PIPE, text=True, check=False)
    os.close(write)
    assert "Traceback" not in done.stderr

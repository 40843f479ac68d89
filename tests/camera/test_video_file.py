"""Video files: true times, upright pictures, and one clear line for everything that is no video."""

import shutil
from pathlib import Path

import av
import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from station.camera import video_file
from station.camera.video_file import VideoFrame, read_frames, read_info
from station.errors import InputError
from tests.camera.clips import gradient, mark_turned, write_clip


@pytest.fixture(scope="module")
def clip(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("clips") / "clip.mp4"
    return write_clip(path, [gradient(shift=i) for i in range(40)], fast_start=True)


def read_all(path: Path) -> list[VideoFrame]:
    read_info(path)
    return list(read_frames(path))


def refused(path: Path) -> str:
    """The one line with which a file is refused, wherever that happens."""
    with pytest.raises(InputError) as e:
        read_all(path)
    text = str(e.value)
    assert str(path) in text
    assert "\n" not in text
    return text


def test_times_are_the_files_own(tmp_path: Path) -> None:
    times = [0, 33, 67, 180, 200, 233]
    path = write_clip(tmp_path / "uneven.mp4", [gradient(shift=i) for i in range(6)], times)
    assert [round(f.t_s * 1000) for f in read_frames(path)] == times
    assert [round(f.t_s * 1000) for f in read_frames(path, 0.06, 0.2)] == [67, 180]


def test_info(clip: Path) -> None:
    info = read_info(clip)
    assert (info.width_px, info.height_px) == (128, 96)
    assert info.fps == pytest.approx(30, abs=0.1)
    assert info.duration_s == pytest.approx(40 / 30, abs=0.05)


def test_colours_are_red_green_blue(clip: Path) -> None:
    image = next(read_frames(clip)).image_rgb
    assert image[5, 120, 0] > 200
    assert image[90, 5, 1] > 200
    assert image[..., 2].mean() < 25


@pytest.mark.parametrize("quarters", [1, 2, 3])
def test_rotation_mark_of_a_phone_is_honoured(clip: Path, tmp_path: Path, quarters: int) -> None:
    turned = Path(shutil.copy(clip, tmp_path / "turned.mp4"))
    mark_turned(turned, quarters)
    expected = np.rot90(next(read_frames(clip)).image_rgb, -quarters)
    assert np.array_equal(next(read_frames(turned)).image_rgb, expected)
    info = read_info(turned)
    assert (info.height_px, info.width_px) == expected.shape[:2]


def test_missing_file(tmp_path: Path) -> None:
    assert "check the path" in refused(tmp_path / "nothing.mp4")


def test_directory_is_refused(tmp_path: Path) -> None:
    refused(tmp_path)


@pytest.mark.parametrize("content", [b"", b"not a video\n", b"time_s,fz_n\n0,1\n", bytes(5000)])
def test_other_files_are_refused(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "file.mp4"
    path.write_bytes(content)
    refused(path)


def test_sound_without_picture_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "sound.wav"
    with av.open(str(path), "w") as container:
        stream = container.add_stream("pcm_s16le", rate=8000, layout="mono")
        sound = av.AudioFrame.from_ndarray(np.zeros((1, 800), np.int16), format="s16", layout="mono")
        sound.sample_rate = 8000
        container.mux(stream.encode(sound))
    assert "no picture track" in refused(path)


@pytest.mark.parametrize("share", [0.2, 0.5, 0.8])
def test_truncated_file_is_refused(clip: Path, tmp_path: Path, share: float) -> None:
    content = clip.read_bytes()
    path = tmp_path / "cut.mp4"
    path.write_bytes(content[: round(len(content) * share)])
    assert "copy the file again" in refused(path)


def test_huge_picture_is_refused(clip: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(video_file, "MAX_PIXELS", 128 * 95)
    assert "128 x 96 pixels is too large" in refused(clip)


def test_endless_file_is_refused(clip: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(video_file, "MAX_DURATION_S", 1.0)
    assert "longer than" in refused(clip)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_no_damage_gives_another_error(clip: Path, tmp_path: Path, data: st.DataObject) -> None:
    content = bytearray(clip.read_bytes())
    for _ in range(data.draw(st.integers(1, 30))):
        content[data.draw(st.integers(0, len(content) - 1))] = data.draw(st.integers(0, 255))
    path = tmp_path / "damaged.mp4"
    path.write_bytes(content)
    try:
        times = [f.t_s for f in read_all(path)]
    except InputError as e:
        times = []
        message = str(e)
    else:
        message = ""
    assert "\n" not in message
    assert times == sorted(times)

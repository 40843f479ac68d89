"""Poses of whole files: every frame with its own time, errors of the parts in one line, a runner found."""

import multiprocessing
from pathlib import Path

import numpy as np
import pytest

from station.camera.offline import pose_video
from station.camera.video_file import read_frames
from station.errors import InputError
from station.sim.runner.clip_reader import FOLDER
from tests.camera.clips import gradient, write_clip


def test_frames_are_complete_in_order_and_reported(tmp_path: Path, weights_dir: Path) -> None:
    clip = write_clip(tmp_path / "nobody.mp4", [gradient(shift=4 * i) for i in range(30)])
    progress: list[float] = []
    result = pose_video(clip, weights_dir, progress.append)
    assert [k.t_ns / 1e9 for k in result.keypoints] == pytest.approx([f.t_s for f in read_frames(clip)])
    assert (result.width_px, result.height_px) == (128, 96)
    assert result.fps == pytest.approx(30, abs=0.3)
    assert not any(k.found for k in result.keypoints)
    assert len(result.people) == 0
    assert progress == sorted(progress)
    assert progress[-1] == pytest.approx(1.0, abs=0.05)


def test_more_than_60_frames_a_second_are_thinned(tmp_path: Path, weights_dir: Path) -> None:
    times = [round(i * 1000 / 120) for i in range(60)]
    clip = write_clip(tmp_path / "fast.mp4", [gradient(shift=i) for i in range(60)], times)
    result = pose_video(clip, weights_dir)
    assert result.fps == pytest.approx(60, rel=0.05)


def test_errors_of_the_parts_reach_the_caller(tmp_path: Path, weights_dir: Path) -> None:
    clip = write_clip(tmp_path / "clip.mp4", [gradient(shift=i) for i in range(40)], fast_start=True)
    with pytest.raises(InputError, match=r"install\.sh"):
        pose_video(clip, tmp_path)
    content = clip.read_bytes()
    clip.write_bytes(content[: len(content) * 2 // 3])
    with pytest.raises(InputError, match="copy the file again"):
        pose_video(clip, weights_dir)


def test_rendered_runner_is_found_in_every_frame(tmp_path: Path, weights_dir: Path) -> None:
    rendered = FOLDER / "good_man.mp4"
    images = [f.image_rgb for f in read_frames(rendered, stop_s=0.45)]
    times = [round(i * 1000 / 60) for i in range(len(images))]
    result = pose_video(write_clip(tmp_path / "short.mp4", images, times), weights_dir)
    assert all(k.found for k in result.keypoints)
    assert set(result.people) == {1}
    assert np.nanmax(result.background_px_s) < 5
    heights = [np.ptp(k.points()[0][:, 1]) for k in result.keypoints]
    assert 350 < np.median(heights) < 540


def test_killed_process_is_one_clear_line(tmp_path: Path, weights_dir: Path) -> None:
    clip = write_clip(tmp_path / "clip.mp4", [gradient(shift=i) for i in range(60)])

    def kill(share: float) -> None:
        for child in multiprocessing.active_children():
            child.kill()

    with pytest.raises(InputError, match="ended from outside"):
        pose_video(clip, weights_dir, kill)
    assert multiprocessing.active_children() == []

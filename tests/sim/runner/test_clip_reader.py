import numpy as np
import pytest

from station.errors import ConfigError
from station.sim.runner.clip import FOLDER
from station.sim.runner.clip_reader import ClipReader
from tests.sim.runner.truth import load_truth

CLIPS = sorted(path.stem for path in FOLDER.glob("*.mp4"))


@pytest.mark.parametrize("name", CLIPS)
def test_a_clip_has_the_frames_and_size_of_its_truth(name):
    reader, truth = ClipReader(name), load_truth(name)
    assert len(reader) == truth.frames
    assert reader.frame(0).shape == (truth.height_px, truth.width_px, 3)
    assert reader.frame(0).dtype == np.uint8
    reader.close()


def test_frames_are_the_same_in_any_order():
    reader = ClipReader("standing_man")
    forward = [int(reader.frame(k).astype(np.int64).sum()) for k in range(len(reader))]
    order = np.random.default_rng(1).permutation(len(reader))[:25]
    assert [int(reader.frame(int(k)).astype(np.int64).sum()) for k in order] == [forward[k] for k in order]
    assert np.array_equal(reader.frame(5), reader.frame(5))
    reader.close()


def test_a_frame_outside_the_clip_and_a_clip_that_is_not_there_are_refused():
    reader = ClipReader("empty")
    with pytest.raises(IndexError):
        reader.frame(1)
    with pytest.raises(IndexError):
        reader.frame(-1)
    reader.close()
    with pytest.raises(ConfigError, match=r"nobody\.mp4 is missing; make it again"):
        ClipReader("nobody")

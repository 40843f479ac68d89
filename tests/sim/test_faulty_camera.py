"""What befalls a simulated camera is what befalls a real one: geometry of a turned lens, a disc for a point."""

import numpy as np
import pytest

from station.camera.backend import Frame
from station.errors import DeviceBusyError, DeviceError
from station.sim.faulty_camera import FaultyCamera, disc, turned_view
from station.simulation_config import CameraFaults

SHAPE, FIELD_DEG = (540, 960), 38.0
FOCAL = 0.5 / np.tan(np.radians(FIELD_DEG) / 2)


class Numbered:
    """A back end whose k-th picture is grey level k."""

    def __init__(self) -> None:
        self._frames = 0

    def open(self, close_up: bool = False) -> None: ...

    def close(self) -> None: ...

    def read(self, timeout_s: float) -> Frame:
        self._frames += 1
        return Frame(self._frames, np.full((12, 16, 3), self._frames % 256, np.uint8), 1000.0)


def read(faults: CameraFaults, count: int) -> list[Frame | None]:
    camera = FaultyCamera(Numbered(), faults, FIELD_DEG, seed=1)
    camera.open()
    return [camera.read(0.1) for _ in range(count)]


def moved(turned_deg: tuple[float, float, float], x_px: float, y_px: float) -> np.ndarray:
    """Where a pixel of the camera before its turn lies after it, from where it lay."""
    seen = turned_view(turned_deg, SHAPE, FOCAL) @ [x_px, y_px, 1.0]
    return seen[:2] / seen[2] - [x_px, y_px]


def test_a_camera_that_turns_sees_the_scene_go_the_other_way() -> None:
    focal_px, degree = FOCAL * SHAPE[0], np.tan(np.radians(1.0))
    assert moved((1, 0, 0), 480, 270) == pytest.approx([-focal_px * degree, 0], abs=0.1)  # to image right
    assert moved((0, 1, 0), 480, 270) == pytest.approx([0, focal_px * degree], abs=0.1)  # up
    assert moved((0, 0, 1), 580, 270) == pytest.approx([0, 100 * degree], abs=0.05)  # the picture: clockwise


@pytest.mark.parametrize("radius_px", [0.01, 0.5, 1.0, 3.0, 12.0])
def test_a_point_out_of_focus_is_a_disc(radius_px: float) -> None:
    kernel = disc(radius_px)
    assert kernel.sum() == pytest.approx(1.0, abs=1e-5)
    steps = np.arange(len(kernel)) - len(kernel) // 2
    spread_px = np.sqrt(kernel.sum(axis=0) @ steps**2)
    assert spread_px == pytest.approx(radius_px / 2, abs=0.35)


def test_a_slower_sensor_and_lost_pictures() -> None:
    assert [f.t_ns for f in read(CameraFaults(every_nth=3), 9) if f] == [3, 6, 9]
    lost = [f is None for f in read(CameraFaults(lost_share=0.25), 2000)]
    assert np.mean(lost) == pytest.approx(0.25, abs=0.03)


def test_a_frozen_camera_goes_on_with_new_stamps() -> None:
    frames = read(CameraFaults(frozen=True), 4)
    assert [f.t_ns for f in frames] == [1, 2, 3, 4]
    assert {int(f.image_rgb[0, 0, 0]) for f in frames} == {1}


def test_rows_of_a_sensor_that_nobody_knows() -> None:
    known, unknown = (read(CameraFaults(unknown_rows=rows), 1)[0] for rows in (False, True))
    assert (known.row_ns, known.row_half_width_ns) == (1000.0, 0.0)
    assert unknown.row_ns == unknown.row_half_width_ns > 0


def test_missing_and_busy() -> None:
    with pytest.raises(DeviceError, match="no camera found"):
        read(CameraFaults(missing=True), 1)
    with pytest.raises(DeviceBusyError, match="in use by another program"):
        read(CameraFaults(busy=True), 1)

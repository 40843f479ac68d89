"""The camera daemon as a process of its own, on a camera that films plain pictures.

`python -m tests.camera.camera_process RUNTIME_DIR WEIGHTS_DIR`
"""

import sys
from pathlib import Path

from station.camera.daemon import run
from station.config import Camera, Config
from station.daemon import Life
from tests.camera.clips import gradient
from tests.camera.fake_camera import SteadyCamera


def main(runtime: str, weights_dir: str) -> None:
    config = Config(runtime_dir=runtime, camera=Camera(live_fps=5.0))
    images = [gradient(240, 320, shift=10 * i) for i in range(32)]
    with Life("camera", config) as life:
        run(life, lambda _: SteadyCamera(images, fps=60), Path(weights_dir))


if __name__ == "__main__":
    main(*sys.argv[1:])

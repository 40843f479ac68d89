"""How small, askew and blurred a take-home code may be before the camera and still be read.

`python -m tests.benchmarks.code_reading [--pictures N]` draws the code of a usual report on a simulated phone before a
simulated close-up, `N` pictures a cell with other noise, places and turns, and prints which share of them is read: a
runner shows some four pictures a second. Blur: standard deviation in pixels; the sensor's noise: 3 grey levels.
"""

import argparse
import tempfile
import time
from pathlib import Path

import cv2
import numpy as np

from station.camera.backend import CLOSE_UP_HEIGHT_PX
from station.camera.code_search import CodeSearch
from station.kiosk.card.view import read_scorecard
from station.kiosk.take_home import code_text, qr_svg
from station.kiosk.take_home.code_summary import summary_of, words
from station.messages import Choices
from station.records import card_key
from station.sim.phone_camera import as_seen, held_before
from station.simulation_config import ShownCode
from tests.kiosk.at_home import DAY, report

PIXELS_A_MODULE = (2.0, 2.5, 3.0, 3.5, 4.0, 5.0, 6.0)
CASES = [(0.0, 0.5), (0.0, 1.0), (0.0, 1.5), (20.0, 0.7), (35.0, 0.7), (50.0, 0.7)]
"""Tilt in degrees, blur in pixels."""
CODE_M = 0.060
"""A photo of the code fills the screen of a usual phone, 65 mm wide."""
VERTICAL_FIELD_DEG = 41.0
"""Of the Raspberry Pi Camera Module 3 (its data sheet), whose close-up has CLOSE_UP_HEIGHT_PX rows."""
NOISE = 3.0


def shown_code() -> tuple[np.ndarray, str, int]:
    """The picture of a code with its quiet zone, what it says, and its modules along a side, quiet zone included."""
    keys = card_key.load(Path(tempfile.mkdtemp()))
    given, choices = report(), Choices(speed_m_s=2.8, incline_pct=1.0, shoes="trainers")
    summary = summary_of(given.json, choices, keys.id, DAY)
    parts = code_text.signed(words(read_scorecard(given), summary, "Studio Nord", None), summary, keys)
    code = qr_svg.take_home(*parts)
    modules = np.array([list(row) for row in code.matrix_iter(border=4)])
    page = np.kron(np.where(modules, 0, 255), np.ones((8, 8))).astype(np.uint8)
    print(
        f"code: {len(''.join(parts).encode())} bytes, version {code.version}, {code.symbol_size(border=0)[0]} modules"
    )
    return page, "".join(parts), len(modules)


def gym(random: np.random.Generator) -> np.ndarray:
    """A picture of nothing in particular."""
    patches = (random.random((36, 64, 3)) * 140 + 50).astype(np.uint8)
    return cv2.resize(patches, (CLOSE_UP_HEIGHT_PX * 16 // 9, CLOSE_UP_HEIGHT_PX))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--pictures", type=int, default=10)
    pictures = parser.parse_args().pictures
    page, text, modules = shown_code()
    focal_px = CLOSE_UP_HEIGHT_PX / 2 / np.tan(np.radians(VERTICAL_FIELD_DEG) / 2)
    distances_m = [focal_px * CODE_M / (modules * size) for size in PIXELS_A_MODULE]
    random, search = np.random.default_rng(1), CodeSearch()
    began_s, count = time.perf_counter(), 0
    print("tilt  blur | " + " ".join(f"{size:6.1f}" for size in PIXELS_A_MODULE) + "  pixels a module")
    print("  at a distance of " + " ".join(f"{100 * d:3.0f} cm" for d in distances_m).removeprefix(""))
    for tilt_deg, blur_px in CASES:
        row = []
        for distance_m in distances_m:
            read = 0
            for _ in range(pictures):
                shown = ShownCode(
                    path="", width_m=CODE_M, distance_m=distance_m * random.uniform(0.98, 1.02),
                    tilt_deg=max(0.0, tilt_deg + random.uniform(-3, 3)),
                )  # fmt: skip
                picture = as_seen(held_before(gym(random), page, shown, focal_px), blur_px, NOISE, random)
                read += text in search.texts(picture)
                count += 1
            row.append(read / pictures)
        print(f"{tilt_deg:3.0f}°  {blur_px:4.1f} | " + " ".join(f"{share:6.0%}" for share in row), flush=True)
    print(f"{count} pictures, {(time.perf_counter() - began_s) / count * 1000:.0f} ms each with drawing")


if __name__ == "__main__":
    main()

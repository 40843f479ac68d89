"""The pose network's weights: taken from the npm package, checked, stripped of unread heads, laid out once.

`python -m station.camera.weights [DIRECTORY]` makes DIRECTORY (default `.setup/weights` in the checkout) ready;
where it already is, that takes the time of reading it. The weights are BlazePose GHUM (Bazarevsky et al. 2020)
of `@mediapipe/pose`, Apache-2.0; the stripped copies are modified files in the sense of that licence.
"""

import hashlib
import json
import sys
from pathlib import Path

from station.errors import InputError, StationError
from station.words import N_

CHECKOUT = Path(__file__).resolve().parents[2]
PACKAGE = CHECKOUT / "node_modules" / "@mediapipe" / "pose"
DEFAULT_DIRECTORY = CHECKOUT / ".setup" / "weights"

DETECTOR = "pose_detector.tflite"
LANDMARKS = {"full": "pose_landmark_full.tflite", "heavy": "pose_landmark_heavy.tflite"}

_SOURCES = {
    DETECTOR: (
        "pose_solution_packed_assets.data",  # is the detector network, as it stands
        "a63c614bef30d35947f13be361820b1e4e3bec9cfeebf4d11216a18373108e85",
    ),
    LANDMARKS["full"]: (
        "pose_landmark_full.tflite",
        "e9a5c5cb17f736fafd4c2ec1da3b3d331d6edbe8a0d32395855aeb2cdfd64b9f",
    ),
    LANDMARKS["heavy"]: (
        "pose_landmark_heavy.tflite",
        "59e42d71bcd44cbdbabc419f0ff76686595fd265419566bd4009ef703ea8e1fe",
    ),
}
"""Our file -> (file in the package, its sha256 in version 0.5.1675469404)."""

KEPT_OUTPUTS = ("Identity", "Identity_1", "Identity_3")
"""Keypoints, presence, heatmaps. Dropped: segmentation (Identity_2) and world coordinates (Identity_4)."""

_MANIFEST = "manifest.json"  # our file -> sha256 of what was written, and of what it was made from


def prepare(directory: Path = DEFAULT_DIRECTORY, package: Path = PACKAGE) -> bool:
    """Make the weights in `directory`; False where they were already there, whole.

    Raises InputError where the package is missing or a file of it is not the pinned one.
    """
    if _is_whole(directory):
        return False
    directory.mkdir(parents=True, exist_ok=True)
    written = {}
    for name, (source, expected) in _SOURCES.items():
        content = _checked(package / source, expected)
        if name != DETECTOR:
            content = _pruned(content)
        _replace(directory / name, content)
        written[name] = {"sha256": _sha256(content), "made_from": expected}
    _replace(directory / _MANIFEST, json.dumps(written, indent=1).encode())
    return True


def find(directory: Path, name: str) -> Path:
    """The path of one prepared network. Raises InputError where it was not prepared."""
    path = directory / name
    if not path.is_file():
        raise InputError(
            N_("pose weights {path}: not there; run ./install.sh (or python -m station.camera.weights)").format(
                path=path
            )
        )
    return path


def _is_whole(directory: Path) -> bool:
    """Whether every file is there, unaltered, and made from the pinned package."""
    try:
        manifest = json.loads((directory / _MANIFEST).read_bytes())
        return all(
            manifest[name] == {"sha256": _sha256((directory / name).read_bytes()), "made_from": expected}
            for name, (_, expected) in _SOURCES.items()
        )
    except (OSError, ValueError, LookupError, TypeError):
        return False


def _checked(path: Path, expected: str) -> bytes:
    try:
        content = path.read_bytes()
    except OSError as e:
        raise InputError(
            N_("pose weights {path}: {error}; run `npm ci` in the checkout first").format(path=path, error=e.strerror)
        ) from None
    if _sha256(content) != expected:
        raise InputError(
            N_("pose weights {path}: not the pinned file (sha256 differs); delete node_modules, run `npm ci`").format(
                path=path
            )
        )
    return content


def _pruned(model: bytes) -> bytes:
    from station.camera.prune import keep_outputs  # slow to import, and needed on the first call only

    return keep_outputs(model, KEPT_OUTPUTS)


def _replace(path: Path, content: bytes) -> None:
    """Write the whole file or nothing of it."""
    part = path.with_suffix(".part")
    part.write_bytes(content)
    part.replace(path)


def _sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def main(arguments: list[str]) -> int:
    """Prepare the weights and say so; exit status 2 and one line where that cannot be done."""
    directory = Path(arguments[0]) if arguments else DEFAULT_DIRECTORY
    try:
        new = prepare(directory)
    except StationError as e:
        print(e, file=sys.stderr)
        return 2
    except OSError as e:
        print(
            N_("pose weights {directory}: {error}; choose a directory this user may write").format(
                directory=directory, error=e.strerror
            ),
            file=sys.stderr,
        )
        return 2
    print(f"pose weights: {'prepared in' if new else 'ready in'} {directory}")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

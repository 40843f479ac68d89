"""What the camera's tests share: the pose weights, prepared once a session."""

from pathlib import Path

import pytest

from station.camera import weights


@pytest.fixture(scope="session")
def package() -> Path:
    return weights.PACKAGE


@pytest.fixture(scope="session")
def weights_dir(package: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    directory = tmp_path_factory.mktemp("weights")
    weights.prepare(directory, package)
    return directory

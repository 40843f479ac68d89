"""Run in the Python environment of a release: is each pinned package there, and does it import beside the system's?

With --hardware also what drives the pins and the camera. Prints what is wrong, a line each; exit status 1 then.
"""

import importlib
import re
import sys
from collections.abc import Iterator
from importlib import metadata
from pathlib import Path

ROOT = Path(__file__).parent.parent
SYSTEM = Path("/usr/lib/python3/dist-packages")
FROM_SYSTEM = ("numpy", "scipy")
DRIVERS = ("RPi.GPIO", "lgpio", "picamera2")
UPON_DRIVERS = ("hx711",)


def pinned() -> Iterator[tuple[str, str]]:
    """(name, version) of each line of the requirements."""
    for name in ("requirements.txt", "requirements-no-deps.txt"):
        yield from re.findall(r"^([\w.-]+)==(\S+)$", (ROOT / name).read_text(encoding="utf-8"), re.MULTILINE)


def modules(distribution: str) -> list[str]:
    """What it puts on the path, by its own list of files."""
    try:
        files = metadata.distribution(distribution).files or []
    except metadata.PackageNotFoundError:
        return []
    code = [file for file in files if file.suffix in (".py", ".so")]
    tops = {file.parts[0] if len(file.parts) > 1 else file.name.split(".")[0] for file in code}
    return sorted(top for top in tops if top.isidentifier() and not top.startswith("_") and top != "tests")


def wrong_version(name: str, version: str) -> str | None:
    """Why the package is not there as it is pinned; None where it is."""
    try:
        found = metadata.version(name)
    except metadata.PackageNotFoundError:
        return f"{name} is not installed"
    return None if found == version or name in FROM_SYSTEM else f"{name} is {found}, not {version}"


def broken(module: str) -> str | None:
    """Why the module does not import; None where it does."""
    try:
        importlib.import_module(module)
    except Exception as e:
        return f"{module}: {type(e).__name__}: {e}"
    return None


def wrong_place(module: str) -> str | None:
    """Why a module that must be the system's own is not; None where it is, or does not import at all."""
    if module not in sys.modules:
        return None
    found = Path(sys.modules[module].__file__ or "")
    return None if found.is_relative_to(SYSTEM) else f"{module} is {found}, not the system's in {SYSTEM}"


def main(arguments: list[str]) -> int:
    hardware = "--hardware" in arguments
    packages = dict(pinned())
    drivers = DRIVERS if hardware else ()
    faults = [wrong_version(name, version) for name, version in packages.items()]
    ours = [m for name in packages if hardware or name not in UPON_DRIVERS for m in modules(name)]
    faults += [broken(module) for module in (*FROM_SYSTEM, *drivers, *ours, "station.cli")]
    faults += [wrong_place(module) for module in (*FROM_SYSTEM, *drivers)]
    found = [fault for fault in faults if fault]
    print("\n".join(found), end="\n" if found else "")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

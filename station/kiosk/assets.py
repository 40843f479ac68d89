"""Browser libraries, served from the packages that the installer fetched: these files and no others."""

from pathlib import Path

from flask import Blueprint, Response, abort, send_file

PACKAGES = Path(__file__).resolve().parents[2] / "node_modules"
FILES = {
    "uPlot.esm.js": "uplot/dist/uPlot.esm.js",
    "uPlot.min.css": "uplot/dist/uPlot.min.css",
    "simple-keyboard.esm.js": "simple-keyboard/build/index.modern.esm.js",
}
"""Public name -> file inside the packages."""

assets = Blueprint("assets", __name__, url_prefix="/vendor")


def missing() -> list[str]:
    """Files that the installer has not fetched; the pages work without them, less well."""
    return [path for path in FILES.values() if not (PACKAGES / path).is_file()]


@assets.get("/<name>")
def vendor(name: str) -> Response:
    path = PACKAGES / FILES[name] if name in FILES else None
    if path is None or not path.is_file():
        abort(404)
    return send_file(path, max_age=3600)

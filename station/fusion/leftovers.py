"""What a fusion daemon that was killed, or a power cut, left half done: of no use to anybody, and never read again."""

import logging
from pathlib import Path

from station.fusion.scorer import LINE
from station.records.sealed import KEYS

log = logging.getLogger(__name__)


def sweep(runtime: Path, runs: Path) -> None:
    """Remove keys and marks of recordings that are gone, half-written reports, and sockets of ended workers.

    For the start of the daemon, once it is the only one on its runtime directory. Never raises: what cannot be removed
    is logged.
    """
    visits = {path.stem for path in (runs / "temporary").glob("*.mcap")}
    orphans = [path for pattern in (f"{KEYS}/*.key", "*.tried") for path in runtime.glob(pattern)]
    left = [path for path in orphans if path.stem not in visits]
    for path in (*left, *runs.glob("*.json.part"), *runtime.glob(f"{LINE}*.line")):
        try:
            path.unlink()
        except OSError as e:
            log.error("%s cannot be removed: %s", path, e.strerror)

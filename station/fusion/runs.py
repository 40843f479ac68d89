"""`station runs`: the runs a station has kept (clinic mode)."""

import argparse
import sys
from pathlib import Path

import msgspec

from station import config
from station.errors import InputError


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("action", choices=("list", "show", "delete"), help="list all; show one as JSON; delete one")
    parser.add_argument("id", nargs="?", metavar="RUN", help="as `list` names it")
    parser.add_argument("--config", type=Path, default=config.default_path(), help="configuration of the station")


def run(options: argparse.Namespace) -> None:
    """Raises InputError for a run that is not there, or that cannot be read."""
    folder = config.load(options.config).state / "runs"
    try:
        if options.action == "list":
            for run_id in _kept(folder):
                print(_line(folder, run_id))
        elif options.action == "show":
            sys.stdout.write((_known(folder, options.id) / f"{options.id}.json").read_text(encoding="utf-8") + "\n")
        else:
            known = _known(folder, options.id)
            for suffix in (".mcap", ".json"):
                (known / f"{options.id}{suffix}").unlink(missing_ok=True)
    except OSError as e:
        raise InputError(f"{e.filename}: {e.strerror}; is this the right user, and was the run scored?") from None


def _kept(folder: Path) -> list[str]:
    """Ids of the recordings and results, oldest first."""
    paths = [p for suffix in ("mcap", "json") for p in folder.glob(f"*.{suffix}")]
    return list(dict.fromkeys(p.stem for p in sorted(paths, key=lambda p: p.stat().st_mtime)))


def _known(folder: Path, run_id: str | None) -> Path:
    if run_id not in _kept(folder):
        raise InputError(f"run {run_id!r} is not kept here; `station runs list` names those that are")
    return folder


def _line(folder: Path, run_id: str) -> str:
    path = folder / f"{run_id}.json"
    if not path.exists():
        return f"{run_id}  not scored: station analyse --recording {folder / run_id}.mcap"
    try:
        document = msgspec.json.decode(path.read_bytes())
        verdicts = ", ".join(f"{name} {mistake['verdict']}" for name, mistake in document["mistakes"].items())
        started = document["inputs"].get("started_utc", "")
        return f"{run_id}  {started}  {document['summary']['steps']:4d} steps  {verdicts}"
    except (msgspec.DecodeError, KeyError, TypeError, AttributeError):
        return f"{run_id}  its result cannot be read; score it again: station analyse --recording"

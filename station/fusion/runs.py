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
    parser.add_argument("--config", type=Path, help="configuration of the station")


def run(options: argparse.Namespace) -> None:
    """Raises InputError for a run that is not there."""
    folder = config.load(options.config).state / "runs"
    if options.action == "list":
        for path in sorted(folder.glob("*.json"), key=lambda p: p.stat().st_mtime):
            print(_line(path))
    elif options.action == "show":
        sys.stdout.buffer.write(_result(folder, options.id).read_bytes() + b"\n")
    else:
        _result(folder, options.id).unlink()
        (folder / f"{options.id}.mcap").unlink(missing_ok=True)


def _result(folder: Path, run_id: str | None) -> Path:
    path = folder / f"{run_id}.json"
    if run_id is None or not run_id.isalnum() or not path.is_file():
        raise InputError(f"run {run_id!r} is not kept here; `station runs list` names those that are")
    return path


def _line(path: Path) -> str:
    document = msgspec.json.decode(path.read_bytes())
    verdicts = ", ".join(f"{name} {mistake['verdict']}" for name, mistake in document["mistakes"].items())
    return f"{path.stem}  {document['summary']['steps']:4d} steps  {verdicts}"

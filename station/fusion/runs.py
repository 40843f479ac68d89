"""`station runs`: the runs a station has kept (clinic mode)."""

import argparse
import sys
from pathlib import Path

import msgspec

from station import config
from station.errors import InputError
from station.fusion import retention
from station.records import run_files
from station.records.run_files import RunFiles

_AGAIN = "score it again: station analyse --recording"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("action", choices=("list", "show", "delete"), help="list all; show one as JSON; delete one")
    parser.add_argument("id", nargs="?", metavar="RUN", help="as `list` names it")
    parser.add_argument("--config", type=Path, default=config.default_path(), help="configuration of the station")


def run(options: argparse.Namespace) -> None:
    """Raises InputError for a run that is not there, or that cannot be read."""
    folder = config.load(options.config).state / "runs"
    try:
        if options.action == "list":
            for kept in run_files.kept(folder):
                print(_line(folder, kept.id))
            for deleted in retention.noted(folder.parent):
                print(deleted)
        elif options.action == "show":
            result = (folder / f"{_known(folder, options.id).id}.json").read_text(encoding="utf-8")
            msgspec.json.decode(result)  # whoever reads on is not given half a result
            sys.stdout.write(result + "\n")
        else:
            _known(folder, options.id).delete()
    except OSError as e:
        raise InputError(f"{e.filename}: {e.strerror}; is this the right user, and was the run scored?") from None
    except (UnicodeDecodeError, msgspec.DecodeError):
        raise InputError(f"run {options.id}: its result is damaged; {_AGAIN}") from None


def _known(folder: Path, run_id: str | None) -> RunFiles:
    for kept in run_files.kept(folder):
        if kept.id == run_id:
            return kept
    raise InputError(f"run {run_id!r} is not kept here; `station runs list` names those that are")


def _line(folder: Path, run_id: str) -> str:
    path = folder / f"{run_id}.json"
    if not path.exists():
        return f"{run_id}  not scored: station analyse --recording {folder / run_id}.mcap"
    try:
        document = msgspec.json.decode(path.read_bytes())
        verdicts = ", ".join(f"{name} {mistake['verdict']}" for name, mistake in document["mistakes"].items())
        started = document["inputs"].get("started_utc", "")
        return f"{run_id}  {started}  {document['summary']['steps']:4d} steps  {verdicts}"
    except (OSError, msgspec.DecodeError, KeyError, TypeError, AttributeError, ValueError):
        return f"{run_id}  its result cannot be read; {_AGAIN}"

"""`station doctor`: the self-tests as a table or as JSON; exit status 1 where a fault is found."""

import argparse
import sys
import textwrap
from collections.abc import Sequence
from pathlib import Path

import msgspec

from station import config
from station.calibration.terminal import Terminal
from station.daemon import Life
from station.doctor.examination import Ask, examine
from station.doctor.registry import all_self_tests
from station.errors import StationError
from station.messages import Finding

STATUS_FAULT = 1
SHOWN = {"ok": "ok", "warning": "WARNING", "fault": "FAULT", "not_checked": "not checked"}
WIDTH = 110
ROW = "{verdict:12} {check:24} {text}"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--config", type=Path, default=config.default_path(), help="configuration of the station")
    parser.add_argument("--json", action="store_true", help="print the findings as JSON")
    parser.add_argument("--only", nargs="+", default=(), metavar="NAME", help="these self-tests alone")
    parser.add_argument("--list", action="store_true", help="print the names of the self-tests, and end")
    parser.add_argument(
        "--guided",
        action="store_true",
        help="also those for which somebody must stand at the deck and do what is asked",
    )
    parser.add_argument("--yes", action="store_true", help="with --guided: do not wait for Enter")


def run(options: argparse.Namespace) -> int:
    """The exit status. Raises StationError."""
    if options.list:
        for test in all_self_tests():
            print(ROW.format(verdict="guided" if test.guided else "", check=test.id, text=test.title))
        return 0
    if options.guided and not (options.yes or sys.stdin.isatty()):
        raise StationError("doctor --guided asks for things to be done at the deck; run it in a terminal, or add --yes")
    with Life("doctor", config.load(options.config)) as life:
        if not life.in_use.begin():
            raise StationError("somebody is using the station; examine it after the visit or the calibration")
        findings = examine(life, _Table(quiet=options.json).said, _asker(options, life), options.only)
    if options.json:
        sys.stdout.write(msgspec.json.format(msgspec.json.encode(findings)).decode() + "\n")
    return STATUS_FAULT if any(finding.verdict == "fault" for finding in findings) else 0


class _Table:
    """Prints what was found as the examination goes on."""

    def __init__(self, quiet: bool) -> None:
        self._quiet = quiet
        self._printed = 0

    def said(self, findings: Sequence[Finding], done: int, of: int) -> None:
        for finding in () if self._quiet else findings[self._printed :]:
            row = ROW.format(verdict=SHOWN[finding.verdict], check=finding.check, text=finding.text)
            indent = " " * len(ROW.format(verdict="", check="", text=""))
            print(textwrap.fill(row, WIDTH, subsequent_indent=indent), flush=True)
        self._printed = len(findings)


def _asker(options: argparse.Namespace, life: Life) -> Ask | None:
    """Somebody at this terminal, where there is to be somebody."""
    if not options.guided:
        return None
    terminal = Terminal(life, not options.yes)
    return lambda prompt: terminal.ask(prompt, "Please")

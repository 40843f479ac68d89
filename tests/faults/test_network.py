"""The station needs no network: in a namespace that has none but its own loopback a visit goes from start to card.

Without even that (which is part of the kernel, not of a network) the kiosk alone is missing: it says so, and the rest
goes on.
"""

import json
import os
import subprocess
from pathlib import Path

import pytest

from tests.faults import replayed

pytestmark = [
    pytest.mark.long,
    pytest.mark.timeout(400),
    pytest.mark.skipif(os.geteuid() != 0, reason="only root may make a network namespace: run this as root"),
]


def test_a_visit_without_a_network(visit: Path, tmp_path: Path) -> None:
    within = ["unshare", "--net", "sh", "-c", 'ip link set lo up && exec "$0" "$@"']
    with replayed.replaying(tmp_path, visit, within=within) as station:
        inside = ["nsenter", "-t", str(station.process.pid), "-n"]
        links = subprocess.run([*inside, "ip", "-o", "link"], capture_output=True, text=True, check=True).stdout
        assert [line.split(": ")[1] for line in links.splitlines()] == ["lo"]
        assert replayed.whole_visit(station)["summary"]["steps"] > 90
        address = f"http://127.0.0.1:{station.settings.kiosk.port}/health"
        script = f"import urllib.request as r; print(r.urlopen({address!r}).read().decode())"
        told = subprocess.run([*inside, "python3", "-c", script], capture_output=True, text=True, check=True).stdout
        assert json.loads(told)["problems"] == []


def test_a_visit_without_a_loopback(visit: Path, tmp_path: Path) -> None:
    with replayed.replaying(tmp_path, visit, within=["unshare", "--net"]) as station:
        assert replayed.whole_visit(station)["summary"]["steps"] > 90

"""A fifth mistake is one new file in the installed package: it stands in the document and on the card page."""

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import station as package
from station.messages import Report
from tests.kiosk.conftest import VISIT, Station
from tests.scorecard.test_registry import FIFTH

RATE_HZ = 200


def test_it_appears_in_the_document_and_on_the_card_page(tmp_path: Path, station: Station) -> None:
    home = Path(package.__file__).parent
    shutil.copytree(home, tmp_path / "station", ignore=shutil.ignore_patterns("clips", "__pycache__"))
    (tmp_path / "station" / "scorecard" / "mistakes" / "bouncing.py").write_text(FIFTH)
    rows = [f"{i / RATE_HZ:.4f},1,1,1,1" for i in range(3 * RATE_HZ)]
    header = "time_s,front_left_n,front_right_n,rear_left_n,rear_right_n"
    (tmp_path / "cells.csv").write_text("\n".join([header, *rows]))
    command = [sys.executable, "-m", "station", "analyse", "--cells", "cells.csv"]
    environment = {**os.environ, "PYTHONPATH": str(tmp_path)}
    done = subprocess.run(command, capture_output=True, text=True, cwd=tmp_path, env=environment, check=True)
    document = json.loads(done.stdout)
    assert list(document["mistakes"])[4:] == ["bouncing"]
    assert document["mistakes"]["bouncing"]["verdict"] == "present"

    station.fusion.report_given = Report(visit_id=VISIT, json=done.stdout.encode())
    station.hear("card")
    cards = re.findall(r'href="/card/(\w+)"', station.get("/"))
    assert cards == list(document["mistakes"])
    assert "Run flat." in station.get("/card/bouncing")

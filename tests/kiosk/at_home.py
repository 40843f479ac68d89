"""A station with a key, and the code of a report that it has signed."""

import json
from datetime import date
from pathlib import Path

from station.config import Config, Kiosk
from station.kiosk.card.view import read_scorecard
from station.kiosk.take_home import code_text
from station.kiosk.take_home.code_summary import summary_of, words
from station.messages import Choices, Report
from station.records.card_key import CardKeys
from tests.kiosk.conftest import VISIT, Station
from tests.kiosk.measured_report import measured_document

DAY = date(2026, 11, 22)


def config(state: Path, **kiosk) -> Config:
    return Config(state_dir=str(state), kiosk=Kiosk(**{"station_name": "Studio Nord"} | kiosk))


def report(**more) -> Report:
    return Report(visit_id=VISIT, json=json.dumps(measured_document(**more)).encode())


def code_of(station: Station, given: Report) -> str:
    """What the code of this report says."""
    return signed_by(station.take_home.keys, given)


def signed_by(keys: CardKeys, given: Report) -> str:
    summary = summary_of(given.json, Choices(), keys.id, DAY)
    said = words(read_scorecard(given), summary, "Studio Nord", None)
    return "".join(code_text.signed(said, summary, keys))

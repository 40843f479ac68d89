"""What the pages of the set-up ask for, read from their forms into keys of the configuration."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from station.config import Config
from station.kiosk import languages
from station.kiosk.about_form import KM_H_PER_M_S, SPEED_KM_H
from station.kiosk.form_reading import FormReading
from station.kiosk.languages import gettext as _
from station.messages import CHANNELS

TURNS_DEG = ("0", "90", "180", "270")
NAME_LETTERS = 40
PLACE_M = (-2.5, 2.5)
TREADMILL_KG = (10.0, 900.0)
CAPACITY_KG = (20.0, 2000.0)
SHUNT_PIN = 12
"""Of the shunt switch in the wiring plan (wiring/README.md, step 4)."""


@dataclass(frozen=True)
class Asked:
    """`changes` to the configuration where nothing was refused, None for a key to take out. `shown`: in the fields."""

    shown: Mapping[str, str]
    changes: dict[str, Any] = field(default_factory=dict)
    refused: tuple[str, ...] = ()


@dataclass(frozen=True)
class SettingsForm:
    """`now`: the fields as the configuration fills them; `read`: the form, sent."""

    now: Callable[[Config], dict[str, str]]
    read: Callable[[Mapping[str, str], Config], Asked]


def _language_now(config: Config) -> dict[str, str]:
    return {"language": languages.current()}


def _language(fields: Mapping[str, str], config: Config) -> Asked:
    reading = FormReading(fields)
    chosen = reading.one_of("language", tuple(languages.LANGUAGES), _("Language: please choose one of these."))
    return Asked(fields, {"kiosk": {"language": chosen}} if chosen else {}, tuple(reading.refused))


def _screen_now(config: Config) -> dict[str, str]:
    return {"turn": str(config.kiosk.screen_rotation_deg)}


def _screen(fields: Mapping[str, str], config: Config) -> Asked:
    reading = FormReading(fields)
    turn = reading.one_of("turn", TURNS_DEG, _("Screen: please choose one of these."))
    return Asked(fields, {"kiosk": {"screen_rotation_deg": int(turn)}} if turn else {}, tuple(reading.refused))


def _station_now(config: Config) -> dict[str, str]:
    return {"mode": config.mode, "name": config.kiosk.station_name or ""}


def _station(fields: Mapping[str, str], config: Config) -> Asked:
    reading = FormReading(fields)
    mode = reading.one_of("mode", ("gym", "clinic"), _("Please choose gym or clinic."))
    name = reading.text("name")
    if len(name) > NAME_LETTERS or not name.isprintable():
        reading.refused.append(_("Name: at most {n} letters, please.").format(n=NAME_LETTERS))
    changes = ({"mode": mode} if mode else {}) | {"kiosk": {"station_name": name or None}}
    return Asked(fields, changes, tuple(reading.refused))


def _treadmill_now(config: Config) -> dict[str, str]:
    force, speed_km_h = config.force, _speed_km_h(config)
    places = {f"{axis}_{name}": getattr(force.cells[name], axis) for name in CHANNELS for axis in ("x_m", "y_m")}
    numbers = places | {"treadmill": force.treadmill_kg, "capacity": force.cell_capacity_kg}
    if speed_km_h is not None:
        numbers["speed"] = speed_km_h
    return {name: languages.localised(f"{value:g}").replace("-", languages.MINUS) for name, value in numbers.items()}


def _treadmill(fields: Mapping[str, str], config: Config) -> Asked:
    reading = FormReading(fields)
    places = {name: _place(reading, name) for name in CHANNELS}
    kg = reading.number("treadmill", TREADMILL_KG, _("Treadmill: a mass from {low} to {high} kg, please."), needed=True)
    capacity_kg = reading.number(
        "capacity", CAPACITY_KG, _("Load cells: a capacity from {low} to {high} kg, please."), needed=True
    )
    speed_km_h = reading.number("speed", SPEED_KM_H, _("Belt speed: a number from {low} to {high} km/h, please."))
    changes: dict[str, Any] = {"force": {"cells": places, "treadmill_kg": kg, "cell_capacity_kg": capacity_kg}}
    if speed_km_h != _speed_km_h(config):
        changes["run"] = {"speed_m_s": None if speed_km_h is None else speed_km_h / KM_H_PER_M_S}
    return Asked(fields, changes, tuple(reading.refused))


def _speed_km_h(config: Config) -> float | None:
    """As the field shows it."""
    speed_m_s = config.run.speed_m_s
    return None if speed_m_s is None else round(speed_m_s * KM_H_PER_M_S, 2)


def _place(reading: FormReading, name: str) -> dict[str, float | None]:
    otherwise = _("Place of a load cell: metres from {low} to {high}, please.")
    place = {axis: reading.number(f"{axis}_{name}", PLACE_M, otherwise) for axis in ("x_m", "y_m")}
    if None in place.values() and not reading.refused:
        reading.refused.append(_("Give the place of each load cell, in metres from the middle of the deck."))
    return place


def _camera_now(config: Config) -> dict[str, str]:
    fitted = "no" if config.camera.device == "none" else "yes"
    return {"fitted": fitted, "side": config.run.camera_side or "either"}


def _camera(fields: Mapping[str, str], config: Config) -> Asked:
    reading = FormReading(fields)
    fitted = reading.one_of("fitted", ("yes", "no"), _("Please say whether there is a camera."))
    side = reading.one_of("side", ("left", "right", "either"), _("Please choose a side of the runner."))
    changes: dict[str, Any] = {}
    if fitted == "no":
        changes["camera"] = {"device": "none"}
    elif fitted == "yes" and config.camera.device == "none":
        changes["camera"] = {"device": None}  # again the one that the installation chose
    if side:
        changes["run"] = {"camera_side": None if side == "either" else side}
    return Asked(fields, changes, tuple(reading.refused))


def _shunt_now(config: Config) -> dict[str, str]:
    return {"shunt": "no" if config.force.shunt_pin is None else "yes"}


def _shunt(fields: Mapping[str, str], config: Config) -> Asked:
    reading = FormReading(fields)
    fitted = reading.one_of("shunt", ("yes", "no"), _("Please say whether a shunt switch is fitted."))
    changes: dict[str, Any] = {}
    if fitted and fitted != _shunt_now(config)["shunt"]:
        changes["force"] = {"shunt_pin": SHUNT_PIN if fitted == "yes" else None}
    return Asked(fields, changes, tuple(reading.refused))


FORMS = {
    "language": SettingsForm(_language_now, _language),
    "screen": SettingsForm(_screen_now, _screen),
    "station": SettingsForm(_station_now, _station),
    "treadmill": SettingsForm(_treadmill_now, _treadmill),
    "camera": SettingsForm(_camera_now, _camera),
    "ringing": SettingsForm(_shunt_now, _shunt),
}
"""By the step of the set-up that asks for it."""

"""What a runner may say before the visit, read from a form that anybody may have altered. All of it is optional."""

import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass

from station.kiosk import languages
from station.kiosk.form_reading import FormReading
from station.kiosk.languages import gettext as _
from station.messages import Choices

SPEED_KM_H = (1.0, 30.0)
INCLINE_PCT = (-10.0, 40.0)
NICKNAME_LETTERS = 24
SHOES = ("barefoot", "minimal", "trainers", "cushioned")
"""What can be chosen, from no sole to the thickest."""

KM_H_PER_M_S = 3.6
_NICKNAME_KINDS = ("L", "M", "N")  # letters, their marks, digits, by the Unicode standard's general categories
_NICKNAME_SIGNS = " -'’._"
_JOINERS = "\N{ZERO WIDTH NON-JOINER}\N{ZERO WIDTH JOINER}"
"""Between two letters they belong to the spelling, as in Hindi and Persian; anywhere else they only hide."""

_MOST_MARKS = 3
"""On one letter; no living script needs more, and a pile of them covers what stands above."""


@dataclass(frozen=True)
class About:
    """`choices` without what could not be taken; `refused`: one sentence for each of that."""

    choices: Choices
    refused: tuple[str, ...] = ()


def consented(fields: Mapping[str, str], *, has_camera: bool) -> Choices:
    """What was answered to the question for the camera; anything unclear means no."""
    camera = has_camera and fields.get("camera") == "yes"
    return Choices(language=languages.current(), camera=camera, pictures=camera and fields.get("pictures") == "yes")


def read(fields: Mapping[str, str], *, has_camera: bool, asks_speed: bool) -> About:
    """The whole form. `asks_speed` False: the configuration knows the belt's speed, so none is taken."""
    reading = _Reading(fields)
    speed_km_h = reading.number("speed", SPEED_KM_H, _("Belt speed: a number from {low} to {high} km/h, please."))
    incline_pct = reading.number("incline", INCLINE_PCT, _("Incline: a number from {low} to {high} %, please."))
    shoes = reading.one_of("shoes", SHOES, _("Shoes: please choose one of the pictures."))
    nickname = reading.nickname()
    consent = consented(fields, has_camera=has_camera)
    choices = Choices(
        language=consent.language,
        camera=consent.camera,
        pictures=consent.pictures,
        live=fields.get("live") == "yes",
        nickname=nickname,
        speed_m_s=speed_km_h / KM_H_PER_M_S if asks_speed and speed_km_h is not None else None,
        incline_pct=incline_pct,
        shoes=shoes,
    )
    return About(choices, tuple(reading.refused))


class _Reading(FormReading):
    """The form of the page before the visit."""

    def nickname(self) -> str | None:
        text = unicodedata.normalize("NFC", self.text("nickname"))
        if not text:
            return None
        if len(text) > NICKNAME_LETTERS:
            self.refused.append(_("Nickname: at most {n} letters, please.").format(n=NICKNAME_LETTERS))
            return None
        kinds = _kinds(text)
        if not all(c in _NICKNAME_SIGNS or kind in _NICKNAME_KINDS for c, kind in zip(text, kinds, strict=True)):
            self.refused.append(_("Nickname: letters, numbers, spaces and - ' . _ only, please."))
            return None
        if "M" * (_MOST_MARKS + 1) in kinds:
            self.refused.append(_("Nickname: at most {n} accents on a letter, please.").format(n=_MOST_MARKS))
            return None
        return text


def _kinds(text: str) -> str:
    """The general category of each character, its first letter; a joiner between two letters counts as a letter."""
    kinds = "".join(unicodedata.category(c)[0] for c in text)
    neighbours = zip(" " + kinds, kinds[1:] + " ", strict=False)
    between = [before in "LM" and after == "L" for before, after in neighbours]
    return "".join(
        "L" if c in _JOINERS and joins else kind for c, kind, joins in zip(text, kinds, between, strict=True)
    )

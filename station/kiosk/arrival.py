"""The pages between the attract screen and the visit: consent, then what the runner may tell. Each address says all."""

from collections.abc import Mapping

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from station.config import Config
from station.kiosk import about_form, languages
from station.kiosk.about_form import KM_H_PER_M_S, About
from station.kiosk.feed import Feed


class Arrival:
    """Routes that ask; nothing is kept before the visit starts."""

    def __init__(self, feed: Feed, config: Config) -> None:
        self._feed = feed
        self._has_camera = config.camera.device != "none"
        self._asks_speed = config.run.speed_m_s is None
        self.blueprint = Blueprint("arrival", __name__)
        self.blueprint.get("/consent")(self.consent)
        self.blueprint.get("/about")(self.about)

    def consent(self) -> str | Response:
        """What is measured, by what, and what for; the answer is a link to the next page."""
        snapshot = self._feed.snapshot()
        if snapshot.screen != "idle":
            return redirect(url_for("pages.current"))
        return render_template("consent.html", snapshot=snapshot, has_camera=self._has_camera)

    def about(self) -> str | Response:
        """Speed, incline, shoes, nickname; only after consent was asked."""
        if self._feed.snapshot().screen != "idle":
            return redirect(url_for("pages.current"))
        if request.args.get("camera") not in ("yes", "no"):
            return redirect(url_for("arrival.consent", lang=languages.current()))
        return self.about_page(About(about_form.consented(request.args, has_camera=self._has_camera)))

    def read(self, fields: Mapping[str, str]) -> About:
        """The form of the page, sent."""
        return about_form.read(fields, has_camera=self._has_camera, asks_speed=self._asks_speed)

    def about_page(self, about: About) -> str:
        """The page with what was told so far, and what of it was refused."""
        choices = about.choices
        return render_template(
            "about.html", snapshot=self._feed.snapshot(), choices=choices, refused=about.refused, form=about_form,
            asks_speed=self._asks_speed, speed_km_h=choices.speed_m_s and choices.speed_m_s * KM_H_PER_M_S,
        )  # fmt: skip

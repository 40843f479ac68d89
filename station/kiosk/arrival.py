"""The pages between the attract screen and the visit: consent, then what the runner may tell. Each address says all."""

from collections.abc import Mapping

from flask import Blueprint, redirect, render_template, request, url_for
from msgspec.structs import replace
from werkzeug.wrappers import Response

from station.clock import SystemClock
from station.config import Config
from station.kiosk import about_form, languages
from station.kiosk.about_form import KM_H_PER_M_S, About
from station.kiosk.feed import Feed
from station.kiosk.told_so_far import ToldSoFar


class Arrival:
    """Routes that ask; what was told is kept from page to page, until the start screen or the visit's first."""

    def __init__(self, feed: Feed, config: Config) -> None:
        self._feed = feed
        self._has_camera = config.camera.device != "none"
        self._asks_speed = config.run.speed_m_s is None
        self._told = ToldSoFar(SystemClock())
        self.blueprint = Blueprint("arrival", __name__)
        self.blueprint.before_app_request(self._forget_at_the_start)
        self.blueprint.get("/consent")(self.consent)
        self.blueprint.get("/about")(self.about)
        self.blueprint.post("/about")(self.keep)

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
        consent = about_form.consented(request.args, has_camera=self._has_camera)
        told = self._told.choices
        return self.about_page(
            About(replace(told, language=consent.language, camera=consent.camera, pictures=consent.pictures))
        )

    def keep(self) -> tuple[str, int]:
        """What was told so far, for when the runner comes back from another page."""
        if self._feed.snapshot().screen == "idle":
            self._told.hold(self.read(request.form).choices)
        return "", 204

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

    def _forget_at_the_start(self) -> None:
        """The start screen is the next runner's; a visit's first page needs it no more."""
        if request.endpoint == "pages.current":
            self._told.forget()

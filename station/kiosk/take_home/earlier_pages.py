"""The page before the visit where a runner shows the code of last time to the camera."""

from flask import Blueprint, Response, jsonify, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from station.kiosk import languages
from station.kiosk.feed import Feed
from station.kiosk.take_home.code_reading import CodeReading
from station.kiosk.take_home.earlier_run import EarlierRun
from station.kiosk.translate import translated

_CARRIED = ("camera", "pictures")
"""Of the address: what was answered on the page before."""


class EarlierPages:
    """Routes under /earlier; the camera is opened by one tap, for reading alone."""

    def __init__(self, feed: Feed, reading: CodeReading, earlier: EarlierRun) -> None:
        self._feed, self._reading, self._earlier = feed, reading, earlier
        self.blueprint = Blueprint("earlier", __name__, url_prefix="/earlier")
        self.blueprint.get("")(self.page)
        self.blueprint.get("/state")(self.state)
        for name in ("look", "stop", "forget"):
            self.blueprint.post(f"/{name}", endpoint=name)(getattr(self, name))

    def page(self) -> str | AnyResponse:
        snapshot = self._feed.snapshot()
        if snapshot.screen != "idle":
            return redirect(url_for("pages.current"))
        looking, hint = self._reading.looking, self._reading.told()
        return render_template(
            "earlier.html", snapshot=snapshot, looking=looking, hint=translated(hint), found=self._earlier.waiting,
            asked=self._asked,
        )  # fmt: skip

    def state(self) -> Response:
        """For the page's script: whether the camera still looks, and what to say about what it saw."""
        self._reading.look()
        return jsonify(looking=self._reading.looking, hint=translated(self._reading.hint))

    def look(self) -> AnyResponse:
        """Open the camera."""
        if self._feed.snapshot().screen == "idle":
            self._earlier.forget()
            self._reading.start()
        return self._back()

    def stop(self) -> AnyResponse:
        self._reading.stop()
        return self._back()

    def forget(self) -> AnyResponse:
        self._earlier.forget()
        return self._back()

    def _back(self) -> AnyResponse:
        return redirect(url_for("earlier.page", **self._asked), 303)

    @property
    def _asked(self) -> dict[str, str]:
        carried = {name: request.args[name] for name in _CARRIED if name in request.args}
        return {"lang": languages.current()} | carried

"""The system's Chromium as a touch kiosk, and what every page of ours must satisfy."""

import contextlib
import shutil
from collections.abc import Iterator
from urllib.parse import urlsplit

from playwright.sync_api import Browser, Page, sync_playwright

SIZES = {"small": (800, 480), "wide": (1280, 720), "portrait": (1080, 1920), "full_hd": (1920, 1080)}

_ARGUMENTS = [
    "--no-sandbox", "--disable-dev-shm-usage", "--disable-background-networking", "--disable-component-update",
    "--disable-sync", "--no-first-run",
]  # fmt: skip


def chromium_path() -> str | None:
    return shutil.which("chromium") or shutil.which("chromium-browser")


@contextlib.contextmanager
def chromium() -> Iterator[Browser]:
    """A headless browser; several pages may share it."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium_path(), args=_ARGUMENTS)
        yield browser
        browser.close()


class KioskScreen:
    """One touch screen showing the kiosk at `url`; collects what must not happen."""

    def __init__(self, browser: Browser, url: str, size: tuple[int, int], **context: object) -> None:
        width, height = size
        self._context = browser.new_context(viewport={"width": width, "height": height}, has_touch=True, **context)
        self.page: Page = self._context.new_page()
        self.errors: list[str] = []
        self.foreign: list[str] = []
        self.page.on("console", lambda m: self.errors.append(m.text) if m.type in ("error", "warning") else None)
        self.page.on("pageerror", lambda e: self.errors.append(str(e)))
        self.page.on("request", lambda r: self._check_loopback(r.url))
        self.page.goto(url)

    def _check_loopback(self, url: str) -> None:
        if urlsplit(url).scheme != "data" and urlsplit(url).hostname not in ("127.0.0.1", "localhost"):
            self.foreign.append(url)

    def at(self, screen: str) -> Page:
        """Wait until the page of this phase is shown."""
        self.page.wait_for_selector(f'body[data-screen="{screen}"]')
        return self.page

    def tap(self, name: str) -> None:
        """Tap the button or link with this label."""
        self.page.get_by_role("button", name=name).or_(self.page.get_by_role("link", name=name)).first.tap()

    def scrolls(self) -> bool:
        """Whether the page, or any card on it, is larger than its room."""
        return self.page.evaluate(
            """() => {
              const root = document.documentElement;
              if (root.scrollHeight > innerHeight || root.scrollWidth > innerWidth) return true;
              if (document.body.scrollHeight > innerHeight || document.body.scrollWidth > innerWidth) return true;
              return [...document.querySelectorAll(".card .face")].some((f) => f.scrollHeight > f.clientHeight + 1);
            }"""
        )

    def close(self) -> None:
        self._context.close()

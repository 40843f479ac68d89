"""The system's Chromium as a touch kiosk, and what every page of ours must satisfy."""

import contextlib
import functools
import shutil
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

from playwright.sync_api import Browser, Page, sync_playwright

SIZES = {"small": (800, 480), "wide": (1280, 720), "portrait": (1080, 1920), "full_hd": (1920, 1080)}

_ARGUMENTS = [
    "--no-sandbox", "--disable-dev-shm-usage", "--disable-background-networking", "--disable-component-update",
    "--disable-sync", "--no-first-run",
]  # fmt: skip

_MISFITS = """() => {
  const found = [];
  for (const root of [document.documentElement, document.body]) {
    if (root.scrollHeight > innerHeight || root.scrollWidth > innerWidth) found.push(`${root.tagName} scrolls`);
  }
  const shown = (e) => e.checkVisibility({ visibilityProperty: true }) && !e.matches(".unseen, .unseen *, svg *");
  const overlap = (r, q) => Math.min(Math.min(r.bottom, q.bottom) - Math.max(r.top, q.top), Math.min(r.right, q.right) - Math.max(r.left, q.left));
  for (const e of document.querySelectorAll(".calm *, .asks *, .attract *, .run *")) {
    if (!shown(e) || e.closest("[popover], .away, .keys")) continue;
    const r = e.getBoundingClientRect();
    const name = `${e.tagName}.${e.className} "${(e.innerText ?? "").slice(0, 30)}"`;
    if (r.top < -1 || r.left < -1 || r.bottom > innerHeight + 1 || r.right > innerWidth + 1) found.push(`${name} off the screen`);
    if (e.scrollWidth > e.clientWidth + 1 && getComputedStyle(e).display !== "inline") found.push(`${name} wider than its place`);
    const footer = document.querySelector("footer");
    if (footer && e.closest("main") && !e.closest("footer") && overlap(r, footer.getBoundingClientRect()) > 1) found.push(`${name} under the footer`);
  }
  for (const face of document.querySelectorAll(".card .face")) {
    const parts = [...face.children].map((e) => [e, e.getBoundingClientRect()]).filter(([, r]) => r.width && r.height);
    const room = face.getBoundingClientRect();
    const name = (e) => `${face.innerText.split("\\n")[0]}: ${e.className || e.tagName}`;
    parts.forEach(([e, r], i) => {
      const outside = r.top < room.top - 1 || r.bottom > room.bottom + 1 || r.right > room.right + 1;
      if (outside) found.push(`${name(e)} outside`);
      const clamped = e.matches("h2, .cue, .caption");
      const cut = e.scrollWidth > e.clientWidth + 1 || e.scrollHeight > e.clientHeight + 3;
      if (cut && !clamped) found.push(`${name(e)} cut`);
      if (e.matches(".cue, .caption") && r.height < 20) found.push(`${name(e)} has no room`);
      for (const [f, q] of parts.slice(i + 1)) {
        const over = Math.min(r.bottom, q.bottom) - Math.max(r.top, q.top);
        const beside = Math.min(r.right, q.right) - Math.max(r.left, q.left);
        if (over > 1 && beside > 1) found.push(`${name(e)} over ${f.className || f.tagName}`);
      }
    });
  }
  return found;
}"""


_AXE = Path(__file__).resolve().parents[2] / "node_modules" / "axe-core" / "axe.min.js"
_AXE_RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
_AXE_FINDINGS = """async (rules) => {
  const { violations } = await axe.run(document, { runOnly: rules, resultTypes: ["violations"] });
  return violations.flatMap(({ id, help, nodes }) => nodes.map(({ target, any, all, none }) => {
    const why = [...any, ...all, ...none].map(({ message }) => message).join(" ");
    return `${id}: ${target.join(" ")}: ${help}. ${why}`;
  }));
}"""
_FOCUSED = """() => {
  const e = document.activeElement;
  const shown = getComputedStyle(e.matches(".unseen") && e.labels?.length ? e.labels[0] : e);
  return {
    name: (e.ariaLabel ?? e.labels?.[0]?.innerText ?? e.innerText ?? e.value ?? "").trim(),
    seen: shown.outlineStyle !== "none" && parseFloat(shown.outlineWidth) >= 2,
  };
}"""
_MOST_TABS = 80


def chromium_path() -> str | None:
    return shutil.which("chromium") or shutil.which("chromium-browser")


@functools.cache
def _axe() -> str:
    return _AXE.read_text(encoding="utf-8")


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

    def begin(self, language: str = "en", answer: str = "pictures") -> None:
        """By touch from the attract screen into the visit: language, consent (its `data-choice`), and go."""
        self.page.locator(f'.languages [lang="{language}"]').tap()
        self.page.locator(f'[data-choice="{answer}"]').tap()
        self.page.locator("[data-go]").tap()

    def misfits(self) -> list[str]:
        """What does not fit: a page larger than the screen, what is cut or hidden, texts of a card over each other."""
        self.page.wait_for_load_state("load")  # measured before its style has come, nothing fits
        return self.page.evaluate(_MISFITS)

    def accessibility(self) -> list[str]:
        """What axe-core finds against WCAG 2.2 A and AA, contrast among it, and its best practices: one line each.

        Evaluated by the debugger, which the pages' content policy does not bind.
        """
        self.page.wait_for_load_state("load")
        if not self.page.evaluate("() => 'axe' in window"):
            self.page.evaluate(_axe())
        return self.page.evaluate(_AXE_FINDINGS, _AXE_RULES)

    def tab_to(self, name: str) -> None:
        """Press Tab until the control with this label is focused; each on the way must show that it is."""
        for _ in range(_MOST_TABS):
            self.page.keyboard.press("Tab")
            focused = self.page.evaluate(_FOCUSED)
            assert focused["seen"] or not focused["name"], f"the focus on {focused['name']!r} cannot be seen"
            if name in focused["name"]:
                return
        raise AssertionError(f"no Tab leads to {name!r}")

    def press(self, name: str, key: str = "Enter") -> None:
        """Reach the control with this label by Tab, and press a key on it."""
        self.tab_to(name)
        self.page.keyboard.press(key)

    def close(self) -> None:
        self._context.close()

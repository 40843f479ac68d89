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

_HERE = Path(__file__).parent
_LETTERS = {
    ".calm h1, .clock": 1 / 21,
    ".calm .lead, .calm .notice, .pain": 1 / 33,
    "*": 1 / 45,
}
"""Least height of capital letters by the screen's shorter side, for the first selector that holds.

A screen of 15.6 inches is 194 mm high. Read from 2 m, 1/21 of it are 16 minutes of arc, the least that ISO 9241-303
allows for reading at ease: the instruction to whoever stands on the belt. 1/33 are 10 minutes, twice what a sharp eye
can tell: what is said beside it. 1/45 are 21 minutes at arm's length, where the rest is read.
"""
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
  if (e === document.body) return { name: "", seen: true };
  const shown = getComputedStyle(e.matches(".unseen") && e.labels?.length ? e.labels[0] : e);
  return {
    name: (e.ariaLabel ?? e.labels?.[0]?.innerText ?? e.innerText ?? e.value ?? "").trim(),
    seen: shown.outlineStyle !== "none" && parseFloat(shown.outlineWidth) >= 2,
  };
}"""
_MOST_TABS = 80
_FINGER_WAITS = """() => {
  const untouchable = () => document.documentElement?.style.setProperty("pointer-events", "none");
  untouchable();
  const watch = new MutationObserver(untouchable);
  watch.observe(document, { childList: true });
  addEventListener("load", () => {
    watch.disconnect();
    document.documentElement.style.removeProperty("pointer-events");
  });
}"""
"""A tap of a test waits for the page's scripts as a finger does that takes a second: Playwright waits for no more than
the element, which is there before them."""


def chromium_path() -> str | None:
    return shutil.which("chromium") or shutil.which("chromium-browser")


@functools.cache
def _script(name: str | Path) -> str:
    return (_HERE / name).read_text(encoding="utf-8")


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
        self.page.add_init_script(f"({_FINGER_WAITS})()")
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

    def key(self, *keys: str) -> None:
        """Press keys, once the page's scripts listen."""
        self.page.wait_for_load_state("load")
        for key in keys:
            self.page.keyboard.press(key)

    def misfits(self) -> list[str]:
        """What does not fit: a page larger than the screen, what is cut or hidden, texts of a card over each other."""
        self.page.wait_for_load_state("load")  # measured before its style has come, nothing fits
        return self.page.evaluate(_script("misfits.js"))

    def small_letters(self) -> list[str]:
        """Texts that are too small to be read from where the runner stands; the rule stands at `_LETTERS`."""
        return self.page.evaluate(_script("small_letters.js"), _LETTERS)

    def faults(self) -> list[str]:
        """All that is wrong with the page as it is shown now."""
        return [*self.misfits(), *self.small_letters(), *self.accessibility()]

    def accessibility(self) -> list[str]:
        """What axe-core finds against WCAG 2.2 A and AA, contrast among it, and its best practices: one line each.

        Evaluated by the debugger, which the pages' content policy does not bind.
        """
        self.page.wait_for_load_state("load")
        if not self.page.evaluate("() => 'axe' in window"):
            self.page.evaluate(_script(_AXE))
        return self.page.evaluate(_AXE_FINDINGS, _AXE_RULES)

    def tab_to(self, name: str) -> None:
        """Press Tab until the control with this line on it is focused; each on the way must show that it is."""
        for _ in range(_MOST_TABS):
            self.key("Tab")
            focused = self.page.evaluate(_FOCUSED)
            assert focused["seen"] or not focused["name"], f"the focus on {focused['name']!r} cannot be seen"
            if name in focused["name"].splitlines():
                return
        raise AssertionError(f"no Tab leads to {name!r}")

    def press(self, name: str, key: str = "Enter") -> None:
        """Reach the control with this label by Tab, and press a key on it."""
        self.tab_to(name)
        self.key(key)

    def close(self) -> None:
        self._context.close()

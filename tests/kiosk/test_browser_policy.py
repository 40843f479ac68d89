"""The browser's policy: this Chromium knows every key of it, and nothing but the kiosk can be opened under it."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, sync_playwright

from station import cli
from station.config import Kiosk
from tests.kiosk.policed_browser import POLICY, browser_command, possible

_ROWS = """() => {
  const rows = [];
  const walk = (node) => {
    if (node.tagName === "POLICY-ROW") {
      const text = (part) => node.shadowRoot.querySelector(part)?.innerText.trim();
      rows.push([text(".name"), text(".messages")]);
    }
    for (const child of [...(node.shadowRoot?.children ?? []), ...(node.children ?? [])]) walk(child);
  };
  walk(document.body);
  return rows;
}"""


@pytest.fixture(scope="module")
def browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Browser]:
    """With what a test needs to look inside: its own tools, an empty page, the list of policies."""
    if not possible():
        pytest.skip("no Chromium, or this user may not mount in a namespace of its own (unshare -rm)")
    needed = ["about:blank", "chrome://policy", *POLICY["URLAllowlist"]]
    command = browser_command(
        tmp_path_factory.mktemp("policy"),
        URLAllowlist=needed,
        DeveloperToolsAvailability=1,
        IncognitoModeAvailability=0,
    )
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=command, args=["--no-sandbox", "--disable-dev-shm-usage"])
        yield browser
        browser.close()


def test_every_key_is_one_that_this_chromium_knows_and_obeys(browser: Browser) -> None:
    page = browser.new_page()
    page.goto("chrome://policy")
    page.wait_for_function(f"() => ({_ROWS})().length > 50")
    said = dict(page.evaluate(_ROWS))
    obeyed = ("OK", "Deprecated")  # a Pi's older Chromium needs the old names still
    assert {key: said.get(key) for key in POLICY if said.get(key) not in obeyed} == {}


@pytest.mark.parametrize(
    "address",
    [
        "file:///etc/passwd",
        "view-source:http://127.0.0.1:8080/",
        "https://example.org/",
        "http://127.0.0.1:9/",
        "data:,x",
    ],
)
def test_nothing_but_the_kiosk_can_be_opened(browser: Browser, address: str) -> None:
    page = browser.new_page()
    with pytest.raises(Exception, match="ERR_BLOCKED_BY_ADMINISTRATOR"):
        page.goto(address)


def test_the_kiosk_itself_may_be_opened(browser: Browser) -> None:
    """Nobody serves there now, but the browser tries."""
    with pytest.raises(Exception, match=r"ERR_CONNECTION_REFUSED|ERR_FAILED") as refused:
        browser.new_page().goto(f"http://127.0.0.1:{Kiosk().port}/")
    assert "ADMINISTRATOR" not in str(refused.value)


def test_it_is_that_of_a_browser_that_leaves_nothing_and_lets_nobody_out() -> None:
    assert POLICY["URLBlocklist"] == ["*"]
    assert POLICY["DeveloperToolsAvailability"] == 2  # never
    assert POLICY["DownloadRestrictions"] == 3  # all are blocked
    assert POLICY["IncognitoModeAvailability"] == 2  # always


@pytest.mark.parametrize(
    ("settings", "address"),
    [
        ("", "http://127.0.0.1:8080"),
        ('[kiosk]\nhost = "localhost"\nport = 9000', "http://localhost:9000"),
        ('[kiosk]\nhost = "::1"\nport = 80', "http://[::1]:80"),
    ],
)
def test_the_command_prints_it_for_the_configured_address(
    tmp_path: Path, capsys: pytest.CaptureFixture, settings: str, address: str
) -> None:
    file = tmp_path / "station.toml"
    file.write_text(settings)
    assert cli.main(["browser-policy", "--config", str(file)]) == 0
    assert json.loads(capsys.readouterr().out) == POLICY | {"URLAllowlist": [address]}

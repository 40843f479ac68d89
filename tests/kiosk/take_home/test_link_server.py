"""The link in the local network: opens one card, for a while, and nothing else."""

from collections.abc import Iterator

import pytest
from werkzeug.test import Client

from station.kiosk.take_home import link_server
from station.kiosk.take_home.link_server import REQUESTS_A_MINUTE, LinkPages
from tests.kiosk.at_home import config
from tests.kiosk.conftest import VISIT, HandClock, Station
from tests.kiosk.hand_camera import HandCamera
from tests.kiosk.kiosk_process import free_port

HOST, PORT = "192.0.2.7", 8090  # nobody's address: RFC 5737


@pytest.fixture
def shared(tmp_path) -> Iterator[Station]:
    station = Station(config(tmp_path, share_host="127.0.0.1", share_port=free_port()), HandCamera())
    yield station
    station.take_home.close()


def pages_of(station: Station) -> Client:
    return Client(station.take_home.server._pages)


def get(station: Station, path: str, host: str = ""):
    return pages_of(station).get(path, headers={"Host": host or own_host(station)})


def own_host(station: Station) -> str:
    return station.take_home.server._pages._host


def test_a_link_opens_the_card_while_it_is_on_the_screen(shared):
    shared.hear("card")
    path = f"/t/{shared.take_home.links.token(VISIT)}"
    answer = get(shared, path)
    assert answer.status_code == 200
    assert "Head forward" in answer.text
    assert "Set-Cookie" not in answer.headers
    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.headers["Content-Security-Policy"].startswith("default-src 'none'")
    shared.hear("idle")
    assert get(shared, path).status_code == 404
    shared.hear("card", visit_id="next")
    assert get(shared, path).status_code == 404


def test_a_link_expires(shared):
    shared.hear("card")
    token = shared.take_home.links.token(VISIT)
    shared.clock.sleep(599)
    shared.hear("card")
    assert shared.take_home.links.token(VISIT) == token
    assert get(shared, f"/t/{token}").status_code == 200
    shared.clock.sleep(1)
    shared.hear("card")
    assert get(shared, f"/t/{token}").status_code == 404
    assert shared.take_home.links.token(VISIT) != token


def test_forgetting_the_visit_forgets_its_link(shared):
    token = shared.take_home.links.token(VISIT)
    shared.hear("idle")
    shared.take_home.keep(shared.feed.snapshot())
    assert shared.take_home.links.visit(token) is None


def test_everything_else_is_not_there(shared):
    shared.hear("card")
    path = f"/t/{shared.take_home.links.token(VISIT)}"
    for other in ("/", "/t/", "/t/AAAAAAAAAAAAAAAAAAAAAA", path + "/", path + "?x=1", "/card/head_forward", "/health"):
        assert get(shared, other).status_code == 404, other
    assert get(shared, path, host="evil.example").status_code == 404
    assert pages_of(shared).post(path, headers={"Host": own_host(shared)}).status_code == 404
    assert "expired" in get(shared, "/").text


@pytest.mark.parametrize(
    ("host", "port", "named", "status"),
    [
        (HOST, 80, HOST, 200),
        (HOST, 80, f"{HOST}:80", 200),
        (HOST, 80, f"{HOST}:8090", 404),
        (HOST, 8090, HOST, 404),
        (HOST, 8090, f"{HOST}:80", 404),
        ("fd00::80", 80, "[fd00::80]", 200),
    ],
)
def test_a_browser_leaves_out_the_port_of_http(host, port, named, status):
    pages = LinkPages(lambda token: b"card", host, port, "en", HandClock())
    assert Client(pages).get(f"/t/{'A' * 22}", headers={"Host": named}).status_code == status


def test_too_many_requests_are_refused():
    clock = HandClock()
    client = Client(LinkPages(lambda token: None, HOST, PORT, "en", clock))

    def ask(address: str) -> int:
        return client.get("/", environ_base={"REMOTE_ADDR": address}).status_code

    assert [ask("192.0.2.1") for _ in range(REQUESTS_A_MINUTE + 1)] == REQUESTS_A_MINUTE * [404] + [429]
    assert ask("192.0.2.2") == 404
    clock.sleep(60)
    assert ask("192.0.2.1") == 404


def test_no_code_for_a_link_that_cannot_work(shared):
    shared.hear("card")
    assert "data-link" not in shared.get("/take-home")  # the server has not been started
    shared.take_home.keep(shared.feed.snapshot())
    page = shared.get("/take-home")
    assert "data-link" in page
    assert "for 10 minutes" in page


def test_an_address_of_another_machine_is_tried_again(tmp_path, caplog):
    station = Station(config(tmp_path, share_host=HOST), HandCamera())
    for _ in range(3):
        station.take_home.keep(station.feed.snapshot())
    assert not station.take_home.link_works
    assert caplog.text.count("no links to cards") == 1
    station.hear("card")
    assert "data-link" not in station.get("/take-home")


def test_addresses_of_both_families():
    assert link_server.address("192.168.1.20", 8090, "x") == "http://192.168.1.20:8090/t/x"
    assert link_server.address("192.168.1.20", 80, "x") == "http://192.168.1.20/t/x"
    assert link_server.address("fd00::1", 8090, "x") == "http://[fd00::1]:8090/t/x"

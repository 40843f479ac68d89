"""Routes, refusals and words, without a web server."""

import re

import msgspec
import pytest

from station.config import Config, Kiosk
from station.kiosk import assets, languages, texts
from station.kiosk.event_stream import MAX_STREAMS
from station.messages import Choices, LiveStep
from tests.kiosk.conftest import VISIT, Station, camera_health, force_health
from tests.kiosk.sample_report import PICTURE_ID, mistake, sample_document, sample_mistakes, sample_report

HERE = {"Origin": "http://localhost"}
ABOUT = "/about?camera=yes&pictures=yes"
EVIL = "<script>alert(1)</script>"


@pytest.mark.parametrize(
    ("phase", "words"),
    [
        ("idle", "See how you run."),
        ("weigh", "Stand still"),
        ("ready", "Start the belt and run when you are ready"),
        ("run", "You are being measured"),
        ("score", "Your card comes in a few seconds"),
        ("card", "Head forward"),
    ],
)
def test_the_page_is_that_of_the_phase(station, phase, words):
    station.hear(phase, choices=Choices(camera=True))
    page = station.get("/")
    assert words in page
    assert f'data-screen="{phase}"' in page


def test_a_silent_station_is_said_in_words(station):
    station.clock.sleep(4)
    page = station.get("/")
    assert 'data-screen="moment"' in page
    assert texts.STATION_SILENT in page


def test_weight_is_on_no_page(station):
    for phase in ("weigh", "ready", "run", "score", "card"):
        station.hear(phase, choices=Choices(camera=True))
        page = station.get("/")
        assert "701" not in page
        assert "71.5" not in page


def test_a_run_is_calm_unless_the_runner_asked_for_live_curves(station):
    station.hear("run", choices=Choices(camera=True))
    calm = station.get("/")
    assert 'data-live="no"' in calm
    assert 'id="force"' not in calm
    assert 'id="skeleton"' not in calm
    station.hear("run", choices=Choices(camera=True, live=True))
    live = station.get("/")
    assert 'data-live="yes"' in live
    assert 'id="force"' in live
    assert 'id="skeleton"' in live
    station.hear("run", choices=Choices(live=True))
    assert 'id="skeleton"' not in station.get("/")


# --- what a runner can do -----------------------------------------------------------------------


@pytest.mark.parametrize(("choice", "camera"), [("yes", True), ("no", False), ("", False)])
def test_consent_goes_to_fusion_as_it_was_given(station, choice, camera):
    answer = station.post("/visit/start", ABOUT, camera=choice)
    assert (answer.status_code, answer.location) == (303, "/")
    (command,) = station.fusion.commands
    assert (command.action, command.choices.camera) == ("start", camera)


@pytest.mark.parametrize(
    ("phase", "action"), [("run", "stop"), ("card", "finish"), ("weigh", "discard"), ("ready", "discard")]
)
def test_each_page_has_its_action(station, phase, action):
    station.hear(phase)
    assert station.post(f"/visit/{action}").status_code == 303
    assert [(c.action, c.visit_id) for c in station.fusion.commands] == [(action, VISIT)]


def test_a_second_tap_in_another_phase_does_nothing(station):
    token = station.token(ABOUT)
    station.hear("run")
    data = {"csrf_token": token, "camera": "yes"}
    assert station.client.post("/visit/start", data=data, headers=HERE).status_code == 303
    assert station.fusion.commands == []


def test_a_refusal_of_fusion_is_shown(station):
    station.fusion.refusal = "the load cells are not calibrated yet"
    answer = station.post("/visit/start", ABOUT, camera="no")
    assert answer.status_code == 503
    assert "the load cells are not calibrated yet" in answer.text


def hidden(page: str, part: str) -> bool:
    """Whether what needs this part is on the page, but not shown."""
    return re.search(rf'data-needs="{part}"\s+(hidden)?', page)[1] == "hidden"


def test_consent_offers_the_camera_only_where_there_is_one(station, station_without_camera):
    assert not hidden(station.get("/consent"), "camera")
    station.feed.accept(camera_health("The camera is unplugged."))
    page = station.get("/consent")
    assert hidden(page, "camera")
    assert "The camera is unplugged." in page
    page = station_without_camera.get("/consent")
    assert 'data-choice="no_camera"' in page
    assert 'data-choice="pictures"' not in page


def test_no_run_can_start_without_the_load_cells(station):
    assert not hidden(station.get("/"), "force")
    station.feed.accept(force_health("Front left load cell: no answer."))
    page = station.get("/")
    assert hidden(page, "force")
    assert "Front left load cell: no answer." in page


def test_consent_is_asked_only_of_the_next_runner(station):
    station.hear("run")
    assert station.client.get("/consent").location == "/"


# --- in the visit ---------------------------------------------------------------------------------


@pytest.mark.parametrize("phase", ["weigh", "ready", "run", "score", "card"])
def test_every_page_of_a_visit_can_forget_it(station, phase):
    station.hear(phase, choices=Choices(language="de"))
    pages = ["/", "/card/head_forward"] if phase == "card" else ["/"]
    for page in pages:
        assert 'popovertarget="forget-me"' in station.get(page)
        assert 'action="/visit/discard"' in station.get(page)
    assert station.post("/visit/discard").location == "/"
    assert [c.action for c in station.fusion.commands] == ["discard"]


@pytest.mark.parametrize(("phase", "action"), [("run", "stop"), ("card", "finish"), ("card", "discard")])
def test_a_page_of_a_visit_that_is_over_does_nothing_to_the_next(station, phase, action):
    station.hear(phase, visit_id="earlier")
    data = {"csrf_token": station.token("/"), "visit": "earlier"}
    station.hear(phase, visit_id="next")
    assert station.client.post(f"/visit/{action}", data=data, headers=HERE).location == "/"
    assert station.fusion.commands == []


def test_a_nickname_cannot_become_markup(station):
    for phase in ("weigh", "ready", "run", "score", "card"):
        station.hear(phase, choices=Choices(nickname="<b>x</b>"))
        assert "<b>x</b>" not in station.get("/")


def test_a_calm_page_is_not_sent_what_it_does_not_draw(station):
    calm, live = station.client.get("/events?live=no"), station.client.get("/events?live=yes")
    station.hear("run")
    station.feed.accept(LiveStep(n=1, side=None, t_s=0.0, cadence_spm=None, contact_time_ms=None))
    assert not any("event: step" in event for event in first_events(calm, 4))
    assert any("event: step" in event for event in first_events(live, 4))
    calm.close()
    live.close()


# --- the card -----------------------------------------------------------------------------------


def test_a_fifth_mistake_is_a_fifth_card(station):
    fifth = {"bouncing": mistake("Bouncing", "likely", 45.0, cue="Run level.")}
    station.fusion.report_given = sample_report("visit-1", sample_document(sample_mistakes() | fifth))
    station.hear("card")
    page = station.get("/")
    assert page.count('class="card ') == 5
    assert "Bouncing" in page
    assert "Run level." in station.get("/card/bouncing")


def test_the_page_behind_a_card_has_everything(station):
    station.hear("card")
    page = station.get("/card/uneven_gait")
    for words in (
        "Borderline",
        "5.4 %",
        "4.7 to 6.1",
        "ask a physio",
        "Judged on 71 of 77",
        "Severity 35",
        "All steps",
    ):
        assert words in page


def test_words_of_a_report_cannot_become_markup(station):
    evil = mistake(EVIL, "present", 50.0, cue=EVIL, reasons=[EVIL], headline={"text": EVIL, "unit": EVIL, "value": 1})
    station.fusion.report_given = sample_report("visit-1", sample_document({"it": evil}))
    station.hear("card", notice=EVIL, faults=[EVIL])
    for path in ("/", "/card/it"):
        page = station.get(path)
        assert EVIL not in page
        assert "&lt;script&gt;" in page


def test_a_report_that_cannot_be_read_or_is_late_is_said_and_can_be_left(station):
    station.hear("card")
    station.fusion.refusal = "still scoring"
    assert texts.REPORT_LATE in station.get("/")
    station.fusion.refusal = None
    station.fusion.report_given = sample_report("visit-1", [1, 2, 3])
    page = station.get("/")
    assert texts.REPORT_UNREADABLE in page
    assert 'action="/visit/finish"' in page


def test_in_a_gym_a_picture_is_shown_only_when_asked_for(station, clinic):
    station.hear("card")
    assert "<image" not in station.get("/")
    assert "Show pictures" in station.get("/")
    assert "<image" in station.get("/?stills")
    detail = station.get("/card/head_forward")
    assert "<image" not in detail
    assert "Show pictures" in detail
    assert 'href="/card/head_forward?stills="' in detail
    assert "<image" in station.get("/card/head_forward?stills")
    clinic.hear("card")
    for path in ("/", "/card/head_forward"):
        assert "<image" in clinic.get(path)
        assert "Show pictures" not in clinic.get(path)


def test_a_picture_that_the_camera_did_not_give_is_drawn_as_a_skeleton(station, clinic):
    for kiosk in (station, clinic):
        kiosk.fusion.report_given = msgspec.structs.replace(sample_report("visit-1", sample_document()), pictures={})
        kiosk.hear("card")
        for path in ("/?stills", "/card/head_forward?stills"):
            page = kiosk.get(path)
            assert 'class="picture"' in page
            assert "<image" not in page
            assert "Show pictures" not in page


def test_a_card_does_not_wait_for_its_pictures(station):
    whole = station.fusion.report_given
    station.fusion.report_given = msgspec.structs.replace(whole, pictures={})
    station.hear("card", pictures_coming=True)
    assert "Show pictures" in station.get("/")
    assert "data-pictures-coming" not in station.get("/")
    assert "Show pictures" not in station.get("/card/uneven_gait")
    step = "/card/head_forward/step/108?stills"
    for path in ("/?stills", "/card/head_forward?stills", step):
        page = station.get(path)
        assert "data-pictures-coming" in page
        assert "Pictures are coming" in page
        assert "<image" not in page
    station.fusion.report_given = whole
    station.hear("card")
    for path in ("/?stills", "/card/head_forward?stills"):
        page = station.get(path)
        assert "data-pictures-coming" not in page
        assert "Hide pictures" in page
        assert "<image" in page


def test_the_wish_for_pictures_goes_with_the_links_and_can_be_taken_back(station):
    station.hear("card")
    assert 'href="/card/head_forward"' in station.get("/")
    assert 'href="/card/head_forward?stills="' in station.get("/?stills")
    detail = station.get("/card/head_forward?stills")
    assert re.search(r'href="/\?stills="[^>]*>Back<', detail)
    assert re.search(r'href="/card/head_forward"[^>]*>\s*(<span class="lines">)?Hide pictures<', detail)


def test_pictures_are_offered_only_behind_a_card_that_has_one(station):
    station.hear("card")
    assert "Show pictures" not in station.get("/card/uneven_gait")
    assert "Show pictures" not in station.get("/card/arm_movement")


def test_a_picture_is_there_for_its_own_visit_only_and_never_stored(station):
    station.hear("card")
    answer = station.client.get(f"/still/{PICTURE_ID}")
    assert answer.mimetype == "image/jpeg"
    assert answer.headers["Cache-Control"] == "no-store"
    assert station.client.get("/still/other").status_code == 404
    station.hear("idle")
    assert station.client.get(f"/still/{PICTURE_ID}").status_code == 404


def test_a_card_of_a_visit_that_is_over_leads_to_the_start(station):
    assert station.client.get("/card/head_forward").location == "/"


# --- refusals -----------------------------------------------------------------------------------


def test_a_form_without_its_token_is_refused(station):
    answer = station.client.post("/visit/start", data={"camera": "yes"}, headers=HERE)
    assert answer.status_code == 400
    assert all(words in answer.text for words in texts.PAGE_REFUSED)
    assert station.fusion.commands == []


@pytest.mark.parametrize("path", ["/visit/start", "/visit/start?lang=de"])
def test_a_form_that_is_too_long_is_told_so(station, path):
    answer = station.client.post(path, data={"nickname": 20_000 * "x"}, headers=HERE)
    assert answer.status_code == 413
    assert f'<html lang="{"de" if "lang" in path else "en"}">' in answer.text
    with languages.speaking("de" if "lang" in path else "en"):
        assert all(languages.gettext(words) in answer.text for words in texts.PAGE_TOO_LONG)


@pytest.mark.parametrize("origin", ["http://evil.example", "null", ""])
def test_a_form_of_another_site_is_refused(station, origin):
    data = {"csrf_token": station.token(ABOUT), "camera": "yes"}
    answer = station.client.post("/visit/start", data=data, headers={"Origin": origin})
    assert answer.status_code == 403
    assert station.fusion.commands == []


@pytest.mark.parametrize("host", ["127.0.0.1:8080", "localhost:8080", "LOCALHOST", "[::1]:8080", "[::1]"])
def test_the_kiosk_answers_to_every_name_of_this_machine(host):
    there = Station(Config(kiosk=Kiosk(host="::1")))
    assert there.client.get("/", headers={"Host": host}).status_code == 200


@pytest.mark.parametrize(
    "host",
    ["evil.example", "127.0.0.1.evil.example", "[::2]:8080", "[::1]evil", "::1", "["],
)
def test_another_host_name_does_not_reach_the_kiosk(station, host):
    for path in ("/", "/events", "/health", "/static/kiosk.css", "/nowhere"):
        answer = station.client.get(path, headers={"Host": host})
        assert answer.status_code == 400
        assert texts.PAGE_REFUSED[0] in answer.text


def test_a_form_reaches_the_kiosk_under_its_ipv6_address(station):
    there = "http://[::1]:8080"
    page = station.client.get(ABOUT, base_url=there).text
    data = {"csrf_token": re.search(r'name="csrf_token" value="([^"]+)"', page)[1]}
    answer = station.client.post("/visit/start", base_url=there, data=data, headers={"Origin": there})
    assert answer.status_code == 303
    assert [c.action for c in station.fusion.commands] == ["start"]


@pytest.mark.parametrize("path", ["/visit/start", "/visit/stop", "/visit/stay", "/visit/finish", "/visit/discard"])
def test_following_a_link_changes_nothing(station, path):
    assert station.client.get(path).status_code == 405
    assert station.fusion.commands == []


def test_only_listed_files_of_the_packages_are_served(station, tmp_path, monkeypatch):
    monkeypatch.setattr(assets, "PACKAGES", tmp_path)
    for path in (*assets.FILES.values(), "secret.txt"):
        file = tmp_path / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text("content")
    for name in assets.FILES:
        with station.client.get(f"/vendor/{name}") as answer:
            assert answer.status_code == 200
    for name in ("secret.txt", "../secret.txt", "..%2Fsecret.txt", "uplot/dist/uPlot.esm.js", "%2Fetc%2Fpasswd", ""):
        assert station.client.get(f"/vendor/{name}").status_code == 404


def test_pages_may_run_no_foreign_or_inline_script(station):
    answer = station.client.get("/")
    assert "script-src 'self'" in answer.headers["Content-Security-Policy"]
    assert answer.headers["Cache-Control"] == "no-store"
    assert "<script>" not in answer.text
    assert " style=" not in answer.text


# --- when something is wrong --------------------------------------------------------------------


def test_an_unknown_page_is_said_in_words(station):
    answer = station.client.get("/nowhere")
    assert answer.status_code == 404
    assert texts.PAGE_MISSING[0] in answer.text


def test_a_failure_is_said_in_words_without_a_traceback(station, monkeypatch, caplog):
    def fail() -> None:
        raise RuntimeError("the secret reason")

    monkeypatch.setattr(station.feed, "snapshot", fail)
    answer = station.client.get("/")
    assert answer.status_code == 500
    assert texts.PAGE_FAILED[0] in answer.text
    assert "secret reason" not in answer.text
    assert "Traceback" not in answer.text
    assert "the secret reason" in caplog.text


def test_health_for_machines(station, tmp_path, monkeypatch):
    monkeypatch.setattr(assets, "PACKAGES", tmp_path)
    told = station.client.get("/health").json
    assert told["status"] == "degraded"
    assert told["missing_files"] == list(assets.FILES.values())
    for path in assets.FILES.values():
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).touch()
    assert station.client.get("/health").json["status"] == "ok"
    station.feed.accept(force_health("broken"))
    told = station.client.get("/health").json
    assert told["status"] == "degraded"
    assert told["problems"] == [{"part": "force", "text": "broken"}]


# --- live events --------------------------------------------------------------------------------


def first_events(answer, count):
    chunks = iter(answer.response)
    return [next(chunks).decode() for _ in range(count)]


def test_a_stream_begins_with_the_state_and_the_health(station):
    answer = station.client.get("/events")
    assert answer.mimetype == "text/event-stream"
    retry, state, health, _ = first_events(answer, 4)
    assert retry == "retry: 1000\n\n"
    assert state.startswith("event: state\ndata: {")
    assert '"screen": "idle"' in state
    assert health == 'event: health\ndata: {"problems": []}\n\n'
    answer.close()


def test_a_change_is_told_and_a_repetition_is_not(station):
    answer = station.client.get("/events")
    chunks = iter(answer.response)
    for _ in range(4):
        next(chunks)
    station.hear("idle")
    assert next(chunks) == b":\n\n"
    station.hear("weigh")
    assert '"screen": "weigh"' in next(chunks).decode()
    answer.close()


def test_streams_are_counted_given_back_and_never_too_many(station):
    streams = [station.client.get("/events") for _ in range(MAX_STREAMS)]
    assert all(s.status_code == 200 for s in streams)
    assert station.client.get("/events").status_code == 503
    streams[0].close()
    again = station.client.get("/events")
    assert again.status_code == 200
    for stream in (*streams[1:], again):
        stream.close()


def test_streams_end_when_the_feed_closes(station):
    answer = station.client.get("/events")
    station.feed.close()
    assert list(answer.response) == [b"retry: 1000\n\n"]
    answer.close()


def test_a_notice_that_repeats_the_page_is_said_once(station):
    said = "Start the belt and run when you are ready."
    station.hear("ready", notice=said)
    assert f">{said}</p>" not in station.get("/")
    station.hear("ready", notice="Step back to the middle.")
    assert ">Step back to the middle.</p>" in station.get("/")


def test_why_the_last_run_has_no_card_is_said_at_the_start(station):
    said = "This run could not be scored. Please run once more."
    station.hear("idle", notice=said)
    page = station.get("/")
    assert f">{said}</p>" in page
    assert not hidden(page, "force")
    station.hear("idle")
    assert said not in station.get("/")


def test_a_step_opens_from_its_card_and_leads_to_the_next(station):
    station.hear("card")
    assert 'href="/card/uneven_gait/step/33"' in station.get("/card/uneven_gait")
    page = station.get("/card/uneven_gait/step/33")
    assert "Step 33" in page
    assert 'href="/card/uneven_gait/step/77"' in page
    assert page.count("<figure>") == 1
    assert station.client.get("/card/uneven_gait/step/34").status_code == 404
    assert station.client.get("/card/nothing/step/33").status_code == 404
    station.hear("idle")
    assert station.client.get("/card/uneven_gait/step/33").location == "/"


def test_all_steps_of_a_long_run_can_be_read(station):
    document = sample_document() | {"steps": [{"n": n} for n in range(1, 701)]}
    station.fusion.report_given = sample_report(VISIT, document)
    station.hear("card")
    page = station.get("/card/uneven_gait?newtons")
    assert "Steps 1 to 300 of 700" in page
    assert "Earlier steps" not in page
    link = re.search(r'href="([^"]+)"[^>]*>Later steps<', page)[1].replace("&amp;", "&")
    assert link == "/card/uneven_gait?newtons=&from=301#steps"
    after = station.get(link)
    assert "Steps 301 to 600 of 700" in after
    assert '<details id="steps" open>' in after
    assert "Steps 1 to 300 of 700" in station.get("/card/uneven_gait?from=evil")


def test_newtons_tell_a_weight_and_are_shown_in_a_gym_only_when_asked_for(station, clinic):
    newtons = 'class="tick newtons"'
    paths = ("/card/uneven_gait", "/card/uneven_gait/step/33")
    station.hear("card")
    for path in paths:
        assert newtons not in station.get(path)
        assert newtons in station.get(f"{path}?newtons")
    assert newtons not in station.get("/?newtons")
    assert 'href="/card/uneven_gait?stills=&amp;newtons="' in station.get("/card/uneven_gait?stills")
    clinic.hear("card")
    assert all(newtons in clinic.get(path) for path in paths)


def test_each_page_of_a_card_can_forget_the_visit(station):
    station.hear("card")
    for path in ("/", "/card/uneven_gait", "/card/uneven_gait/step/33"):
        assert 'action="/visit/discard"' in station.get(path)


def test_a_severity_that_has_no_width_is_told_as_one_number(station):
    sure = mistake("Head forward", "not_seen", 0.0, low=0.0, high=0.0)
    station.fusion.report_given = sample_report("visit-1", sample_document({"head_forward": sure}))
    station.hear("card")
    page = station.get("/card/head_forward")
    assert "Severity 0 of 100." in page
    assert "between 0 and 0" not in page


def test_a_probability_says_of_what(station):
    likely = mistake("Head forward", "likely", 50.0, probability=0.88)
    station.fusion.report_given = sample_report("visit-1", sample_document({"head_forward": likely}))
    station.hear("card")
    assert "Probability that this habit is there: 88\N{NO-BREAK SPACE}%." in station.get("/card/head_forward")


def test_a_step_is_told_as_each_language_sets_its_colons(station):
    station.hear("card", choices=Choices(language="fr"))
    assert "Un exemple\N{NO-BREAK SPACE}: Tête en avant." in station.get("/card/head_forward/step/108")

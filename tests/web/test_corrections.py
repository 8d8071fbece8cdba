"""Tests of web/corrections.py and web/correction_desk.py: from a visitor's report to its public entry."""

import logging
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import event, select

from oversight.domain.account import Role
from oversight.services.audit import verify
from oversight.storage.engine import Sessions, one_moment
from oversight.storage.models import CorrectionRow, PolicyRow, RevisionRow
from oversight.storage.revisions import history
from tests.factories import NOW, SEATTLE, add_correction
from tests.web.browse import Page, Visitor
from tests.web.conftest import move_clock, rows_of
from tests.web.record import DEPLOYMENT, MINUTES, NEWS, POLICY, add_record
from tests.web.test_edit import faults_in, fields_in, send
from tests.web.test_headers import inline, loaded
from tests.web.test_hostile import LINKS, TEXTS
from tests.web.test_tables import rows

REPORT = f"/corrections/report/policy/{POLICY}"
EDIT = f"/edit/policy/{POLICY}"
EMAIL = "reader@example.org"
TEXT = "It was adopted on 31 July 2017."
MINUTES_URL = "https://example.org/src-minutes"


@pytest.fixture(autouse=True)
def record(sessions: Sessions) -> None:
    """A small record."""
    with sessions.begin() as session:
        add_record(session)


def tell(visitor: Visitor, path: str = REPORT, **typed: str) -> Page:
    """Open the form of a record, fill it in and send it."""
    return visitor.submit(path, path, **({"text": TEXT, "website": ""} | typed))


def waiting(sessions: Sessions, **values: object) -> int:
    """A report about the policy; its number."""
    with sessions.begin() as session:
        return add_correction(session, **({"entity": "policy", "entity_key": POLICY} | values)).id


def kept(sessions: Sessions) -> list[CorrectionRow]:
    with sessions() as session:
        return list(session.scalars(select(CorrectionRow).order_by(CorrectionRow.id)))


def states(sessions: Sessions) -> list[str]:
    return [row.state for row in kept(sessions)]


def test_from_a_report_to_its_public_entry(sessions: Sessions, visitor: Visitor, editor: Visitor) -> None:
    page = visitor.get(f"/jurisdictions/{SEATTLE}")
    assert REPORT in page.links
    sent = tell(visitor, field="history", source_url=MINUTES_URL, email=EMAIL)
    assert (sent.status, sent.location) == (302, "/corrections/1")
    thanks = visitor.get(sent.location)
    assert thanks.title == "Correction 1"
    assert "Thank you. Your report is correction 1." in thanks.text
    assert "http://127.0.0.1:8000/corrections/1" in thanks.text
    assert "Waiting for an editor" in thanks.text
    assert TEXT not in thanks.text

    queue = editor.get("/review/")
    assert "1 correction waits" in queue.text
    assert "/review/corrections/1" in queue.links
    desk = editor.get("/review/corrections/1")
    assert TEXT in desk.text
    assert EMAIL in desk.text
    assert MINUTES_URL in desk.links

    path = f"{EDIT}?correction=1"
    form = editor.get(path)
    filled = fields_in(form)
    assert (filled["correction"], filled["reason"], filled["source-0"]) == ("1", "Correction 1: ", MINUTES)
    saved = send(editor, path, form, title="Surveillance Ordinance of 2017", reason="Correction 1: the full title.")
    assert saved.status == 302
    assert "Saved as version 2. Correction 1 is closed." in editor.get(saved.location).text

    (row,) = kept(sessions)
    assert (row.state, row.email, row.decided_by, row.reason) == (
        "accepted", None, "editor@example.org", "Correction 1: the full title.",
    )  # fmt: skip
    with sessions() as session:
        carried_out = session.get_one(RevisionRow, row.revision_id)
        assert (carried_out.entity_key, carried_out.version) == (POLICY, 2)
    assert "correction" not in editor.get("/review/").main.one("h1").text
    assert not editor.get("/review/").root.by_class("waiting")

    public = visitor.get("/corrections/")
    entry = public.main.one("article", id="correction-1")
    assert "of 2017" in entry.one("ins").text
    assert "Correction 1: the full title." in entry.text
    assert "Adopted minutes" in entry.text
    assert f"/history/policy/{POLICY}#version-2" in public.links
    assert "Accepted" in visitor.get("/corrections/1").text
    assert "/corrections/1" in visitor.get(f"/history/policy/{POLICY}").links
    assert "Corrected on 20 Nov 2026" in visitor.get(f"/jurisdictions/{SEATTLE}").text
    (line,) = rows(visitor, "/corrections.csv")
    assert (line["id"], line["state"], line["version"], line["changed"]) == (
        "1",
        "accepted",
        "2",
        "Title; Cited sources",
    )
    assert line["sources"] == MINUTES_URL
    with one_moment(sessions) as session:
        assert verify(session).faults == ()


@pytest.mark.parametrize(
    "path", [f"policy/{POLICY}", f"deployment/{DEPLOYMENT}", f"jurisdiction/{SEATTLE}", f"source/{NEWS}"]
)
def test_everything_in_the_record_can_be_reported(sessions: Sessions, visitor: Visitor, path: str) -> None:
    assert f"/corrections/report/{path}" in visitor.get(f"/history/{path}").links
    assert tell(visitor, f"/corrections/report/{path}").status == 302
    assert [f"{row.entity}/{row.entity_key}" for row in kept(sessions)] == [path]


def test_what_the_record_does_not_have_cannot_be_reported(sessions: Sessions, visitor: Visitor) -> None:
    path = "/corrections/report/policy/pol-none"
    assert visitor.get(path).status == 404
    assert visitor.post(path, text=TEXT).status == 404
    assert visitor.get("/corrections/report/feed/x").status == 404
    assert kept(sessions) == []


@pytest.mark.parametrize(
    ("typed", "fault"),
    [
        ({"text": " \n"}, "text"),
        ({"text": "x" * 2001}, "text"),
        ({"field": "spell"}, "field"),
        ({"source_url": "javascript:alert(1)"}, "source_url"),
        ({"source_url": "example.org"}, "source_url"),
        ({"email": "reader"}, "email"),
        ({"email": "x" * 300 + "@example.org"}, "email"),
        ({"website": "https://spam.example"}, "website"),
    ],
)
def test_a_fault_stands_beside_its_field_and_nothing_typed_is_lost(
    sessions: Sessions, visitor: Visitor, typed: dict[str, str], fault: str
) -> None:
    whole = {"text": "Typed with <care> & more", "field": "history", "source_url": MINUTES_URL, "email": EMAIL} | typed
    answer = tell(visitor, **whole)
    assert (answer.status, faults_in(answer)) == (422, [fault])
    assert f"#{fault}" in answer.links
    main = answer.main
    assert main.one("textarea", name="text").raw.removeprefix("\n") == whole["text"]
    assert main.one("input", name="source_url").attributes["value"] == whole["source_url"]
    assert main.one("input", name="email").attributes["value"] == whole["email"]
    assert main.one(id=fault).attributes.get("aria-invalid", "true") == "true"
    assert kept(sessions) == []


@pytest.mark.parametrize("text", TEXTS)
def test_what_a_visitor_says_is_shown_as_words_to_editors_only(
    sessions: Sessions, visitor: Visitor, editor: Visitor, text: str
) -> None:
    tell(visitor, text=text)
    (row,) = kept(sessions)
    assert not set(row.text) & set("\u202e\u2066")
    for path in ("/review/", "/review/corrections/", "/review/corrections/1", f"{EDIT}?correction=1"):
        assert is_plain(editor.get(path))
    assert " ".join(row.text.split()) in editor.get("/review/corrections/1").text
    for path in ("/corrections/", "/corrections/1", "/corrections.csv", f"/jurisdictions/{SEATTLE}"):
        assert row.text not in visitor.get(path).body


def is_plain(page: Page) -> bool:
    return page.status == 200 and not inline(page) and all(link.startswith("/") for link in loaded(page))


def test_an_address_that_is_not_plainly_of_the_web_is_refused(sessions: Sessions, visitor: Visitor) -> None:
    answers = [tell(visitor, source_url=link) for link in LINKS]
    assert {answer.status for answer in answers} == {422}
    assert [link for answer in answers for link in answer.links if "evil" in link or "alert" in link] == []
    assert kept(sessions) == []


def test_such_an_address_is_no_link_at_the_desk_either(sessions: Sessions, editor: Visitor) -> None:
    numbers = [waiting(sessions, source_url=link) for link in LINKS]
    paths = [path for number in numbers for path in (f"/review/corrections/{number}", f"{EDIT}?correction={number}")]
    links = [link for path in paths for link in editor.get(path).links]
    assert [link for link in links if "evil" in link or "alert" in link] == []


@pytest.mark.parametrize("state", ["open", "accepted", "declined", "spam"])
def test_no_page_and_no_log_names_the_address_to_answer(
    sessions: Sessions, visitor: Visitor, editor: Visitor, caplog: pytest.LogCaptureFixture, state: str
) -> None:
    caplog.set_level(logging.DEBUG)
    tell(visitor, email=EMAIL)
    decide(editor, state)
    assert states(sessions) == [state]
    paths = ["/corrections/", "/corrections/1", "/corrections.csv", REPORT, f"/jurisdictions/{SEATTLE}"]
    paths += [f"/history/policy/{POLICY}"]
    assert [path for path in paths if EMAIL in visitor.get(path).body] == []
    assert EMAIL not in caplog.text
    assert (EMAIL in repr(rows_of(sessions))) == (state == "open")


def decide(editor: Visitor, state: str, number: int = 1) -> Page | None:
    path = f"/review/corrections/{number}"
    if state == "accepted":
        return send(editor, f"{EDIT}?correction={number}", summary="In other words.")
    if state == "declined":
        return editor.submit(path, f"{path}/decline", reason="The minutes say so.")
    return editor.submit(path, f"{path}/set-aside") if state == "spam" else None


def test_a_declined_correction_is_listed_with_its_reason(sessions: Sessions, visitor: Visitor, editor: Visitor) -> None:
    number = waiting(sessions)
    decide(editor, "declined")
    assert "The minutes say so." in visitor.get("/corrections/").text
    assert "The minutes say so." in visitor.get(f"/corrections/{number}").text
    assert rows(visitor, "/corrections.csv?state=accepted") == []
    assert [row["reason"] for row in rows(visitor, "/corrections.csv?state=declined")] == ["The minutes say so."]
    assert "Corrected on" not in visitor.get(f"/jurisdictions/{SEATTLE}").text
    with sessions() as session:
        (decision,) = history(session, "correction", str(number))
    assert (decision.actor, decision.after["state"]) == ("editor@example.org", "declined")


def test_declining_without_a_reason_keeps_the_correction_open(sessions: Sessions, editor: Visitor) -> None:
    number = waiting(sessions)
    path = f"/review/corrections/{number}"
    answer = editor.submit(path, f"{path}/decline", reason=" ")
    assert (answer.status, faults_in(answer), states(sessions)) == (422, ["decline"], ["open"])


def test_spam_is_listed_nowhere(sessions: Sessions, visitor: Visitor, editor: Visitor) -> None:
    number = waiting(sessions, text="Buy pills")
    decide(editor, "spam")
    assert "No report was decided so far." in visitor.get("/corrections/").text
    assert rows(visitor, "/corrections.csv") == []
    page = visitor.get(f"/corrections/{number}")
    assert (page.status, "Buy pills" in page.body) == (200, False)
    assert "No correction waits." in editor.get("/review/corrections/").text


def test_spam_is_set_aside_together(sessions: Sessions, editor: Visitor) -> None:
    first, second, _ = (waiting(sessions, text=f"Buy pills {number}") for number in range(3))
    decide(editor, "declined", second)
    desk = "/review/corrections/"
    answer = editor.submit(desk, f"{desk}set-aside", correction=[str(first), str(second), "99", "x"])
    assert answer.status == 302
    assert "1 set aside. Decided already by somebody else: 2, 99." in editor.get(desk).text
    assert editor.post(f"{desk}set-aside").status == 302
    assert "Nothing is chosen." in editor.get(desk).text
    assert states(sessions) == ["spam", "declined", "open"]
    with sessions() as session:
        assert [row.after["state"] for row in history(session, "correction", str(first))] == ["spam"]


def test_one_save_closes_all_that_it_settles(sessions: Sessions, visitor: Visitor, editor: Visitor) -> None:
    first, second, third = (waiting(sessions) for _ in range(3))
    desk = editor.get(f"/review/corrections/{first}")
    assert {one.attributes["value"] for one in desk.main.all("input", name="correction")} == {"1", "2", "3"}
    form = editor.get(f"{EDIT}?correction={first}&correction={third}")
    assert fields_in(form)["reason"] == "Corrections 1 and 3: "
    send(editor, EDIT, form, summary="In other words.")
    assert states(sessions) == ["accepted", "open", "accepted"]
    assert len(visitor.get("/corrections/").root.by_class("entry")) == 2
    assert second == 2


def test_a_report_about_a_part_leads_to_the_form_of_that_part(sessions: Sessions, editor: Visitor) -> None:
    number = waiting(sessions, field="duties")
    assert editor.get(f"/review/corrections/{number}").main.one("input", name="part").attributes["value"] == "duties"
    form = editor.get(f"{EDIT}?part=duties&correction={number}")
    assert fields_in(form)["correction"] == str(number)
    assert f"{EDIT}?correction={number}" in form.links


def test_what_a_version_saved_since_settles_is_closed_with_it(
    sessions: Sessions, visitor: Visitor, editor: Visitor
) -> None:
    number = waiting(sessions)
    path = f"/review/corrections/{number}"
    assert not list(editor.get(path).main.all("select", id="version"))
    send(editor, EDIT, summary="In other words.")
    refused = editor.submit(path, f"{path}/accept", version="1", reason="mended")
    assert (refused.status, states(sessions)) == (422, ["open"])
    assert editor.submit(path, f"{path}/accept", version="2", reason="mended").status == 302
    assert states(sessions) == ["accepted"]
    assert f"/history/policy/{POLICY}#version-2" in visitor.get(f"/corrections/{number}").links


def test_what_was_withdrawn_settles_a_report_and_takes_no_more(
    sessions: Sessions, visitor: Visitor, editor: Visitor
) -> None:
    path, taken = f"/corrections/report/deployment/{DEPLOYMENT}", f"/history/deployment/{DEPLOYMENT}"
    number = waiting(sessions, entity="deployment", entity_key=DEPLOYMENT)
    editor.submit(taken, f"/edit/deployment/withdraw/{DEPLOYMENT}", reason="It never was.")
    assert (visitor.get(path).status, visitor.post(path, text=TEXT).status) == (404, 404)
    desk = f"/review/corrections/{number}"
    assert "nothing to edit" in editor.get(desk).text
    assert editor.submit(desk, f"{desk}/accept", version="2", reason="Right, it never was.").status == 302
    assert "Withdrawn from the record" in visitor.get("/corrections/").text
    assert taken in visitor.get("/corrections/").links


def test_looking_at_what_changes_decides_nothing(sessions: Sessions, editor: Visitor) -> None:
    number = waiting(sessions)
    answer = send(editor, f"{EDIT}?correction={number}", title="Mine", look="1")
    assert (answer.status, fields_in(answer)["correction"], states(sessions)) == (200, str(number), ["open"])


def test_a_form_with_a_fault_still_carries_its_correction(sessions: Sessions, editor: Visitor) -> None:
    number = waiting(sessions)
    answer = send(editor, f"{EDIT}?correction={number}", title="")
    assert (answer.status, fields_in(answer)["correction"], states(sessions)) == (422, str(number), ["open"])
    assert send(editor, EDIT, answer, title="A title").status == 302
    assert states(sessions) == ["accepted"]


def test_a_conflict_still_carries_its_correction(sessions: Sessions, editor: Visitor) -> None:
    number = waiting(sessions)
    form = editor.get(f"{EDIT}?correction={number}")
    send(editor, EDIT, summary="Theirs.")
    answer = send(editor, EDIT, form, title="Mine")
    assert (answer.status, fields_in(answer)["correction"], states(sessions)) == (409, str(number), ["open"])
    send(editor, EDIT, answer)
    assert states(sessions) == ["accepted"]


def test_a_save_that_comes_after_another_decision_saves_nothing_and_loses_nothing(
    sessions: Sessions, editor: Visitor
) -> None:
    number = waiting(sessions)
    form = editor.get(f"{EDIT}?correction={number}")
    decide(editor, "declined")
    answer = send(editor, EDIT, form, title="Mine")
    assert (answer.status, "has decided this correction" in answer.text) == (422, True)
    kept_form = fields_in(answer)
    assert (kept_form["title"], kept_form.get("correction")) == ("Mine", None)
    with sessions() as session:
        assert session.scalars(select(PolicyRow.title)).one() != "Mine"
    assert send(editor, EDIT, answer).status == 302
    assert states(sessions) == ["declined"]


@pytest.mark.parametrize("first", ["declined", "spam", "accepted"])
@pytest.mark.parametrize("second", ["declined", "spam"])
def test_of_two_editors_the_second_is_told(sessions: Sessions, editor: Visitor, first: str, second: str) -> None:
    number = waiting(sessions)
    form = editor.get(f"/review/corrections/{number}")
    token = form.root.one("input", name="csrf_token").attributes["value"]
    decide(editor, first)
    path = f"/review/corrections/{number}/{'decline' if second == 'declined' else 'set-aside'}"
    answer = editor.ask("POST", path, data={"csrf_token": token, "reason": "mine"})
    assert (answer.status, states(sessions)) == (409, [first])


def test_a_correction_of_something_else_is_not_carried(sessions: Sessions, editor: Visitor) -> None:
    number = waiting(sessions, entity="jurisdiction", entity_key=SEATTLE)
    form = editor.get(f"{EDIT}?correction={number}&correction=x&correction=99999999999&correction=%D9%A1")
    assert "correction" not in fields_in(form)
    answer = send(editor, EDIT, form, title="Mine", correction=str(number))
    assert (answer.status, states(sessions)) == (422, ["open"])


def test_pressing_twice_is_one_report(sessions: Sessions, visitor: Visitor) -> None:
    assert [tell(visitor).location for _ in range(2)] == ["/corrections/1"] * 2
    assert len(kept(sessions)) == 1


def test_one_sender_is_asked_to_wait_and_keeps_what_was_typed(sessions: Sessions, visitor: Visitor) -> None:
    places = [REPORT, f"/corrections/report/jurisdiction/{SEATTLE}"]
    sent = [tell(visitor, places[number % 2], text=f"Error {number}").status for number in range(5)]
    answer = tell(visitor, text="One more")
    assert (sent, answer.status, len(kept(sessions))) == ([302] * 5, 429, 5)
    assert answer.response.headers["Retry-After"] == "3600"
    assert answer.main.one("textarea", name="text").raw.strip() == "One more"


def test_an_hour_later_the_sender_may_go_on(app: Flask, sessions: Sessions, visitor: Visitor) -> None:
    places = [REPORT, f"/corrections/report/jurisdiction/{SEATTLE}"]
    for number in range(6):
        tell(visitor, places[number % 2], text=f"Error {number}")
    move_clock(app, NOW + timedelta(hours=1))
    assert tell(visitor, text="One more").status == 302


def test_one_entry_takes_five_open_reports_a_day(app: Flask, sessions: Sessions, visitor: Visitor) -> None:
    for number in range(5):
        waiting(sessions, text=f"Error {number}")
    assert tell(visitor).status == 429
    assert tell(visitor, f"/corrections/report/jurisdiction/{SEATTLE}").status == 302
    move_clock(app, NOW + timedelta(days=1))
    assert tell(visitor).status == 302


def test_a_decided_report_makes_room_for_another(sessions: Sessions, visitor: Visitor, editor: Visitor) -> None:
    for _ in range(5):
        waiting(sessions)
    decide(editor, "spam")
    assert tell(visitor).status == 302


def test_the_list_goes_on_page_by_page(sessions: Sessions, visitor: Visitor) -> None:
    with sessions.begin() as session:
        for minute in range(120):
            decided = {"state": "declined", "decided_by": "ana", "decided_at": NOW + timedelta(minutes=minute // 2)}
            add_correction(session, entity="policy", entity_key=POLICY, reason=f"reason {minute}.", **decided)
    path, seen = "/corrections/?state=declined", []
    while path:
        page = visitor.get(path)
        seen += [int(one.attributes["id"].split("-")[1]) for one in page.root.by_class("entry")]
        path = next((link for link in page.links if "before=" in link and link.startswith("/corrections/?")), "")
    assert seen == list(range(120, 0, -1))
    assert [int(row["id"]) for row in rows(visitor, "/corrections.csv")] == seen


@pytest.mark.parametrize("query", ["state=open", "state=spam", "state=x", "before=x", "before=9999999999", "before=-1"])
def test_a_list_that_does_not_exist_is_refused(visitor: Visitor, query: str) -> None:
    assert visitor.get(f"/corrections/?{query}").status == 422


def test_pages_ask_little_however_much_there_is(
    app: Flask, sessions: Sessions, visitor: Visitor, editor: Visitor
) -> None:
    counts = []
    event.listen(app.extensions["oversight"].engine, "before_cursor_execute", lambda *_: counts.append(1))

    def asked() -> list[int]:
        found = []
        for who, path in ((visitor, "/corrections/"), (visitor, "/corrections/1"), (visitor, REPORT),
                          (editor, "/review/corrections/"), (editor, "/review/corrections/2")):  # fmt: skip
            counts.clear()
            assert who.get(path).status == 200
            found.append(len(counts))
        return found

    waiting(sessions)
    waiting(sessions)
    decide(editor, "accepted")
    few = asked()
    for number in range(30):
        waiting(sessions, text=f"Error {number}")
        waiting(sessions, state="declined", decided_at=NOW, decided_by="ana", reason="no")
    assert asked() == few
    assert max(few) <= 15


@pytest.mark.parametrize("role", [None, Role.READER])
def test_only_editors_read_reports(
    app: Flask, sessions: Sessions, reader: Visitor, visitor: Visitor, role: Role | None
) -> None:
    number = waiting(sessions, text="Told in confidence", email=EMAIL)
    who = reader if role else visitor
    paths = ("/review/corrections/", f"/review/corrections/{number}")
    assert {who.get(path).status for path in paths} == {403 if role else 401}
    assert "Told in confidence" not in who.get(f"/corrections/{number}").body

"""Tests of web/edit.py and web/history.py: forms that keep what was typed, conflicts, and undo by a new version."""

import sqlite3

import pytest
from flask import Flask
from sqlalchemy import Engine, event, select
from werkzeug.datastructures import MultiDict

from oversight.services.audit import verify
from oversight.services.edit import version_of
from oversight.storage.engine import Sessions, one_moment
from oversight.storage.models import DeploymentFactRow, PolicyRow, SourceRow
from oversight.storage.revisions import history
from tests.factories import SEATTLE
from tests.web.browse import Element, Page, Visitor
from tests.web.record import DEPLOYMENT, MINUTES, NEWS, POLICY, add_record

EDIT = f"/edit/policy/{POLICY}"
HISTORY = f"/history/policy/{POLICY}"


@pytest.fixture(autouse=True)
def record(sessions: Sessions) -> None:
    """A small record."""
    with sessions.begin() as session:
        add_record(session)


def fields_in(page: Page) -> MultiDict[str, str]:
    """What a browser would send if nothing was touched."""
    (form,) = [one for one in page.main.all("form") if "edit" in one.attributes.get("class", "").split()]
    sent: MultiDict[str, str] = MultiDict()
    for one in form.all():
        if one.tag != "button" and (name := one.attributes.get("name")):
            for value in values_of(one):
                sent.add(name, value)
    return sent


def values_of(one: Element) -> list[str]:
    if one.tag == "textarea":
        return [one.raw.removeprefix("\n")]
    if one.tag == "select":
        chosen = [option for option in one.all("option") if "selected" in option.attributes]
        return [(chosen or list(one.all("option")))[0].attributes["value"]]
    if one.attributes.get("type") == "checkbox":
        return [one.attributes["value"]] if "checked" in one.attributes else []
    return [one.attributes.get("value", "")]


def send(editor: Visitor, path: str, page: Page | None = None, **typed: str | list[str]) -> Page:
    """Fill in the form of a page and send it; `reason` and a source are there unless the test says otherwise."""
    sent = fields_in(page or editor.get(path))
    for name, value in ({"reason": "a better source", "source-0": MINUTES} | typed).items():
        sent.setlist(name, value if isinstance(value, list) else [value])
    return editor.ask("POST", path, data=sent)


def newest(sessions: Sessions, noun: str = "policy", key: str = POLICY) -> dict:
    with sessions() as session:
        return version_of(session, noun, key).after


def faults_in(page: Page) -> list[str]:
    return [one.attributes["id"].removesuffix("-fault") for one in page.root.by_class("fault")]


def test_saving_appends_one_revision_and_changes_the_record(sessions: Sessions, editor: Visitor) -> None:
    answer = send(editor, EDIT, title="Surveillance Ordinance, new")
    assert (answer.status, answer.location) == (302, HISTORY)
    with sessions() as session:
        assert session.scalars(select(PolicyRow.title)).one() == "Surveillance Ordinance, new"
        first, second = history(session, "policy", POLICY)
    assert (second.before, second.version) == (first.after, 2)
    assert (second.actor, second.reason, second.sources) == ("editor@example.org", "a better source", [MINUTES])
    assert second.after == first.after | {"title": "Surveillance Ordinance, new", "sources": [NEWS, MINUTES]}


def test_the_chain_is_whole_after_edits(sessions: Sessions, editor: Visitor) -> None:
    send(editor, EDIT, title="A")
    send(editor, f"/edit/deployment/{DEPLOYMENT}", summary="B")
    with one_moment(sessions) as session:
        assert verify(session).faults == ()


@pytest.mark.parametrize(
    ("path", "field"),
    [(EDIT, "summary"), (f"/edit/deployment/{DEPLOYMENT}", "summary"), (f"/edit/jurisdiction/{SEATTLE}", "note"),
     (f"/edit/source/{NEWS}", "note")],
)  # fmt: skip
def test_what_the_form_shows_comes_back_as_it_was(sessions: Sessions, editor: Visitor, path: str, field: str) -> None:
    _, _, noun, key = path.split("/", 3)
    before = newest(sessions, noun, key)
    assert send(editor, path, **{field: "Said\r\nin other words."}).status == 302
    after = newest(sessions, noun, key)
    assert {name for name in after if after[name] != before[name]} <= {field, "sources"}
    assert after[field] == "Said\nin other words."


@pytest.mark.parametrize(
    ("typed", "fault"),
    [
        ({"reason": " "}, "reason"),
        ({"source-0": ""}, "source-0"),
        ({"source-0": "src-none"}, "source-0"),
        ({"title": ""}, "title"),
        ({"instrument": "spell"}, "instrument"),
        ({"instrument": ""}, "instrument"),
        ({"jurisdiction_key": "nowhere"}, "jurisdiction_key"),
        ({"amends_key": "pol-none"}, "amends_key"),
        ({"technologies": []}, "technologies"),
        ({"technologies": ["telepathy"]}, "technologies"),
        ({"history-0-date": "May 2017"}, "history-0-date"),
        ({"history-2-date": "2018"}, "history-2-status"),
        ({"history-0-status": "adopted"}, "history-0-status"),
        ({"facts": "no fact"}, "facts"),
        ({"facts": "a: 1\na: 2"}, "facts"),
        ({"new_source-title": "x", "new_source-url": "javascript:alert(1)"}, "new_source-url"),
        ({"new_source-publisher": "x"}, "new_source-title"),
    ],
)
def test_a_fault_stands_beside_its_field_and_nothing_typed_is_lost(
    sessions: Sessions, editor: Visitor, typed: dict, fault: str
) -> None:
    answer = send(editor, EDIT, **({"summary": "Typed with <care> & more"} | typed))
    assert (answer.status, faults_in(answer)) == (422, [fault])
    kept = fields_in(answer)
    assert kept["summary"] == "Typed with <care> & more"
    assert {name: kept[name] for name, value in typed.items() if isinstance(value, str)} == {
        name: value for name, value in typed.items() if isinstance(value, str)
    }
    with sessions() as session:
        assert len(history(session, "policy", POLICY)) == 1


def test_a_field_with_a_fault_says_so_to_a_screen_reader(editor: Visitor) -> None:
    answer = send(editor, EDIT, title="")
    title = answer.main.one("input", id="title")
    assert (title.attributes["aria-invalid"], title.attributes["aria-describedby"].strip()) == ("true", "title-fault")
    assert "#title" in answer.links


def test_saving_nothing_new_is_refused(editor: Visitor) -> None:
    answer = send(editor, f"/edit/jurisdiction/{SEATTLE}")
    assert (answer.status, "Nothing was changed" in answer.text) == (422, True)


ADOPTED = {"history-1-status": "adopted", "history-1-date": "2017-09-01"}


@pytest.mark.parametrize(
    ("source", "says_vote", "status"),
    [(MINUTES, ["1"], 302), (MINUTES, [], 422), (NEWS, ["1"], 422), (f"https://example.org/{MINUTES}", ["1"], 302)],
)
def test_adopted_needs_a_government_document_that_says_so(
    sessions: Sessions, editor: Visitor, source: str, says_vote: list[str], status: int
) -> None:
    answer = send(editor, EDIT, **ADOPTED, **{"source-0": source}, says_vote=says_vote)
    assert (answer.status, faults_in(answer)) == (status, [] if status == 302 else ["history-1-status"])
    expected = {"reports_a_year": 1} | ({"vote_source": MINUTES} if status == 302 else {})
    assert newest(sessions)["facts"] == expected


def test_a_source_that_is_new_is_written_with_the_change(sessions: Sessions, editor: Visitor) -> None:
    described = {"new_source-title": "Ordinance text", "new_source-url": "https://city.example/o.pdf"}
    answer = send(editor, EDIT, **ADOPTED, **described, **{"source-0": "", "new_source-tier": "T1"}, says_vote="1")
    assert answer.status == 302
    with sessions() as session:
        row = session.scalars(select(SourceRow).where(SourceRow.url == "https://city.example/o.pdf")).one()
        (revision,) = history(session, "source", row.key)
    assert (row.tier, revision.actor, newest(sessions)["sources"]) == ("T1", "editor@example.org", [NEWS, row.key])


def test_a_source_that_is_there_already_is_not_made_twice(sessions: Sessions, editor: Visitor) -> None:
    described = {"new_source-title": "Again", "new_source-url": f"https://example.org/{MINUTES}"}
    assert send(editor, EDIT, title="B", **described, **{"source-0": ""}).status == 302
    with sessions() as session:
        assert len(session.scalars(select(SourceRow)).all()) == 2
    assert newest(sessions)["sources"] == [NEWS, MINUTES]


def test_a_deployment_keeps_its_facts_and_claims(sessions: Sessions, editor: Visitor) -> None:
    path = f"/edit/deployment/{DEPLOYMENT}"
    assert send(editor, path, facts="cars: 9\nis_live: false\nsaid: they do", **{"agency-name": "SPD"}).status == 302
    after = newest(sessions, "deployment", DEPLOYMENT)
    assert [(fact["name"], fact["value"]) for fact in after["facts"]] == [
        ("cars", 9),
        ("is_live", False),
        ("said", "they do"),
    ]
    assert (after["agency"]["name"], len(after["claims"])) == ("SPD", 1)
    with sessions() as session:
        assert session.scalars(select(DeploymentFactRow.value).where(DeploymentFactRow.name == "cars")).one() == 9


def test_a_newer_version_in_between_is_shown_beside_mine(sessions: Sessions, editor: Visitor) -> None:
    mine = editor.get(EDIT)
    assert send(editor, EDIT, title="Theirs", note="their note").status == 302
    answer = send(editor, EDIT, mine, title="Mine", summary="My summary", says_vote="1")
    assert answer.status == 409
    rows = {row.one("th").text: [cell.text for cell in row.all("td")] for row in answer.main.one("tbody").all("tr")}
    assert rows["Title"] == ["Surveillance Ordinance", "Theirs", "Mine", "yours; both of you changed it"]
    assert rows["Note"] == ["nothing", "their note", "nothing", "theirs; you had not touched it"]
    assert rows["Summary"][1:] == [
        "Council approval before any surveillance technology is bought.",
        "My summary",
        "yours",
    ]
    kept = fields_in(answer)
    assert (kept["title"], kept["summary"], kept["note"]) == ("Mine", "My summary", "their note")
    assert (kept["reason"], kept["source-0"], kept["says_vote"]) == ("a better source", MINUTES, "1")
    assert kept["version"] == "2"
    assert send(editor, EDIT, answer).status == 302
    after = newest(sessions)
    assert (after["title"], after["summary"], after["note"]) == ("Mine", "My summary", "their note")


@pytest.mark.parametrize("version", ["", "x", "7", "0", "99999999999999"])
def test_a_form_of_no_version_is_refused(editor: Visitor, version: str) -> None:
    assert send(editor, EDIT, version=version).status in (404, 422)


def test_the_history_tells_who_when_why_and_what(editor: Visitor) -> None:
    send(editor, EDIT, title="Surveillance Law", **ADOPTED, says_vote="1")
    page = editor.get(HISTORY)
    second = page.main.by_class("version")[0]
    assert "Version 2" in second.text
    assert "20 Nov 2026, 12:00 UTC by editor@example.org a better source Adopted minutes" in second.text
    changed = {one.one("dt").text: one.one("dd").text for one in second.one("dl").all("div")}
    assert changed["Title"] == "Surveillance Ordinance Law"
    assert changed["Steps"] == "Introduced, May 2017 (stated in the source) New: Adopted, 1 Sep 2017"
    assert changed["Cited sources"] == "About src-news New: Adopted minutes"
    assert [one.text for one in second.all("del")] == ["Ordinance"]


def test_a_visitor_does_not_see_an_editors_address(editor: Visitor, visitor: Visitor) -> None:
    send(editor, EDIT, title="B")
    text = visitor.get(HISTORY).text
    assert ("by an editor" in text, "by flask record load" in text, "example.org a better" in text) == (
        True,
        True,
        False,
    )
    assert "Restore" not in text


def test_undo_is_a_new_version_with_what_the_older_said(sessions: Sessions, editor: Visitor) -> None:
    first = newest(sessions)
    send(editor, EDIT, title="B")
    assert editor.submit(HISTORY, "/edit/policy/restore/1/", reason="it was right").status == 302
    with sessions() as session:
        versions = history(session, "policy", POLICY)
        assert session.scalars(select(PolicyRow.title)).one() == first["title"]
    assert [row.after["title"] for row in versions] == [first["title"], "B", first["title"]]
    assert (versions[2].reason, versions[2].after) == ("it was right", first)


def test_undo_needs_a_reason_and_the_newest_version(editor: Visitor) -> None:
    send(editor, EDIT, title="B")
    undo = f"/edit/policy/restore/1/{POLICY}"
    assert editor.post(undo, version="2", reason=" ").status == 422
    answer = editor.post(undo, version="1", reason="typed already")
    assert (answer.status, "typed already" in answer.body) == (409, True)
    assert editor.post(f"/edit/policy/restore/2/{POLICY}", version="2", reason="r").status == 422
    assert editor.post(f"/edit/policy/restore/9/{POLICY}", version="2", reason="r").status == 404


@pytest.mark.parametrize("path", ["/edit/policy/none", "/edit/feed/news", "/history/policy/none", "/history/mention/1"])
def test_what_is_not_in_the_record_has_no_form_and_no_history(editor: Visitor, path: str) -> None:
    assert editor.get(path).status == 404


@pytest.mark.parametrize("engine", ["sqlite"], indirect=True)  # PostgreSQL lets both write
def test_a_busy_database_keeps_what_was_typed(engine: Engine, editor: Visitor, app: Flask) -> None:
    page = editor.get(EDIT)

    @event.listens_for(app.extensions["oversight"].engine, "connect")
    def impatient(connection: sqlite3.Connection, _record: object) -> None:
        connection.execute("PRAGMA busy_timeout=10")

    app.extensions["oversight"].engine.dispose()
    with engine.connect() as other:
        other.exec_driver_sql("SELECT 1")
        answer = send(editor, EDIT, page, title="Typed already")
    assert (answer.status, fields_in(answer)["title"]) == (503, "Typed already")

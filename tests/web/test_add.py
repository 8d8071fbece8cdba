"""Tests of web/add.py, and of the whole life of each kind: added, refused, edited, in conflict, undone, withdrawn."""

from dataclasses import dataclass

import pytest
from sqlalchemy import select

from oversight.services.audit import verify
from oversight.services.edit import version_of
from oversight.services.export_record import record_texts
from oversight.services.record import LEFT, load_record
from oversight.services.record_entries import VendorEntry
from oversight.services.record_kinds import RecordFiles
from oversight.storage.engine import Sessions, one_moment
from oversight.storage.models import RevisionRow
from oversight.storage.revisions import RECORD, history
from tests.factories import NOW, SEATTLE
from tests.web.browse import Visitor
from tests.web.record import DEPLOYMENT, MINUTES, NEWS, POLICY, add_record, make_deployment, make_policy
from tests.web.test_edit import faults_in, fields_in, send

CHECKED = {"confidence": "high", "verification": "cited_source_only"}
OAKLAND = "ocd-division/country:us/state:ca/place:oakland"


@dataclass(frozen=True)
class Case:
    """What an editor types to add one thing, what is wrong in another try, and what is changed later."""

    noun: str
    typed: dict[str, str | list[str]]
    wrong: dict[str, str]
    fault: str
    changed: dict[str, str]


CASES = [
    Case(
        "policy",
        {"title": "Camera rule", "jurisdiction_key": SEATTLE, "instrument": "ban", "direction": "tightens",
         "technologies": ["alpr"], "summary": "No cameras.", "history-0-status": "introduced", "history-0-date": "2019",
         **CHECKED},
        {"history-0-date": "in spring"}, "history-0-date", {"summary": "No cameras at all."},
    ),
    Case(
        "deployment",
        {"agency-name": "Seattle Police", "agency-operator_kind": "police", "jurisdiction_key": SEATTLE,
         "technology": "drones", "summary": "Two drones.", "history-0-status": "pilot", "history-0-date": "2021-03",
         **CHECKED},
        {"technology": ""}, "technology", {"summary": "Three drones."},
    ),
    Case(
        "action",
        {"kind": "letter", "actors": "A coalition\nA union", "jurisdiction_key": SEATTLE, "summary": "They wrote.",
         "date": "2020-05-01", **CHECKED},
        {"actors": ""}, "actors", {"summary": "They wrote again."},
    ),
    Case(
        "vendor",
        {"name": "Example Cameras", "aliases": "ExCam", "products-0-name": "Eye", "products-0-technology": "alpr",
         "products-0-facts": "range_m: 30", "former_names-0-name": "Sample Cameras", "former_names-0-until": "2015"},
        {"products-0-facts": "no fact"}, "products-0-facts", {"aliases": "ExCam\nEC"},
    ),
    Case("jurisdiction", {"name": "Oakland", "kind": "city", "ocd_id": OAKLAND, "state": "CA"}, {"kind": ""}, "kind",
         {"note": "A note."}),
    Case("source", {"title": "A report", "url": "https://example.org/report", "tier": "T3"}, {"date": "2020-13"},
         "date", {"publisher": "An auditor"}),
]  # fmt: skip


@pytest.fixture(autouse=True)
def record(sessions: Sessions) -> None:
    """A small record."""
    with sessions.begin() as session:
        add_record(session)


def key_of(sessions: Sessions, noun: str) -> str:
    """The key of the newest thing of a noun."""
    with sessions() as session:
        query = select(RevisionRow.entity_key).where(RevisionRow.entity == noun, RevisionRow.version == 1)
        found = session.scalars(query.order_by(RevisionRow.id.desc())).first()
    assert found
    return found


def is_there(sessions: Sessions, noun: str, key: str) -> bool:
    with sessions() as session:
        return session.scalars(select(RECORD[noun].id).where(RECORD[noun].key == key)).one_or_none() is not None


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.noun)
def test_each_kind_is_added_edited_disputed_undone_and_withdrawn(
    sessions: Sessions, editor: Visitor, case: Case
) -> None:
    new = f"/edit/new/{case.noun}"
    refused = send(editor, new, **(case.typed | case.wrong))
    assert (refused.status, faults_in(refused)) == (422, [case.fault])
    kept = fields_in(refused)
    for name, value in (case.typed | case.wrong).items():
        assert kept.getlist(name) == (value if isinstance(value, list) else [value])

    assert send(editor, new, refused, **(dict.fromkeys(case.wrong, "") | case.typed)).status == 302
    key = key_of(sessions, case.noun)
    assert is_there(sessions, case.noun, key)

    edit, mine = f"/edit/{case.noun}/{key}", editor.get(f"/edit/{case.noun}/{key}")
    assert send(editor, edit, **case.changed).status == 302
    answer = send(editor, edit, mine, **{name: f"{value} And mine." for name, value in case.changed.items()})
    assert (answer.status, "Both versions side by side" in answer.text) == (409, True)

    with sessions() as session:
        first, second = history(session, case.noun, key)
    assert editor.post(f"/edit/{case.noun}/restore/1/{key}", version="2", reason="it was right").status == 302
    with sessions() as session:
        assert version_of(session, case.noun, key).after == first.after != second.after

    gone = f"/edit/{case.noun}/withdraw/{key}"
    assert editor.post(gone, version="3", reason=" ").status == 422
    assert editor.post(gone, version="2", reason="entered twice").status == 409
    assert editor.post(gone, version="3", reason="entered twice").status == 302
    assert not is_there(sessions, case.noun, key)
    assert "withdrawn from the record" in editor.get(f"/history/{case.noun}/{key}").text
    assert editor.get(edit).status == 302
    assert editor.post(f"/edit/{case.noun}/restore/1/{key}", version="4", reason="it was not").status == 302
    assert is_there(sessions, case.noun, key)
    with one_moment(sessions) as session:
        assert verify(session).faults == ()


def test_a_form_that_is_sent_twice_adds_one_thing(sessions: Sessions, editor: Visitor) -> None:
    page = editor.get("/edit/new/policy")
    first, second = (send(editor, "/edit/new/policy", page, **CASES[0].typed) for _ in range(2))
    key = key_of(sessions, "policy")
    assert (first.status, second.location) == (302, f"/history/policy/{key}")
    assert key.startswith("pol-seattle-wa-ban-")
    with sessions() as session:
        assert len(history(session, "policy", key)) == 1


def test_the_form_comes_filled_with_the_place_that_it_was_opened_from(editor: Visitor) -> None:
    page = editor.get(f"/jurisdictions/{SEATTLE}")
    links = [link for link in page.links if link.startswith("/edit/new/")]
    assert [link.partition("?")[0] for link in links] == [
        f"/edit/new/{one}" for one in ("policy", "deployment", "action")
    ]
    assert {fields_in(editor.get(link))["jurisdiction_key"] for link in links} == {SEATTLE}


def test_what_the_record_has_is_not_added_again(editor: Visitor) -> None:
    place = {"name": "Seattle", "kind": "city", "ocd_id": SEATTLE}
    assert faults_in(send(editor, "/edit/new/jurisdiction", **place)) == ["ocd_id"]
    vendor = CASES[3].typed
    assert send(editor, "/edit/new/vendor", **vendor).status == 302
    assert faults_in(send(editor, "/edit/new/vendor", **vendor)) == ["name"]


@pytest.mark.parametrize(
    ("noun", "typed", "fault"),
    [
        ("jurisdiction", {"name": "Oakland", "kind": "city", "ocd_id": "../oakland?"}, "ocd_id"),
        ("jurisdiction", {"name": "Oakland", "kind": "city", "population": "999999999999"}, "population"),
        ("jurisdiction", {"name": "Oakland", "kind": "city", "latitude": "inf"}, "latitude"),
        ("policy", CASES[0].typed | {"facts": "fine: 1e999"}, "facts"),
    ],
)
def test_what_no_database_keeps_and_no_address_holds_is_refused(
    editor: Visitor, noun: str, typed: dict[str, str | list[str]], fault: str
) -> None:
    answer = send(editor, f"/edit/new/{noun}", **typed)
    assert (answer.status, faults_in(answer)) == (422, [fault])


def test_a_look_shows_what_saving_would_change_and_saves_nothing(sessions: Sessions, editor: Visitor) -> None:
    answer = send(editor, f"/edit/policy/{POLICY}", title="Surveillance Law", look="1")
    assert answer.status == 200
    changed = {one.one("dt").text: one.one("dd").text for one in answer.main.one("dl", **{"class": "diff"}).all("div")}
    assert changed["Title"] == "Surveillance Ordinance Law"
    assert fields_in(answer)["title"] == "Surveillance Law"
    with sessions() as session:
        assert len(history(session, "policy", POLICY)) == 1


def test_a_source_of_a_claim_may_be_told_by_its_address(sessions: Sessions, editor: Visitor) -> None:
    path = f"/edit/deployment/{DEPLOYMENT}?part=claims"
    told = {"claims-0-followed_because": "it counted them", "claims-0-source_key": f"https://example.org/{NEWS}"}
    assert send(editor, path, **told).status == 302
    with sessions() as session:
        (claim,) = version_of(session, "deployment", DEPLOYMENT).after["claims"]
    assert (claim["source_key"], claim["followed_because"]) == (NEWS, "it counted them")
    assert "The record follows Police" in editor.get(f"/jurisdictions/{SEATTLE}").text


PROVISION = {"provisions-0-code": "annual_report", "provisions-0-state": "answered"}
DUTY = {"duties-0-kind": "annual_report", "duties-0-rule": "Each March.", "duties-0-filing": "not_researched"}


def test_provisions_and_duties_have_forms_of_their_own(sessions: Sessions, editor: Visitor) -> None:
    path = f"/edit/policy/{POLICY}?part=provisions"
    answer = send(editor, path, **PROVISION)
    assert (answer.status, faults_in(answer)) == (422, ["provisions-0"])
    assert send(editor, path, answer, **PROVISION, **{"provisions-0-value": "Yes.", "provisions-0-source_key": MINUTES})
    assert send(editor, f"/edit/policy/{POLICY}?part=duties", **DUTY, **{"duties-0-due": "2027-03"}).status == 302
    with sessions() as session:
        after = version_of(session, "policy", POLICY).after
    assert [one["code"] for one in after["provisions"]] == ["annual_report"]
    assert [(one["rule"], one["due"]) for one in after["duties"]] == [("Each March.", "2027-03")]
    assert (after["title"], after["sources"]) == ("Surveillance Ordinance", [NEWS, MINUTES])


def test_a_row_that_is_left_out_goes_and_more_rows_save_nothing(sessions: Sessions, editor: Visitor) -> None:
    path = f"/edit/deployment/{DEPLOYMENT}?part=claims"
    more = send(editor, path, more="1", **{"claims-1-field": "typed already"})
    assert (more.status, fields_in(more)["claims-1-field"], "claims-6-field" in fields_in(more)) == (
        200,
        "typed already",
        True,
    )
    assert send(editor, path, **{"claims-0-drop": "1"}).status == 302
    with sessions() as session:
        assert version_of(session, "deployment", DEPLOYMENT).after["claims"] == []


@pytest.mark.parametrize(
    ("noun", "key", "by"),
    [
        ("jurisdiction", SEATTLE, f"deployment {DEPLOYMENT}, policy pol-repeal, policy {POLICY}."),
        ("source", NEWS, f"deployment {DEPLOYMENT}, policy pol-repeal, policy {POLICY}, vendor vendor-flock."),
        ("policy", POLICY, "policy pol-repeal."),
        ("vendor", "vendor-flock", f"deployment {DEPLOYMENT}."),
    ],
)
def test_what_is_still_named_is_not_withdrawn(
    sessions: Sessions, editor: Visitor, noun: str, key: str, by: str
) -> None:
    vendor = {"key": "vendor-flock", "name": "Flock Group", "aliases": ["FLOCK safety"], "products": []}
    files = RecordFiles(
        vendors=(VendorEntry.model_validate(vendor | {"sources": [NEWS]}),),
        policies=(make_policy(key="pol-repeal", amends_key=POLICY, repeals=True),),
        deployments=(make_deployment(vendor=None, seller="Flock Safety"),),
    )
    with sessions.begin() as session:
        load_record(session, files, actor="flask record load", reason="loaded", now=NOW)
    answer = editor.post(f"/edit/{noun}/withdraw/{key}", version="1", reason="gone")
    assert (answer.status, f"The record still names it: {by}" in answer.text) == (422, True)
    assert is_there(sessions, noun, key)


@pytest.mark.parametrize(
    ("noun", "key", "path"),
    [("deployment", DEPLOYMENT, f"/deployments/{DEPLOYMENT}"), ("policy", POLICY, f"/policies/{POLICY}")],
)
def test_the_address_of_what_was_withdrawn_says_when_and_why(editor: Visitor, noun: str, key: str, path: str) -> None:
    assert editor.post(f"/edit/{noun}/withdraw/{key}", version="1", reason="told of another town").status == 302

    page = editor.get(path)

    assert (page.status, "told of another town" in page.main.text) == (410, True)
    assert page.main.one("a", href=f"/history/{noun}/{key}")
    assert editor.get(f"/{path.split('/')[1]}/never-there").status == 404


def test_files_do_not_bring_back_what_was_withdrawn(sessions: Sessions, editor: Visitor) -> None:
    assert editor.post(f"/edit/deployment/withdraw/{DEPLOYMENT}", version="1", reason="never there").status == 302
    for summary in ("Cars with plate readers.", "Said anew by the files."):
        files = RecordFiles(deployments=(make_deployment(summary=summary),))
        with sessions.begin() as session:
            written = load_record(session, files, actor="flask record load", reason="loaded", now=NOW)
        assert written == {LEFT: 1}
    assert not is_there(sessions, "deployment", DEPLOYMENT)
    with sessions() as session:
        assert DEPLOYMENT not in record_texts(session)["deployments.json"]


def test_a_step_that_is_added_late_counts_from_its_own_day(sessions: Sessions, editor: Visitor) -> None:
    step = {"history-1-status": "effective", "history-1-date": "2018-01-01", "says_vote": "1"}
    assert send(editor, f"/edit/policy/{POLICY}", instrument="ban", effect="prohibits", technologies=["alpr"], **step)
    before, after = (
        editor.get(f"/jurisdictions/{SEATTLE}?as_of={day}").main.one("section", id="status").text
        for day in ("2017-12-31", "2018-01-01")
    )
    assert ("Banned" in before, "Banned" in after) == (False, True)

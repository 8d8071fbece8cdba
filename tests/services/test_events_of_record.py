"""Tests of the events that changes of the record raise and withdraw, and of those that the calendar brings."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import Engine, event, select

from oversight.domain.event import About, EventKind
from oversight.domain.query_match import matches
from oversight.domain.query_parser import parse
from oversight.domain.suggestion import Noun
from oversight.services.attach import Attachment, attach
from oversight.services.check_entry import in_form
from oversight.services.edit import Edit, restore, save_edit, version_of
from oversight.services.record import load_record
from oversight.services.record_kinds import RecordFiles
from oversight.services.tell_days import tell_days
from oversight.services.undo import undo
from oversight.services.withdraw import withdraw
from oversight.storage.engine import Sessions, reading
from oversight.storage.models import AlertRow, EventRow
from tests.factories import NOW, SEATTLE, add_mention, add_subscription
from tests.web.record import DEPLOYMENT, MINUTES, POLICY, add_record, make_policy

DAY = timedelta(days=1)
EMPTY = RecordFiles(sources=(), jurisdictions=(), vendors=(), policies=(), deployments=(), actions=())
REPORT = {
    "kind": "annual_report",
    "rule": "A report a year.",
    "due": "2026-12-01",
    "due_certainty": None,
    "filed": None,
    "filing": "not_researched",
    "source_key": None,
}


@pytest.fixture(autouse=True)
def record(sessions: Sessions) -> None:
    """A small record, loaded as files are: of a rule of 2017 and a pilot of 2019."""
    with sessions.begin() as session:
        add_record(session)


def edited(noun: str, key: str, version: int, values: dict[str, Any]) -> Edit:
    return Edit(
        noun=noun, key=key, version=version, values=values, actor="ana", reason="seen", sources=(MINUTES,),
        new_source=None, says_vote=True,
    )  # fmt: skip


def change(sessions: Sessions, noun: str = "policy", key: str = POLICY, *, steps: Any = (), **values: Any) -> int:
    """Save a change with these steps more; the new version."""
    with sessions.begin() as session:
        newest = version_of(session, noun, key)
        held = in_form(noun, newest.after)
        more = [{"status": status, "date": date, "certainty": None} for status, date in steps]
        values = held | {"history": [*held["history"], *more]} | values
        return save_edit(session, edited(noun, key, newest.version, values), now=NOW).version


def put_back(sessions: Sessions, version: int, noun: str = "policy", key: str = POLICY) -> None:
    with sessions.begin() as session:
        newest = version_of(session, noun, key)
        restore(session, edited(noun, key, newest.version, {}), to_version=version, now=NOW)


def told(sessions: Sessions) -> list[tuple[str, str, bool]]:
    """What was told, and whether it stands."""
    with reading(sessions) as session:
        rows = session.scalars(select(EventRow).order_by(EventRow.id))
        return [(row.kind, row.occurrence, row.withdrawn_at is None) for row in rows]


def fits(sessions: Sessions, query: str) -> bool:
    """Whether the only event fits a query."""
    with reading(sessions) as session:
        (row,) = session.scalars(select(EventRow))
        return matches(parse(query), About.from_json(row.about or {}).subject(EventKind(row.kind)))


def test_a_record_that_is_loaded_tells_nothing(sessions: Sessions) -> None:
    assert told(sessions) == []


@pytest.mark.parametrize(
    ("status", "direction", "kind", "stage"),
    [
        ("introduced", "tightens", EventKind.POLICY_INTRODUCED, "policy_proposed"),
        ("first_reading", "tightens", EventKind.STAGE_CHANGED, "policy_proposed"),
        ("adopted", "tightens", EventKind.POLICY_PASSED, "policy_adopted"),
        ("adopted", "loosens", EventKind.POLICY_LOOSENED, "rollback"),
        ("repealed", "tightens", EventKind.POLICY_LOOSENED, "rollback"),
        ("suspended", "tightens", EventKind.POLICY_LOOSENED, "rollback"),
        ("repealed", "loosens", EventKind.POLICY_EXPIRED, ""),
        ("expired", "tightens", EventKind.POLICY_EXPIRED, ""),
        ("vetoed", "tightens", EventKind.OUTCOME_RECORDED, ""),
    ],
)
def test_a_new_status_of_a_policy_is_told_by_what_it_means(
    sessions: Sessions, status: str, direction: str, kind: EventKind, stage: str
) -> None:
    change(sessions, steps=[(status, "2026-11-18")], direction=direction)
    change(sessions, summary="In other words.")
    number = 2 if status == "introduced" else 1
    assert told(sessions) == [(kind, f"{status} {number}", True)]
    query = f'place:{SEATTLE} state:WA tech:surveillance_general matter:125376 kind:{kind} "surveillance ordinance"'
    assert fits(sessions, query)
    assert not stage or fits(sessions, f"stage:{stage}")


@pytest.mark.parametrize("date", ["2019-05-21", "2026", None])
def test_a_status_of_long_ago_or_of_no_certain_day_is_told_to_nobody(sessions: Sessions, date: str | None) -> None:
    change(sessions, steps=[("adopted", date)])
    assert told(sessions) == []


def test_a_corrected_date_is_no_new_status_and_a_status_that_is_undone_is_withdrawn(sessions: Sessions) -> None:
    change(sessions, steps=[("adopted", "2026-11-18")])
    with sessions() as session:
        history = version_of(session, "policy", POLICY).after["history"]
    change(sessions, history=[history[0], history[1] | {"date": "2026-11-17"}])
    assert told(sessions) == [("policy_passed", "adopted 1", True)]
    put_back(sessions, 1)
    assert told(sessions) == [("policy_passed", "adopted 1", False)]
    put_back(sessions, 2)
    assert told(sessions) == [("policy_passed", "adopted 1", True)]


def test_coming_into_force_is_told_only_without_an_adoption(sessions: Sessions) -> None:
    change(sessions, steps=[("adopted", "2026-11-18"), ("effective", "2026-12-18")])
    assert told(sessions) == [("policy_passed", "adopted 1", True)]


def test_a_thing_that_is_taken_out_takes_its_events_along(sessions: Sessions) -> None:
    version = change(sessions, steps=[("adopted", "2026-11-18")])
    with sessions.begin() as session:
        withdraw(session, edited("policy", POLICY, version, {}), now=NOW)
    assert told(sessions) == [("policy_passed", "adopted 1", False)]


def test_a_new_use_status_is_told_with_agency_and_vendor(sessions: Sessions) -> None:
    steps = [("in_use", "2026-11-18")]
    change(sessions, "deployment", DEPLOYMENT, steps=steps, vendor="Flock Safety")
    assert told(sessions) == [("deployment_changed", "in_use 1", True)]
    assert fits(sessions, f'place:{SEATTLE} tech:alpr vendor:flock agency:"seattle police" stage:deployed')


def test_an_attached_status_is_told_and_undone_with_the_act(sessions: Sessions) -> None:
    step = {"status": "in_use", "date": "2026-11-18", "certainty": "upper_bound"}
    with sessions.begin() as session:
        follower = add_subscription(session, query="tech:alpr kind:deployment_changed").id
        mention = add_mention(session).id
    with sessions.begin() as session:
        asked = Attachment(noun=Noun.DEPLOYMENT, key=DEPLOYMENT, reason="it is said", status=step)
        decision = attach(session, mention, asked, reviewer="ana", now=NOW).id
    assert told(sessions) == [("mention", "", True), ("deployment_changed", "in_use 1", True)]
    with sessions.begin() as session:
        undone = undo(session, decision, reviewer="ana", now=NOW)
        (alert,) = session.scalars(select(AlertRow).where(AlertRow.subscription_id == follower))
        assert (undone.recall.called_back, alert.state) == (1, "cancelled")
    assert told(sessions) == [("mention", "", False), ("deployment_changed", "in_use 1", False)]


def test_a_contradiction_is_told_when_an_edit_makes_it_and_withdrawn_when_it_is_gone(sessions: Sessions) -> None:
    with sessions() as session:
        claim = version_of(session, "deployment", DEPLOYMENT).after["claims"][0]
    other = claim | {"party": "Vendor", "party_kind": "vendor", "value": "30", "paraphrase": "Thirty cars."}
    change(sessions, "deployment", DEPLOYMENT, claims=[claim, other])
    change(sessions, "deployment", DEPLOYMENT, claims=[claim, other], summary="In other words.")
    assert told(sessions) == [("contradiction", "cars", True)]
    assert fits(sessions, "thirty tech:alpr")
    change(sessions, "deployment", DEPLOYMENT, claims=[claim])
    assert told(sessions) == [("contradiction", "cars", False)]


def days(sessions: Sessions, first: int, last: int) -> list[tuple[str, int]]:
    """Run the daily job three times on each day from then on; what it raised, and on which day."""
    raised = []
    for day in range(first, last + 1):
        before = len(told(sessions))
        for hour in range(3):
            with sessions.begin() as session:
                tell_days(session, now=NOW + day * DAY + timedelta(hours=hour))
        raised += [(kind, day) for kind, _, _ in told(sessions)[before:]]
    return raised


@pytest.mark.parametrize("filing", ["not_researched", "absent"])
def test_a_duty_is_told_two_weeks_before_and_once_its_day_has_passed(sessions: Sessions, filing: str) -> None:
    change(sessions, duties=[REPORT | {"filing": filing}])
    assert days(sessions, -5, 30) == [("duty_due", -3), ("duty_late", 12)]
    with reading(sessions) as session:
        titles = [(row.told or {})["title"] for row in session.scalars(select(EventRow).order_by(EventRow.id))]
    words = "not filed" if filing == "absent" else "no filing recorded"
    assert titles == ["Annual report: Surveillance Ordinance", f"Annual report, {words}: Surveillance Ordinance"]


def test_a_duty_that_is_filed_is_told_once_and_no_longer_due(sessions: Sessions) -> None:
    change(sessions, duties=[REPORT])
    assert days(sessions, 0, 1) == [("duty_due", 0)]
    change(sessions, duties=[REPORT | {"filed": "2026-11-19", "filing": "answered"}])
    change(sessions, duties=[REPORT | {"filed": "2026-11-19", "filing": "answered"}], summary="In other words.")
    expected = [("duty_due", "annual_report 2026-12-01 1", False), ("duty_filed", "annual_report 2026-12-01 1", True)]
    assert told(sessions) == expected
    assert days(sessions, 1, 20) == []


def test_a_filing_of_which_only_the_year_is_known_is_not_told_as_missing(sessions: Sessions) -> None:
    change(sessions, duties=[REPORT | {"due": "2026-11-15", "filed": "2026", "filing": "answered"}])
    assert "duty_late" not in {kind for kind, _ in days(sessions, 0, 3)}


def test_what_was_due_long_ago_is_told_to_nobody(sessions: Sessions) -> None:
    change(sessions, duties=[REPORT | {"due": "2026-10-01"}, REPORT | {"due": "2019"}, REPORT | {"due": None}])
    change(sessions, duties=[REPORT | {"due": "2019", "filed": "2019-05-01", "filing": "answered"}])
    assert days(sessions, 0, 3) == []
    assert told(sessions) == []


@pytest.mark.parametrize(("expires", "expected"), [("2026-11", 11), ("2026", 42), ("2027-02-15", None), ("soon", None)])
def test_a_sunset_of_which_only_the_month_or_the_year_is_known_passes_with_it(
    sessions: Sessions, expires: str, expected: int | None
) -> None:
    change(sessions, steps=[("adopted", "2018-05-01")], facts={"expires": expires})
    assert days(sessions, 0, 50) == ([("policy_expired", expected)] if expected else [])


def test_the_same_few_questions_are_asked_of_any_number_of_policies(engine: Engine, sessions: Sessions) -> None:
    ending = [make_policy(key=f"pol-ending-{one}", facts={"expires": "2026-12-01"}) for one in range(30)]
    owing = [make_policy(key=f"pol-owing-{one}", duties=[REPORT]) for one in range(30)]
    files = replace(EMPTY, policies=(*ending, *owing))
    questions: list[str] = []
    with sessions.begin() as session:
        load_record(session, files, actor="flask record load", reason="loaded", now=NOW)
        assert tell_days(session, now=NOW) == 30
    event.listen(engine, "before_cursor_execute", lambda *given: questions.append(given[2]))
    with sessions.begin() as session:
        assert tell_days(session, now=NOW + timedelta(hours=1)) == 0
    assert len([one for one in questions if one.startswith("SELECT")]) == 6


def test_a_sunset_that_passes_is_told_once_while_the_rule_is_in_force(sessions: Sessions) -> None:
    change(sessions, steps=[("adopted", "2018-05-01")], facts={"expires": "2026-11-25"})
    assert days(sessions, 0, 20) == [("policy_expired", 6)]
    change(sessions, steps=[("repealed", "2018-06-01")], facts={"expires": "2026-12-25"})
    assert days(sessions, 35, 37) == []

"""Tests of storage/agendas.py: every version of an agenda is kept, and none twice."""

from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from oversight.domain.cleaning import EXCERPT_LENGTH
from oversight.domain.reading import Item, ItemKind
from oversight.storage.agendas import VERSIONS_KEPT, agenda_versions, save_agendas
from oversight.storage.engine import Sessions
from tests.factories import NOW, add_meeting, make_item

HOUR = timedelta(hours=1)


def item(uid: str, title: str = "Roads", text: str | None = None, meeting: str = "event-1") -> Item:
    return make_item(uid=uid, title=title, text=text, kind=ItemKind.AGENDA_ITEM, meeting_uid=meeting, published=None)


def save(session: Session, *items: Item, meetings: dict[str, int], now: datetime = NOW) -> None:
    save_agendas(session, items, meetings, now=now)


def test_versions_are_numbered_and_come_newest_first(sessions: Sessions) -> None:
    with sessions.begin() as session:
        known = {"event-1": add_meeting(session).id}
        for title in ("Roads", "Bridges", "Bridges", "Roads"):
            save(session, item("1", title), meetings=known)
        assert [row.number for row in agenda_versions(session, known["event-1"])] == [3, 2, 1]


def test_agendas_of_two_meetings_in_one_answer_are_apart(sessions: Sessions) -> None:
    with sessions.begin() as session:
        known = {f"event-{number}": add_meeting(session).id for number in (1, 2)}
        items = (item("1"), item("2", meeting="event-2"))
        save(session, *items, meetings=known)
        save(session, items[0], item("2", "Bridges", meeting="event-2"), meetings=known)
        assert [len(agenda_versions(session, known[uid])) for uid in known] == [1, 2]


def test_items_that_are_on_no_known_agenda_make_no_version(sessions: Sessions) -> None:
    with sessions.begin() as session:
        known = {"event-1": add_meeting(session).id}
        others = (
            item("1", meeting="event-9"),
            make_item(uid="2", meeting_uid="event-1"),
            make_item(uid="3", kind=ItemKind.AGENDA_ITEM),
        )
        save(session, *others, meetings=known)
        assert agenda_versions(session, known["event-1"]) == []


def test_a_version_keeps_the_words_that_are_shown(sessions: Sessions) -> None:
    with sessions.begin() as session:
        known = {"event-1": add_meeting(session).id}
        save(session, item("1", text="x" * (EXCERPT_LENGTH + 1)), meetings=known)
        (version,) = agenda_versions(session, known["event-1"])
        assert [len(entry["text"]) for entry in version.entries] == [EXCERPT_LENGTH]


def test_an_outcome_is_no_revision_of_the_agenda(sessions: Sessions) -> None:
    with sessions.begin() as session:
        known = {"event-1": add_meeting(session).id}
        for outcome in (None, "Pass"):
            passed = make_item(uid="1", kind=ItemKind.AGENDA_ITEM, meeting_uid="event-1", outcome=outcome)
            save(session, passed, meetings=known, now=NOW + HOUR)
        assert len(agenda_versions(session, known["event-1"])) == 1


def test_an_empty_answer_makes_no_version(sessions: Sessions) -> None:
    with sessions.begin() as session:
        known = {"event-1": add_meeting(session).id}
        save(session, item("1"), meetings=known)
        save(session, meetings=known)
        assert len(agenda_versions(session, known["event-1"])) == 1


def test_the_last_fifty_versions_are_kept(sessions: Sessions) -> None:
    with sessions.begin() as session:
        known = {"event-1": add_meeting(session).id, "event-2": add_meeting(session, uid="event-2").id}
        save(session, item("9", meeting="event-2"), meetings=known)
        for number in range(VERSIONS_KEPT + 3):
            save(session, item("1", f"Road {number}"), meetings=known)
        kept = [row.number for row in agenda_versions(session, known["event-1"])]
        assert kept == list(range(VERSIONS_KEPT + 3, 3, -1))
        assert [row.number for row in agenda_versions(session, known["event-2"])] == [1]

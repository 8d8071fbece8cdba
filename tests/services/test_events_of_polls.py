"""Tests of the events that polls raise: of what is to come, once, in the transaction that writes what they tell."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select, update

from oversight.domain.event import About, EventKind
from oversight.domain.query import Filter
from oversight.domain.query_match import matches
from oversight.domain.query_parser import parse
from oversight.services.review import confirm, dismiss
from oversight.storage.engine import reading
from oversight.storage.models import AlertRow, EventRow, FeedRow, MentionRow
from tests.factories import ALPR_TITLE, NOW, PLAIN_TITLE, SEATTLE, add_subscription
from tests.services.townhall import Row, Townhall, entry

HOUR = timedelta(hours=1)
FILE = "CB 120001"
ROADS, PARKS = entry(1, "Roads", "Mend the road."), entry(2, "Parks")
CAMERAS = entry(3, ALPR_TITLE, "Ten cameras.", EventItemMatterFile=FILE, EventItemMatterId=7)
PASSED = {"EventItemPassedFlagName": "Pass", "EventItemActionName": "Approved"}
MEETING = datetime(2026, 12, 1, 22, 0, tzinfo=UTC)


def again(number: int, title: str = "Second reading of the council bill", **changes: Any) -> Row:
    """The same file on another agenda."""
    return entry(number, title, None, EventItemMatterFile=FILE, EventItemMatterId=7) | changes


def events(townhall: Townhall, kind: EventKind) -> list[EventRow]:
    return [row for row in townhall.rows(EventRow) if row.kind == kind]


def confirm_all(townhall: Townhall) -> None:
    with townhall.poller.sessions.begin() as session:
        for mention_id in session.scalars(select(MentionRow.id).where(MentionRow.state == "pending")).all():
            confirm(session, mention_id, reviewer="ana", reason="yes", now=townhall.poller.clock.moment)


def follow(townhall: Townhall, query: str, **changes: Any) -> int:
    with townhall.poller.sessions.begin() as session:
        return add_subscription(session, query=query, **changes).id


def alerts(townhall: Townhall, subscription: int) -> list[str]:
    """The kinds of what a subscription is to hear, and what became of it."""
    query = select(EventRow.kind, AlertRow.state).join(AlertRow, AlertRow.event_id == EventRow.id)
    with reading(townhall.poller.sessions) as session:
        rows = session.execute(query.where(AlertRow.subscription_id == subscription).order_by(AlertRow.id))
        return [kind if state == "pending" else f"{kind} {state}" for kind, state in rows]


@pytest.fixture(autouse=True)
def known(townhall: Townhall) -> None:
    """The council was looked at before: the first poll of a feed is silent."""
    with townhall.poller.sessions.begin() as session:
        session.execute(update(FeedRow).values(first_ok_at=NOW))


# Mentions that nobody has reviewed


def test_a_sure_mention_on_a_meeting_to_come_is_told_once_to_who_wants_what_is_not_reviewed(
    townhall: Townhall,
) -> None:
    careful, both = follow(townhall, "tech:alpr"), follow(townhall, "tech:alpr", reviewed_only=False)
    townhall.meet(1, "2026-12-01", ROADS, CAMERAS)
    for _ in range(3):
        townhall.poll()
        townhall.stamps[1] += 1
        townhall.events[1]["EventAgendaStamp"] = townhall.stamps[1]
    (event,) = events(townhall, EventKind.MENTION)
    assert (event.is_reviewed, alerts(townhall, careful), alerts(townhall, both)) == (False, [], ["mention"])
    confirm_all(townhall)
    assert (alerts(townhall, careful), alerts(townhall, both)) == (["mention"], ["mention"])
    assert [one.is_reviewed for one in events(townhall, EventKind.MENTION)] == [True]


@pytest.mark.parametrize(
    ("day", "title", "status"),
    [
        ("2026-11-10", ALPR_TITLE, "Confirmed"),
        ("2026-12-01", PLAIN_TITLE, "Confirmed"),
        ("2026-12-01", ALPR_TITLE, "Cancelled"),
    ],
    ids=["past", "not sure", "called off"],
)
def test_of_what_is_past_not_sure_or_called_off_nothing_is_told(
    townhall: Townhall, day: str, title: str, status: str
) -> None:
    townhall.meet(1, day, entry(3, title), EventAgendaStatusName=status)
    townhall.poll()
    assert townhall.rows(EventRow) == []


def test_a_dismissed_mention_is_withdrawn_and_not_told_again(townhall: Townhall) -> None:
    both = follow(townhall, "tech:alpr", reviewed_only=False)
    townhall.meet(1, "2026-12-01", CAMERAS)
    townhall.poll()
    (mention,) = townhall.mentions
    with townhall.poller.sessions.begin() as session:
        dismiss(session, mention.id, reviewer="ana", reason="no", now=townhall.poller.clock.moment)
    townhall.agenda(1, entry(3, ALPR_TITLE, "Twelve cameras."))
    townhall.poll()
    (event,) = townhall.rows(EventRow)
    assert event.withdrawn_at is not None
    assert alerts(townhall, both) == ["mention cancelled"]


def test_the_first_poll_of_a_feed_is_silent_and_so_is_what_it_found(townhall: Townhall) -> None:
    with townhall.poller.sessions.begin() as session:
        session.execute(update(FeedRow).values(first_ok_at=None))
    townhall.meet(1, "2026-12-01", CAMERAS)
    townhall.poll()
    townhall.agenda(1, CAMERAS, PARKS)
    townhall.poll()
    assert (len(townhall.mentions), townhall.rows(EventRow)) == (1, [])


def test_of_a_flood_nothing_is_told_before_an_editor_has_looked(townhall: Townhall) -> None:
    townhall.meet(1, "2026-12-01", *(entry(number, f"{ALPR_TITLE} ({number})") for number in range(101)))
    townhall.poll()
    townhall.agenda(1, *(entry(number, f"{ALPR_TITLE} ({number})") for number in range(101)), PARKS)
    townhall.poll()
    assert (len(townhall.mentions), townhall.rows(EventRow)) == (101, [])


# On an agenda


def test_a_confirmed_matter_that_stands_on_the_next_agenda_is_told_once(townhall: Townhall) -> None:
    follower = follow(townhall, f'matter:"{FILE}" kind:on_agenda')
    townhall.meet(1, "2026-12-01", CAMERAS)
    townhall.poll()
    confirm_all(townhall)
    for _ in range(3):
        townhall.meet(2, "2026-12-15", ROADS, again(9))
        townhall.poll()
    (event,) = events(townhall, EventKind.ON_AGENDA)
    assert (event.occurrence, event.is_reviewed) == ("2026-12-15", True)
    assert event.told is not None
    assert (event.told["path"], event.told["until"]) == (f"/meetings/{townhall.meeting(2).id}", "2026-12-15")
    assert alerts(townhall, follower) == ["on_agenda"]


def test_a_sure_mention_of_a_matter_that_was_told_is_told_as_a_sighting_only(townhall: Townhall) -> None:
    townhall.meet(1, "2026-12-01", CAMERAS)
    townhall.poll()
    townhall.meet(2, "2026-12-15", again(9, ALPR_TITLE))
    townhall.poll()
    assert [row.kind for row in townhall.rows(EventRow)] == ["mention", "on_agenda"]
    assert [row.is_reviewed for row in townhall.rows(EventRow)] == [False, False]


def test_a_matter_that_nobody_was_told_of_or_a_meeting_that_is_over_is_no_sighting(townhall: Townhall) -> None:
    townhall.meet(1, "2026-11-10", CAMERAS)
    townhall.meet(2, "2026-12-15", again(9))
    townhall.poll()
    townhall.meet(3, "2026-11-11", again(10))
    townhall.poll()
    confirm_all(townhall)
    townhall.meet(4, "2026-11-12", again(11))
    townhall.poll()
    assert events(townhall, EventKind.ON_AGENDA) == []


# Agendas that are revised


def test_only_what_was_added_to_an_item_is_told_and_fits_its_filters(townhall: Townhall) -> None:
    townhall.meet(1, "2026-12-01", ROADS, CAMERAS)
    townhall.poll()
    for _ in range(3):
        townhall.agenda(1, ROADS, CAMERAS | {"EventItemAgendaNote": "Ten cameras.\nAnd a drone."})
        townhall.poll()
    (event,) = events(townhall, EventKind.AGENDA_REVISED)
    about = About.from_json(event.about or {})
    assert (event.occurrence, about.texts) == ("2", ("And a drone.",))
    subject = about.subject(EventKind.AGENDA_REVISED)
    assert matches(parse("tech:alpr drone kind:agenda_revised"), subject)
    assert not matches(parse("cameras"), subject)


def test_words_that_are_added_elsewhere_on_the_agenda_fit_its_place_only(townhall: Townhall) -> None:
    townhall.meet(1, "2026-12-01", ROADS, CAMERAS)
    townhall.poll()
    townhall.agenda(1, ROADS, CAMERAS, PARKS)
    townhall.poll()
    (event,) = events(townhall, EventKind.AGENDA_REVISED)
    about = About.from_json(event.about or {})
    assert (set(about.values), about.texts) == ({(Filter.PLACE, SEATTLE)}, ("Parks",))


def test_an_agenda_without_anything_that_was_told_is_revised_in_silence(townhall: Townhall) -> None:
    townhall.meet(1, "2026-12-01", ROADS)
    townhall.poll()
    townhall.agenda(1, ROADS, PARKS)
    townhall.poll()
    assert townhall.rows(EventRow) == []


def test_an_item_that_is_told_as_a_mention_is_not_told_as_a_revision(townhall: Townhall) -> None:
    townhall.meet(1, "2026-12-01", ROADS)
    townhall.poll()
    townhall.agenda(1, ROADS, CAMERAS)
    townhall.poll()
    assert [row.kind for row in townhall.rows(EventRow)] == ["mention"]


# Meetings that change


def cancel(townhall: Townhall) -> None:
    townhall.meet(1, "2026-12-01", EventAgendaStatusName="Cancelled")


def move(townhall: Townhall) -> None:
    townhall.meet(1, "2026-12-03")


def drop(townhall: Townhall) -> None:
    townhall.events.pop(1, None)


@pytest.mark.parametrize(
    ("change", "kind", "title"),
    [
        (cancel, EventKind.MEETING_CANCELLED, "City Council: cancelled"),
        (drop, EventKind.MEETING_CANCELLED, "City Council: no longer listed: cancelled?"),
        (
            move,
            EventKind.MEETING_MOVED,
            "City Council: now, Thursday 3 December 2026, 14:00 (America/Los_Angeles)",
        ),
    ],
    ids=["cancelled", "vanished", "moved"],
)
def test_a_change_of_a_meeting_with_what_was_told_is_told_once(
    townhall: Townhall, change: Callable[[Townhall], None], kind: EventKind, title: str
) -> None:
    townhall.meet(1, "2026-12-01", CAMERAS)
    townhall.meet(5, "2026-12-08", entry(50, "Roads"))
    townhall.poll()
    for _ in range(3):
        change(townhall)
        townhall.poll()
    told = [row for row in townhall.rows(EventRow) if row.kind != EventKind.MENTION]
    assert [(row.kind, (row.told or {})["title"]) for row in told] == [(kind, title)]


def test_a_change_of_a_meeting_of_which_nothing_was_told_is_silent(townhall: Townhall) -> None:
    townhall.meet(1, "2026-12-01", ROADS)
    townhall.poll()
    move(townhall)
    townhall.poll()
    cancel(townhall)
    townhall.poll()
    assert townhall.rows(EventRow) == []


@pytest.mark.parametrize("is_sent", [False, True])
def test_a_meeting_that_is_on_again_calls_back_or_corrects_what_was_told(townhall: Townhall, is_sent: bool) -> None:
    follower = follow(townhall, "tech:alpr -kind:mention", reviewed_only=False)
    townhall.meet(1, "2026-12-01", CAMERAS)
    townhall.poll()
    cancel(townhall)
    townhall.poll()
    if is_sent:
        with townhall.poller.sessions.begin() as session:
            session.execute(update(AlertRow).values(state="sent"))
    townhall.meet(1, "2026-12-01", EventAgendaStatusName="Final")
    townhall.poll()
    expected = ["meeting_cancelled sent", "meeting_moved"] if is_sent else ["meeting_cancelled cancelled"]
    assert alerts(townhall, follower) == expected


def test_a_meeting_that_took_the_place_of_another_is_told_instead_of_the_cancellation(townhall: Townhall) -> None:
    townhall.meet(1, "2026-12-01", CAMERAS)
    townhall.meet(5, "2026-12-22", entry(50, "Roads"), EventBodyName="Parks Board")
    townhall.poll()
    cancel(townhall)
    townhall.meet(2, "2026-12-03")
    townhall.poll()
    (event,) = [row for row in townhall.rows(EventRow) if row.kind != EventKind.MENTION]
    assert (event.kind, (event.told or {})["until"]) == (EventKind.MEETING_MOVED, "2026-12-03")


# What bodies did


def step(number: int, day: str, action: str, **changes: Any) -> Row:
    """One entry of a file's history."""
    return {
        "MatterHistoryId": number,
        "MatterHistoryActionDate": f"{day}T00:00:00",
        "MatterHistoryActionName": action,
        "MatterHistoryActionBodyName": "City Council",
    } | changes


@pytest.mark.parametrize("item", [CAMERAS, entry(3, ALPR_TITLE)], ids=["with a file", "without"])
def test_an_outcome_of_what_was_told_is_told_once_and_another_one_again(townhall: Townhall, item: Row) -> None:
    townhall.meet(1, "2026-12-01", item)
    townhall.poll()
    for hour in range(3):
        townhall.agenda(1, item | PASSED)
        townhall.poll(MEETING + 18 * HOUR + hour * HOUR)
    (event,) = events(townhall, EventKind.OUTCOME_RECORDED)
    assert (event.told or {})["title"] == f"Pass: {ALPR_TITLE}"
    assert event.subject.split(":")[0] == ("matter" if item is CAMERAS else "item")
    townhall.agenda(1, item | PASSED | {"EventItemPassedFlagName": "Fail"})
    townhall.poll()
    assert [row.occurrence for row in events(townhall, EventKind.OUTCOME_RECORDED)] == [
        "2026-12-01 pass",
        "2026-12-01 fail",
    ]


def test_an_outcome_that_was_known_before_it_was_told_is_the_past(townhall: Townhall) -> None:
    townhall.meet(1, "2026-11-19", CAMERAS | PASSED)
    townhall.poll()
    confirm_all(townhall)
    townhall.agenda(1, CAMERAS | PASSED | {"EventItemAgendaNote": "Eleven cameras."})
    townhall.poll()
    assert [row.kind for row in townhall.rows(EventRow)] == ["mention"]


def test_a_new_stage_of_what_was_told_is_told_once_and_old_steps_never(townhall: Townhall) -> None:
    townhall.meet(1, "2026-12-01", CAMERAS)
    townhall.poll()
    old = [step(1, "2024-03-01", "introduced"), step(2, "2026-11-19", "referred")]
    townhall.matter(7, FILE, ALPR_TITLE, old[0])
    townhall.poll()
    assert events(townhall, EventKind.STAGE_CHANGED) == []
    for _ in range(3):
        townhall.matter(7, FILE, ALPR_TITLE, *old)
        townhall.poll()
    (event,) = events(townhall, EventKind.STAGE_CHANGED)
    assert (event.occurrence, (event.told or {})["title"]) == ("2026-11-19 referred", f"Referred: {ALPR_TITLE}")

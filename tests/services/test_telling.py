"""What a mail says of an event."""

from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy.orm import Session

from oversight.domain.letter import Facts
from oversight.services.telling import Teller, Telling, joined
from oversight.services.told import told_of
from oversight.storage.endpoints import load_event
from oversight.storage.engine import Sessions
from oversight.vocabulary.labels import Labels
from tests.factories import (
    AFTERNOON,
    NOW,
    add_alert,
    add_evening,
    add_event,
    add_item,
    add_meeting,
    add_mention,
)

A, B, GAP, SPACE = ("use of", True), ("surveillance", True), (" … ", False), (" ", False)


@pytest.mark.parametrize(
    ("pieces", "expected"),
    [
        ([A, SPACE, B], [("use of surveillance", True)]),
        ([A, B], [("use ofsurveillance", True)]),
        ([A, SPACE, GAP, B], [A, SPACE, GAP, B]),
        ([SPACE, A, SPACE], [SPACE, A, SPACE]),
        ([A, (" the ", False), B], [A, (" the ", False), B]),
        ([], []),
    ],
)
def test_marks_that_only_a_space_parts_are_one(
    pieces: list[tuple[str, bool]], expected: list[tuple[str, bool]]
) -> None:
    assert joined(pieces) == expected


def test_machines_are_told_the_facts_that_readers_get_in_their_own_time(sessions: Sessions) -> None:
    with sessions() as session:
        item = add_item(session, meeting_id=add_meeting(session, location="City Hall").id)
        told = add_event(session, mention_id=add_mention(session, item_id=item.id).id)
        event = load_event(session, add_alert(session, event_id=told.id).id)
        machines = dict(told_of(event).facts)
        teller = Teller("https://o.example", Labels({"alpr": machines["Technology"]}), "America/New_York", NOW, {})
        (facts,) = [part for part in teller.tell(event).parts if isinstance(part, Facts)]
    readers = dict(facts.pairs)
    assert machines.pop("Meeting").endswith("Tuesday 1 December 2026, 14:00 (America/Los_Angeles)")
    assert readers.pop("Meeting").endswith("14:00 (America/Los_Angeles); 17:00 for you (America/New_York)")
    assert machines == readers
    assert {"Technology", "Stage", "Vendor", "Where", "Meeting status"} <= readers.keys()


A_DAY = timedelta(days=1)
NO_HOUR = {"starts_at": None}
NO_ZONE = {"starts_at": None, "timezone": None}


def told_at(session: Session, moment: Any, **event: Any) -> Telling:
    """What a mail says of an event when it is written at a moment."""
    row = load_event(session, add_alert(session, event_id=add_event(session, **event).id).id)
    return Teller("https://o.example", Labels(), "UTC", moment, {}).tell(row)


@pytest.mark.parametrize("meeting", [{}, NO_HOUR, NO_ZONE])
@pytest.mark.parametrize(
    ("moment", "words", "on"),
    [(AFTERNOON, "decided Fri 20 Nov", NOW.date()), (AFTERNOON + A_DAY, "was up Fri 20 Nov", None)],
)
def test_an_evening_meeting_is_to_come_until_its_own_day_is_over(
    sessions: Sessions, meeting: dict[str, Any], moment: Any, words: str, on: date | None
) -> None:
    with sessions() as session:
        item = add_item(session, meeting_id=add_evening(session, **meeting).id)
        telling = told_at(session, moment, mention_id=add_mention(session, item_id=item.id).id)
    assert (words in telling.subject, telling.on) == (True, on)
    assert ("How to comment" in str(telling.parts)) is (on is not None)


@pytest.mark.parametrize("timezone", ["America/Los_Angeles", None])
@pytest.mark.parametrize(
    ("moment", "words", "on"),
    [(AFTERNOON, "decided Fri 20 Nov", NOW.date()), (AFTERNOON + A_DAY, "was up Fri 20 Nov", None)],
)
def test_what_else_is_told_of_such_a_meeting_says_the_same(
    sessions: Sessions, timezone: str | None, moment: Any, words: str, on: date | None
) -> None:
    told = {"title": "CB 1", "place": "Seattle", "facts": [], "path": "/meetings/1", "until": "2026-11-20"}
    told |= {"timezone": timezone} if timezone else {}  # what was stored before tells none
    with sessions() as session:
        event = {"mention_id": None, "kind": "on_agenda", "subject": "matter:1", "told": told, "about": {}}
        telling = told_at(session, moment, **event)
    assert (words in telling.subject, telling.on) == (True, on)

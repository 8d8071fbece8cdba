"""What a mail says of an event."""

import pytest

from oversight.domain.letter import Facts
from oversight.services.telling import Teller, joined
from oversight.services.told import told_of
from oversight.storage.endpoints import load_event
from oversight.storage.engine import Sessions
from tests.factories import NOW, add_alert, add_event, add_item, add_meeting, add_mention

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
        teller = Teller("https://o.example", {"alpr": machines["Technology"]}, "America/New_York", NOW, {})
        (facts,) = [part for part in teller.tell(event).parts if isinstance(part, Facts)]
    readers = dict(facts.pairs)
    assert machines.pop("Meeting").endswith("Tuesday 1 December 2026, 14:00 (America/Los_Angeles)")
    assert readers.pop("Meeting").endswith("14:00 (America/Los_Angeles); 17:00 for you (America/New_York)")
    assert machines == readers
    assert {"Technology", "Stage", "Vendor", "Where", "Meeting status"} <= readers.keys()

"""Tests of services/show.py: a reading as JSON, with what belongs to what."""

import json
from datetime import date

from oversight.domain.reading import Days, Document, ItemKind, Matter, MatterStep, Reading
from oversight.services.show import reading_as_contract
from tests.factories import make_item, make_meeting

MATTER = Matter(file="CB 120001", title="An ordinance", type="Ordinance", status=None)


def told(**reading: object) -> dict:
    return json.loads(json.dumps(reading_as_contract("legistar", Reading(**reading))))  # type: ignore[arg-type]


def business(uid: str, meeting: str, **changes: object):
    return make_item(uid=uid, kind=ItemKind.AGENDA_ITEM, meeting_uid=meeting, matter_file="CB 120001", **changes)


def test_a_matter_is_told_with_every_sighting() -> None:
    bodies = {"m1": "City Council", "m2": "Public Safety", "m3": "Parks"}
    (matter,) = told(
        matters=(MATTER,),
        meetings=tuple(make_meeting(uid=uid, body=body) for uid, body in bodies.items()),
        items=tuple(business(f"i{uid}", uid, sequence=4, outcome="Passed") for uid in bodies),
    )["matters"]
    assert [(one["meeting_uid"], one["body"]) for one in matter["sightings"]] == list(bodies.items())
    assert matter["sightings"][0] == {
        "item_uid": "im1",
        "meeting_uid": "m1",
        "body": "City Council",
        "date": "2026-12-01",
        "sequence": 4,
        "outcome": "Passed",
    }


def test_a_sighting_in_a_meeting_that_another_answer_tells_keeps_its_uid() -> None:
    (sighting,) = told(matters=(MATTER,), items=(business("i1", "elsewhere"),))["matters"][0]["sightings"]
    assert (sighting["meeting_uid"], sighting["body"], sighting["date"]) == ("elsewhere", None, None)


def test_a_matter_that_nobody_sighted_has_no_sighting() -> None:
    other = make_item(uid="i1", matter_file=None)
    assert told(matters=(MATTER,), items=(other,))["matters"][0]["sightings"] == []


def test_a_document_names_its_owner() -> None:
    document = Document("https://example.org/a.pdf", "Staff report", "application/pdf", item_uid="i1", meeting_uid="m1")
    (found,) = told(documents=(document,))["documents"]
    assert (found["item_uid"], found["meeting_uid"]) == ("i1", "m1")


def test_a_step_and_the_covered_days_are_told() -> None:
    step = MatterStep("CB 120001", "s1", date(2026, 11, 3), "City Council", "introduced", votes="9-0")
    found = told(steps=(step,), covers=Days(date(2026, 11, 1), date(2026, 11, 30)))
    assert found["steps"][0]["date"] == "2026-11-03"
    assert found["covers"] == {"first": "2026-11-01", "last": "2026-11-30"}
    assert told()["covers"] is None


def test_a_meeting_says_how_to_be_heard() -> None:
    (meeting,) = told(meetings=(make_meeting(how_to_comment="https://example.gov/comment"),))["meetings"]
    assert meeting["how_to_comment"] == "https://example.gov/comment"

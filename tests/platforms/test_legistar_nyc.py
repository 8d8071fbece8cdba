"""New York's joint hearings: one sitting is three meetings, and what is heard there is heard once.

The captured files are a mirror's, with other names for the Web API's fields: here they get their own names back.
"""

import json
from collections import Counter, defaultdict
from pathlib import Path
from typing import Any

from oversight.domain.feed import Request
from oversight.domain.reading import Reading
from oversight.platforms.legistar import Legistar
from tests.factories import make_answer, make_council

NYC = "https://webapi.legistar.com/v1/nyc"
BILLS = ("Int 0168-2024", "Int 0233-2024", "Int 0480-2024", "Int 0978-2024")
TOPICS = {"T2025-3018": "event-21274", "T2025-3019": "event-21355", "T2025-3020": "event-21356"}
NAMES = {"ID": "Id", "BodyID": "BodyId", "ActionID": "ActionId", "MatterID": "MatterId", "EventID": "EventId"}


def events(shared: Path) -> list[dict[str, Any]]:
    """The joint hearing that the list of telling cases begins with, as rows of the Web API."""
    cases = json.loads((shared / "captured" / "telling-cases.json").read_text("utf-8"))
    case = next(case for case in cases if case["n"] == 1)
    files = [case["file"], *case["also"]]
    return [as_event(json.loads((shared / "captured" / file).read_text("utf-8"))) for file in files]


def as_event(kept: dict[str, Any]) -> dict[str, Any]:
    """A meeting with the API's names: the day and the hour apart, the items inside with their meeting's number."""
    plain = {name: value for name, value in kept.items() if name not in ("Date", "Items")}
    day, hour = kept["Date"][:10], kept["Date"][11:16]
    # The mirror writes 0 for an item that has no place on the agenda, where the API has null.
    places = [{"EventID": kept["ID"], "AgendaSequence": item.get("AgendaSequence") or None} for item in kept["Items"]]
    items = [renamed(item | place, "EventItem") for item, place in zip(kept["Items"], places, strict=True)]
    return renamed(plain, "Event") | {"EventDate": f"{day}T00:00:00", "EventTime": hour, "EventItems": items}


def as_histories(kept: dict[str, Any]) -> list[dict[str, Any]]:
    """A matter's steps with the API's names."""
    names = {"Action": "ActionName", "Date": "ActionDate", "BodyName": "ActionBodyName", "Description": "ActionText"}
    return [
        renamed({names.get(name, name): value for name, value in step.items()}, "MatterHistory")
        for step in kept["History"]
    ]


def renamed(row: dict[str, Any], kind: str) -> dict[str, Any]:
    return {f"{kind}{NAMES.get(name, name)}": value for name, value in row.items()}


def read(rows: list[dict[str, Any]], *, url: str = "") -> Reading:
    feed = make_council(url=f"{NYC}?token={{LEGISTAR_TOKEN}}", timezone="America/New_York")
    return Legistar().read(feed, make_answer(json.dumps(rows), url=url))


def test_a_joint_hearing_is_three_meetings_at_one_hour(shared: Path) -> None:
    meetings = read(events(shared)).meetings
    assert [meeting.uid for meeting in meetings] == ["event-21274", "event-21355", "event-21356"]
    assert {str(meeting.starts_at) for meeting in meetings} == {"2025-02-19 10:00:00-05:00"}


def test_what_is_heard_there_is_sighted_three_times(shared: Path) -> None:
    reading = read(events(shared))
    sightings: defaultdict[str | None, set[str | None]] = defaultdict(set)
    for item in reading.items:
        sightings[item.matter_file].add(item.meeting_uid)
    assert {file: len(sightings[file]) for file in BILLS} == dict.fromkeys(BILLS, 3)
    # The fifth, the subject of the hearing itself, has a number of its own in each committee, and one title.
    topics = [item for item in reading.items if item.matter_file in TOPICS]
    assert len({item.title for item in topics}) == 1
    assert {item.matter_file: item.meeting_uid for item in topics} == TOPICS


def test_five_matters_by_title_have_three_sightings_each(shared: Path) -> None:
    reading = read(events(shared))
    titles = Counter(" ".join(item.title.split()) for item in reading.items if item.matter_file)
    assert sorted(titles.values()) == [3] * 5
    assert {matter.file for matter in reading.matters} == {*BILLS, *TOPICS}


def test_each_sighting_has_an_id_of_its_own_and_each_matter_one_public_page(shared: Path) -> None:
    sighted = [item for item in read(events(shared)).items if item.matter_file]
    assert len({item.uid for item in sighted}) == len(sighted) == 15
    assert len({item.url for item in sighted if item.matter_file in BILLS}) == 4


def test_the_same_steps_are_told_by_the_meeting_and_by_the_matter(shared: Path) -> None:
    file = shared / "captured" / "legistar_nyc" / "introduction__2024__0168.json"
    matter = json.loads(file.read_text("utf-8"))
    question = Request(f"{NYC}/matters/{matter['ID']}/histories?MatterFile=Int%200168-2024")
    told = {step.uid: step for step in read(as_histories(matter), url=question.url).steps}
    held = next(step for step in read(events(shared)).steps if step.matter_file == "Int 0168-2024")
    assert told[held.uid] == held

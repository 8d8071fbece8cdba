"""Tests of platforms/legistar_rows.py and legistar_matters.py: what the rows of the Web API say."""

import json
from datetime import date

import pytest

from oversight.domain.feed import Answer
from oversight.domain.reading import MeetingStatus
from oversight.platforms.legistar import Legistar
from tests.factories import make_answer, make_council

ROOT = "https://webapi.legistar.com/v1/seattle"


def read(rows: object, *, url: str = "", **feed: object):
    return Legistar().read(make_council(**feed), make_answer(json.dumps(rows), url=url))


def event(number: int, **changes: object) -> dict[str, object]:
    return {"EventId": number, "EventDate": "2026-12-01T00:00:00", "EventTime": "2:00 PM"} | changes


def item(number: int, **changes: object) -> dict[str, object]:
    row = {"EventItemId": number, "EventItemEventId": 1, "EventItemAgendaSequence": number}
    return row | {"EventItemTitle": "A vote"} | changes


def matter(number: int, **changes: object) -> dict[str, object]:
    return {"MatterId": number, "MatterFile": f"CB {number}", "MatterTitle": "A bill"} | changes


def step(number: int, **changes: object) -> dict[str, object]:
    row = {"MatterHistoryId": number, "MatterHistoryActionDate": "2026-11-03T00:00:00"}
    return row | {"MatterHistoryActionName": "Passed", "MatterHistoryActionBodyName": "City Council"} | changes


def steps(*rows: dict[str, object]):
    (question,) = read([matter(9)]).next
    return read(list(rows), url=question.url).steps


def test_without_a_time_zone_no_hour_is_guessed() -> None:
    reading = read([event(1)], timezone=None)
    assert reading.meetings[0].starts_at is None
    assert any("no time zone" in warning for warning in reading.warnings)


@pytest.mark.parametrize(
    ("hour", "clock"), [("2:00 PM", "14:00"), ("9:30 a.m.", "09:30"), ("14:00", "14:00"), ("6 pm", "18:00")]
)
def test_an_hour_is_read_however_it_is_written(hour: str, clock: str) -> None:
    starts_at = read([event(1, EventTime=hour)]).meetings[0].starts_at
    assert starts_at is not None
    assert f"{starts_at:%H:%M}" == clock


@pytest.mark.parametrize(
    ("changes", "status"),
    [
        ({"EventAgendaStatusName": "Final", "EventComment": "CANCELED"}, MeetingStatus.CANCELLED),
        (
            {"EventAgendaStatusName": "Final", "EventComment": "To consider cancelling the contract"},
            MeetingStatus.CONFIRMED,
        ),
        ({"EventAgendaStatusName": "Cancelled", "EventComment": "Draft policy"}, MeetingStatus.CANCELLED),
        ({"EventTime": "Deferred"}, MeetingStatus.RESCHEDULED),
        ({"EventAgendaStatusName": "Final", "EventComment": "Rescheduled from May 1"}, MeetingStatus.CONFIRMED),
        ({"EventAgendaStatusName": "Not Viewable by the Public"}, MeetingStatus.TENTATIVE),
        ({"EventComment": "Final budget"}, MeetingStatus.UNKNOWN),
    ],
)
def test_a_meeting_stands_where_its_agenda_and_comments_say(changes: dict[str, object], status: MeetingStatus) -> None:
    assert read([event(1, **changes)]).meetings[0].status is status


def test_how_to_be_heard_is_kept_in_the_clerks_words() -> None:
    said = read([event(1, EventComment="To speak at public comment\r\ncall 555"), event(2, EventComment="Room 5")])
    assert [meeting.how_to_comment for meeting in said.meetings] == ["To speak at public comment call 555", None]


def test_an_outcome_that_was_not_recorded_is_none() -> None:
    assert read([item(1)]).items[0].outcome is None


def test_breaks_of_the_printed_page_are_no_items() -> None:
    assert read([item(1, EventItemTitle="- PAGE BREAK -"), item(2)]).items == read([item(2)]).items


def test_attachments_hang_on_their_item() -> None:
    file = {"MatterAttachmentHyperlink": "https://a.example.gov/5", "MatterAttachmentFileName": "Contract.DOCX"}
    (document,) = read([item(3, EventItemMatterAttachments=[file, file])]).documents
    assert (document.item_uid, document.title) == ("eventitem-3", "Contract.DOCX")
    assert document.media_type is not None
    assert "wordprocessing" in document.media_type


def test_attachments_of_a_matter_hang_on_it() -> None:
    rows = [{"MatterAttachmentId": 1, "MatterAttachmentHyperlink": "https://a.example.gov/5.pdf"}]
    assert read(rows, url=f"{ROOT}/matters/44/attachments").documents[0].item_uid == "matter-44"


def test_a_meeting_with_its_items_tells_the_steps_that_were_taken_there() -> None:
    votes = [{"VoteValueName": "Aye"}, {"VoteValueName": "Aye"}, {"VoteValueName": "Nay"}]
    done = item(3, EventItemMatterFile="CB 1", EventItemActionName="pass", EventItemMover="A. Member", Votes=votes)
    (found,) = read([event(1, EventBodyName="City Council", EventItems=[done])]).steps
    assert (found.uid, found.body, found.date) == ("history-3", "City Council", date(2026, 12, 1))
    assert found.votes == "2 Aye, 1 Nay; moved by A. Member"


def test_steps_are_of_the_matter_that_was_asked_about() -> None:
    (found,) = steps(
        step(4, MatterHistoryPassedFlagName="Pass", MatterHistoryMoverName="A", MatterHistorySeconderName="B")
    )
    assert (found.matter_file, found.uid, found.date, found.body) == (
        "CB 9",
        "history-4",
        date(2026, 11, 3),
        "City Council",
    )
    assert (found.action, found.outcome, found.votes) == ("Passed", "Pass", "moved by A; seconded by B")


@pytest.mark.parametrize("file", ["Int 0690-2026", "26/101 & more?", "O#1", "Ü 7", "\ud800"])
def test_a_file_number_survives_its_way_through_an_address(file: str) -> None:
    (question,) = read([matter(9, MatterFile=file)]).next
    answer = Answer("https://elsewhere.example.gov/", {}, json.dumps([step(1)]).encode(), question)
    (found,) = Legistar().read(make_council(), answer).steps
    assert found.matter_file == file.encode(errors="replace").decode()


def test_a_step_that_is_told_of_the_agenda_and_of_the_minutes_is_one() -> None:
    at = {"MatterHistoryEventId": 5}
    agenda = step(1, **at, MatterHistoryAgendaSequence=6)
    minutes = step(2, **at, MatterHistoryMinutesSequence=7, MatterHistoryPassedFlagName="Pass")
    both = step(3, **at, MatterHistoryAgendaSequence=8, MatterHistoryMinutesSequence=9)
    assert [(found.uid, found.outcome) for found in steps(agenda, minutes, both)] == [
        ("history-1", "Pass"),
        ("history-3", None),
    ]


@pytest.mark.parametrize(
    "row", [{"BodyId": 1, "BodyGuid": "x"}, {"IndexId": 1}, {"MatterIndexId": 1}, {"Key": "1", "Value": "2"}]
)
def test_other_rows_of_the_api_are_known_and_say_nothing(row: dict[str, object]) -> None:
    reading = read([row])
    assert (reading.items, reading.meetings, len(reading.warnings)) == ((), (), 1)

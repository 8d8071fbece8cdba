"""The JSON shapes that commands print; docs/contracts.md describes them."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from oversight.domain.contract_line import as_contract
from oversight.domain.reading import Document, Item, Matter, MatterStep, Meeting, Reading
from oversight.services.summary import Summary
from oversight.services.try_feed import Trial


def reading_as_contract(platform: str, reading: Reading) -> dict[str, Any]:
    """What `flask feeds read --json` prints. Items of a meeting stand under the meeting; times are ISO 8601."""
    meetings = {meeting.uid: meeting for meeting in reading.meetings}
    by_meeting = _grouped(reading.items, "meeting_uid")
    by_file = _grouped(reading.items, "matter_file")
    loose = [item for item in reading.items if item.meeting_uid not in meetings]
    return {
        "platform": platform,
        "items": [_item(item) for item in loose],
        "meetings": [_meeting(meeting, by_meeting[meeting.uid]) for meeting in reading.meetings],
        "matters": [_matter(matter, by_file[matter.file], meetings) for matter in reading.matters],
        "steps": [_step(step) for step in reading.steps],
        "documents": [_document(document) for document in reading.documents],
        "next": [request.url for request in reading.next],
        "warnings": list(reading.warnings),
        "covers": {"first": _iso(reading.covers.first), "last": _iso(reading.covers.last)} if reading.covers else None,
    }


def summary_as_contract(summary: Summary, *, seconds: float) -> dict[str, Any]:
    """What `flask poll --json` prints."""
    return {
        "feeds": summary.feeds,
        "outcomes": dict(sorted(summary.outcomes.items())),
        "items_new": summary.saved.items_new,
        "items_changed": summary.saved.items_changed,
        "mentions_new": summary.saved.mentions_new,
        "seconds": round(seconds, 3),
        "requests": summary.requests,
        "bytes": summary.bytes,
    }


def _grouped(items: Iterable[Item], field: str) -> Mapping[str, list[Item]]:
    groups: defaultdict[str, list[Item]] = defaultdict(list)
    for item in items:
        groups[getattr(item, field) or ""].append(item)
    return groups


def _iso(day: date | None) -> str | None:
    """A day or a moment as JSON has it."""
    return day.isoformat() if day else None


def _item(item: Item) -> dict[str, Any]:
    return {
        "uid": item.uid,
        "kind": item.kind.value,
        "title": item.title,
        "text": item.text,
        "url": item.url,
        "published": _iso(item.published),
        "matter_file": item.matter_file,
        "sequence": item.sequence,
        "outcome": item.outcome,
    }


def _meeting(meeting: Meeting, items: list[Item]) -> dict[str, Any]:
    return {
        "uid": meeting.uid,
        "body": meeting.body,
        "date": _iso(meeting.date),
        "starts_at": _iso(meeting.starts_at),
        "timezone": meeting.timezone,
        "status": meeting.status.value,
        "location": meeting.location,
        "url": meeting.url,
        "agenda_url": meeting.agenda_url,
        "minutes_url": meeting.minutes_url,
        "video_url": meeting.video_url,
        "how_to_comment": meeting.how_to_comment,
        "items": [_item(item) for item in items],
    }


def _matter(matter: Matter, items: list[Item], meetings: Mapping[str, Meeting]) -> dict[str, Any]:
    return {
        "file": matter.file,
        "title": matter.title,
        "type": matter.type,
        "status": matter.status,
        "url": matter.url,
        "sightings": [_sighting(item, meetings.get(item.meeting_uid or "")) for item in items],
    }


def _sighting(item: Item, meeting: Meeting | None) -> dict[str, Any]:
    """Where a matter came up: an item that carries its file number, and its meeting where the answer tells it."""
    return {
        "item_uid": item.uid,
        "meeting_uid": item.meeting_uid,
        "body": meeting.body if meeting else None,
        "date": _iso(meeting.date) if meeting else None,
        "sequence": item.sequence,
        "outcome": item.outcome,
    }


def _step(step: MatterStep) -> dict[str, Any]:
    return {
        "matter_file": step.matter_file,
        "uid": step.uid,
        "date": _iso(step.date),
        "body": step.body,
        "action": step.action,
        "outcome": step.outcome,
        "votes": step.votes,
    }


def _document(document: Document) -> dict[str, Any]:
    return {
        "url": document.url,
        "title": document.title,
        "media_type": document.media_type,
        "item_uid": document.item_uid,
        "meeting_uid": document.meeting_uid,
    }


def trial_as_json(trial: Trial) -> dict[str, Any]:
    """What `flask feeds test --json` prints: the reading as above, and how it came about."""
    contract = reading_as_contract(trial.recognition.platform, trial.reading)
    return contract | {
        "url": trial.recognition.url,
        "recognised": trial.recognition.why,
        "outcome": trial.outcome.value,
        "detail": trial.detail,
        "asked": [{"url": one.url, "status": one.status, "bytes": one.bytes} for one in trial.asked],
        "mentions": [as_contract(item.uid, detection) | {"title": item.title} for item, detection in trial.mentions],
        "left": trial.left,
        "feeds": list(trial.feeds),
    }

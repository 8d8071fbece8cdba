"""The JSON shapes that commands print; `contracts` of the documentation describe them."""

from typing import Any

from oversight.domain.reading import Item, Meeting, Reading
from oversight.services.summary import Summary


def reading_as_contract(platform: str, reading: Reading) -> dict[str, Any]:
    """What `flask feeds read --json` prints. Items of a meeting stand under the meeting; times are ISO 8601."""
    by_meeting: dict[str, list[Item]] = {}
    for item in reading.items:
        by_meeting.setdefault(item.meeting_uid or "", []).append(item)
    known = {meeting.uid for meeting in reading.meetings}
    loose = [item for item in reading.items if item.meeting_uid not in known]
    return {
        "platform": platform,
        "items": [_item(item) for item in loose],
        "meetings": [_meeting(meeting, by_meeting.get(meeting.uid, [])) for meeting in reading.meetings],
        "matters": [
            {"file": matter.file, "title": matter.title, "type": matter.type, "status": matter.status, "sightings": []}
            for matter in reading.matters
        ],
        "documents": [
            {"url": document.url, "title": document.title, "media_type": document.media_type}
            for document in reading.documents
        ],
        "next": [request.url for request in reading.next],
        "warnings": list(reading.warnings),
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


def _item(item: Item) -> dict[str, Any]:
    return {
        "uid": item.uid,
        "kind": item.kind.value,
        "title": item.title,
        "text": item.text,
        "url": item.url,
        "published": item.published.isoformat() if item.published else None,
        "matter_file": item.matter_file,
        "sequence": item.sequence,
        "outcome": item.outcome,
    }


def _meeting(meeting: Meeting, items: list[Item]) -> dict[str, Any]:
    return {
        "uid": meeting.uid,
        "body": meeting.body,
        "date": meeting.date.isoformat() if meeting.date else None,
        "starts_at": meeting.starts_at.isoformat() if meeting.starts_at else None,
        "timezone": meeting.timezone,
        "status": meeting.status.value,
        "location": meeting.location,
        "url": meeting.url,
        "agenda_url": meeting.agenda_url,
        "minutes_url": meeting.minutes_url,
        "video_url": meeting.video_url,
        "items": [_item(item) for item in items],
    }

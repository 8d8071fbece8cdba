"""Valid things of every kind: a test names only what matters to it.

`make_*` returns a value of the domain; `add_*` writes a row, flushes it and returns it.
"""

from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Any

from sqlalchemy.orm import Session

from oversight.domain.alert import AlertState
from oversight.domain.correction import CorrectionState
from oversight.domain.document import DocumentState
from oversight.domain.event import EventKind
from oversight.domain.feed import Answer, Feed
from oversight.domain.fingerprint import content_hash, identity
from oversight.domain.health import Trouble
from oversight.domain.mention import Detection, Evidence, MentionState, Place, Stage
from oversight.domain.message import Message
from oversight.domain.query_parser import parse
from oversight.domain.reading import Item, ItemKind, Meeting, MeetingStatus
from oversight.domain.rerun import ChangeKind, ChangeState, RunState
from oversight.domain.subscription import SubscriptionState
from oversight.domain.withdrawal import withdrawal
from oversight.services.rerun import found_values
from oversight.storage.events import mention_event
from oversight.storage.models import (
    AlertRow,
    CorrectionRow,
    DetectorChangeRow,
    DetectorRunRow,
    DigestRow,
    DocumentRow,
    EventRow,
    FeedRow,
    ItemRow,
    MatterRow,
    MeetingRow,
    MentionRow,
    MentionTechnologyRow,
    OperatorEventRow,
    ProposalRow,
    SubscriberRow,
    SubscriptionRow,
)
from oversight.storage.revisions import Change, add_revision, last_revision
from oversight.storage.stored_queries import keep_query

SECRET = "a-secret-of-the-tests-with-enough-bytes"
NOW = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)
AFTERNOON = NOW + timedelta(hours=12.5)  # in Seattle 16:30 of the same day, in UTC the next day
SEATTLE = "ocd-division/country:us/state:wa/place:seattle"
NEWS_URL = "https://news.example.org/feed.xml"
NEWS = "https://news.example.org/story"
ALPR_TITLE = "Council to vote on automated license plate reader contract with Flock Safety"
PLAIN_TITLE = "Library opens on Sundays again"

_numbers = count(1)


def number() -> int:
    """A number no other row of this run has."""
    return next(_numbers)


def make_feed(**changes: Any) -> Feed:
    """A news feed."""
    valid = {
        "key": "sample-news",
        "platform": "rss",
        "url": NEWS_URL,
        "title": "Sample News",
        "jurisdiction": None,
        "timezone": None,
        "every_minutes": 60,
        "is_enabled": True,
    }
    return Feed(**(valid | changes))


def make_council(**changes: Any) -> Feed:
    """A council's Legistar feed."""
    valid = {
        "key": "seattle-legistar",
        "platform": "legistar",
        "url": "https://webapi.legistar.com/v1/seattle",
        "title": "Seattle",
        "jurisdiction": SEATTLE,
        "timezone": "America/Los_Angeles",
    }
    return make_feed(**(valid | changes))


def make_answer(body: bytes | str, *, url: str = "", content_type: str = "") -> Answer:
    """An answer as the guarded client hands it to a reader."""
    return Answer(url, {"content-type": content_type}, body.encode() if isinstance(body, str) else body)


def make_item(**changes: Any) -> Item:
    """A news item."""
    valid = {
        "uid": "item-1",
        "kind": ItemKind.NEWS,
        "title": ALPR_TITLE,
        "text": "The council votes on Tuesday.",
        "url": f"{NEWS}/1",
        "published": datetime(2026, 11, 19, 8, 0, tzinfo=UTC),
    }
    return Item(**(valid | changes))


def make_meeting(**changes: Any) -> Meeting:
    """A council's meeting with a known hour."""
    valid = {
        "uid": "event-1",
        "body": "City Council",
        "date": datetime(2026, 12, 1, tzinfo=UTC).date(),
        "starts_at": datetime(2026, 12, 1, 22, 0, tzinfo=UTC),
        "timezone": "America/Los_Angeles",
        "status": MeetingStatus.CONFIRMED,
        "location": "Council Chamber",
        "url": None,
        "agenda_url": None,
        "minutes_url": None,
        "video_url": None,
    }
    return Meeting(**(valid | changes))


def make_detection(**changes: Any) -> Detection:
    """What the detector says of a relevant paper."""
    valid = {
        "is_relevant": True,
        "score": 0.9,
        "technologies": ("alpr",),
        "modes": (),
        "vendors": ("Flock Safety",),
        "products": (),
        "seller": None,
        "places": (Place("Seattle, Washington", SEATTLE),),
        "agencies": (),
        "stage": Stage.CONTRACT,
        "placement": None,
        "badges": (),
        "amount": None,
        "dates": (),
        "evidence": (Evidence("technology:alpr", "title", 21, 51, "automated license plate reader", 0.9),),
        "detector": "test-1",
    }
    return Detection(**(valid | changes))


def make_message(**changes: Any) -> Message:
    """A short mail."""
    valid = {"key": "0123456789abcdef0123456789abcdef01234567", "subject": "A vote on cameras", "text": "Tuesday.\n"}
    return Message(**(valid | changes))


def rss(*entries: tuple[str, str], title: str = "Sample News") -> str:
    """An RSS 2.0 document with an item for each pair of guid and title."""
    items = "".join(
        f"<item><guid isPermaLink='false'>{guid}</guid><title>{words}</title><link>{NEWS}/{guid}</link></item>"
        for guid, words in entries
    )
    return f"<rss version='2.0'><channel><title>{title}</title>{items}</channel></rss>"


def add_feed(session: Session, **changes: Any) -> FeedRow:
    """A feed that is due now and was never polled."""
    feed = make_feed(key=f"feed-{number()}")
    valid = {name: getattr(feed, name) for name in feed.__dataclass_fields__}
    valid |= {"next_due_at": NOW, "failures": 0, "late_polls": 0}
    return _add(session, FeedRow(**(valid | changes)))


def add_council(session: Session, **changes: Any) -> FeedRow:
    """A council's Legistar feed that is due now."""
    council = make_council()
    return add_feed(session, **({name: getattr(council, name) for name in council.__dataclass_fields__} | changes))


def add_meeting(session: Session, **changes: Any) -> MeetingRow:
    """A meeting of a feed of its own."""
    meeting = make_meeting(uid=f"event-{number()}")
    valid = {name: getattr(meeting, name) for name in meeting.__dataclass_fields__}
    valid |= {"jurisdiction": SEATTLE, "status": meeting.status.value}
    if "feed_id" not in changes:
        valid["feed_id"] = add_feed(session).id
    return _add(session, MeetingRow(**(valid | changes)))


def add_evening(session: Session, **changes: Any) -> MeetingRow:
    """A meeting in Seattle at 19:00 of the day of `NOW`, when it is 03:00 of the next day in UTC."""
    starts_at = datetime(2026, 11, 21, 3, 0, tzinfo=UTC)
    return add_meeting(session, **({"date": NOW.date(), "starts_at": starts_at} | changes))


def add_item(session: Session, **changes: Any) -> ItemRow:
    """An item of a feed of its own."""
    item = make_item(uid=f"item-{number()}")
    valid = {
        "identity": identity(item),
        "uid": item.uid,
        "kind": item.kind.value,
        "title": item.title,
        "excerpt": item.text,
        "url": item.url,
        "published_at": item.published,
        "first_seen_at": NOW,
        "content_hash": content_hash(item),
    }
    if "feed_id" not in changes:
        valid["feed_id"] = add_feed(session).id
    return _add(session, ItemRow(**(valid | changes)))


def add_matter(session: Session, **changes: Any) -> MatterRow:
    """A council bill of Seattle."""
    valid = {
        "jurisdiction": SEATTLE,
        "file": f"CB {number()}",
        "title": ALPR_TITLE,
        "type": "Council Bill",
        "status": "In committee",
        "url": None,
        "first_seen_at": NOW,
        "is_watched": False,
    }
    return _add(session, MatterRow(**(valid | changes)))


def add_document(session: Session, **changes: Any) -> DocumentRow:
    """A PDF of a feed of its own, wanted and not read yet."""
    valid = {
        "url": f"https://files.example.org/{number()}.pdf",
        "title": "Staff report",
        "media_type": "application/pdf",
        "wanted": "title",
        "state": DocumentState.WAITING.value,
        "found_at": NOW,
        "tries": 0,
        "pages": [],
        "is_ocr": False,
    }
    if "feed_id" not in changes:
        valid["feed_id"] = add_feed(session).id
    return _add(session, DocumentRow(**(valid | changes)))


def add_trouble(session: Session, **changes: Any) -> OperatorEventRow:
    """Something open for operators, of a feed of its own: more mentions at once than one would believe."""
    valid = {"kind": Trouble.FLOOD.value, "detail": "101 new mentions in one poll"}
    valid |= {"raised_at": NOW, "last_seen_at": NOW}
    if "feed_id" not in changes:
        valid["feed_id"] = add_feed(session).id
    return _add(session, OperatorEventRow(**(valid | changes)))


def add_mention(session: Session, *, technologies: tuple[str, ...] = ("alpr",), **changes: Any) -> MentionRow:
    """A pending mention, in Seattle, of an item of its own."""
    item = add_item(session) if "item_id" not in changes else None
    valid = {
        "state": MentionState.PENDING.value,
        "score": 0.9,
        "detector": "test-1",
        "title": ALPR_TITLE,
        "text": "The council votes on Tuesday.",
        "stage": Stage.CONTRACT.value,
        "jurisdiction": SEATTLE,
        "places": [{"name": "Seattle, Washington", "ocd_id": SEATTLE}],
        "vendors": ["Flock Safety"],
        "products": [],
        "agencies": [],
        "badges": [],
        "amount": None,
        "evidence": [],
        "first_matched_at": NOW,
        "technologies": [MentionTechnologyRow(technology=code) for code in technologies],
    }
    if item is not None:
        valid["item_id"] = item.id
    return _add(session, MentionRow(**(valid | changes)))


def add_run(session: Session, **changes: Any) -> DetectorRunRow:
    """A rerun that looked at one item and is not applied."""
    valid = {
        "version": "test-2",
        "state": RunState.PREVIEWED.value,
        "cursor": 1,
        "last_item_id": 1,
        "total": 1,
        "counts": {"items": 1},
        "started_at": NOW,
        "previewed_at": NOW,
        "is_running": False,
    }
    return _add(session, DetectorRunRow(**(valid | changes)))


def add_change(session: Session, **changes: Any) -> DetectorChangeRow:
    """Something that a run of its own would change about an item of its own: it is a mention now."""
    valid = {
        "kind": ChangeKind.NEW.value,
        "differs": ["relevant"],
        "before": None,
        "after": make_values(),
        "content_hash": "0" * 64,
        "state": ChangeState.FOUND.value,
    }
    if "run_id" not in changes:
        valid["run_id"] = add_run(session).id
    if "item_id" not in changes:
        valid["item_id"] = add_item(session).id
    return _add(session, DetectorChangeRow(**(valid | changes)))


def make_values(**changes: Any) -> dict[str, Any]:
    """What a change keeps of a detection."""
    return found_values(make_detection(**changes))


def add_proposal(session: Session, **changes: Any) -> ProposalRow:
    """A policy that an editor wants to be withdrawn."""
    after = withdrawal("pol-seattle", "It never existed.")
    edit = {"values": {}, "sources": [], "new_source": None, "says_vote": False, "corrections": []}
    valid: dict[str, Any] = {"entity": "policy", "entity_key": "pol-seattle", "version": 1, "reason": "No such law."}
    valid |= {"edit": edit | {"to_version": 0, "after": after}, "proposed_by": "first@example.org"}
    return _add(session, ProposalRow(**(valid | {"proposed_at": NOW, "state": "open"} | changes)))


def add_subscriber(session: Session, **changes: Any) -> SubscriberRow:
    """A person."""
    valid = {"email": f"reader-{number()}@example.org", "created_at": NOW}
    return _add(session, SubscriberRow(**(valid | changes)))


def add_subscription(session: Session, **changes: Any) -> SubscriptionRow:
    """An active subscription to Seattle, of a person of its own. `query` may be given as it is written."""
    text = changes.pop("query", f"place:{SEATTLE}")
    valid = {
        "query_id": keep_query(session, parse(text)),
        "state": SubscriptionState.ACTIVE.value,
        "unsubscribe_token": f"token-{number()}",
        "created_at": NOW,
        "consent_at": NOW,
        "consent_text": "yes",
    }
    if "subscriber_id" not in changes:
        valid["subscriber_id"] = add_subscriber(session).id
    return _add(session, SubscriptionRow(**(valid | changes)))


def add_event(session: Session, **changes: Any) -> EventRow:
    """An event about a confirmed mention of its own."""
    valid = {"kind": EventKind.MENTION.value, "is_reviewed": True, "at": NOW}
    if "mention_id" not in changes:
        valid["mention_id"] = add_mention(session, state=MentionState.CONFIRMED.value).id
    if "subject" not in changes:
        valid["subject"] = mention_event((valid | changes)["mention_id"])
    return _add(session, EventRow(**(valid | changes)))


def add_alert(session: Session, **changes: Any) -> AlertRow:
    """A pending alert that is due now, for a subscription and an event of its own."""
    valid = {"state": AlertState.PENDING.value, "attempts": 0, "due_at": NOW, "created_at": NOW}
    if "subscription_id" not in changes:
        valid["subscription_id"] = add_subscription(session).id
    if "event_id" not in changes:
        valid["event_id"] = add_event(session).id
    return _add(session, AlertRow(**(valid | changes)))


def add_digest(session: Session, **changes: Any) -> DigestRow:
    """A digest that is due now, for a person of its own."""
    valid = {"period": "2026-11-20", "state": AlertState.PENDING.value, "attempts": 0, "due_at": NOW, "created_at": NOW}
    if "subscriber_id" not in changes:
        valid["subscriber_id"] = add_subscriber(session).id
    return _add(session, DigestRow(**(valid | changes)))


def _add(session: Session, row: Any) -> Any:
    session.add(row)
    session.flush()
    return row


def add_correction(session: Session, **changes: Any) -> CorrectionRow:
    """An open report about Seattle, whose history begins with it where it has none."""
    entity, key = changes.get("entity", "jurisdiction"), changes.get("entity_key", SEATTLE)
    seen = last_revision(session, entity, key)
    if seen is None:
        first = Change(
            entity=entity, key=key, before=None, after={"key": key, "name": "Seattle"}, actor="ana", reason="new"
        )
        seen = add_revision(session, first, at=NOW)
        session.flush()
    valid: dict[str, Any] = {
        "entity": entity,
        "entity_key": key,
        "seen_id": seen.id,
        "field": None,
        "text": f"The population is wrong ({number()}).",
        "received_at": NOW,
        "state": CorrectionState.OPEN.value,
    }
    row = CorrectionRow(**valid | changes)
    session.add(row)
    session.flush()
    return row

"""Reads out of the database, and of the server, what came of polling: plain values that fit into JSON."""

import json
from datetime import datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from oversight.settings import Settings
from oversight.storage.models import FeedRow, ItemRow, MentionRow
from oversight.storage.operator_events import open_events

from .corpus import Server

Facts = dict[str, Any]


def feeds_in(session: Session) -> dict[str, Facts]:
    """How every feed is after its last poll, and how much is stored of it."""
    items = counts(session, select(ItemRow.feed_id, func.count()).group_by(ItemRow.feed_id))
    query = select(ItemRow.feed_id, func.count()).join(MentionRow, MentionRow.item_id == ItemRow.id)
    mentions = counts(session, query.group_by(ItemRow.feed_id))
    events: dict[str, list[str]] = {}
    for event, feed in open_events(session):
        events.setdefault(feed.key, []).append(event.kind)
    return {
        row.key: {
            "at": row.last_polled_at.isoformat() if row.last_polled_at else None,
            "outcome": row.last_outcome,
            "detail": row.last_detail,
            "failures": row.failures,
            "late": row.late_polls,
            "is_enabled": row.is_enabled,
            "wait": (row.next_due_at - row.last_polled_at).total_seconds() if row.last_polled_at else None,
            "address": row.address,
            "moved_to": row.moved_to,
            "items": items.get(row.id, 0),
            "mentions": mentions.get(row.id, 0),
            "events": events.get(row.key, []),
        }
        for row in session.scalars(select(FeedRow))
    }


def counts(session: Session, query: Any) -> dict[int, int]:
    return {key: count for key, count in session.execute(query)}


def items_in(session: Session) -> dict[str, list[Facts]]:
    """What is stored of each feed, in the order of its identities."""
    columns = (ItemRow.identity, ItemRow.uid, ItemRow.title, ItemRow.excerpt, ItemRow.url, ItemRow.published_at)
    rows = session.execute(select(FeedRow.key, *columns).join(FeedRow, ItemRow.feed_id == FeedRow.id))
    found: dict[str, list[Facts]] = {}
    for key, *values in sorted(rows, key=lambda row: (row[0], row[1])):
        item = dict(zip(("identity", "uid", "title", "excerpt", "url", "published"), values, strict=True))
        published = item["published"]
        item["published"] = published.isoformat() if isinstance(published, datetime) else None
        found.setdefault(key, []).append(item)
    return found


def matched_in(session: Session) -> dict[str, list[str]]:
    """The titles that are mentions, by feed."""
    query = select(FeedRow.key, MentionRow.title).select_from(MentionRow)
    query = query.join(ItemRow, ItemRow.id == MentionRow.item_id).join(FeedRow, FeedRow.id == ItemRow.feed_id)
    found: dict[str, list[str]] = {}
    for key, title in session.execute(query.order_by(FeedRow.key, MentionRow.id)):
        found.setdefault(key, []).append(title)
    return found


def hits_at(server: Server, settings: Settings) -> Facts:
    """What the server and its canary were asked, and with which headers."""
    seen = json.loads(server.ask(settings, "/__hits").body)
    return {
        "canary": seen["canary"],
        "hits": [{"path": hit["path"], "headers": hit["headers"]} for hit in seen["hits"]],
    }

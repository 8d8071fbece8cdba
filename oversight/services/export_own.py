"""All that is kept of one subscriber, for themselves."""

from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from oversight.domain.subscription import SubscriptionState
from oversight.services.told import told_of
from oversight.storage.endpoints import endpoints_of
from oversight.storage.models import EndpointRow, SubscriberRow, SubscriptionRow
from oversight.storage.queries.sent import Sent, sent_to
from oversight.storage.subscriptions import managed_by

SUBSCRIPTION = ("reviewed_only", "cadence", "hour", "weekday", "timezone", "note", "consent_text")
MOMENTS = ("created_at", "consent_at", "paused_until", "heartbeat_at", "ended_at")


def export_own(session: Session, person: SubscriberRow, *, base_url: str) -> dict[str, Any]:
    """Everything, in words and codes; secrets and tokens are left out, for whoever finds the file."""
    rows = managed_by(session, person.id)
    sent = sent_to(session, [row.id for row in rows], since=person.created_at, most=None)
    return {
        "address": person.email,
        "since": person.created_at.isoformat(),
        "subscriptions": [_subscription(row) for row in rows],
        "endpoints": [_endpoint(row) for row in endpoints_of(session, person.id)],
        "sent": [_sent(one, base_url) for one in sent],
    }


def _subscription(row: SubscriptionRow) -> dict[str, Any]:
    said = {"id": row.id, "query": row.query.text, "state": SubscriptionState(row.state).label}
    said |= {name: getattr(row, name) for name in SUBSCRIPTION}
    return said | {name: _moment(getattr(row, name)) for name in MOMENTS} | {"by": row.subscriber_id}


def _endpoint(row: EndpointRow) -> dict[str, Any]:
    said = {"id": row.subscriber_id, "kind": row.kind, "url": row.url, "state": row.state}
    return said | {"created_at": _moment(row.created_at), "disabled_reason": row.disabled_reason}


def _sent(sent: Sent, base_url: str) -> dict[str, Any]:
    told = told_of(sent.event)
    said = {"subscription": sent.subscription_id, "at": _moment(sent.at), "state": sent.state.label}
    return said | {"kind": sent.event.kind, "title": told.title, "url": base_url + told.path}


def _moment(moment: datetime | None) -> str | None:
    return moment.isoformat() if moment else None

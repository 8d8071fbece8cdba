"""Sends an alert about every mention of some entries into the file outbox, and says what the mails are like."""

import email
import email.policy
import shutil
from pathlib import Path

from sqlalchemy import select

from oversight.jobs.tools import Tools
from oversight.services.deliver import deliver
from oversight.settings import Settings
from oversight.storage.engine import Sessions
from oversight.storage.models import FeedRow, ItemRow, MentionRow
from tests.factories import add_alert, add_event

from .seen import Facts

MAILED = ("mail-header-injection", "mail-long-subject", "xss-in-meta", "template-injection", "enc-bidi-override")


def mails_of(settings: Settings, sessions: Sessions) -> dict[str, list[Facts]]:
    """The mails about each entry's mentions, one for each."""
    courier = Tools(settings, sessions.kw["bind"], sessions).courier()
    outbox = settings.instance / "outbox"
    found: dict[str, list[Facts]] = {}
    for key in MAILED:
        shutil.rmtree(outbox, ignore_errors=True)
        _add_alerts(sessions, settings, key)
        deliver(courier)
        found[key] = [_read(file) for file in sorted(outbox.glob("*.eml"))]
    return found


def _add_alerts(sessions: Sessions, settings: Settings, key: str) -> None:
    query = select(MentionRow.id).join(ItemRow, ItemRow.id == MentionRow.item_id).join(FeedRow)
    with sessions.begin() as session:
        for mention_id in session.scalars(query.where(FeedRow.key == key)).all():
            event = add_event(session, mention_id=mention_id, is_reviewed=True, at=settings.now())
            add_alert(session, event_id=event.id, due_at=settings.now(), created_at=settings.now())


def _read(file: Path) -> Facts:
    raw = file.read_bytes()
    message = email.message_from_bytes(raw, policy=email.policy.default)
    return {
        "subject": str(message["Subject"]),
        "headers": sorted(set(message.keys())),
        "recipients": [*message.get_all("To", []), *message.get_all("Cc", []), *message.get_all("Bcc", [])],
        "longest_line": max(len(line) for line in raw.split(b"\n")),
    }

"""The words of our mails: what happened, where, why it was sent, where it comes from, and the way out."""

import textwrap
from collections.abc import Mapping
from email.utils import parseaddr
from urllib.parse import quote
from zoneinfo import ZoneInfo

from oversight.domain.cleaning import clean_line
from oversight.domain.mention import Stage
from oversight.domain.message import Message
from oversight.domain.query_names import Names
from oversight.domain.query_parser import parse
from oversight.domain.reading import MeetingStatus
from oversight.domain.signal_label import signal_label
from oversight.storage.models import AlertRow, MeetingRow, MentionRow
from oversight.vocabulary.places import load_places

SUBJECT_LENGTH = 150
WIDTH = 76


def alert_message(
    alert: AlertRow, *, key: str, base_url: str, mail_from: str, technologies: Mapping[str, str]
) -> Message:
    """One alert about one event. Links lead to this site and to the source; nothing in it reports back."""
    mention = alert.event.mention
    if mention is None:
        raise ValueError(f"event {alert.event_id} is about no mention")
    subscription = alert.subscription
    place = ", ".join(place["name"] for place in mention.places) or "No place named"
    labels = [technologies.get(row.technology, row.technology) for row in mention.technologies]
    names = Names(technologies, load_places(), {one["ocd_id"]: one["name"] for one in mention.places if one["ocd_id"]})
    followed = names.said(parse(subscription.query.text))
    leave = f"{base_url}/u/{subscription.unsubscribe_token}"
    lines = [
        f"{place}: {', '.join(labels) or 'Surveillance technology'}",
        "",
        *_wrapped(mention.title or "(the source gives no title)"),
        "",
        *_facts(mention, labels),
        "",
        *_reasons(mention),
        f"The same with the words marked:\n{base_url}/mentions/{mention.id}",
        _source(mention),
        "",
        *_wrapped(_reviewed(alert.event.is_reviewed)),
        "",
        "-- ",
        *_wrapped(f"You get this because you follow {followed}, {subscription.rhythm.said()}."),
        f"Stop these mails with one click:\n{leave}",
        "",
    ]
    address = parseaddr(mail_from)[1]
    headers = (
        (
            "List-Unsubscribe",
            f"<{leave}>, <mailto:{address}?subject=unsubscribe%20{quote(subscription.unsubscribe_token)}>",
        ),
        ("List-Unsubscribe-Post", "List-Unsubscribe=One-Click"),
        ("List-Id", f"Oversight alerts <alerts.{address.rpartition('@')[2] or 'localhost'}>"),
        ("Precedence", "bulk"),
        ("X-Alert-Key", key),
    )
    subject = clean_line(f"{place}: {mention.title or ', '.join(labels)}", SUBJECT_LENGTH)
    return Message(key=key, subject=subject, text="\n".join(lines), headers=headers)


def when(meeting: MeetingRow) -> str:
    """The day and, where it is known, the hour of a meeting, in its own time zone."""
    if meeting.starts_at and meeting.timezone:
        return f"{meeting.starts_at.astimezone(ZoneInfo(meeting.timezone)):%A %-d %B %Y, %H:%M} ({meeting.timezone})"
    return f"{meeting.date:%A %-d %B %Y}, hour not known" if meeting.date else "day not known"


def _facts(mention: MentionRow, labels: list[str]) -> list[str]:
    meeting = mention.item.meeting
    facts = [
        ("Technology", ", ".join(labels)),
        ("Stage", Stage(mention.stage).label if mention.stage else ""),
        ("Vendor", ", ".join(mention.vendors)),
        ("Sold by", mention.seller or ""),
        ("Agency", ", ".join(mention.agencies)),
        ("Amount", f"{mention.amount['value']} {mention.amount['currency']}" if mention.amount else ""),
        ("Meeting", f"{meeting.body or 'body not known'}, {when(meeting)}" if meeting else ""),
        ("Meeting status", MeetingStatus(meeting.status).label if meeting else ""),
        ("Published", f"{mention.item.published_at:%-d %B %Y}" if mention.item.published_at else ""),
    ]
    return [f"{name + ':':<15} {value}" for name, value in facts if value]


def _reasons(mention: MentionRow) -> list[str]:
    """Every signal that moved the score, with the words that gave it: the whole explanation, readable in the mail."""
    lines = [f"Why it matched: score {mention.score:.2f} by detector {mention.detector}."]
    for reason in mention.evidence:
        if reason["weight"]:
            words = " ".join(reason["text"].split())
            said = f'"{words}" ' if words and reason["field"] in ("title", "text") else ""
            told = f"{reason['weight']:+5.2f}  {said}{signal_label(reason['signal'])}"
            lines += textwrap.wrap(told, WIDTH, subsequent_indent=" " * 7)
    return lines


def _source(mention: MentionRow) -> str:
    meeting = mention.item.meeting
    link = mention.item.url or (meeting.url if meeting else None)
    return f"The source:\n{link}" if link else "The source gives no address of its own."


def _reviewed(is_reviewed: bool) -> str:
    if is_reviewed:
        return "An editor has read this and confirmed it."
    return "No editor has read this yet: it was found by rule, and may be wrong."


def _wrapped(text: str) -> list[str]:
    return textwrap.wrap(text, WIDTH) or [""]

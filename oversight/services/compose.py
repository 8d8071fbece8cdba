"""The words of an alert about one event, why it came, the ways out of it, and its headers."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from urllib.parse import quote

from oversight.domain.letter import Heading, Link, Part, Written, say, whole, write
from oversight.domain.message import Message
from oversight.domain.query_names import Names
from oversight.services.imprint import Imprint
from oversight.services.telling import Teller, Telling
from oversight.storage.models import AlertRow, EventRow, SubscriptionRow
from oversight.storage.stored_queries import read


@dataclass
class Pen:
    """Writes alerts. What several have in common, an event for a time zone, is put into words once.

    `names` know the places of what is followed, `rules` say how the place of each event is ruled,
    `calendars` the file of its meeting.
    """

    imprint: Imprint
    now: datetime
    names: Names
    rules: Mapping[int, tuple[Part, ...]]
    calendars: Mapping[int, str]
    _told: dict[tuple[int, str], tuple[Telling, Written]] = field(default_factory=dict)
    _followed: dict[str, str] = field(default_factory=dict)

    def alert(self, alert: AlertRow, *, key: str) -> Message:
        """One alert about one event. Links lead to this site and to the source; nothing in it reports back."""
        subscription = alert.subscription
        telling, body = self._written(alert.event, subscription.timezone)
        written = whole(telling.subject, [body], self.footer([subscription]))
        headers = headers_of("alert", [subscription], self.imprint, key=key)
        return Message(key, telling.subject, written.text, headers, written.html, self.calendars.get(alert.event_id))

    def footer(self, subscriptions: Sequence[SubscriptionRow]) -> Written:
        """Why this came, what the reader noted about it, and every way out of it."""
        parts: list[Part] = []
        for one in subscriptions:
            parts.append(say(f"You get this because you follow {self.followed(one)}, {one.rhythm.said()}."))
            parts += [say(f"Your note: {one.note}")] if one.note else []
            parts.append(Link("Stop this with one click", leave_url(one, self.imprint)))
        parts.append(Link("Change or pause what you follow, or see what we sent", f"{self.imprint.base_url}/manage/"))
        parts += [say(self.imprint.postal_address)] if self.imprint.postal_address else []
        return write(parts)

    def followed(self, subscription: SubscriptionRow) -> str:
        """What is followed, as people say it."""
        text = subscription.query.text
        if text not in self._followed:
            self._followed[text] = self.names.said(read(text))
        return self._followed[text]

    def telling(self, alert: AlertRow) -> Telling:
        """An alert's event in words, in its reader's time zone; raises where it cannot be told."""
        return self._teller(alert.subscription.timezone).tell(alert.event)

    def _teller(self, timezone: str) -> Teller:
        return Teller(self.imprint.base_url, self.names.technologies, timezone, self.now, self.rules)

    def _written(self, event: EventRow, timezone: str) -> tuple[Telling, Written]:
        known = self._told.get((event.id, timezone))
        if known is None:
            telling = self._teller(timezone).tell(event)
            known = telling, write([Heading(telling.heading, level=1), *telling.parts])
            self._told[event.id, timezone] = known
        return known


def headers_of(
    kind: str, subscriptions: Sequence[SubscriptionRow], imprint: Imprint, *, key: str
) -> tuple[tuple[str, str], ...]:
    """The headers that mail programs act on (SAFETY G9). Nothing in them tells who reads or what is followed.

    One click ends what the mail is about: all, where that is more than one subscription.
    """
    first = subscriptions[0]
    leave = leave_url(first, imprint) + ("?everything=1" if len(subscriptions) > 1 else "")
    mailto = f"mailto:{imprint.address}?subject=unsubscribe%20{quote(first.unsubscribe_token)}"
    return (
        ("List-Unsubscribe", f"<{leave}>, <{mailto}>"),
        ("List-Unsubscribe-Post", "List-Unsubscribe=One-Click"),
        ("List-Id", f"Oversight alerts <alerts.{imprint.domain}>"),
        ("Precedence", "bulk"),
        ("Feedback-ID", f"{kind}:oversight"),
        ("X-Mail-Kind", kind),
        ("X-Alert-Key", key),
    )


def leave_url(subscription: SubscriptionRow, imprint: Imprint) -> str:
    """Where one click ends a subscription."""
    return f"{imprint.base_url}/u/{subscription.unsubscribe_token}"

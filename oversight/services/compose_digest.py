"""Digests: what a subscriber was to hear in one period, by matter; or that there was nothing, and how far we looked."""

import logging
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy.orm import Session

from oversight.domain.cleaning import clean_line
from oversight.domain.digest import HEARTBEAT, quiet_since
from oversight.domain.letter import Facts, Heading, Link, Part, say, whole, write
from oversight.domain.message import Message
from oversight.domain.subscription import Cadence
from oversight.errors import NothingToSay
from oversight.services.compose import Pen, headers_of
from oversight.services.courier import Courier
from oversight.services.pen import places_in, take_pen
from oversight.services.telling import SUBJECT_LENGTH, Telling
from oversight.storage.digests import is_quiet, leave_out
from oversight.storage.engine import reading
from oversight.storage.letters import load_digest, with_heartbeat
from oversight.storage.models import AlertRow, DigestRow
from oversight.storage.queries.coverage import reaches
from oversight.storage.queries.feeds import feed_lines

log = logging.getLogger(__name__)
MOST_IN_FULL = 50
FAR = date.max


@dataclass(frozen=True)
class Gathered:
    """One alert of a digest, in words."""

    alert: AlertRow
    telling: Telling


def write_digest(courier: Courier, digest_id: int, *, key: str) -> Message:
    """The mail of one digest. What cannot be put into words waits for the next one, and the rest goes out.

    Raises NothingToSay where there is no rest, or where something happened since a heartbeat was made.
    """
    with reading(courier.sessions) as session:
        digest, alerts = load_digest(session, digest_id)
        if digest.period.startswith(HEARTBEAT):
            return _heartbeat(session, courier, digest, key=key)
        pen = take_pen(session, courier, alerts)
    gathered, unsaid = [], []
    for alert in alerts:
        try:
            gathered.append(Gathered(alert, pen.telling(alert)))
        except Exception:
            log.critical("alert %s cannot be put into words", alert.id, exc_info=True)
            unsaid.append(alert)
    if unsaid:
        with courier.sessions.begin() as session:
            for alert in unsaid:
                leave_out(session, alert, now=courier.now())
    if not gathered:
        raise NothingToSay("nothing in this digest can be put into words")
    return _message(pen, gathered, key=key)


def _message(pen: Pen, gathered: list[Gathered], *, key: str) -> Message:
    gathered.sort(key=lambda one: (one.telling.on or FAR, one.telling.place, one.telling.matter, one.alert.id))
    first = gathered[0].telling.subject
    more = f" and {len(gathered) - 1} more" if len(gathered) > 1 else ""
    subject = clean_line(first, SUBJECT_LENGTH - len(more)) + more
    subscriptions = list({one.alert.subscription_id: one.alert.subscription for one in gathered}.values())
    body = write([Heading(subject, level=1), *_groups(gathered[:MOST_IN_FULL])])
    rest = write([Heading("In short"), *_lines(pen, gathered[MOST_IN_FULL:])])
    written = whole(subject, [body, rest] if len(gathered) > MOST_IN_FULL else [body], pen.footer(subscriptions))
    headers = headers_of("digest", subscriptions, pen.imprint, key=key)
    return Message(key, subject, written.text, headers, written.html)


def _groups(gathered: Sequence[Gathered]) -> Iterator[Part]:
    """What belongs to one matter stands together, where the first of it comes; what was said of it is not repeated."""
    by_matter: dict[str, list[Telling]] = {}
    for one in gathered:
        by_matter.setdefault(one.telling.matter, []).append(one.telling)
    for tellings in by_matter.values():
        known: list[Part] = []
        for telling in tellings:
            for part in (Heading(telling.heading), *telling.parts):
                if part not in known:
                    known.append(part)
                    yield part


def _lines(pen: Pen, gathered: Sequence[Gathered]) -> Iterator[Part]:
    for one in gathered:
        yield Link(one.telling.subject, f"{pen.imprint.base_url}{one.telling.path}")


def _heartbeat(session: Session, courier: Courier, digest: DigestRow, *, key: str) -> Message:
    """That nothing was found, how many agendas were read, and which feeds were silent."""
    now = digest.created_at
    quiet = [one for one in with_heartbeat(session, digest.subscriber_id) if is_quiet(session, one, now=now)]
    if not quiet:
        raise NothingToSay("something happened since: no heartbeat is wanted")
    pen = take_pen(session, courier, [], quiet)
    since = min(quiet_since(Cadence(one.cadence), now) for one in quiet)
    places = places_in(one.query.text for one in quiet)
    read = [reach for place, reach in reaches(session, since=since).items() if not places or place in places]
    agendas, listed = sum(one.agendas for one in read), sum(one.listed for one in read)
    feeds = [one for one in feed_lines(session, now=now) if not places or one.jurisdiction in places]
    silent = [one for one in feeds if one.is_enabled and not one.finding.health.is_checked]
    of = "your places" if places else "all places"
    found = f"nothing found in {agendas} of {listed} agendas of {of}"
    trouble = "1 feed is silent" if len(silent) == 1 else f"{len(silent)} feeds are silent"
    subject = clean_line(f"{found}; {trouble}" if silent else found, SUBJECT_LENGTH)
    subject = subject[0].upper() + subject[1:]
    parts: list[Part] = [
        Heading(subject, level=1),
        say(f"Since {since:%-d %B %Y} nothing happened that you follow. {_polled(len(feeds), len(silent))}"),
        *([Facts(tuple((one.title, one.finding.health.label.lower()) for one in silent))] if silent else []),
        Link("How far we look", f"{courier.base_url}/coverage/"),
    ]
    written = whole(subject, [write(parts)], pen.footer(quiet))
    headers = headers_of("digest", quiet, pen.imprint, key=key)
    return Message(key, subject, written.text, headers, written.html)


def _polled(feeds: int, silent: int) -> str:
    if not feeds:
        return "No feed is polled there: this says nothing about what was decided."
    return f"{feeds - silent} of {feeds} feeds were really checked."

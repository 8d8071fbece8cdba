"""What a query would have sent, so that nobody is surprised; and what else its words may mean."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache

from sqlalchemy.orm import Session

from oversight.domain.digest import mails_of
from oversight.domain.query import Phrase, leaves, plain_words
from oversight.domain.query_match import matches
from oversight.domain.subscription import Cadence, Wish
from oversight.domain.topic import topics_of
from oversight.errors import InvalidInput
from oversight.services.told import told_of
from oversight.storage.models import EventRow
from oversight.storage.queries.centres import centres
from oversight.storage.queries.events import events_since
from oversight.storage.subjects import event_subject
from oversight.vocabulary import expand_all, load_vocabulary

PAST = timedelta(days=90)
SAMPLES = 3
MOST_EVENTS = 2_000
MOST_A_WEEK = 70  # events told at once


@dataclass(frozen=True)
class Sample:
    """One thing that would have been told."""

    path: str
    title: str
    place: str
    at: datetime
    is_reviewed: bool


@dataclass(frozen=True)
class Preview:
    """What would have been sent in the last 90 days, in how many mails; `over` were too many for a day to be told at
    once, and came in `digests`. `is_whole` is false where only the newest events were looked at.
    """

    count: int
    mails: int
    over: int
    digests: int
    samples: tuple[Sample, ...]
    is_whole: bool
    days: float

    @property
    def mails_a_week(self) -> float:
        """Mails a week, as far as was looked."""
        return self.mails * 7 / self.days

    @property
    def events_a_week(self) -> float:
        """Events a week, as far as was looked."""
        return self.count * 7 / self.days


def preview(session: Session, wish: Wish, *, now: datetime) -> Preview:
    """Hold the wish against the events of the last 90 days, in the same way as new ones are."""
    looked, oldest = 0, now
    samples: list[Sample] = []
    happened: list[datetime] = []
    lies = centres(session)
    for event in events_since(session, now - PAST, reviewed_only=wish.reviewed_only, most=MOST_EVENTS):
        looked, oldest = looked + 1, event.at
        if not matches(wish.query, event_subject(event, lies)):
            continue
        happened.append(event.at)
        if len(samples) < SAMPLES:
            samples.append(_sample(event))
    is_whole = looked < MOST_EVENTS
    days = PAST.days if is_whole else max((now - oldest) / timedelta(days=1), 1.0)
    mails = mails_of(reversed(happened), wish.rhythm)
    over = mails.gathered if wish.rhythm.cadence is Cadence.IMMEDIATE else 0
    sent = mails.single + mails.digests
    return Preview(len(happened), sent, over, mails.digests, tuple(samples), is_whole, days)


def require_narrow(wish: Wish, seen: Preview) -> None:
    """Raise InvalidInput, with a way out, for what would flood its subscriber."""
    if topics_of(wish.query) is None:
        raise InvalidInput("This only says what to leave out. Add what to look for: a technology, a place or a word.")
    if wish.rhythm.cadence is Cadence.IMMEDIATE and seen.events_a_week > MOST_A_WEEK:
        raise InvalidInput(
            f"This would tell of about {seen.events_a_week:.0f} events a week, more than anyone reads one by one. Add a"
            " state, a place or a technology; or ask for it once a day."
        )


def related(wish: Wish) -> list[str]:
    """Codes of technologies of which the query names only one of many words."""
    words = {leaf.words for leaf in leaves(wish.query) if isinstance(leaf, Phrase)}
    return sorted({code for said in words for code in _technologies_by_term().get(said, ())})


def _sample(event: EventRow) -> Sample:
    told = told_of(event)
    return Sample(told.path, told.title, told.place, event.at, event.is_reviewed)


@cache
def _technologies_by_term() -> dict[str, set[str]]:
    found: dict[str, set[str]] = {}
    for code, entry in load_vocabulary().technologies.items():
        for term in expand_all((*entry.terms, *entry.weak)):
            words = plain_words(term)
            for one in (words, f"{words}s"):
                found.setdefault(one, set()).add(code)
    return found

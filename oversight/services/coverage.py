"""Says what is watched: of one place, of one feed, of every place that matters, and of all at once."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache

from sqlalchemy.orm import Session

from oversight.domain.coverage import Coverage, Watched, coverage_of, coverage_of_all
from oversight.domain.record import Instrument
from oversight.platforms import reader_of, readers
from oversight.storage.queries.coverage import (
    Reach,
    documents_by_place,
    policed,
    reaches,
    unread_documents,
    unwatched_count,
)
from oversight.storage.queries.feeds import FeedLine, feed_lines
from oversight.storage.queries.jurisdictions import names_of


@dataclass(frozen=True)
class PlaceCoverage:
    """One place: the policy that makes it matter, its feeds, what was read of it, and what is not covered."""

    key: str
    name: str
    instrument: Instrument | None
    feeds: Sequence[FeedLine]
    reach: Reach
    coverage: Coverage

    @property
    def has_ordinance(self) -> bool:
        """Whether it has a surveillance oversight ordinance."""
        return self.instrument is Instrument.OVERSIGHT_ORDINANCE


@cache
def records_outcomes(platform: str) -> bool:
    """Whether a platform ever says what was decided; False for one that we know no longer."""
    return platform in readers.names() and reader_of(platform).records_outcomes


def watched(line: FeedLine) -> Watched:
    """A feed as coverage sees it."""
    return Watched(
        title=line.title,
        platform=line.platform,
        finding=line.finding,
        is_enabled=line.is_enabled,
        note=line.note,
        evidence=line.evidence,
        first_ok_at=line.first_ok_at,
        last_ok_at=line.last_ok_at,
        records_outcomes=records_outcomes(line.platform),
    )


def place_coverage(session: Session, key: str, *, now: datetime, name: str | None = None) -> PlaceCoverage:
    """What is watched in one place; whoever knows its name says it."""
    feeds = feed_lines(session, now=now, jurisdiction=key)
    unread = unread_documents(session, [line.id for line in feeds])
    return PlaceCoverage(
        key=key,
        name=name or names_of(session, [key])[key],
        instrument=None,
        feeds=feeds,
        reach=reaches(session, key).get(key, Reach()),
        coverage=coverage_of([watched(line) for line in feeds], unread),
    )


def coverage_at(session: Session, key: str | None, *, now: datetime) -> Coverage:
    """The coverage of one place, or of all where None is named, for pages that say no more of it."""
    if not key:
        return whole_coverage(session, feed_lines(session, now=now))
    feeds = feed_lines(session, now=now, jurisdiction=key)
    return coverage_of([watched(line) for line in feeds], unread_documents(session, [line.id for line in feeds]))


def feed_coverage(session: Session, line: FeedLine) -> Coverage:
    """The coverage of one feed alone."""
    return coverage_of([watched(line)], unread_documents(session, [line.id]))


def whole_coverage(session: Session, feeds: Sequence[FeedLine]) -> Coverage:
    """The coverage of all feeds together."""
    unwatched = unwatched_count(session)
    return coverage_of_all([watched(line) for line in feeds], unread_documents(session), unwatched=unwatched)


def every_place(session: Session, *, now: datetime) -> list[PlaceCoverage]:
    """Every place with a feed or with a policy on record: what is not watched first, ordinances before all else."""
    lines: defaultdict[str, list[FeedLine]] = defaultdict(list)
    for line in feed_lines(session, now=now):
        if line.jurisdiction:
            lines[line.jurisdiction].append(line)
    ruled, read, unread = policed(session), reaches(session), documents_by_place(session)
    keys = sorted({*lines, *ruled})
    names = names_of(session, keys)
    places = [
        PlaceCoverage(
            key=key,
            name=names[key],
            instrument=ruled.get(key),
            feeds=lines[key],
            reach=read.get(key, Reach()),
            coverage=coverage_of([watched(line) for line in lines[key]], unread.get(key, {})),
        )
        for key in keys
    ]
    return sorted(places, key=_urgency)


def _urgency(place: PlaceCoverage) -> tuple[bool, bool, bool, str]:
    return (place.coverage.is_watched, not place.has_ordinance, place.instrument is None, place.name)

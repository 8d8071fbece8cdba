"""What is watched and what is not: the sentence that must stand beside every "nothing found"."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from textwrap import shorten

from oversight.domain.document import DocumentState
from oversight.domain.health import Finding, Health
from oversight.domain.word import Word

NOTE_LENGTH = 160


class AddressEvidence(Word):
    """How the address of a feed is known."""

    CAPTURED = "captured", "a stored answer of it was read"
    CODE = "code", "public code reads it"
    PAGE_ONLY = "page_only", "only a page that names it was seen"
    DERIVED = "derived", "formed after the platform's pattern, never seen"


UNPROVEN = (AddressEvidence.PAGE_ONLY, AddressEvidence.DERIVED)


class GapKind(Word):
    """Why silence may mean that nothing was checked."""

    NO_FEED = "no_feed", "No feed known"
    NOT_POLLED = "not_polled", "Feeds not polled"
    UNPROVEN = "unproven", "Address unproven"
    UNCHECKED = "unchecked", "Feeds in trouble"
    NO_OUTCOMES = "no_outcomes", "Outcomes never recorded"
    DOCUMENTS = "documents", "Documents unread"


@dataclass(frozen=True)
class Gap:
    """One thing that is not covered, in words."""

    kind: GapKind
    text: str


@dataclass(frozen=True)
class Watched:
    """One feed as coverage sees it. `first_ok_at` is when it was first really checked: that proves its address."""

    title: str
    platform: str
    finding: Finding
    is_enabled: bool
    note: str | None
    evidence: str | None
    first_ok_at: datetime | None
    last_ok_at: datetime | None
    records_outcomes: bool

    @property
    def is_unproven(self) -> bool:
        """Whether nobody has seen its address answer."""
        return self.first_ok_at is None and self.evidence in UNPROVEN


@dataclass(frozen=True)
class Coverage:
    """How many feeds are known and how many are polled, when one was last really checked (UTC), and the gaps."""

    known: int
    polled: int
    last_ok_at: datetime | None
    gaps: tuple[Gap, ...]

    @property
    def is_watched(self) -> bool:
        """Whether anything is polled at all."""
        return self.polled > 0


Documents = Mapping[DocumentState, int]


def coverage_of(feeds: Sequence[Watched], documents: Documents) -> Coverage:
    """The coverage of one place, every gap by its name."""
    gaps = [gap for feed in feeds for gap in _gaps_of(feed)]
    if not feeds:
        gaps = [Gap(GapKind.NO_FEED, "no feed is known")]
    return _coverage(feeds, [*gaps, *_outcome_gaps(feeds), *_document_gaps(documents)])


def coverage_of_all(feeds: Sequence[Watched], documents: Documents, *, unwatched: int) -> Coverage:
    """The coverage of everything, with gaps as counts; `unwatched` places have a policy and no feed that is polled."""
    counts = Counter(feed.finding.health for feed in feeds if feed.is_enabled and not feed.finding.health.is_checked)
    gaps = [
        Gap(GapKind.UNCHECKED, f"{_feeds(count)}: {health.label.lower()}")
        for health, count in sorted(counts.items(), key=lambda pair: list(Health).index(pair[0]))
    ]
    off = sum(not feed.is_enabled for feed in feeds)
    if off:
        gaps.append(Gap(GapKind.NOT_POLLED, f"{off} more known, not polled"))
    if unwatched:
        places = "1 place" if unwatched == 1 else f"{unwatched} places"
        gaps.append(Gap(GapKind.NO_FEED, f"{places} with a policy on record not watched"))
    return _coverage(feeds, [*gaps, *_document_gaps(documents)])


def _coverage(feeds: Sequence[Watched], gaps: Sequence[Gap]) -> Coverage:
    polled = [feed for feed in feeds if feed.is_enabled]
    last = max((feed.last_ok_at for feed in polled if feed.last_ok_at), default=None)
    return Coverage(known=len(feeds), polled=len(polled), last_ok_at=last, gaps=tuple(gaps))


def _gaps_of(feed: Watched) -> list[Gap]:
    """Why this feed's silence says nothing; an unproven address explains both "not polled" and "failing"."""
    found = []
    if feed.is_unproven:
        found.append(Gap(GapKind.UNPROVEN, f"{feed.title}: address unproven{_in_brackets(feed.note)}"))
    if not feed.is_enabled and not feed.is_unproven:
        found.append(Gap(GapKind.NOT_POLLED, f"{feed.title}: not polled{_in_brackets(feed.finding.reason)}"))
    if feed.is_enabled and not feed.finding.health.is_checked:
        words = feed.finding.health.label.lower()
        found.append(Gap(GapKind.UNCHECKED, f"{feed.title}: {words}{_in_brackets(feed.finding.reason)}"))
    return found


def _outcome_gaps(feeds: Sequence[Watched]) -> list[Gap]:
    silent = sorted({feed.platform for feed in feeds if feed.is_enabled and not feed.records_outcomes})
    return [Gap(GapKind.NO_OUTCOMES, f"{platform} never records outcomes") for platform in silent]


def _document_gaps(documents: Documents) -> list[Gap]:
    words = (
        (DocumentState.UNREADABLE, "unreadable"),
        (DocumentState.REFUSED, "could not be fetched"),
        (DocumentState.WAITING, "still to be read"),
    )
    found = []
    for state, said in words:
        count = documents.get(state, 0)
        if count:
            found.append(Gap(GapKind.DOCUMENTS, f"{count} document{'' if count == 1 else 's'} {said}"))
    return found


def _feeds(count: int) -> str:
    return "1 feed" if count == 1 else f"{count} feeds"


def _in_brackets(words: str | None) -> str:
    return f" ({shorten(words.rstrip('.'), NOTE_LENGTH, placeholder=' …')})" if words else ""

"""A story: the mentions that tell one and the same thing. It bears the id of its lead, the first of them."""

import re
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from heapq import nsmallest

from oversight.domain.mention import Paper
from oversight.domain.near_duplicate import (
    RELATED,
    Signature,
    has_same_headline,
    is_alike,
    is_copy,
    may_be_column,
    signature_of,
    similarity,
)
from oversight.domain.reading import ItemKind

NEWS = "news"
NEWS_LIFE = timedelta(days=30)  # an older story is not told again, it is another
HEADLINE_LIFE = timedelta(days=5)  # a column comes again under its headline next week
MOST_ASKED = 100
_YEAR = re.compile(r"(?<!\d)(?:19|20)\d\d(?!\d)")
_BILL = re.compile(r"\b(?:bill|ordinance|local law|introduction|resolution|legislation|charter amendment)\b", re.I)


def scope_of(kind: ItemKind, jurisdiction: str | None) -> str | None:
    """Where copies of an item may be: in all news, or among what the same government published."""
    return NEWS if kind is ItemKind.NEWS else jurisdiction


def sign_paper(paper: Paper, file: str | None) -> Signature | None:
    """By what the copies of a paper are found, without the number of its matter.

    None where it is not known who else could publish one.
    """
    scope = scope_of(ItemKind(paper.kind), paper.feed_jurisdiction)
    title = paper.title.removeprefix(file or "").lstrip(" :-")
    return signature_of(title, paper.text, scope=scope) if scope else None


@dataclass(frozen=True)
class Telling:
    """What decides whether a mention tells the same as another one.

    `places` are the keys of the places that the detector found, `day` that of the meeting, `matter` the row of the
    business or of what leads it; `told_at` is when it was published, or seen where that is not known.
    """

    mention_id: int
    kind: ItemKind
    feed_id: int
    places: frozenset[str]
    day: date | None
    matter: int | None
    told_at: datetime
    signature: Signature | None


def may_be_one(one: Telling, other: Telling) -> bool:
    """Whether two mentions may stand in one story at all, whatever their words say.

    News of one place, or of a place that is not known. What governments publish is one story only where two feeds of
    one government tell it of the same day; the same matter again is another sighting of it.
    """
    if (one.kind is ItemKind.NEWS) != (other.kind is ItemKind.NEWS):
        return False
    if one.kind is ItemKind.NEWS:
        return abs(one.told_at - other.told_at) <= NEWS_LIFE and may_be_one_place(one.places, other.places)
    is_same_day = one.day == other.day if one.day and other.day else abs(one.told_at - other.told_at) <= NEWS_LIFE
    return one.feed_id != other.feed_id and is_same_day and len({one.matter, other.matter} - {None}) < 2


def likeness_of(one: Telling, other: Telling) -> float:
    """How surely two mentions tell the same, from 0 to 1; 0 where they do not."""
    if not may_be_one(one, other):
        return 0.0
    if one.matter is not None and one.matter == other.matter:
        return 1.0
    mine, theirs = one.signature, other.signature
    if mine is None or theirs is None:
        return 0.0
    alike = similarity(mine, theirs)
    if is_alike(mine, theirs):
        return alike
    is_near = has_same_headline(mine, theirs) and abs(one.told_at - other.told_at) <= HEADLINE_LIFE
    is_column = one.feed_id == other.feed_id and may_be_column(mine, theirs)
    return max(alike, RELATED) if is_near and not is_column else 0.0


def stories_with(
    rivals: Mapping[int, Collection[int]], tellings: Mapping[int, Telling], known: Mapping[int, int]
) -> list[set[int]]:
    """The stories that newcomers found or joined, each with all its mentions among `tellings`.

    `rivals` names for each newcomer what may tell the same, `known` the lead of each mention that stands in a story.
    The most alike is asked first, and a mention joins only where it may stand beside every other one of the story.
    """
    groups: defaultdict[int, set[int]] = defaultdict(set)
    for mention_id in tellings:
        groups[known.get(mention_id, mention_id)].add(mention_id)
    story = {mention_id: group for group in groups.values() for mention_id in group}
    joined: list[int] = []
    for newcomer in sorted(rivals):
        for other in _most_alike_first(newcomer, rivals[newcomer], tellings):
            one, two = story[newcomer], story[other]
            if one is not two and _may_stand_together(_first_of(one, tellings), _first_of(two, tellings)):
                one |= two
                story |= dict.fromkeys(two, one)
                joined.append(newcomer)
    return list({min(story[newcomer]): story[newcomer] for newcomer in joined}.values())


def why_told(one: Telling, others: Iterable[Telling]) -> str:
    """Why a mention stands in one story with others: what it has in common with the one that is most like it."""
    best = max(others, key=lambda other: (likeness_of(one, other), -other.mention_id))
    if one.matter is not None and one.matter == best.matter:
        return f"the same file as mention {best.mention_id}, in another feed"
    mine, theirs = one.signature, best.signature
    if mine is None or theirs is None or not is_copy(mine, theirs):
        return f"joined by a copy of both it and mention {best.mention_id}"
    if not is_alike(mine, theirs):
        return f"the same headline as mention {best.mention_id}"
    return f"{similarity(mine, theirs):.0%} of its words in common with mention {best.mention_id}"


def is_reintroduced(earlier: Telling, later: Telling, *, files: tuple[str, str], type_: str | None) -> bool:
    """Whether the later of two matters of one government is the earlier one brought in again under another number.

    `files` are their numbers. Only bills are: a contract that is renewed every year bears the same words, too.
    """
    if earlier.matter == later.matter or earlier.signature is None or later.signature is None:
        return False
    years = [_year(file, one) for file, one in zip(files, (earlier, later), strict=True)]
    is_bill = ItemKind.LEGISLATION in (earlier.kind, later.kind) or bool(_BILL.search(type_ or ""))
    return is_bill and years[0] < years[1] and is_copy(earlier.signature, later.signature)


def _year(file: str, telling: Telling) -> int:
    """The year that a file number names, else that in which it was heard."""
    return year_in(file) or (telling.day or telling.told_at.date()).year


def year_in(text: str) -> int | None:
    """The first year that a file number or a date names."""
    named = _YEAR.search(text)
    return int(named.group()) if named else None


def _first_of(story: Collection[int], tellings: Mapping[int, Telling]) -> list[Telling]:
    """The first mentions of a story: so many speak for all."""
    return [tellings[mention_id] for mention_id in nsmallest(MOST_ASKED, story)]


def _may_stand_together(some: Collection[Telling], others: Collection[Telling]) -> bool:
    return all(may_be_one(one, other) for one in some for other in others)


def _most_alike_first(newcomer: int, rivals: Collection[int], tellings: Mapping[int, Telling]) -> list[int]:
    alike = {other: likeness_of(tellings[newcomer], tellings[other]) for other in rivals if other != newcomer}
    return sorted((other for other, share in alike.items() if share), key=lambda other: (-alike[other], other))


def may_be_one_place(some: Collection[str], others: Collection[str]) -> bool:
    """Whether two sets of places agree: nothing is known of one, they share one, or one lies within the other's."""
    if not some or not others:
        return True
    return any(_is_within(one, other) or _is_within(other, one) for one in some for other in others)


def _is_within(inner: str, outer: str) -> bool:
    return inner == outer or inner.startswith(f"{outer}/")

"""Of documents that come one after another: which earlier one each is a copy of."""

from collections.abc import Sequence
from dataclasses import dataclass

from oversight.domain.mention import Paper, Place
from oversight.domain.near_duplicate import Copies, signature_of
from oversight.domain.reading import ItemKind
from oversight.domain.story import may_be_one_place, scope_of, year_in
from oversight.domain.word import Word


class Sameness(Word):
    """What an earlier document of the same words is to a later one."""

    COPY = "copy", "A copy of the same news"
    REINTRODUCED = "reintroduced", "A bill or matter that was brought in again in another year"
    COMPANION = "companion", "Another paper of the same government with the same words"


@dataclass(frozen=True)
class EarlierCopy:
    """The id of the earlier document, and what it is to the later one."""

    id: str
    sameness: Sameness


class EarlierCopies:
    """Remembers relevant documents; two cities' papers are never copies, whatever their words."""

    def __init__(self) -> None:
        self._copies = Copies()
        self._told: dict[str, tuple[frozenset[str], int | None]] = {}

    def note(self, identifier: str, paper: Paper, places: Sequence[Place], *, date: str | None) -> EarlierCopy | None:
        """The earlier document that is most like this one, if any is a copy; this one is remembered."""
        is_news = paper.kind == ItemKind.NEWS
        named = frozenset(place.ocd_id or place.name for place in places)
        scope = scope_of(
            ItemKind.NEWS if is_news else ItemKind.NOTICE, paper.feed_jurisdiction or min(named, default=None)
        )
        if scope is None:
            return None
        signature = signature_of(paper.title, paper.text, scope=scope)
        alike = self._copies.of(signature)
        found = [name for name in alike if not is_news or may_be_one_place(named, self._told[name][0])]
        best = max(found, key=lambda name: alike[name], default=None)
        self._copies.add(identifier, signature)
        self._told[identifier] = named, year_in(date or "")
        return None if best is None else EarlierCopy(best, self._sameness(identifier, best, is_news=is_news))

    def _sameness(self, one: str, other: str, *, is_news: bool) -> Sameness:
        years = {self._told[one][1], self._told[other][1]} - {None}
        if is_news:
            return Sameness.COPY
        return Sameness.REINTRODUCED if len(years) > 1 else Sameness.COMPANION

"""The vocabulary as a list of phrases, each with what it means when it stands in a paper."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property
from itertools import chain
from typing import NamedTuple

from ahocorasick_rs import AhoCorasick

from oversight.domain.text import fold_phrase
from oversight.vocabulary import Careful, StageCues, Technology, Vendor, Vocabulary, expand_all


class Kind(StrEnum):
    """What a phrase of the vocabulary is there for."""

    TECHNOLOGY = "technology"
    VENDOR = "vendor"
    PRODUCT = "product"
    FALSE_FRIEND = "false_friend"
    SIGNAL = "cue"
    FOOTAGE = "footage"
    DENIAL = "denial"
    BADGE = "badge"
    MODE = "mode"
    PLACEMENT = "placement"
    SELLER = "seller"
    STAGE = "stage"
    NEARBY = "nearby"


class _Quick(NamedTuple):
    automaton: AhoCorasick
    longest: int


@dataclass(frozen=True)
class Condition:
    """What the rest of the paper must be like for an ambiguous phrase to count."""

    needs: frozenset[str]
    unless: frozenset[str]
    is_exact: bool = False
    is_capital: bool = False
    within: int = 0
    is_heading: bool = False
    never: frozenset[str] = frozenset()

    @cached_property
    def asked(self) -> frozenset[str]:
        """Every phrase that it asks about."""
        return self.needs | self.cancelled_by

    def may_be_met(self, text: str, start: int, end: int) -> bool:
        """Whether anything that it needs may stand near a part of a folded text: quick, and never a wrong no."""
        if not self.within or not self.needs or not self._quick:
            return True
        reach = self.within + self._quick.longest
        return bool(self._quick.automaton.find_matches_as_indexes(text[max(0, start - reach) : end + reach]))

    @cached_property
    def _quick(self) -> "_Quick | None":
        """What it needs, ready to search; None where it needs a signal, which has many phrases of its own."""
        if any(phrase.startswith("@") for phrase in self.needs):
            return None
        forms = [form for phrase in self.needs for form in forms_of(phrase)]
        return _Quick(AhoCorasick(forms), max(map(len, forms)))

    @cached_property
    def cancelled_by(self) -> frozenset[str]:
        """Every phrase that may cancel."""
        return self.unless | self.never


@dataclass(frozen=True)
class Meaning:
    """What a phrase says: `name` is code, vendor or cue; `strength` is term, weak, hint, footage or a stage's part."""

    kind: Kind
    name: str
    strength: str = "term"
    condition: Condition | None = None

    def __hash__(self) -> int:
        # Without the condition, whose sets would be hashed for every hit; equal meanings still hash alike.
        return hash((self.kind, self.name, self.strength))

    @cached_property
    def signal(self) -> str:
        """What it is called among the reasons of a score."""
        return f"{self.kind}:{self.name}"

    @cached_property
    def called(self) -> str:
        """What a condition calls it: a phrase by itself, a signal by its name."""
        return f"@{self.name}" if self.kind is Kind.SIGNAL else self.name


Phrase = tuple[str, Meaning]


def subject_phrases(vocabulary: Vocabulary) -> Iterator[Phrase]:
    """What names a technology, a vendor or a product."""
    for technology in vocabulary.technologies.values():
        yield from _technology_phrases(technology)
    for vendor in vocabulary.vendors.values():
        yield from _vendor_phrases(vendor)


def context_phrases(vocabulary: Vocabulary) -> Iterator[Phrase]:
    """What upholds, cancels, raises, lowers or explains a subject."""
    for name, terms in vocabulary.false_friends.items():
        yield from _all(terms, Meaning(Kind.FALSE_FRIEND, name))
    yield from _all(vocabulary.footage, Meaning(Kind.FOOTAGE, "footage"))
    yield from _all(vocabulary.footage, Meaning(Kind.SIGNAL, "footage"))
    yield from _all(vocabulary.denials, Meaning(Kind.DENIAL, "denial"))
    for signal in vocabulary.signals.values():
        condition = Condition(frozenset(), frozenset(), within=signal.within) if signal.within else None
        yield from _all(signal.phrases, Meaning(Kind.SIGNAL, signal.name, condition=condition))
    yield from _quality_phrases(vocabulary)
    for seller in vocabulary.sellers.values():
        yield from _all(seller.aliases, Meaning(Kind.SELLER, seller.name))
    for phrase in sorted(_nearby(vocabulary)):
        yield phrase, Meaning(Kind.NEARBY, phrase)


def stage_phrases(vocabulary: Vocabulary) -> Iterator[Phrase]:
    """What tells the stage."""
    for stage in vocabulary.stages.values():
        yield from _stage_phrases(stage)


def _quality_phrases(vocabulary: Vocabulary) -> Iterator[Phrase]:
    qualities = (
        (Kind.BADGE, vocabulary.badges),
        (Kind.MODE, vocabulary.modes),
        (Kind.PLACEMENT, vocabulary.placements),
    )
    for kind, badges in qualities:
        for badge in badges.values():
            yield from _all(badge.phrases, Meaning(kind, badge.name))
            yield from _careful_phrases(badge.careful, kind, badge.name)


def _all(terms: Iterable[str], meaning: Meaning) -> Iterator[Phrase]:
    return ((phrase, meaning) for phrase in expand_all(tuple(terms)))


def _technology_phrases(technology: Technology) -> Iterator[Phrase]:
    unless = frozenset(expand_all(technology.unless))
    never = frozenset(expand_all(technology.never))
    condition = Condition(frozenset(), unless, never=never) if unless or never else None
    yield from _all(technology.terms, Meaning(Kind.TECHNOLOGY, technology.code, "term", condition))
    yield from _all(technology.weak, Meaning(Kind.TECHNOLOGY, technology.code, "weak", condition))
    yield from _careful_phrases(technology.careful, Kind.TECHNOLOGY, technology.code, unless=unless, never=never)


def _vendor_phrases(vendor: Vendor) -> Iterator[Phrase]:
    never = frozenset(expand_all(vendor.never))
    yield from _all(vendor.aliases, Meaning(Kind.VENDOR, vendor.name))
    yield from _careful_phrases(vendor.careful, Kind.VENDOR, vendor.name, never=never)
    for product in vendor.products:
        yield from _all(product.terms, Meaning(Kind.PRODUCT, product.name))
        yield from _all(product.terms, Meaning(Kind.VENDOR, vendor.name))


def _careful_phrases(
    entries: Iterable[Careful],
    kind: Kind,
    name: str,
    *,
    unless: frozenset[str] = frozenset(),
    never: frozenset[str] = frozenset(),
) -> Iterator[Phrase]:
    for entry in entries:
        needs, also = frozenset(expand_all(entry.needs)), frozenset(expand_all(entry.unless))
        condition = Condition(
            needs,
            unless | also,
            entry.exact,
            entry.capital,
            entry.within,
            entry.heading,
            never | set(expand_all(entry.never)),
        )
        yield from _all(entry.terms, Meaning(kind, name, entry.strength, condition))


def _stage_phrases(stage: StageCues) -> Iterator[Phrase]:
    yield from _all(stage.decisive, Meaning(Kind.STAGE, stage.name, "decisive"))
    yield from _all(stage.strong, Meaning(Kind.STAGE, stage.name, "strong"))
    yield from _all(stage.cues, Meaning(Kind.STAGE, stage.name, "cue"))
    for number, pair in enumerate(stage.pairs):
        first = f"first:{number}" if pair.second else "act"
        yield from _all(pair.first, Meaning(Kind.STAGE, stage.name, first))
        yield from _all(pair.second, Meaning(Kind.STAGE, stage.name, f"second:{number}"))


def _nearby(vocabulary: Vocabulary) -> set[str]:
    """Every phrase that some condition asks about."""
    phrases: set[str] = set()
    for _, meaning in chain(subject_phrases(vocabulary), _quality_phrases(vocabulary)):
        if meaning.condition:
            phrases |= meaning.condition.asked
    return {phrase for phrase in phrases if not phrase.startswith("@")}


def forms_of(phrase: str) -> tuple[str, ...]:
    """A phrase as it stands in a folded text, and its plural."""
    phrase = fold_phrase(phrase)
    if not phrase:
        return ()
    if not phrase[-1].isalpha() or phrase.endswith("s"):
        return (phrase,)
    if phrase.endswith("y") and phrase[-2:-1] not in set("aeiou"):
        return (phrase, phrase[:-1] + "ies")
    return (phrase, phrase + "s")

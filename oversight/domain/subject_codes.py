"""Which technologies a paper is told to be about: what its words name, and what its vendors and products imply."""

from collections.abc import Iterable, Sequence

from oversight.domain.classification import Subject
from oversight.domain.matching import Matches
from oversight.domain.phrases import Kind
from oversight.vocabulary import Product, Vendor, Vocabulary

LONG_TEXT = 1_500  # in a paper longer than this, one passing mention is no subject
GENERAL = "surveillance_general"


def vendors_and_products(subjects: Sequence[Subject], matches: Matches) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The vendors that nobody denies, and the products, as they are called."""
    vendors = [subject.name for subject in subjects if subject.kind is Kind.VENDOR and not subject.is_denied]
    return tuple(vendors), tuple(dict.fromkeys(hit.meaning.name for hit in matches.of(Kind.PRODUCT)))


def technologies_of(
    subjects: Sequence[Subject], vendors: Iterable[str], products: Iterable[str], vocabulary: Vocabulary, *, length: int
) -> tuple[str, ...]:
    """The codes, sorted. Everyday words count only where nothing better is; a frame gives way to what is in it."""
    told = [subject for subject in subjects if subject.kind is Kind.TECHNOLOGY and _is_told(subject, subjects, length)]
    implied = _implied(vendors, set(products), vocabulary)
    every = {subject.name for subject in told} | implied
    hints = {subject.name for subject in told if subject.hit.meaning.strength == "hint"} - implied
    weak = {subject.name for subject in told if subject.hit.meaning.strength == "weak"} - implied
    every = every - hints or hints
    kept = {code for code in every if not (code in weak and every & set(vocabulary.technologies[code].absorbed_by))}
    if _is_specific(kept, told):
        kept.discard(GENERAL)
    return tuple(sorted(kept))


def implied_modes(vendors: Iterable[str], products: Iterable[str], vocabulary: Vocabulary) -> set[str]:
    """How faces are searched with what is named, where it can be used in one way only."""
    return {mode for thing in _named(vendors, set(products), vocabulary) for mode in thing.modes}


def _implied(vendors: Iterable[str], products: set[str], vocabulary: Vocabulary) -> set[str]:
    """What the bare names of vendors and products stand for."""
    return {code for thing in _named(vendors, products, vocabulary) for code in thing.technologies}


def _named(vendors: Iterable[str], products: set[str], vocabulary: Vocabulary) -> list[Vendor | Product]:
    sold = [vocabulary.vendors[name] for name in vendors]
    return [*sold, *(product for vendor in sold for product in vendor.products if product.name in products)]


def _is_told(subject: Subject, subjects: Sequence[Subject], length: int) -> bool:
    """Whether a technology is a subject of the paper, not footage, a denial or a word in passing."""
    if subject.hit.meaning.strength == "footage":
        return False
    specific = (other.count for other in subjects if other.kind is Kind.TECHNOLOGY and other.name != GENERAL)
    most = max(specific, default=0)  # a rule for all of them names each once
    is_passing = length > LONG_TEXT and subject.hit.field != "title" and subject.count == 1 and most >= 4
    is_only = all(other is subject or other.kind is not Kind.TECHNOLOGY for other in subjects)
    return is_only or not (is_passing or subject.is_denied)


def _is_specific(codes: set[str], told: Sequence[Subject]) -> bool:
    """Whether the paper is about named technologies, so that surveillance in general is only its frame."""
    in_title = {subject.name for subject in told if subject.hit.field == "title"}
    specific = codes - {GENERAL}
    return len(specific) > 1 or bool(specific and (GENERAL not in in_title or specific & in_title))

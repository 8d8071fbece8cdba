"""Labelled documents as training sees them, and what training makes of them."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from oversight.domain.classification import EXCLUSION
from oversight.domain.detection import Detector, Examination
from oversight.domain.labelled import LabelledDocument
from oversight.domain.lexical import stage_values
from oversight.domain.money import amount_in
from oversight.domain.staging import points_by_stage
from oversight.domain.subject_codes import technologies_of, vendors_and_products
from oversight.vocabulary import Vocabulary
from oversight.vocabulary.text_model import TextModel

NAMED_ALONE = 3.6  # log-odds from which named signals made a paper relevant before anything was learned


@dataclass(frozen=True)
class Example:
    """A labelled document as training sees it: features, what named signals add up to untrained, and the labels."""

    document: LabelledDocument
    words: dict[str, float]
    stage_words: dict[str, float]
    named: float
    against: float
    is_unnamed: bool
    technologies: frozenset[str]


@dataclass(frozen=True)
class Trained:
    """What training found, and what it says of each example by models that never saw it."""

    examples: Sequence[Example]
    models: Mapping[str, TextModel]
    balance: Mapping[str, float]
    log_odds: Sequence[float]
    technologies: Sequence[frozenset[str]]
    stages: Mapping[str, str]


def examples_of(documents: Iterable[LabelledDocument], detector: Detector, vocabulary: Vocabulary) -> list[Example]:
    """Every document that people do not disagree about, read as the detector reads it."""
    plain = [document for document in documents if not document.labels.is_borderline]
    return [_example(document, detector.examine(document.paper), vocabulary) for document in plain]


def _example(document: LabelledDocument, found: Examination, vocabulary: Vocabulary) -> Example:
    vendors, products = vendors_and_products(found.subjects, found.matches)
    named = technologies_of(found.subjects, vendors, products, vocabulary, length=len(found.paper.text))
    is_priced = amount_in(found.passages) is not None
    subjects = found.matches.subjects
    # Signals weigh what the last training made of them; the balance is learned from what they weighed before any.
    balance = vocabulary.learned.balance
    lowering = [reason for reason in found.named if reason.weight < 0 and not reason.signal.startswith(EXCLUSION)]
    against = sum(reason.weight for reason in lowering)
    return Example(
        document=document,
        words=dict.fromkeys(found.lexical.features, 1.0),
        stage_words=stage_values(found.lexical, subjects, points_by_stage(found.matches), is_priced=is_priced),
        named=(sum(reason.weight for reason in found.named) - against) / balance.share,
        against=against / balance.against,
        is_unnamed=not found.subjects,
        technologies=frozenset(named),
    )

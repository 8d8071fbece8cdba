"""The detector: one paper in, what it is about out, with every reason."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from oversight.domain.agencies import agencies_in
from oversight.domain.classification import Subject, ceiling_of, evidence_of, exclusions_of, score_of, subjects_of
from oversight.domain.facets import facets_of
from oversight.domain.lexical import Lexical, likeliest_stage, stage_values, word_evidence
from oversight.domain.matching import Matcher, Matches, fold_document
from oversight.domain.mention import Detection, Evidence, Paper
from oversight.domain.money import amount_in
from oversight.domain.named_dates import dates_in
from oversight.domain.passages import telling_passages
from oversight.domain.phrase_index import Document
from oversight.domain.placing import Placer
from oversight.domain.reading import ItemKind
from oversight.domain.staging import points_by_stage
from oversight.domain.subject_codes import implied_modes, technologies_of, vendors_and_products
from oversight.domain.world import Gazetteer
from oversight.vocabulary import Vocabulary
from oversight.vocabulary.places import Places

MOST_TEXT = 200_000  # characters of a paper that are read
OFFICIAL_KINDS = frozenset({ItemKind.AGENDA_ITEM, ItemKind.LEGISLATION, ItemKind.NOTICE, "document"})


@dataclass(frozen=True)
class Examination:
    """A paper, read: its subjects, the named signals with their weights, and its words for the learned models."""

    paper: Paper
    document: Document
    matches: Matches
    subjects: Sequence[Subject]
    named: Sequence[Evidence]
    lexical: Lexical

    @property
    def is_official(self) -> bool:
        """Whether a government wrote it."""
        return self.lexical.is_official

    @cached_property
    def passages(self) -> str:
        """The passages that are about its subjects."""
        return telling_passages(self.document, self.matches.subjects)


class Detector:
    """Decides with a vocabulary, what was learned and a table of places; the same paper always gets the same answer."""

    def __init__(self, vocabulary: Vocabulary, places: Places) -> None:
        self._vocabulary = vocabulary
        self._learned = vocabulary.learned
        self._matcher = Matcher(vocabulary)
        self._placer = Placer(places, Gazetteer(vocabulary.world))

    @property
    def version(self) -> str:
        """Which vocabulary and training decided."""
        return self._learned.balance.version

    @property
    def threshold(self) -> float:
        """The score from which a paper is relevant."""
        return self._learned.balance.relevant

    @property
    def high_precision(self) -> float:
        """The score from which hardly any paper is not relevant: docs/architecture.md, rule 6, is about it."""
        return self._learned.balance.high_precision

    def detect(self, paper: Paper) -> Detection:
        """What the paper is about; the place, stage and money are looked for only where it is relevant."""
        found = self.examine(paper)
        balance = self._learned.balance
        start = balance.bias if found.subjects else balance.unnamed
        words = sum(found.lexical.said(self._learned.relevance.only).values())
        log_odds = start + words + sum([reason.weight for reason in found.named])
        weights = self._vocabulary.weights
        comment = ceiling_of(found.matches, found.document, weights, log_odds) if found.is_official else None
        named = (*found.named, comment) if comment else found.named
        score = score_of(log_odds + (comment.weight if comment else 0.0))
        if score < balance.relevant:
            return irrelevant(score, named, self.version)
        return self._told(found, score)

    def examine(self, paper: Paper) -> Examination:
        """Everything that the decision rests on."""
        paper = _capped(paper)
        is_official = paper.kind in OFFICIAL_KINDS
        document = fold_document(paper.title, paper.text)
        matches = self._matcher.find(document)
        subjects = subjects_of(matches, document, self._vocabulary, is_official=is_official)
        weights = self._vocabulary.weights
        named = evidence_of(subjects, matches, document, weights=weights, is_official=is_official)
        if named and is_official:
            home = paper.feed_jurisdiction or paper.kind
            named.append(Evidence("feed", "feed", 0, len(home), home, weights.of("feed")))
        named += exclusions_of(subjects, matches, document, self._vocabulary)
        lexical = Lexical.of(document, matches.subjects, is_official=is_official)
        return Examination(paper, document, matches, subjects, named, lexical)

    def _told(self, found: Examination, score: float) -> Detection:
        matches, subjects = found.matches, found.subjects
        vendors, products = vendors_and_products(subjects, matches)
        named = technologies_of(subjects, vendors, products, self._vocabulary, length=len(found.paper.text))
        technologies = self._technologies(found, named)
        facets = facets_of(
            matches,
            technologies,
            implied_modes(vendors, products, self._vocabulary),
            self._vocabulary.placements,
            is_official=found.is_official,
        )
        amount = amount_in(found.passages)
        values = stage_values(found.lexical, matches.subjects, points_by_stage(matches), is_priced=amount is not None)
        words = word_evidence(found.lexical, self._learned.relevance.only)
        return Detection(
            is_relevant=True,
            score=score,
            technologies=technologies,
            modes=facets.modes,
            vendors=vendors,
            products=products,
            seller=facets.seller,
            places=self._placer.place(found.paper, is_official=found.is_official),
            agencies=agencies_in(found.passages),
            stage=likeliest_stage(values, self._learned.stages),
            placement=facets.placement,
            badges=facets.badges,
            amount=amount,
            dates=dates_in(found.passages),
            evidence=(*found.named, *words),
            detector=self.version,
        )

    def _technologies(self, found: Examination, named: Sequence[str]) -> tuple[str, ...]:
        """What is named, unless the words tell strongly against it, and what they tell although nobody names it."""
        balance = self._learned.balance
        sums = self._learned.technologies.sums(dict.fromkeys(found.lexical.features, 1.0))
        limit = balance.technology_beside if named else balance.technology
        told = {code for code, log_odds in sums.items() if log_odds >= limit}
        heard = self._learned.technologies.heard
        kept = {code for code in named if code not in heard or sums[code] >= balance.technology_named}
        return tuple(sorted(told | kept))


def irrelevant(score: float, evidence: Sequence[Evidence], version: str) -> Detection:
    """What is said of a paper below the threshold: nothing but why."""
    return Detection(False, score, (), (), (), (), None, (), (), None, None, (), None, (), tuple(evidence), version)


def _capped(paper: Paper) -> Paper:
    return paper if len(paper.text) <= MOST_TEXT else replace(paper, text=paper.text[:MOST_TEXT])

"""The detector: one paper in, what it is about out, with every reason."""

from collections.abc import Sequence

from oversight.domain.agencies import agencies_in
from oversight.domain.classification import Subject, evidence_of, exclusions_of, score_of, subjects_of
from oversight.domain.facets import facets_of
from oversight.domain.matching import Matcher, Matches, fold_document
from oversight.domain.mention import Detection, Evidence, Paper, Stage
from oversight.domain.money import amount_in
from oversight.domain.named_dates import dates_in
from oversight.domain.passages import telling_passages
from oversight.domain.phrase_index import Document
from oversight.domain.phrases import Kind
from oversight.domain.placing import Placer
from oversight.domain.reading import ItemKind
from oversight.domain.staging import stage_of
from oversight.domain.subject_codes import technologies_of
from oversight.domain.world import Gazetteer
from oversight.vocabulary import Vocabulary
from oversight.vocabulary.places import Places

MOST_TEXT = 200_000  # characters of a paper that are read
OFFICIAL_KINDS = frozenset({ItemKind.AGENDA_ITEM, ItemKind.LEGISLATION, ItemKind.NOTICE})


class Detector:
    """Decides with a vocabulary and a table of places; the same paper always gets the same answer."""

    def __init__(self, vocabulary: Vocabulary, places: Places) -> None:
        self._vocabulary = vocabulary
        self._matcher = Matcher(vocabulary)
        self._placer = Placer(places, Gazetteer(vocabulary.world))

    @property
    def version(self) -> str:
        """Which vocabulary and weights decided."""
        return self._vocabulary.weights.version

    @property
    def threshold(self) -> float:
        """The score from which a paper is relevant."""
        return self._vocabulary.weights.threshold

    def detect(self, paper: Paper) -> Detection:
        """What the paper is about; the place, stage and money are looked for only where it is relevant."""
        paper = _capped(paper)
        is_official = paper.kind in OFFICIAL_KINDS
        document = fold_document(paper.title, paper.text)
        matches = self._matcher.find(document)
        subjects = subjects_of(matches, document, self._vocabulary, is_official=is_official)
        evidence = self._evidence(paper, subjects, matches, document)
        score = score_of(evidence, self._vocabulary.weights)
        if score < self.threshold:
            return irrelevant(score, evidence, self.version)
        vendors = tuple(subject.name for subject in subjects if subject.kind is Kind.VENDOR and not subject.is_denied)
        products = tuple(dict.fromkeys(hit.meaning.name for hit in matches.of(Kind.PRODUCT)))
        technologies = technologies_of(subjects, vendors, products, self._vocabulary, length=len(paper.text))
        facets = facets_of(matches, technologies, self._vocabulary.placements, is_official=is_official)
        passages = telling_passages(document, matches.subjects)
        amount = amount_in(passages)
        return Detection(
            is_relevant=True,
            score=score,
            technologies=technologies,
            modes=facets.modes,
            vendors=vendors,
            products=products,
            seller=facets.seller,
            places=self._placer.place(paper, is_official=is_official),
            agencies=agencies_in(passages),
            stage=_stage(matches, self._vocabulary, is_purchase=is_official and amount is not None),
            placement=facets.placement,
            badges=facets.badges,
            amount=amount,
            dates=dates_in(passages),
            evidence=tuple(evidence),
            detector=self.version,
        )

    def _evidence(
        self, paper: Paper, subjects: Sequence[Subject], matches: Matches, document: Document
    ) -> list[Evidence]:
        is_official = paper.kind in OFFICIAL_KINDS
        weights = self._vocabulary.weights
        evidence = evidence_of(subjects, matches, document, weights=weights, is_official=is_official)
        if evidence and is_official:
            home = paper.feed_jurisdiction or paper.kind
            evidence.append(Evidence("feed", "feed", 0, len(home), home, weights.of("feed")))
        return evidence + exclusions_of(subjects, matches, document, self._vocabulary)


def _stage(matches: Matches, vocabulary: Vocabulary, *, is_purchase: bool) -> Stage:
    """The stage that the words tell; a government's line with a price and no such words is a purchase."""
    stage = stage_of(matches, vocabulary.stages)
    return Stage.CONTRACT if stage is Stage.OTHER and is_purchase else stage


def _capped(paper: Paper) -> Paper:
    if len(paper.text) <= MOST_TEXT:
        return paper
    return Paper(paper.kind, paper.title, paper.text[:MOST_TEXT], paper.url, paper.feed_jurisdiction)


def irrelevant(score: float, evidence: Sequence[Evidence], version: str) -> Detection:
    """What is said of a paper below the threshold: nothing but why."""
    return Detection(False, score, (), (), (), (), None, (), (), None, None, (), None, (), tuple(evidence), version)

"""The detector: one paper in, what it is about out, with every reason."""

from collections.abc import Sequence
from typing import Any

from oversight.domain.agencies import agencies_in
from oversight.domain.classification import Subject, evidence_of, score_of, subjects_of
from oversight.domain.matching import Document, Matcher, Matches, fold_document
from oversight.domain.mention import Detection, Evidence, Paper, Stage
from oversight.domain.money import amount_in
from oversight.domain.phrases import Kind
from oversight.domain.placing import Placer
from oversight.domain.reading import ItemKind
from oversight.domain.staging import stage_of
from oversight.domain.world import Gazetteer
from oversight.vocabulary import Vocabulary
from oversight.vocabulary.places import Places

MOST_TEXT = 200_000  # characters of a paper that are read
LONG_TEXT = 1_500  # in a paper longer than this, one passing mention is no subject
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
            return self._irrelevant(score, evidence)
        both = f"{paper.title}\n{paper.text}"
        amount = amount_in(both)
        vendors = [subject.name for subject in subjects if subject.kind is Kind.VENDOR and not subject.is_denied]
        products = tuple(dict.fromkeys(hit.meaning.name for hit in matches.of(Kind.PRODUCT)))
        return Detection(
            is_relevant=True,
            score=score,
            technologies=self._technologies(subjects, vendors, products, len(paper.text)),
            vendors=tuple(vendors),
            products=products,
            places=self._placer.place(paper, is_official=is_official),
            agencies=agencies_in(both),
            stage=_stage(matches, self._vocabulary, is_purchase=is_official and amount is not None),
            badges=tuple(sorted({hit.meaning.name for hit in matches.of(Kind.BADGE)})),
            amount=amount,
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
        return evidence

    def _technologies(
        self, subjects: Sequence[Subject], vendors: Sequence[str], products: Sequence[str], length: int
    ) -> tuple[str, ...]:
        told = [
            subject for subject in subjects if subject.kind is Kind.TECHNOLOGY and _is_told(subject, subjects, length)
        ]
        sold = [self._vocabulary.vendors[name] for name in vendors]
        codes = [code for vendor in sold for code in vendor.technologies]
        codes += [
            code
            for vendor in sold
            for product in vendor.products
            if product.name in products
            for code in product.technologies
        ]
        every = {subject.name for subject in told} | set(codes)
        hints = {subject.name for subject in told if subject.hit.meaning.strength == "hint"} - set(codes)
        weak = {subject.name for subject in told if subject.hit.meaning.strength == "weak"} - set(codes)
        every = every - hints or hints
        kept = {code for code in every if not (code in weak and every & set(self._absorbers(code)))}
        if _is_specific(kept, told):
            kept.discard("surveillance_general")
        return tuple(sorted(kept))

    def _absorbers(self, code: str) -> tuple[str, ...]:
        return self._vocabulary.technologies[code].absorbed_by

    def _irrelevant(self, score: float, evidence: Sequence[Evidence]) -> Detection:
        return Detection(False, score, (), (), (), (), (), None, (), None, tuple(evidence), self.version)


def _stage(matches: Matches, vocabulary: Vocabulary, *, is_purchase: bool) -> Stage:
    """The stage that the words tell; a government's line with a price and no such words is a purchase."""
    stage = stage_of(matches, vocabulary.stages)
    return Stage.CONTRACT if stage is Stage.OTHER and is_purchase else stage


def _capped(paper: Paper) -> Paper:
    if len(paper.text) <= MOST_TEXT:
        return paper
    return Paper(paper.kind, paper.title, paper.text[:MOST_TEXT], paper.url, paper.feed_jurisdiction)


def _is_told(subject: Subject, subjects: Sequence[Subject], length: int) -> bool:
    """Whether a technology is a subject of the paper, not footage, a denial or a word in passing."""
    if subject.hit.meaning.strength == "footage":
        return False
    most = max(other.count for other in subjects if other.kind is Kind.TECHNOLOGY)
    is_passing = length > LONG_TEXT and subject.hit.field != "title" and subject.count == 1 and most >= 4
    is_only = all(other is subject or other.kind is not Kind.TECHNOLOGY for other in subjects)
    return is_only or not (is_passing or subject.is_denied)


def _is_specific(codes: set[str], told: Sequence[Subject]) -> bool:
    """Whether the paper is about named technologies, so that surveillance in general is only its frame."""
    in_title = {subject.name for subject in told if subject.hit.field == "title"}
    specific = codes - {"surveillance_general"}
    return len(specific) > 1 or bool(specific and ("surveillance_general" not in in_title or specific & in_title))


def as_contract(paper_id: str, detection: Detection) -> dict[str, Any]:
    """The line that `flask match --jsonl` prints (contracts/match)."""
    stage: Stage | None = detection.stage
    amount = detection.amount
    return {
        "id": paper_id,
        "relevant": detection.is_relevant,
        "score": detection.score,
        "technologies": list(detection.technologies),
        "vendors": list(detection.vendors),
        "products": list(detection.products),
        "jurisdictions": [place.name for place in detection.places],
        "jurisdiction_ids": [place.ocd_id for place in detection.places],
        "agencies": list(detection.agencies),
        "stage": stage.value if stage else None,
        "badges": list(detection.badges),
        "amount": {"value": amount.value, "currency": amount.currency} if amount else None,
        "evidence": [_evidence_line(reason) for reason in detection.evidence],
        "detector": detection.detector,
    }


def _evidence_line(reason: Evidence) -> dict[str, Any]:
    return {
        "signal": reason.signal,
        "field": reason.field,
        "start": reason.start,
        "end": reason.end,
        "text": reason.text,
        "weight": reason.weight,
    }

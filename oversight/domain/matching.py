"""What a paper says in the words of the vocabulary: subjects that their context upholds, and what cancelled others."""

from collections import Counter
from dataclasses import dataclass

from oversight.domain.judging import Exclusion, Judge, Judges, asked_by, is_main
from oversight.domain.phrase_index import Around, Document, Hit, PhraseIndex
from oversight.domain.phrases import Kind, context_phrases, stage_phrases, subject_phrases
from oversight.domain.surroundings import LEAD, beginning_of, groups_of
from oversight.domain.text import fold
from oversight.vocabulary import Vocabulary

# Far above any honest paper: they bound the time that a hostile one can take (SAFETY C8).
MOST_SUBJECTS, MOST_CONTEXT = 3_000, 20_000
ENOUGH = 6  # a subject that was upheld so often is one: where it stands further down is not looked at
TRIES = 40  # a phrase that stood so often without what it needs is an everyday word of this paper
ONCE = frozenset({Kind.SIGNAL, Kind.BADGE, Kind.PLACEMENT, Kind.SELLER, Kind.FALSE_FRIEND})  # for all of the paper


@dataclass(frozen=True, slots=True)
class Matches:
    """The subjects that their context upholds, those that it cancels, and what else the vocabulary says of the paper.

    Context is looked for around the subjects and at the paper's beginning only.
    """

    subjects: tuple[Hit, ...] = ()
    excluded: tuple[Exclusion, ...] = ()
    context: tuple[Hit, ...] = ()

    def of(self, kind: Kind) -> list[Hit]:
        """The hits of one kind, in the order of the paper."""
        return [hit for hit in (*self.subjects, *self.context) if hit.meaning.kind is kind]


NOTHING = Matches()


def fold_document(title: str, text: str) -> Document:
    """The two fields of a paper that are searched."""
    return {"title": fold(title), "text": fold(text)}


class Matcher:
    """The vocabulary, ready to search: first for subjects, and only where there is one for what surrounds it."""

    def __init__(self, vocabulary: Vocabulary) -> None:
        self._subjects = PhraseIndex(subject_phrases(vocabulary), MOST_SUBJECTS)
        context = list(context_phrases(vocabulary))
        self._context = PhraseIndex(context, MOST_CONTEXT, asked_by(meaning for _, meaning in context))
        self._stages = PhraseIndex(stage_phrases(vocabulary), MOST_CONTEXT)

    def find(self, document: Document) -> Matches:
        """What the document says in the words of the vocabulary."""
        subjects = self._subjects.find(document)
        return self._in_context(document, subjects) if subjects else NOTHING

    def _in_context(self, document: Document, subjects: list[Hit]) -> Matches:
        kept: list[Hit] = []
        excluded: list[Exclusion] = []
        context = _Context()
        counted: Counter[str] = Counter()
        tried: Counter[int] = Counter()  # by the identity of a meaning: its conditions are many sets of words
        judges = Judges(document, self._context)
        for group in groups_of(subjects):
            open_ = [hit for hit in group if counted[hit.meaning.signal] < ENOUGH and tried[id(hit.meaning)] < TRIES]
            tried.update([id(hit.meaning) for hit in open_])
            if judges.know_beginning:
                open_ = [hit for hit in open_ if _may_have_company(hit, document)]
            if open_:
                judge = judges.of(open_)
                upheld, cancelled = judge.judged(open_)
                counted.update([hit.meaning.signal for hit in upheld])
                kept += upheld
                excluded += cancelled
                context.add(judge, Around([hit for hit in upheld if is_main(hit)]))
        stages = self._stages.find(document, beginning_of(document)) if kept else []
        return Matches(tuple(kept), tuple(excluded), (*context.hits.values(), *stages))


class _Context:
    """What else the paper says, each place once although the stretches that are searched overlap."""

    def __init__(self) -> None:
        self.hits: dict[tuple[int, str, int], Hit] = {}
        self._told: set[int] = set()

    def add(self, judge: Judge, subjects: Around) -> None:
        """Add what counts beside these subjects; what is enough to say once is looked at once after the beginning."""
        for hit in judge.telling:
            meaning = id(hit.meaning)
            if (meaning not in self._told or hit.start < LEAD) and judge.upholds(hit, subjects):
                self.hits.setdefault((meaning, hit.field, hit.start), hit)
                if hit.meaning.kind in ONCE:
                    self._told.add(meaning)


def _may_have_company(hit: Hit, document: Document) -> bool:
    """Whether a subject further down is worth a look: most everyday words have nothing beside them that they need."""
    condition = hit.meaning.condition
    return condition is None or condition.may_be_met(document[hit.field].text, hit.start, hit.end)

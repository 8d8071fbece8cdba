"""Which parts of a paper are looked at together: its beginning, and what surrounds its subjects."""

from collections.abc import Iterable, Iterator, Sequence

from oversight.domain.phrase_index import Document, Hit, Stretches

LEAD = 1_200  # folded characters; a story says early what happened, further down it tells of other places
SURROUNDINGS = 400  # so much on either side of a subject is searched for what upholds, cancels or explains it
GROUP = 3_000  # of a paper, whose subjects are judged together
WORD = 150  # so far away a space is looked for


def groups_of(subjects: Iterable[Hit]) -> Iterator[list[Hit]]:
    """Subjects that are judged together: those of the title and the beginning, then stretch by stretch."""
    group: list[Hit] = []
    until = GROUP
    for hit in sorted(subjects, key=lambda hit: (hit.field != "title", hit.start)):
        if hit.field != "title" and hit.start > until:
            yield group
            group, until = [], hit.start + GROUP
        group.append(hit)
    yield group


def beginning_of(document: Document) -> Stretches:
    """The beginning of each field."""
    return {field: [_between_words(folded.text, 0, LEAD)] for field, folded in document.items()}


def surroundings_of(document: Document, subjects: Iterable[Hit], *, is_beginning: bool = True) -> Stretches:
    """Of each field what surrounds its subjects, cut between words; the beginning too where `is_beginning`."""
    by_field: dict[str, list[int]] = {field: [] for field in document} if is_beginning else {}
    for hit in subjects:
        by_field.setdefault(hit.field, []).extend((hit.start, hit.end))
    return {
        field: list(_merged(document[field].text, sorted(marks), is_beginning=is_beginning))
        for field, marks in by_field.items()
    }


def _merged(text: str, marks: Sequence[int], *, is_beginning: bool) -> Iterator[tuple[int, int]]:
    if is_beginning and len(text) <= LEAD:
        yield 0, len(text)
        return
    first, last = (0, LEAD) if is_beginning else (marks[0] - SURROUNDINGS, marks[0])
    for mark in marks:
        if mark - SURROUNDINGS > last:
            yield _between_words(text, first, last)
            first = mark - SURROUNDINGS
        last = max(last, mark + SURROUNDINGS)
    yield _between_words(text, first, last)


def _between_words(text: str, first: int, last: int) -> tuple[int, int]:
    start = text.find(" ", first, first + WORD) if first else 0
    end = text.rfind(" ", last - WORD, last) if last < len(text) else len(text)
    return (max(start, first), end if end > 0 else last)

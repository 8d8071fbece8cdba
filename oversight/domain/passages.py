"""The passages of a long paper that speak of its subjects: a packet names the money of forty other items too."""

from collections.abc import Iterable

from oversight.domain.phrase_index import Document, Hit

SHORT = 6_000  # characters; a paper no longer than this is read whole
LEAD = 1_500
REACH = 1_200
MOST_SUBJECTS = 12


def telling_passages(document: Document, subjects: Iterable[Hit]) -> str:
    """The title, the beginning, and what surrounds the subjects, in the words of the original."""
    title, text = document["title"].original, document["text"].original
    if len(text) <= SHORT:
        return f"{title}\n{text}"
    places = [document["text"].span(hit.start, hit.end) for hit in _first(subjects)]
    return "\n".join((title, *(text[start:end] for start, end in _merged(places, len(text)))))


def _first(subjects: Iterable[Hit]) -> list[Hit]:
    return sorted((hit for hit in subjects if hit.field == "text"), key=lambda hit: hit.start)[:MOST_SUBJECTS]


def _merged(places: Iterable[tuple[int, int]], length: int) -> list[tuple[int, int]]:
    stretches = [(0, LEAD)]
    for start, end in places:
        first, last = stretches[-1]
        if start - REACH <= last:
            stretches[-1] = (first, max(last, end + REACH))
        else:
            stretches.append((start - REACH, end + REACH))
    return [(first, min(last, length)) for first, last in stretches]

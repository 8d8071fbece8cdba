"""A text cut at its evidence, so that a page can mark each word that counted."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from oversight.domain.mention import Evidence

CONTEXT = 160  # code points kept either side of evidence in a long text
SHORTEST_GAP = 240  # less than this is not worth leaving out


@dataclass(frozen=True)
class Segment:
    """A stretch of text: plain, marked (with the evidence that marks it), or a gap where text was left out."""

    text: str
    evidence: tuple[Evidence, ...] = ()
    is_gap: bool = False

    @property
    def lowers(self) -> bool:
        """Whether what is marked here lowered the score."""
        return sum(one.weight for one in self.evidence) < 0


def segments(text: str, evidence: Sequence[Evidence], *, field: str, context: int | None = None) -> list[Segment]:
    """The text in order, marked where evidence of this field points; with `context`, far-away text becomes a gap.

    Evidence that does not fit the text is left out rather than marking the wrong word.
    """
    here = [one for one in evidence if one.field == field and text[one.start : one.end] == one.text and one.text]
    cuts = sorted({0, len(text), *(one.start for one in here), *(one.end for one in here)})
    parts = []
    for start, end in pairwise(cuts):
        marks = tuple(one for one in here if one.start <= start and end <= one.end)
        parts.append(Segment(text[start:end], marks))
    if context is None:
        return parts
    last = len(parts) - 1
    return [piece for place, part in enumerate(parts) for piece in _shortened(part, place, last, context)]


def _shortened(part: Segment, place: int, last: int, context: int) -> list[Segment]:
    if part.evidence:
        return [part]
    head = 0 if place == 0 else context
    tail = 0 if place == last else context
    if place == 0 and place == last:
        head = 4 * context
    if len(part.text) <= head + tail + SHORTEST_GAP:
        return [part]
    before = part.text[:head].rpartition(" ")[0]
    after = part.text[len(part.text) - tail :].partition(" ")[2] if tail else ""
    pieces = (Segment(before), Segment("", is_gap=True), Segment(after))
    return [piece for piece in pieces if piece.text or piece.is_gap]

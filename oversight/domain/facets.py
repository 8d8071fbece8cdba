"""What else the words of a paper tell: modes of face recognition, the seller, the place on the agenda, badges."""

from collections.abc import Iterable
from dataclasses import dataclass

from oversight.domain.matching import Matches
from oversight.domain.phrase_index import Around
from oversight.domain.phrases import Kind

FACES = "face_recognition"
MODE_REACH = 200  # folded characters between words for a mode and a subject
OPENING = 500  # so far a text goes on with the subject of its title


@dataclass(frozen=True)
class Facets:
    """Codes of the vocabulary's lists."""

    modes: tuple[str, ...]
    seller: str | None
    placement: str | None
    badges: tuple[str, ...]


def facets_of(
    matches: Matches, technologies: Iterable[str], implied: set[str], placements: Iterable[str], *, is_official: bool
) -> Facets:
    """The facets: modes that are said or `implied`; of several `placements` the first, none for what is no item."""
    placed = {hit.meaning.name for hit in matches.of(Kind.PLACEMENT)} if is_official else set()
    sellers = [hit.meaning.name for hit in matches.of(Kind.SELLER)]
    badges = {hit.meaning.name for hit in matches.of(Kind.BADGE)}
    return Facets(
        modes=tuple(sorted(_modes(matches) | implied)) if FACES in technologies else (),
        seller=sellers[0] if sellers else None,
        placement=next((name for name in placements if name in placed), None),
        badges=tuple(sorted(badges | {"reseller"} if sellers else badges)),
    )


def _modes(matches: Matches) -> set[str]:
    """The modes that words in the title, near a subject, or at the opening under a title with one tell."""
    subjects = Around(matches.subjects)
    opening = OPENING if any(hit.field == "title" for hit in matches.subjects) else 0
    told = (
        hit.meaning.name
        for hit in matches.of(Kind.MODE)
        if hit.field == "title" or hit.start < opening or subjects.near(hit, MODE_REACH)
    )
    return set(told)

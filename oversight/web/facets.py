"""What a list can be narrowed to at once: each choice with the number of its rows, and its address."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from oversight.web.presentation import page_with

MOST = 12


@dataclass(frozen=True)
class Facet:
    """One choice. Chosen once more, it is given up."""

    label: str
    count: int
    link: str
    is_chosen: bool


def facets(name: str, counts: Mapping[str, int], label: Callable[[str], str], chosen: str | None) -> list[Facet]:
    """The choices with the most rows, and the one that is chosen."""
    order = sorted(counts, key=lambda word: (word != chosen, -counts[word], label(word)))
    return [
        Facet(
            label(word),
            counts[word],
            page_with(**{name: None if word == chosen else word, "before": None, "page": None}),
            word == chosen,
        )
        for word in order[:MOST]
    ]

"""What an event is about where it is about mentions that subscribers heard of before."""

from collections.abc import Iterable, Sequence

from oversight.domain.event import About
from oversight.domain.query import Filter
from oversight.storage.models import MentionRow
from oversight.storage.subjects import mention_texts, mention_values


def about_mentions(mentions: Sequence[MentionRow], texts: Iterable[str] | None = None) -> About:
    """All that filters know of these mentions; `texts`, where only they may be searched, and else the mentions' own.

    The mentions were loaded with `OF_MENTION`.
    """
    values = dict.fromkeys(value for mention in mentions for value in mention_values(mention))
    said = [text for mention in mentions for text in mention_texts(mention)] if texts is None else texts
    return About(tuple(values), tuple(dict.fromkeys(text for text in said if text)))


def only_places(about: About) -> About:
    """The same without all that tells more of it than where it is."""
    return About(tuple((name, value) for name, value in about.values if name is Filter.PLACE), about.texts)


def with_texts(about: About, texts: Iterable[str | None]) -> About:
    """The same with more texts to search."""
    return About(about.values, tuple(dict.fromkeys([*about.texts, *(text for text in texts if text)])))


def places_of(mentions: Iterable[MentionRow]) -> str:
    """The names of the places of these mentions, each once."""
    names = dict.fromkeys(place["name"] for mention in mentions for place in mention.places)
    return ", ".join(names) or "No place named"

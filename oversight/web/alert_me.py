"""From the filters of a list to the query that follows the same: one mapping for every list and page."""

from collections.abc import Mapping, Sequence

from flask import Flask, request, url_for

from oversight.domain.mention import Stage
from oversight.domain.query import Filter, Narrowing, Query, all_of, any_of, plain_words
from oversight.vocabulary import load_vocabulary
from oversight.vocabulary.states import STATE_NAMES

FILTERS: Mapping[str, Filter] = {
    "jurisdiction": Filter.PLACE,
    "place": Filter.PLACE,
    "policy": Filter.POLICY,
    "state": Filter.STATE,
    "technology": Filter.TECHNOLOGY,
    "vendor": Filter.VENDOR,
    "stage": Filter.STAGE,
    "agency": Filter.AGENCY,
    "matter": Filter.MATTER,
}

MOST_VALUES = 10


def init_app(app: Flask) -> None:
    """Let every template ask for it."""
    app.add_template_global(alert_address, "alert_address")


def alert_address(**also: str | Sequence[str] | None) -> str:
    """The address of the form that follows what this list is narrowed to, and what a page is about besides.

    Where several values of one filter are asked for, as by a comparison, any of them will do.
    """
    asked: dict[str, Sequence[str | None]] = {**request.args.to_dict(flat=False)}
    asked |= {word: [value] if value is None or isinstance(value, str) else value for word, value in also.items()}
    parts: list[Query] = []
    for word, name in FILTERS.items():
        values = [words for value in asked.get(word, ()) if (words := _one_line(value)) and _is_value(name, words)]
        parts += [any_of(Narrowing(name, words) for words in values[:MOST_VALUES])] if values else []
    return url_for("subscribe.form", query=str(all_of(parts)) if parts else None)


def _one_line(value: str | None) -> str:
    """A value that can stand in a query; nothing where it says nothing."""
    printable = "".join(one if one.isprintable() and one != '"' else " " for one in value or "")
    return " ".join(printable.split())[:200] if plain_words(printable) else ""


def _is_value(name: Filter, words: str) -> bool:
    """Whether it is a value of the filter: a list may call its own state or stage so, which is not taken along."""
    match name:
        case Filter.STATE:
            return words in STATE_NAMES or words == "DC"
        case Filter.TECHNOLOGY:
            return words in load_vocabulary().technologies
        case Filter.STAGE:
            return any(words == stage for stage in Stage)
        case _:
            return True

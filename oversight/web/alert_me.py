"""From the filters of a list to the query that follows the same: one mapping for every list and page."""

from collections.abc import Mapping

from flask import Flask, request, url_for

from oversight.domain.mention import Stage
from oversight.domain.query import Filter, Narrowing, plain_words
from oversight.vocabulary import load_vocabulary
from oversight.vocabulary.states import STATE_NAMES

FILTERS: Mapping[str, Filter] = {
    "jurisdiction": Filter.PLACE,
    "state": Filter.STATE,
    "technology": Filter.TECHNOLOGY,
    "vendor": Filter.VENDOR,
    "stage": Filter.STAGE,
    "agency": Filter.AGENCY,
    "matter": Filter.MATTER,
}


def init_app(app: Flask) -> None:
    """Let every template ask for it."""
    app.add_template_global(alert_address, "alert_address")


def alert_address(**also: str | None) -> str:
    """The address of the form that follows what this list is narrowed to, and what a page is about besides."""
    asked = {**request.args.to_dict(), **also}
    parts = [
        str(Narrowing(name, words))
        for word, name in FILTERS.items()
        if (words := _one_line(asked.get(word))) and _is_value(name, words)
    ]
    return url_for("subscribe.form", query=" ".join(parts) or None)


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

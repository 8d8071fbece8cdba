"""What the address of a page asks for, checked: a list is narrowed by a word that exists, or not at all."""

import re
from collections.abc import Callable, Iterable, Sequence

from flask import Flask, request
from werkzeug.routing import IntegerConverter, Map

from oversight.domain.cleaning import LARGEST
from oversight.errors import InvalidInput

NO_SUCH_PAGE = "The address asks for a page that does not exist."


class RowConverter(IntegerConverter):
    """The id of a row in the path, `<row:mention_id>`: a number that the database can hold."""

    def __init__(self, rules: Map) -> None:
        super().__init__(rules, max=LARGEST)


def number(text: str) -> int | None:
    """A number that the database can hold, as an address or a form writes it; None for any other text."""
    written = text.isascii() and text.isdecimal() and len(text) <= len(str(LARGEST))
    return int(text) if written and int(text) <= LARGEST else None


def numbers(texts: Sequence[str], *, most: int | None = None) -> tuple[int, ...]:
    """Those of the texts that can be the id of a row, each once; at most so many are read."""
    found = (number(text) for text in texts[:most])
    return tuple(dict.fromkeys(one for one in found if one))


def asked_word(name: str, known: Iterable[str], *, default: str = "") -> str:
    """The word that the address gives under a name; empty words do not narrow. Raises InvalidInput for others."""
    return asked_known(name, set(known).__contains__, default=default)


def asked_known(name: str, is_known: Callable[[str], bool], *, default: str = "") -> str:
    """The same of words that are too many to be listed."""
    word = request.args.get(name, default)
    if word and not is_known(word):
        raise InvalidInput(f"The address asks for a {name} that does not exist.")
    return word


def asked_page() -> int:
    """The page of a long list that the address asks for, from 1; raises InvalidInput for what is no page."""
    page = request.args.get("page", "1")
    if not re.fullmatch(r"[1-9]\d{0,4}", page, re.ASCII):
        raise InvalidInput(NO_SUCH_PAGE)
    return int(page)


def asked_cursor(name: str) -> int | None:
    """The id of the row after which the page of a long list begins; raises InvalidInput for what is no id."""
    text = request.args.get(name, "")
    cursor = number(text)
    if text and cursor is None:
        raise InvalidInput(NO_SUCH_PAGE)
    return cursor


def turns(page: int, total: int, size: int) -> dict[str, int | None]:
    """The pages before and after this one, for `parts.turns`."""
    return {"earlier": page - 1 or None, "later": page + 1 if page * size < total else None}


def init_app(app: Flask) -> None:
    """Let every address name rows."""
    app.url_map.converters["row"] = RowConverter

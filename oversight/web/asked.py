"""What the address of a page asks for, checked: a list is narrowed by a word that exists, or not at all."""

import re
from collections.abc import Iterable

from flask import request

from oversight.errors import InvalidInput


def asked_word(name: str, known: Iterable[str], *, default: str = "") -> str:
    """The word that the address gives under a name; empty words do not narrow. Raises InvalidInput for others."""
    word = request.args.get(name, default)
    if word and word not in set(known):
        raise InvalidInput(f"The address asks for a {name} that does not exist.")
    return word


def asked_page() -> int:
    """The page of a long list that the address asks for, from 1; raises InvalidInput for what is no page."""
    page = request.args.get("page", "1")
    if not re.fullmatch(r"[1-9]\d{0,4}", page, re.ASCII):
        raise InvalidInput("The address asks for a page that does not exist.")
    return int(page)


def turns(page: int, total: int, size: int) -> dict[str, int | None]:
    """The pages before and after this one, for `parts.turns`."""
    return {"earlier": page - 1 or None, "later": page + 1 if page * size < total else None}

"""What the address of a page asks for, checked: a list is narrowed by a word that exists, or not at all."""

from collections.abc import Iterable

from flask import request

from oversight.errors import InvalidInput


def asked_word(name: str, known: Iterable[str], *, default: str = "") -> str:
    """The word that the address gives under a name; empty words do not narrow. Raises InvalidInput for others."""
    word = request.args.get(name, default)
    if word and word not in set(known):
        raise InvalidInput(f"The address asks for a {name} that does not exist.")
    return word

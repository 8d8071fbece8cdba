"""Reads a query as people write it: it gives a query, or one QueryError that says where and what to do."""

import difflib
import re
from typing import NamedTuple

from oversight.domain.query import (
    Filter,
    Narrowing,
    Phrase,
    Query,
    all_of,
    any_of,
    leaves,
    negated,
    plain_words,
)
from oversight.errors import QueryError

MOST_CHARACTERS, MOST_PARTS, DEEPEST = 2_000, 60, 6
_QUOTES = str.maketrans(dict.fromkeys("“”„‟«»＂", '"'))
_TOKEN = re.compile(
    r"""(?P<space>\s+)|(?P<open>\()|(?P<close>\))|(?P<minus>-(?=[^\s)]))
    |(?P<name>[^\s"():]+):(?:"(?P<quoted>[^"]*)"|(?P<bare>[^\s"()]+)|(?P<nothing>))
    |"(?P<phrase>[^"]*)"|(?P<torn>")|(?P<word>[^\s"():]+|:)""",
    re.VERBOSE,
)
_NOTHING = "There is nothing to look for. Write a word, or a filter such as tech:alpr or state:CA."


class _Token(NamedTuple):
    kind: str
    text: str
    at: int
    name: str = ""


def parse(text: str) -> Query:
    """The query that is written; raises QueryError."""
    if len(text) > MOST_CHARACTERS:
        raise QueryError(f"A query has at most {MOST_CHARACTERS} characters. Leave something out.", at=MOST_CHARACTERS)
    tokens = _tokens(text.translate(_QUOTES))
    if not tokens:
        raise QueryError(_NOTHING, at=1)
    parser = _Parser(tokens)
    query = parser.either(0)
    if left := parser.peek():
        raise QueryError("This ) closes nothing. Take it out, or put a ( where the group begins.", at=left.at)
    if sum(1 for _ in leaves(query)) > MOST_PARTS:
        raise QueryError(f"A query has at most {MOST_PARTS} words and filters. Leave some out.", at=1)
    if len(str(query)) > MOST_CHARACTERS:
        raise QueryError("This query grows too long when it is written out. Leave something out.", at=1)
    return query


def _tokens(text: str) -> list[_Token]:
    found = []
    for match in _TOKEN.finditer(text):
        kind, at = str(match.lastgroup), match.start() + 1
        if kind == "torn":
            raise QueryError('A " is missing: this one opens a phrase that nothing closes.', at=at)
        if kind in ("quoted", "bare", "nothing"):
            found.append(_Token("filter", _value(match[kind] or ""), at, match["name"]))
        elif kind != "space":
            operator = match[0] if match[0] in ("OR", "AND", "NOT") else ""
            found.append(_Token(operator or kind, match["phrase"] if kind == "phrase" else match[0], at))
    return found


def _value(text: str) -> str:
    """A filter's value on one line, without what no database keeps."""
    return " ".join("".join(one if one.isprintable() else " " for one in text).split())


class _Parser:
    """Recursive descent: `a b OR c` is (a and b) or c."""

    def __init__(self, tokens: list[_Token]) -> None:
        self._tokens = tokens
        self._next = 0

    def peek(self) -> _Token | None:
        """The token that comes next."""
        return self._tokens[self._next] if self._next < len(self._tokens) else None

    def either(self, depth: int) -> Query:
        """One alternative or several."""
        parts = [self.every(depth)]
        while (token := self.peek()) and token.kind == "OR":
            self._next += 1
            parts.append(self.every(depth))
        return any_of(parts)

    def every(self, depth: int) -> Query:
        """All that stands side by side."""
        parts: list[Query] = []
        while (token := self.peek()) and token.kind not in ("OR", "close"):
            if token.kind == "AND" and parts:
                self._next += 1
            parts.append(self.one(depth))
        if not parts:
            before = self._tokens[self._next - 1]
            at = token.at if token else before.at
            raise QueryError("Something is missing here: write a word or a filter, or take OR or the ( ) out.", at=at)
        return all_of(parts)

    def one(self, depth: int) -> Query:
        """A phrase, a filter or a group, or what must not be."""
        is_not = False
        while (token := self.peek()) and token.kind in ("minus", "NOT"):
            is_not = not is_not
            self._next += 1
        if token is None or token.kind in ("OR", "AND", "close"):
            at = token.at if token else self._tokens[-1].at
            raise QueryError("A word or a filter is missing here. Write one, or take AND, NOT or - out.", at=at)
        self._next += 1
        part = self._group(token, depth) if token.kind == "open" else _leaf(token)
        return negated(part) if is_not else part

    def _group(self, opened: _Token, depth: int) -> Query:
        if depth == DEEPEST:
            raise QueryError(f"Groups stand at most {DEEPEST} deep. Take some parentheses out.", at=opened.at)
        inside = self.either(depth + 1)
        closed = self.peek()
        if closed is None:
            raise QueryError("A ) is missing: this ( opens a group that nothing closes.", at=opened.at)
        self._next += 1
        return inside


def _leaf(token: _Token) -> Phrase | Narrowing:
    if token.kind == "filter":
        return _narrowing(token)
    words = plain_words(token.text)
    if not words:
        raise QueryError("There is no letter or digit here to look for. Write a word, or leave it out.", at=token.at)
    return Phrase(words, at=token.at)


def _narrowing(token: _Token) -> Narrowing:
    name = token.name.lower()
    if name not in list(Filter):
        near = difflib.get_close_matches(name, list(Filter), 1, 0.5)
        known = f"Did you mean {near[0]}:?" if near else f"There are {', '.join(f'{one}:' for one in Filter)}."
        raise QueryError(f"There is no filter {name[:30]}: {known} To look for these words, quote them.", at=token.at)
    if not token.text:
        raise QueryError(f"After {name}: a value is missing, such as {EXAMPLES[Filter(name)]}.", at=token.at)
    return Narrowing(Filter(name), token.text, at=token.at)


EXAMPLES = {
    Filter.STATE: "state:CA",
    Filter.PLACE: 'place:"Oakland, CA"',
    Filter.NEAR: 'near:"50 km of Oakland, CA"',
    Filter.TECHNOLOGY: "tech:alpr",
    Filter.VENDOR: "vendor:flock",
    Filter.STAGE: "stage:contract",
    Filter.AGENCY: "agency:police",
    Filter.MATTER: 'matter:"CB 120001"',
    Filter.POLICY: "policy:pol-oakland-ca-surveillance",
    Filter.KIND: "kind:mention",
}

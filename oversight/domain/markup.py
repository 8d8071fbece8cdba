"""Text without what is not its words: tags, character references, JSON escapes, numbers of lines; each place stays."""

import html
import re
from functools import lru_cache
from itertools import pairwise

# Shows nothing, and folding drops it: it fills what a shorter writing leaves over, so that no position moves.
FILL = "\u200b"
_REFERENCE = re.compile(rf"&{FILL}*(#[xX]?[0-9a-fA-F]{{1,7}}|[a-zA-Z][a-zA-Z0-9]{{1,30}});")
_TAG = re.compile(rf"<[{FILL}/]*([a-zA-Z!][a-zA-Z0-9]{{0,14}})[^<>]{{0,2000}}>")
_ESCAPE = re.compile(r"\\(u[0-9a-fA-F]{4}|[nrt\"/])")
_LINE_NUMBER = re.compile(r"^[ \t]{0,12}(\d{1,3})(?=[ \t]{1,12}\S|[ \t]*$)", re.MULTILINE)
_INSIDE_WORDS = frozenset({"b", "i", "u", "em", "strong", "mark", "font", "wbr"})
_PLAIN_ESCAPES = {"n": " ", "r": " ", "t": " ", '"': '"', "/": "/"}
_ROUNDS = 3  # markup that was escaped, and escaped again
_FEWEST_NUMBERS = 4  # lines in a row that count upwards: fewer may be a list


def without_markup(original: str) -> str:
    """The text with everything but its words blanked; it is as long as the original, position by position."""
    text = original
    if "\\" in text:
        text = _ESCAPE.sub(_unescaped, text)
    for _ in range(_ROUNDS):
        before = text
        if "&" in text:
            text = _REFERENCE.sub(_dereferenced, text)
        if "<" in text:
            text = _TAG.sub(_blanked, text)
        if text == before:
            break
    return _without_line_numbers(text) if "\n" in text else text


def _filled(written: str, match: re.Match[str]) -> str:
    return written + FILL * (len(match[0]) - len(written))


def _unescaped(match: re.Match[str]) -> str:
    code = match[1]
    return _filled(chr(int(code[1:], 16)) if code[0] == "u" else _PLAIN_ESCAPES[code], match)


@lru_cache(maxsize=4096)  # a page writes the same few hundreds of times
def _character(name: str) -> str:
    return html.unescape(f"&{name};")


def _dereferenced(match: re.Match[str]) -> str:
    character = _character(match[1])
    # Some names stand for two characters, some for none that there is.
    return _filled(character, match) if len(character) <= 2 else match[0]


def _blanked(match: re.Match[str]) -> str:
    return FILL * len(match[0]) if match[1].lower() in _INSIDE_WORDS else _filled(" ", match)


def _without_line_numbers(text: str) -> str:
    """Numbers that stand before each line of a scanned paper are no words of it; a list's are left alone."""
    found = list(_LINE_NUMBER.finditer(text))
    counting = _counting_up(found)
    if not counting:
        return text
    pieces, done = [], 0
    for match in counting:
        pieces += [text[done : match.start(1)], FILL * len(match[1])]
        done = match.end(1)
    return "".join((*pieces, text[done:]))


def _counting_up(found: list[re.Match[str]]) -> list[re.Match[str]]:
    """The numbers in runs that count on by one and are long enough."""
    runs: list[list[re.Match[str]]] = [found[:1]]
    for before, match in pairwise(found):
        if int(match[1]) == int(before[1]) + 1 and match.start() - before.end() < 400:
            runs[-1].append(match)
        else:
            runs.append([match])
    return [match for run in runs if len(run) >= _FEWEST_NUMBERS for match in run]

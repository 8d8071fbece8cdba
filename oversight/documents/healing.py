"""Words as they were before they were typeset: ligatures taken apart, words that a line's end divided made whole."""

import re
from collections.abc import Sequence
from functools import cache

from oversight.vocabulary import load_vocabulary

# PDFium writes U+0002 (or U+FFFE) for a hyphen at the end of a line, and drops the line's end.
MARKS = "\x02\ufffe"
LIGATURES = str.maketrans(
    {"\ufb00": "ff", "\ufb01": "fi", "\ufb02": "fl", "\ufb03": "ffi", "\ufb04": "ffl", "\ufb05": "st", "\ufb06": "st"}
)
LONGEST_PART = 40

# The parts are bounded, so that a page that is one long word costs no more than another.
_DIVIDED = re.compile(
    rf"(?<!\w)(?P<start>\w{{1,{LONGEST_PART}}})"
    rf"(?P<join>[{MARKS}](?:[ \t]?\r?\n)?|[-\u2010\u00ad][ \t]?\r?\n[ \t]*)"
    rf"(?P<end>\w{{1,{LONGEST_PART}}})"
)
_WORD = re.compile(r"[a-z]{3,40}")


def heal(pages: Sequence[str]) -> list[str]:
    """The pages of one document without ligatures and divided words.

    Whether a hyphen at a line's end belongs to its word is told by the words of the document and of the vocabulary:
    "surveil-/lance" loses it because "surveillance" is a word, "two-/factor" keeps it.
    """
    plain = [page.translate(LIGATURES) for page in pages]
    known = set().union(*(_WORD.findall(page.lower()) for page in plain)) | _words_of_the_vocabulary()
    return [_DIVIDED.sub(lambda found: _whole(found, known), page) for page in plain]


def _whole(found: re.Match[str], known: set[str]) -> str:
    start, end = found["start"], found["end"]
    if "\u00ad" in found["join"] or (end.islower() and (start + end).lower() in known):
        return start + end
    return f"{start}-{end}"


@cache
def _words_of_the_vocabulary() -> frozenset[str]:
    phrases = [
        phrase
        for technology in load_vocabulary().technologies.values()
        for phrase in (technology.label, *technology.terms, *technology.weak, *technology.matches)
    ]
    return frozenset(_WORD.findall(" ".join(phrases).lower()))

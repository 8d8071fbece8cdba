"""Tells copies of one text from texts that are merely alike: shingles, a MinHash signature of them, and its bands."""

import re
import struct
from dataclasses import dataclass, replace
from functools import lru_cache
from hashlib import blake2b
from itertools import pairwise

from rensa import RMinHash

from oversight.domain.text import fold

# What follows decides what stored bands mean: whoever changes any of it gives the scheme a new number.
SCHEME = 1
PERMUTATIONS = 128  # so many minima are kept, for an estimate that is right to about 0.04
BANDS, ROWS = 20, 4  # texts that share six tenths of their pairs of words share a band 94 times of 100, seven 99.6
SEED = 42
CHANCE = 1 / 256  # how often a byte of a minimum agrees by itself
MOST_WORDS = 400  # news tells the matter first; what is appended below does not make another story
MOST_CHARACTERS = 16 * MOST_WORDS
MOST_TITLE = 500
FEWEST_WORDS = 12  # of shorter texts only the same headline tells a copy
FEWEST_IN_HEADLINE = 5  # a shorter one is a column's: "Police blotter"

LONG = 30  # words from which a text can be told from another of the same form, and from its headline
ALIKE, ALIKE_SHORT = 0.6, 0.75
RELATED = 0.3  # what texts under the same headline of the same feed share at least: a daily column does not

_WORDS = re.compile(r"\w+")
_OUTLET = re.compile(r"\s+[-\u2013\u2014|]\s+(?P<outlet>\S+(?: \S+){0,4})$")
_OUTLET_ALONE = re.compile(r"(?:(?P<outlet>[^()\n]{2,80}) \(https?://\S+\)|(?P<site>(?:[\w-]+\.)+[a-z]{2,12}))$")
_MARK = re.compile(r"^(?:update[d]?|breaking|watch|video|exclusive|correct(?:ed|ion))\s*[:|\u2013\u2014-]\s*", re.I)
_APPEARED = re.compile(r"the post .{1,300} (?:first appeared|appeared first) on ")
_READ_MORE = re.compile(r"\b(?:(?:continue )?read(?:ing)?(?: more| on| the full story)?|more)\W*$")
_FILE = re.compile(r"^(?:[A-Za-z]{1,12}\.?[ #]*)?\d[\d-]*\s*[:\u2013\u2014]\s*")
_PAIRS = struct.Struct(f"<{BANDS * ROWS}I")
_HALVES = struct.Struct(f"<{BANDS * 2}Q")
_BAND_SIZE = 2**63
_FACTORS = (0x9E3779B97F4A7C15, 0xC2B2AE3D27D4EB4F, 0x165667B19E3779F9)


@dataclass(frozen=True)
class Signature:
    """What is kept of a text to find its copies: `keys` to look them up, `sketch` to compare by.

    The first key is the headline's where `has_headline`; the others are the bands'. A text of few words has no bands.
    Keys of different scopes never meet: each council is a scope of its own, and all news is one.
    """

    words: int
    keys: tuple[int, ...]
    sketch: bytes
    has_headline: bool
    scheme: int = SCHEME

    @property
    def headline(self) -> int | None:
        """The key that texts under the same headline have in common."""
        return self.keys[0] if self.has_headline else None


def signature_of(title: str, text: str, *, scope: str) -> Signature:
    """The signature of a text with its title; `scope` is where copies of it may be: "news", or a government's key."""
    headline = _words(headline_of(title))
    words = [*headline, *_words(text[:MOST_CHARACTERS])][:MOST_WORDS]
    named = headline or words[:MOST_WORDS] * (len(words) < FEWEST_WORDS)
    keys = (_key(scope, " ".join(named)),) if len(named) >= FEWEST_IN_HEADLINE else ()
    signature = Signature(len(words), keys, b"", bool(keys))
    return _with_bands(signature, words, scope) if len(words) >= FEWEST_WORDS else signature


def headline_of(title: str) -> str:
    """A title without what sites put around it: "UPDATE:" before it, its outlet behind it, a file number."""
    bare = _FILE.sub("", _MARK.sub("", _line(title)))
    outlet = _OUTLET.search(bare)
    return bare[: outlet.start()] if outlet and len(bare[: outlet.start()].split()) >= FEWEST_IN_HEADLINE else bare


def outlet_of(title: str, text: str = "") -> str | None:
    """The outlet that a title names at its end, or a text that is nothing but an outlet and its address."""
    alone = _OUTLET_ALONE.match(text)
    if alone:
        return alone["outlet"] or alone["site"]
    bare = headline_of(title)
    outlet = _OUTLET.search(_line(title))
    return outlet["outlet"] if outlet and not _line(title).endswith(bare) else None


def similarity(one: Signature, other: Signature) -> float:
    """An estimate of the share of their pairs of words that two texts have in common; 0 where one is too short."""
    if not one.sketch or not other.sketch or one.scheme != other.scheme:
        return 0.0
    differences = int.from_bytes(one.sketch) ^ int.from_bytes(other.sketch)  # thrice as fast as byte by byte
    same = differences.to_bytes(PERMUTATIONS).count(0) / PERMUTATIONS
    return max(0.0, (same - CHANCE) / (1 - CHANCE))


def is_alike(one: Signature, other: Signature) -> bool:
    """Whether one text is the other, or a light edit of it; short ones must agree in more of their words."""
    return similarity(one, other) >= _needed(one, other)


def has_same_headline(one: Signature, other: Signature) -> bool:
    """Whether both have a headline that says something, and it is the same."""
    return one.headline is not None and one.headline == other.headline


def may_be_column(one: Signature, other: Signature) -> bool:
    """Whether two texts are long and of other words, as a daily column is under its one headline."""
    return min(one.words, other.words) >= LONG and similarity(one, other) < RELATED


def is_copy(one: Signature, other: Signature) -> bool:
    """Whether one text is a copy of the other, by its words or by its headline."""
    return is_alike(one, other) or has_same_headline(one, other)


class Copies:
    """An index in memory of what was seen so far, by the keys of its signatures."""

    def __init__(self, *, most: int = 20) -> None:
        self._most = most
        self._seen: dict[int, list[str]] = {}
        self._signatures: dict[str, Signature] = {}

    def of(self, signature: Signature) -> dict[str, float]:
        """What may be the same text, with how alike it is; of each key the newest few only, the earliest first."""
        names = dict.fromkeys(name for key in signature.keys for name in self._seen.get(key, ())[-self._most :])
        found: dict[str, float] = {}
        for name in names:
            one = self._signatures[name]
            share = similarity(signature, one)
            if share >= _needed(signature, one) or has_same_headline(signature, one):
                found[name] = share
        return found

    def add(self, name: str, signature: Signature) -> None:
        """Remember a text under a name."""
        self._signatures[name] = signature
        for key in signature.keys:
            self._seen.setdefault(key, []).append(name)


def _needed(one: Signature, other: Signature) -> float:
    return ALIKE if min(one.words, other.words) >= LONG else ALIKE_SHORT


def _line(title: str) -> str:
    return " ".join(title[:MOST_TITLE].split())


def _words(text: str) -> list[str]:
    """The words of a text without what sites put behind an excerpt."""
    folded = fold(text).text
    footer = _APPEARED.search(folded, folded.rfind("the post ")) if "the post " in folded else None
    folded = folded[: footer.start()] if footer else folded
    invitation = _READ_MORE.search(folded, len(folded) - 30)
    return _WORDS.findall(folded[: invitation.start()] if invitation else folded)


def _with_bands(signature: Signature, words: list[str], scope: str) -> Signature:
    minima = RMinHash(num_perm=PERMUTATIONS, seed=SEED)
    minima.update(list(map(" ".join, pairwise(words))))
    digest = minima.digest()
    halves = _HALVES.unpack(_PAIRS.pack(*digest[: BANDS * ROWS]))
    salt = _key(scope, "")
    one, two, three = _FACTORS
    bands = [
        (first * one + second * two + (salt + band) * three) % _BAND_SIZE
        for band, (first, second) in enumerate(zip(halves[::2], halves[1::2], strict=True))
    ]
    return replace(signature, keys=(*signature.keys, *bands), sketch=bytes([minimum & 255 for minimum in digest]))


@lru_cache(maxsize=1024)
def _key(scope: str, words: str) -> int:
    return int.from_bytes(blake2b(f"{SCHEME}\0{scope}\0{words}".encode(), digest_size=8).digest(), "little") >> 1

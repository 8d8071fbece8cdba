"""A text as words, each in its place, for rules that look at what stands before and after a name."""

import re

from oversight.domain.naming import POSTAL, SHORT, STATES, words

_WORD = re.compile(r"[^\W_](?:[\w'’.&-]*[\w'’.])?")
_ENDS = re.compile(r"[.!?:;\n—–“\"|]| - ")
_ABBREVIATED = words("st. ft. mt. u.s. u.k. gov. sen. rep. lt. sgt. mr. mrs. ms. dr. no. vs. st ")
_LONGER = words("city county beach township falls springs")  # "New York City" is no state
_STATE_BEGINS = frozenset({name.split()[0] for name in STATES} | {code.casefold() for code in POSTAL} | SHORT.keys())
_CONNECTORS = words("of the du de la on upon and")


class Words:
    """The words of a text; index errors are answered by the empty word, so that rules may look past the ends.

    `capitals` says which of them begin with a capital: only these can be names.
    """

    def __init__(self, text: str) -> None:
        self._text = text
        spans = [match.span() for match in _WORD.finditer(text)]
        self.raw = [text[start:end] for start, end in spans]
        self.start = [start for start, _ in spans]
        self.end = [end for _, end in spans]
        self.plain = [word if word.isalpha() else _plain(word) for word in self.raw]
        self.low = [word.casefold() for word in self.plain]
        self.capitals = [index for index, word in enumerate(self.raw) if word[0].isupper()]

    def __len__(self) -> int:
        return len(self.raw)

    def gap(self, index: int) -> str:
        """What stands before a word, after the one before it; a line's end outside the text."""
        if 0 < index < len(self.raw):
            return self._text[self.end[index - 1] : self.start[index]]
        return "\n"

    def lower(self, index: int) -> str:
        """The word in small letters without "'s" and dots; empty outside the text."""
        return self.low[index] if 0 <= index < len(self.low) else ""

    def is_capital(self, index: int) -> bool:
        return 0 <= index < len(self.raw) and self.raw[index][0].isupper()

    def is_possessive(self, index: int) -> bool:
        return self.raw[index].endswith(("'s", "’s", "s'", "s’"))

    def is_joined(self, index: int) -> bool:
        """Whether only a space parts a word from the one before it."""
        return self.gap(index) in (" ", "\u00a0", "\n ") and not self._closes(index - 1)

    def opens(self, index: int) -> bool:
        """Whether a word begins a sentence or a line."""
        return index <= 0 or bool(_ENDS.search(self.gap(index))) or self._closes(index - 1)

    def _closes(self, index: int) -> bool:
        raw = self.raw[index]
        if not raw.endswith(".") or raw.casefold() in _ABBREVIATED or len(raw) < 3:
            return False
        return raw.count(".") == 1 and raw[:-1].casefold() not in SHORT

    def says_pair(self, one: str, others: frozenset[str], *, within: int) -> bool:
        """Whether a word stands before one of others, in the first so many words."""
        pairs = zip(self.low[:within], self.low[1:within], strict=False)
        return any(first == one and second in others for first, second in pairs)

    def name_run(self, first: int, most: int) -> list[int]:
        """The last words that a name beginning here may have: itself, and on while capitals and small links follow."""
        lasts = [first]
        for index in range(first + 1, min(first + most, len(self.raw))):
            if not self.is_joined(index):
                break
            if self.raw[index][0].isupper():
                lasts.append(index)
            elif self.low[index] not in _CONNECTORS:
                break
        return lasts

    def phrase(self, first: int, last: int) -> str:
        """A name as written, its words parted by one space, the possessive left out."""
        return " ".join([*self.raw[first:last], self.plain[last]])

    def state_at(self, index: int) -> tuple[str, int] | None:
        """(postal code, last word) of the state that is written here, in full, abbreviated or as a code."""
        if not self.is_capital(index) or not self._may_be_state(index):
            return None
        found = self._state_at(index)
        is_longer = found and self.lower(found[1] + 1) in _LONGER and self.is_joined(found[1] + 1)
        return None if found and is_longer and self.is_capital(found[1] + 1) else found

    def _may_be_state(self, index: int) -> bool:
        low = self.low[index]
        return low in _STATE_BEGINS or "." in low

    def _state_at(self, index: int) -> tuple[str, int] | None:
        if index + 1 < len(self.raw) and self.gap(index + 1) == " ":
            code = STATES.get(f"{self.low[index]} {self.low[index + 1]}")
            if code:
                return code, index + 1
        raw, low = self.raw[index], self.low[index].replace(".", "")
        if low in STATES:
            return STATES[low], index
        bare = raw.replace(".", "")
        if len(bare) == 2 and bare.isupper() and bare in POSTAL:
            return bare, index
        return (SHORT[low], index) if low in SHORT and ("." in raw or len(low) > 3) else None


def _plain(word: str) -> str:
    word = word.rstrip(".'’") if word[-1] in ".'’" else word
    return word[:-2] if word.endswith(("'s", "’s", "'S", "’S")) else word

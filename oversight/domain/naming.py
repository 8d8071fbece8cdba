"""How papers name an American government: the patterns, and the many ways to write a state."""

import re

from oversight.vocabulary.places import STATE_NAMES

# The Associated Press's abbreviations, beside the postal codes.
# fmt: off
_PRESS = {
    "Ala": "AL", "Ariz": "AZ", "Ark": "AR", "Calif": "CA", "Colo": "CO", "Conn": "CT", "Del": "DE", "Fla": "FL",
    "Ga": "GA", "Ill": "IL", "Ind": "IN", "Kan": "KS", "Ky": "KY", "La": "LA", "Mass": "MA", "Md": "MD", "Mich": "MI",
    "Minn": "MN", "Miss": "MS", "Mo": "MO", "Mont": "MT", "Neb": "NE", "Nev": "NV", "N.H": "NH", "N.J": "NJ",
    "N.M": "NM", "N.Y": "NY", "N.C": "NC", "N.D": "ND", "Okla": "OK", "Ore": "OR", "Pa": "PA", "R.I": "RI", "S.C": "SC",
    "S.D": "SD", "Tenn": "TN", "Tex": "TX", "Va": "VA", "Vt": "VT", "Wash": "WA", "W.Va": "WV", "Wis": "WI",
    "Wyo": "WY", "D.C": "DC",
}
# fmt: on
_CODES = {name.casefold(): code for code, name in STATE_NAMES.items()} | {
    short.replace(".", "").casefold(): code for short, code in _PRESS.items()
}
_POSTAL = {*STATE_NAMES, "DC"}


def state_code(written: str) -> str | None:
    """The postal code of a state as written, in full, abbreviated or as a code."""
    bare = written.strip().replace(".", "")
    return bare.upper() if bare.upper() in _POSTAL and len(bare) == 2 else _CODES.get(bare.casefold())


def _either(words: set[str]) -> str:
    return "|".join(re.escape(word) for word in sorted(words, key=len, reverse=True))


_FULL = _either(set(STATE_NAMES.values()))
_SHORT = _either({f"{short}." for short in _PRESS} | {short.upper() + "." for short in _PRESS})
_STATE = (
    rf"(?:{_FULL}|{_either({name.upper() for name in STATE_NAMES.values()})}|{_SHORT}|(?:{_either(_POSTAL)})(?![\w.]))"
)
_NAME = r"(?<![\w.])(?P<name>(?:[A-ZÀ-Ý][\w.'’-]{1,30})(?:[ \u00a0](?:of|the|du|de|la|[A-ZÀ-Ý][\w.'’-]{0,30})){0,3})"
_IN_STATE = rf"(?:(?:\s[\w'’]+){{0,3}}?(?:,\s|\sin\s)(?P<state>{_STATE}))?"
_BODY = (
    r"(?:[Cc]ity|[Tt]own(?:ship)?|[Vv]illage|[Bb]orough|[Cc]ommon|[Mm]etro)?\s?"
    r"(?:[Cc]ouncil(?:\s?members?|\s?woman|\s?man)?|[Cc]ommission(?:ers?)?|[Pp]olice|POLICE|[Ss]heriff|"
    r"[Bb]oard of (?:[Aa]ldermen|[Ss]upervisors|[Ss]electmen|[Tt]rustees|[Cc]ommissioners)|[Ss]elect ?[Bb]oard|"
    r"[Mm]ayor|[Aa]ldermen|[Ss]upervisors?|officials|leaders|commissioners|residents|selectmen|[Cc]ity [Mm]anager|PD\b|"
    r"[Pp]ublic [Ss]chools|[Ss]chool (?:[Bb]oard|[Dd]istrict))"
)

_WORD = r"[A-Z][\w.'’-]{1,30}"

WITH_STATE = re.compile(rf"{_NAME},\s+(?P<state>{_STATE})")
COUNTY = re.compile(rf"(?<![\w.])(?P<name>(?:{_WORD} ){{1,3}}(?:County|Parish))\b{_IN_STATE}")
CITY_OF = re.compile(rf"\b(?:[Cc]ity|[Tt]own|[Vv]illage|[Bb]orough) of (?P<name>{_WORD}(?: {_WORD}){{0,2}}){_IN_STATE}")
ACTOR = re.compile(rf"{_NAME}(?:['’]s?)?\s{_BODY}\b{_IN_STATE}")
POSSESSIVE = re.compile(
    r"\b(?P<name>[A-Z][\w.-]{1,30}(?: [A-Z][\w.-]{1,30}){0,2})['’]s?\s"
    rf"(?:[\w-]+\s){{0,3}}?(?:council|police|mayor|sheriff|use of)\b{_IN_STATE}"
)
LEGISLATURE = re.compile(
    rf"(?<=[Cc]alling )(?:up)?on (?:the )?(?:{_FULL}) (?:State )?(?:Legislature|Senate|Assembly|Governor)"
)
STATE_MENTION = re.compile(
    rf"(?<![\w.-])(?:{_FULL})(?![\w-]| City)|(?<=[,(] )(?:{_SHORT})|\bin (?:{_either(_POSTAL)})\b"
)
# Codes that are no English words, so that they tell a state in the words of an address.
PLAIN_CODES = _POSTAL - {
    "AL",
    "AR",
    "CO",
    "DE",
    "DC",
    "HI",
    "ID",
    "IN",
    "LA",
    "MA",
    "ME",
    "OH",
    "OK",
    "OR",
    "PA",
    "PR",
    "MS",
    "MT",
}
NO_PLACE = frozenset(
    {"the", "city", "town", "county", "village", "board", "council", "police", "state", "school", "public", "local"}
    | {"federal", "national"}
)
WORDS = re.compile(r"[\w'’-]+")
# What may follow the place in a title made of an address.
SLUG = re.compile(
    r"city|town|county|council|police|mayor|residents|officials|to|votes?|voted|ends?|ending|cancels?|terminates?|rejects?|"
    r"approves?|will|wont|won|considers?|removes?|announces?|shuts?|drops?|pauses?|suspends?|bans?|leaders|commissioners|"
    r"board|school|sheriffs?|supervisors|trustees|aldermen|flock|license|cameras?|pulls?|says?|cuts?|moves?|stops?"
)

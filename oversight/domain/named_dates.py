"""The days that a paper names, and what it says happens on them."""

import re
from collections.abc import Iterator
from datetime import date
from itertools import islice

from oversight.domain.mention import DateRole, NamedDate
from oversight.domain.month_names import MONTH_NAME, month_number

MOST = 12
_MONTH = rf"(?P<{{}}>{MONTH_NAME})\.?"
_DAY = re.compile(
    rf"\b(?:{_MONTH.format('before')}\s{{1,2}}(?P<day_after>\d{{1,2}})(?:st|nd|rd|th)?,?\s{{1,2}}(?P<year_us>(?:19|20)\d\d)"
    rf"|(?P<day_before>\d{{1,2}})\s{{1,2}}{_MONTH.format('after')},?\s{{1,2}}(?P<year_uk>(?:19|20)\d\d)"
    r"|(?P<iso>(?:19|20)\d\d-\d\d-\d\d)"
    r"|(?P<slashed>\d{1,2}/\d{1,2}/(?:19|20)\d\d))\b",
    re.IGNORECASE,
)
_YEAR = re.compile(r"(?:19|20)\d\d")
# The words before a day that say what it is; the nearest wins.
_ROLES = tuple(
    (role, re.compile(rf"\b(?:{words})\b", re.IGNORECASE))
    for role, words in (
        (DateRole.ENDS, r"through|until|till|expir\w+|end(?:s|ing)?|terminat\w+|to|sunsets?"),
        (DateRole.BEGINS, r"effective|begin(?:s|ning)?|commenc\w+|start(?:s|ing)?|from|since|takes? effect"),
        (DateRole.DUE, r"due|deadline|by|no later than|before|submitted|respond"),
        (DateRole.HEARD, r"hearing|meeting|heard|vote|session|considered|agenda"),
    )
)
_REACH = 40


def dates_in(text: str) -> tuple[NamedDate, ...]:
    """The first twelve days, each once for each role; written dates only, for a weekday alone names no day."""
    if not _YEAR.search(text):  # sooner said than what the long pattern has to look at
        return ()
    found = islice((named for match in _DAY.finditer(text) if (named := _named(text, match))), 4 * MOST)
    return tuple(dict.fromkeys(found))[:MOST]


def _named(text: str, match: re.Match[str]) -> NamedDate | None:
    try:
        day = _day(match)
    except ValueError:
        return None
    return NamedDate(day.isoformat(), _role(text[max(0, match.start() - _REACH) : match.start()]), match[0])


def _day(match: re.Match[str]) -> date:
    if match["iso"]:
        return date.fromisoformat(match["iso"])
    if match["slashed"]:
        month, day, year = map(int, match["slashed"].split("/"))
        return date(year, month, day)
    month = month_number(match["before"] or match["after"])
    return date(int(match["year_us"] or match["year_uk"]), month, int(match["day_after"] or match["day_before"]))


def _role(before: str) -> DateRole:
    before = re.split(r"[.;]\s", before)[-1]
    ends = ((_last_end(cue, before), role) for role, cue in _ROLES)
    nearest, role = max(ends, key=lambda found: found[0])
    return role if nearest > 0 else DateRole.NAMED


def _last_end(cue: re.Pattern[str], before: str) -> int:
    spans: Iterator[int] = (match.end() for match in cue.finditer(before))
    return max(spans, default=0)

"""The sum of money that a paper is about."""

import re
from decimal import Decimal
from itertools import islice

from oversight.domain.mention import Amount

_SYMBOLS = {"$": "USD", "US$": "USD", "£": "GBP", "€": "EUR", "C$": "CAD", "A$": "AUD"}
_SIGNS = "$£€"
_SCALES = {
    "thousand": 1_000,
    "k": 1_000,
    "million": 1_000_000,
    "m": 1_000_000,
    "billion": 1_000_000_000,
    "bn": 1_000_000_000,
}
_SUM = re.compile(
    r"(?P<symbol>US\$|C\$|A\$|[$£€])\s{0,4}(?P<number>\d{1,3}(?:,\d{3}){1,5}(?:\.\d{1,2})?|\d{1,12}(?:\.\d{1,3})?)"
    # A lone letter is a scale where it is attached; "$10,000 K-9 unit", "$250,000 M&T Bank" and "$1,200 M Street".
    r"(?:\s?(?P<scale>thousand|million|billion|bn)\b|(?P<letter>[mk])\b(?!&|-\d{1,2}(?![\d.]*\s?[mk])))?",
    re.IGNORECASE,
)
_CEILING = re.compile(r"not[\s-]+to[\s-]+exceed|not[\s-]+exceeding|\bNTE\b", re.IGNORECASE)
_TOTAL = re.compile(r"\btotal(?:ing|ling)?\b|\bin the amount of\b|\baggregate\b", re.IGNORECASE)
_REACH = 60
MOST = 400  # sums that are looked at


def amount_in(text: str) -> Amount | None:
    """The ceiling where one is stated, else the total, else the largest sum: never the first and never an addition."""
    if not any(sign in text for sign in _SIGNS):
        return None
    sums = list(islice(_SUM.finditer(text), MOST))
    for cue in (_CEILING, _TOTAL):
        cued = [found for found in sums if _follows(cue, text, found)]
        if cued:
            return _amount(max(cued, key=_value))
    return _amount(max(sums, key=_value)) if sums else None


def _follows(cue: re.Pattern[str], text: str, found: re.Match[str]) -> bool:
    before = text[max(0, found.start() - _REACH) : found.start()]
    return bool(cue.search(before)) and not any(sign in before[_last_end(cue, before) :] for sign in _SIGNS)


def _last_end(cue: re.Pattern[str], before: str) -> int:
    return max(match.end() for match in cue.finditer(before))


def _value(found: re.Match[str]) -> Decimal:
    scale = found["scale"] or found["letter"]
    return Decimal(found["number"].replace(",", "")) * (_SCALES[scale.lower()] if scale else 1)


def _amount(found: re.Match[str]) -> Amount:
    value = _value(found)
    whole = value.to_integral_value()
    return Amount(
        str(whole) if whole == value else str(value.quantize(Decimal("0.01"))), _SYMBOLS[found["symbol"].upper()]
    )

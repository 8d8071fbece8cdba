"""The days that a poll asks about, beside the address: in its fragment, where the platform has no place for them."""

import re
from datetime import date
from urllib.parse import urlsplit

from oversight.domain.feed import Answer
from oversight.domain.local_time import local_day
from oversight.domain.reading import Days

FRAGMENT = re.compile(r"days=(\d{4}-\d{2}-\d{2})/(\d{4}-\d{2}-\d{2})$")


def beside(url: str, days: Days) -> str:
    """The address with the days in its fragment, which no client ever sends."""
    return f"{url.partition('#')[0]}#days={days.first}/{days.last}"


def days_beside(answer: Answer) -> Days | None:
    """The days that stood beside the question; None for an answer that was read from a file."""
    if answer.request is None:
        return None
    found = FRAGMENT.search(urlsplit(answer.request.url).fragment)
    first, last = (local_day(part) for part in found.groups()) if found else (None, None)
    return Days(first, last) if first and last else None


def is_asked(day: date | None, days: Days | None) -> bool:
    """Whether a day is among those asked about; a day that is not known may be, and without a question all are."""
    return day is None or days is None or days.first <= day <= days.last

"""Text that every form of file may hold."""

import re

# What neither XML 1.0 nor a line of iCalendar allows: control characters, halves of pairs, non-characters.
UNPRINTABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff]")


def printable(text: str) -> str:
    """The text without such characters."""
    return UNPRINTABLE.sub("", text)

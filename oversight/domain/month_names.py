"""The names of the months: as papers write them, and as we do."""

SHORT = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
# A part of a pattern that ignores case: the whole name or its abbreviation, without the dot.
MONTH_NAME = (
    "(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sep(?:t(?:ember)?)?|oct(?:ober)?"
    "|nov(?:ember)?|dec(?:ember)?)"
)
_NUMBERS = {short.casefold(): number for number, short in enumerate(SHORT, start=1)}


def month_number(name: str) -> int:
    """From 1 to 12, for what MONTH_NAME matched."""
    return _NUMBERS[name[:3].casefold()]

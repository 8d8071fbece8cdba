"""The agencies that a paper names."""

import re

_NAME = r"(?:(?:[A-Z][\w'’-]{1,30}|St\.|Ft\.|Mt\.)[ \u00a0]){1,4}"
_BODY = (
    r"(?:Police (?:Department|Service|Force|Commission)|Sheriff['’]?s?[ ](?:Office|Department)|State Police|"
    r"Highway Patrol|State Patrol|Transit Authority|Transit Police|Housing Authority|School District|"
    r"Department of (?:Justice|Public Safety|Corrections|Transportation|Investigation|Homeland Security))"
)
_AGENCY = re.compile(rf"\b{_NAME}{_BODY}")
_SHORT = re.compile(
    r"\b(NYPD|LAPD|SFPD|OPD|ICE|DHS|FBI|CBP|TSA|DEA|ATF|IRS|Home Office|Metropolitan Police|Border Patrol)\b"
)
_LEADING = re.compile(r"^(?:The|A|An|That|When|In|At|And|But|City of|By|With|From|For|Both|Local)\s+")
_MOST = 8
READ = 20_000


def agencies_in(text: str) -> tuple[str, ...]:
    """Names as written, each once, in the order of the paper."""
    text = text[:READ]
    found = [(match.start(), _LEADING.sub("", " ".join(match[0].split()))) for match in _AGENCY.finditer(text)]
    found += [(match.start(), match[0]) for match in _SHORT.finditer(text)]
    return tuple(dict.fromkeys(name for _, name in sorted(found)))[:_MOST]

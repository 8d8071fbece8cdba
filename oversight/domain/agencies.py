"""The agencies and governing bodies that a paper names."""

import re
from collections.abc import Iterable

_CAP = r"(?:[A-Z][\w'’-]{1,30}|St\.|Ft\.|Mt\.)"
_NAME = rf"(?:{_CAP}[ \u00a0](?:(?:and|of)[ ](?={_CAP}))?){{1,4}}?"
_OF = (
    r"(?:of|for)[ ](?:the[ ])?(?:Public Safety|Justice|Corrections?|Transportation|Investigations?|Homeland Security|"
    r"Motor Vehicles|Education|Probation|Technology|Police Accountability|Emergency Management|Civil Rights|"
    r"Inspector General|Attorney General|Sheriff|Mayor|Public Health|Parks|Defense|State)"
)
_ROOM = (
    r"(?:Aldermen|Supervisors|Selectmen|Commissioners|County Commissioners|Trustees|Education|Police Commissioners|"
    r"Public Works)"
)
_BODY = (
    r"(?:Police (?:Department|Service|Force|Commission|Bureau|Authority|Board|Command|Jury)|Police|Constabulary|"
    r"(?:Sheriff|Marshal|Constable|Prosecutor|Clerk)['’]?s?[ ](?:Office|Department)|Highway Patrol|State Patrol|"
    r"(?:Transit|Transportation|Transport|Housing|Port|Airport)[ ](?:Authority|District|Agency|Police)|"
    r"International Airport|(?:School|Hospital)[ ]District|Public Schools|School Board|Fire Department|"
    r"(?:District|County|City|State['’]s)[ ]Attorney(?:['’]s Office)?|Attorney General(?:['’]s Office)?|"
    r"(?:City|Town|Common|County|Village|Metro|Borough)[ ](?:Council|Commission|Board|Assembly|Legislature)|"
    r"Select ?[Bb]oard|Privacy (?:Advisory )?(?:Commission|Board)|Oversight (?:Commission|Board)|General Assembly|"
    rf"Legislature|Board of {_ROOM}|(?:Department|Office|Division|Bureau) {_OF})"
)
_AGENCY = re.compile(rf"\b{_NAME}{_BODY}\b|\b(?:Port|City) of {_CAP} (?:Police Department|Commission)\b")
_DEPARTMENT = re.compile(rf"\b(?:(?:Mayor['’]s )?Office|Department|Bureau) {_OF}")
_SHORT = re.compile(
    r"\b(?:NYPD|LAPD|SFPD|SDPD|SJPD|NOPD|LVMPD|IMPD|CMPD|MNPD|LMPD|KCPD|SLMPD|OPD|MPD|CPD|ICE|DHS|FBI|CBP|TSA|DEA|ATF|IRS|"
    r"DOJ|FAA|FTC|NIST|DMV|BART|SEPTA|WMATA|LACMTA|MTA|RCMP|PSNI|TfL|Home Office|Metropolitan Police|Met Police|Garda|"
    r"Border Patrol|Secret Service|Texas DPS|CHP|Police Scotland|WA Police|NSW Police)\b"
)
_LEADING = re.compile(
    r"^(?:The|A|An|That|When|In|At|And|But|City of|By|With|From|For|Both|Local|While|After|As|Since|Before|If|To|Of|On|"
    r"Subject|Resolution|Ordinance|(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day(?:['’]s)?|How|Why|Should|Will|Former|Many|Some|Other|[A-Z][a-z]+ing)\s+"
)
_BARE = frozenset({"Police", "Legislature", "City Council", "Town Council", "Police Department", "School Board"})
_MOST = 8
READ = 20_000


def agencies_in(text: str) -> tuple[str, ...]:
    """Names as written, each once, in the order of the paper; of a name and its beginning, the whole name."""
    text = text[:READ]
    named = list(_AGENCY.finditer(text))
    found = [(match.start(), _bare(match[0])) for match in named]
    spans = [match.span() for match in named]
    for pattern in (_DEPARTMENT, _SHORT):
        found += [
            (match.start(), " ".join(match[0].split()))
            for match in pattern.finditer(text)
            if not any(start <= match.start() < end for start, end in spans)
        ]
    names = dict.fromkeys(name for _, name in sorted(found) if name and name not in _BARE)
    return tuple(name for name in names if not _is_begun(name, names))[:_MOST]


def _bare(name: str) -> str:
    name = " ".join(name.split())
    while (shorter := _LEADING.sub("", name)) != name:
        name = shorter
    return name


def _is_begun(name: str, names: Iterable[str]) -> bool:
    return any(other != name and other.startswith(f"{name} ") for other in names)

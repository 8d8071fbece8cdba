"""What councils write beside a meeting to say where it stands: a word is a status there, not one about a contract."""

import re

from oversight.domain.month_names import MONTH_NAME
from oversight.domain.reading import MeetingStatus

_SITTING = r"(?:meetings?|sessions?|hearings?|workshops?|retreats?|briefings?)"
_BODY = r"(?:(?:sub)?committees?|councils?|commissions?|boards?|authority|task force)"
# What councils cancel and postpone beside meetings.
_THING = (
    r"\b(?:contracts?|agreements?|leases?|purchases?|orders?|renewals?|subscriptions?|deals?|pilots?|trials?"
    r"|programs?|projects?|cameras?|bids?|rfps?|grants?|votes?|items?|polic(?:y|ies)|ordinances?|flock)\b"
)
_SUBJECT = re.compile(rf"(?P<thing>{_THING})|\b(?:{_SITTING}|{_BODY})\b", re.I)
_CLAUSE = re.compile(r"[.;:()\[\]|–—]|\s-|-\s")
_NO_STATUS_BEFORE = re.compile(
    r"\b(?:to be|be|not|never|if|unless|the|an?|any|all|for|about|previously|recently|(?<!notice )of)\s*$", re.I
)
# What may come after a status: nothing, a mark, a reason, another day, or what kind of meeting it is of.
_STATUS_AFTER = re.compile(
    r"\s*(?:$|[^\w\s'’\"“])"
    r"|\s+(?:due|because|as|at|until|till|to|by|for|per|and|since|from|but|this|no)\b"
    rf"|(?:\s+(?!{_THING})[\w.'’&/,-]+){{0,6}}?\s+{_SITTING}\b",
    re.I,
)
_THING_AFTER = re.compile(rf"(?:\s+[\w'’-]+){{0,3}}?\s+{_THING}", re.I)
_VERB_BEFORE = re.compile(r"\b(?:(?:has|have) been|is|was|are|were)\s+(?:\w+ly\s+|now\s+)?$|\bhereby\s+$", re.I)
_DATED = (
    r"\s+(?:[a-z]+,?\s+)?(?:\d|(?:mon|tues|wednes|thurs|fri|satur|sun)day"
    rf"|{MONTH_NAME}\.?\s+\d)"
)
_PARTICIPLES = (
    (re.compile(r"\b(?:cancell?ed|cx?ld)\b", re.I), MeetingStatus.CANCELLED),
    (re.compile(r"\b(?:postponed|re-?scheduled)\b", re.I), MeetingStatus.RESCHEDULED),
)
_PHRASES = (
    (
        re.compile(
            r"^\W*cancel\W*$|\bnot being held\b"
            r"|\bno meeting\b(?!\s+(?:minutes|materials|agenda|packet|notes|documents?|videos?|link)\b)"
            r"|^\W*(?:notice of )?cancell?ation\s*(?:$|[^\w\s]|notice\b"
            rf"|of\s+(?:(?!{_THING})[\w.,'’-]+\s+){{0,6}}?{_SITTING}\b)"
            rf"|\bnotice of (?:{_SITTING} )?cancell?ation\b(?!\s+(?:of|for)\b)"
            rf"|(?:{_SITTING}|{_BODY}|\d)\W*cancell?ation\b(?!\s+(?:of|for|fees?|polic|clause|terms?)\b)"
            rf"|(?<!\w)(?:[-–—:(*]\s*)cancell?ation\s*(?:$|[)*])"
            r"|\bcancell?ation notice\b",
            re.I,
        ),
        MeetingStatus.CANCELLED,
    ),
    (
        re.compile(
            r"\bnotice of (?:postponement|rescheduling)\b|^\W*deferred\W*$"
            rf"|(?:^\W*|[-–—:(*]\s*|\b(?:meetings?|sessions?|workshops?|time)\s+(?:(?:has been|is|was)\s+)?)"
            rf"(?:moved|adjourned|continued) to\b{_DATED}",
            re.I,
        ),
        MeetingStatus.RESCHEDULED,
    ),
    (
        re.compile(
            rf"(?:^\W*|[-–—(*\[]\s*)(?:draft|tentative)\s*(?:$|[)*\]:–—-])"
            rf"|\b(?:draft|tentative) (?:(?:[\w.&]+ ){{0,2}}agenda|date|{_SITTING})\b"
            rf"|\b(?:agenda|{_SITTING}) draft\s*$",
            re.I,
        ),
        MeetingStatus.TENTATIVE,
    ),
)
# Sooner looked for than all that stands above; and no more is read around a word than this.
_ANY = re.compile(
    r"cancel|cx?ld|postpone|schedul|no meeting|not being held|(?:moved|adjourned|continued) to|deferred|draft"
    r"|tentative",
    re.I,
)
_REACH = 200
_IN_ORDER = (MeetingStatus.CANCELLED, MeetingStatus.RESCHEDULED, MeetingStatus.TENTATIVE)


def status_said(*texts: str | None, otherwise: MeetingStatus = MeetingStatus.UNKNOWN) -> MeetingStatus:
    """The status that any of the texts (a title, a note, a place) speaks of; `otherwise` where none does.

    "Meeting to cancel the contract" and "the contract was cancelled" speak of none.
    """
    lines = [line.strip() for text in texts if text for line in text.splitlines()]
    found = {status for line in lines if _ANY.search(line) for status in _statuses(line)}
    return next((status for status in _IN_ORDER if status in found), otherwise)


def _statuses(line: str) -> set[MeetingStatus]:
    said = {status for pattern, status in _PHRASES if pattern.search(line)}
    for pattern, status in _PARTICIPLES:
        if any(_is_status(line, match) for match in pattern.finditer(line)):
            said.add(status)
    return said


def _is_status(line: str, word: re.Match[str]) -> bool:
    before, after = line[max(0, word.start() - _REACH) : word.start()], line[word.end() : word.end() + _REACH]
    if _NO_STATUS_BEFORE.search(before):
        return False
    subject = [match["thing"] for match in _SUBJECT.finditer(_CLAUSE.split(before)[-1])]
    if subject and subject[-1]:
        return False
    if _STATUS_AFTER.match(after):
        return True
    stands_out = word[0].isupper() and any(sign.islower() for sign in before + after)
    return (stands_out or _VERB_BEFORE.search(before) is not None) and not _THING_AFTER.match(after)

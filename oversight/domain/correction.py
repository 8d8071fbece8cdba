"""A visitor's report of an error in the record: what may be said, in normal form, and who may say how much."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta

from oversight.domain.cleaning import LINK_LENGTH, REASON_LENGTH, clean_line, clean_link, clean_text
from oversight.domain.sender import FROM_ONE_ADDRESS, FROM_ONE_NETWORK
from oversight.domain.word import Word

TEXT_LENGTH = 2_000
EMAIL_LENGTH = 254
EMAIL_LIFE = timedelta(days=90)
SENDER_LIFE = timedelta(days=1)
SPAM_LIFE = timedelta(days=30)
# What editors can read in a day is less than what a program can send in a minute.
DAY = timedelta(days=1)
ON_ONE_RECORD, ON_ALL = 5, 100


class CorrectionState(Word):
    """Where a correction stands; every state but the first is final."""

    OPEN = "open", "Waiting for an editor"
    ACCEPTED = "accepted", "Accepted: the record was changed"
    DECLINED = "declined", "Declined: the record stays as it is"
    SPAM = "spam", "Set aside: not a report about the record"


LISTED = (CorrectionState.ACCEPTED, CorrectionState.DECLINED)


@dataclass(frozen=True)
class Report:
    """What a visitor says is wrong. `field` is a name of the editor's form; the address to answer is never shown."""

    noun: str
    key: str
    field: str | None
    text: str
    source_url: str | None
    email: str | None


@dataclass(frozen=True)
class Verdict:
    """Who decides, what is said publicly, and when."""

    editor: str
    reason: str
    at: datetime


@dataclass(frozen=True)
class Counts:
    """How many reports came already: from this address and network in an hour, on this record and in all in a day."""

    from_address: int
    from_network: int
    on_record: int
    on_all: int


def clean_report(noun: str, key: str, typed: dict[str, str], fields: Collection[str]) -> tuple[Report, dict[str, str]]:
    """What a form says in normal form (SAFETY C4, D2), and what is wrong with it by the name of the form's field."""
    faults = {}
    text = clean_text(typed.get("text", ""), TEXT_LENGTH + 1)
    if not any(map(str.isalnum, text)):
        faults["text"] = "Say what is wrong, and what would be right."
    elif len(text) > TEXT_LENGTH:
        faults["text"] = f"This is longer than {TEXT_LENGTH:,} characters. Say the most important first."
    field = clean_line(typed.get("field", ""), REASON_LENGTH) or None
    if field is not None and field not in fields:
        faults["field"] = "Choose one of the list, or leave it open."
    told = typed.get("source_url", "").strip()
    source_url = clean_link(told)
    if told and source_url is None:
        faults["source_url"] = (
            f"Write the whole address, with https:// at its beginning, up to {LINK_LENGTH:,} characters."
        )
    email = clean_line(typed.get("email", ""), EMAIL_LENGTH + 1) or None
    return Report(noun, key, field, text, source_url, email), faults


def refusal(counts: Counts) -> str | None:
    """Why one more report is not taken now; None where it is."""
    if counts.from_address >= FROM_ONE_ADDRESS or counts.from_network >= FROM_ONE_NETWORK:
        return (
            "Several reports came from your network within an hour. Please send this one later; nothing is lost here."
        )
    if counts.on_record >= ON_ONE_RECORD:
        return "Several reports about this entry wait for an editor already. Please come back tomorrow."
    if counts.on_all >= ON_ALL:
        return "More reports came today than editors can read. Please come back tomorrow."
    return None

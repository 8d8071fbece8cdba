"""The stage that a step took a matter to, from first reading to renewal, read from the clerk's own words."""

import re

from oversight.domain.word import Word


class MatterStage(Word):
    """Where a matter stands after a step."""

    INTRODUCED = "introduced", "Introduced"
    REFERRED = "referred", "Referred"
    FIRST_READING = "first_reading", "First reading"
    HEARING = "hearing", "Heard"
    COMMITTEE = "committee", "Out of committee"
    SECOND_READING = "second_reading", "Second reading"
    AMENDED = "amended", "Amended"
    CONTINUED = "continued", "Put off"
    APPROVED = "approved", "Approved"
    DENIED = "denied", "Denied"
    WITHDRAWN = "withdrawn", "Withdrawn"
    SIGNED = "signed", "Signed"
    VETOED = "vetoed", "Vetoed"
    EXECUTED = "executed", "Contract signed"
    RENEWED = "renewed", "Renewed"
    ENDED = "ended", "Ended"
    OTHER = "other", "Step"


# The first that fits decides: what undoes a step stands before the step ("not approved", "failed to pass"), what is
# more exact before what is less ("first reading passed" is a reading, not a law).
CUES = (
    (MatterStage.VETOED, r"\bveto"),
    (MatterStage.WITHDRAWN, r"\bwithdr[ae]w|\bremoved from|\bpulled\b"),
    (MatterStage.DENIED, r"\b(not (approved|adopted|passed)|fail(ed|s)?|denied|rejected|defeated|disapproved|lost)\b"),
    (MatterStage.ENDED, r"\b(end of session|expired|terminat|not renewed|repeal|died|filed without action)"),
    (
        MatterStage.CONTINUED,
        r"\b(laid over|held over|held in|continued|tabled|postponed|deferred|no action|carried (over|forward|to))\b",
    ),
    (MatterStage.RENEWED, r"\brenew|\bextended\b|\bextension\b"),
    (MatterStage.FIRST_READING, r"\b(first|1st) (reading|consideration)|\bread (the )?first"),
    (
        MatterStage.SECOND_READING,
        r"\b(second|2nd|third|3rd|final) (reading|consideration)|\bread (the )?(second|third)|\bfinal passage",
    ),
    (
        MatterStage.COMMITTEE,
        r"\b(approved?|adopted|pass(ed)?|recommend\w*|reported)\b.*\b(by |out of )?(comm(ittee)?)\b",
    ),
    (MatterStage.COMMITTEE, r"\b(recommend(ed|s)?|do pass|reported out|forwarded)\b"),
    (MatterStage.EXECUTED, r"\bexecuted\b|\battested\b|\bcontract signed"),
    (MatterStage.SIGNED, r"\bsign(ed|ing)\b|\binto law\b|\breturned unsigned\b|\benacted\b"),
    (MatterStage.APPROVED, r"\b(approv|adopt|pass|accept)\w*\b.*\bas (further )?(amended|substituted)\b"),
    (MatterStage.AMENDED, r"\b(amended|amendment|substitut)"),
    (MatterStage.REFERRED, r"\b(refer(red)?|assigned|sent to|transmitted|re-refer)"),
    (MatterStage.HEARING, r"\b(hearing|heard|public comment|discuss)"),
    (
        MatterStage.APPROVED,
        r"\b(approv|adopt|pass(ed)?\b|accepted|carried|confirmed|granted|awarded|authori[sz]ed|ratif)",
    ),
    (MatterStage.INTRODUCED, r"\b(introduc|filed|received|created|submitted|placed on|agenda ready)"),
)
PATTERNS = tuple((stage, re.compile(pattern, re.I)) for stage, pattern in CUES)


def stage_of(action: str, outcome: str | None = None) -> MatterStage:
    """The stage a step leads to. An outcome against it ("Fail") decides over the action's name ("Adopt")."""
    if outcome and _first(outcome) in (MatterStage.DENIED, MatterStage.VETOED, MatterStage.WITHDRAWN):
        return _first(outcome)
    found = _first(action)
    return _first(outcome) if found is MatterStage.OTHER and outcome else found


def _first(words: str) -> MatterStage:
    return next((stage for stage, pattern in PATTERNS if pattern.search(words)), MatterStage.OTHER)

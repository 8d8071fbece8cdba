"""Provisions of policies in one comparison vocabulary, and whether somebody looked for each."""

from dataclasses import dataclass

from oversight.domain.word import Word


class FieldState(Word):
    """What is known of a field: nobody looked, looked and absent, there and empty, answered, blacked out."""

    NOT_RESEARCHED = "not_researched", "Not researched"
    ABSENT = "absent", "Not in the text"
    PRESENT_BUT_EMPTY = "present_but_empty", "There, and says nothing"
    ANSWERED = "answered", "Answered"
    REDACTED = "redacted", "Blacked out"


class Unit(Word):
    """What an amount of a provision counts."""

    DAYS = "days", "days"
    MONTHS = "months", "months"
    YEARS = "years", "years"
    PER_CENT = "per_cent", "per cent"
    US_DOLLARS = "us_dollars", "US dollars"


class ProvisionCode(Word):
    """One kind of provision that policies are compared by; those that begin with `fr_` are about facial recognition."""

    APPROVAL_TO_SEEK_FUNDS = "approval_to_seek_funds", "Approval to seek funds"
    APPROVAL_TO_ACQUIRE = "approval_to_acquire", "Approval to acquire"
    APPROVAL_FOR_NEW_USE = "approval_for_new_use", "Approval for a new use"
    APPROVAL_TO_SHARE = "approval_to_share", "Approval to share"
    IMPACT_REPORT = "impact_report", "Impact report"
    USE_POLICY = "use_policy", "Use policy"
    PUBLIC_HEARING = "public_hearing", "Public hearing"
    COMMENT_PERIOD = "comment_period", "Comment period"
    OVERSIGHT_BODY = "oversight_body", "Oversight body"
    ANNUAL_REPORT = "annual_report", "Annual report"
    INVENTORY = "inventory", "Inventory"
    INDEPENDENT_AUDIT = "independent_audit", "Independent audit"
    RETENTION_LIMIT = "retention_limit", "Limit on keeping data"
    SHARING_LIMIT = "sharing_limit", "Limit on sharing"
    ACCESS_LIMIT = "access_limit", "Limit on access"
    NDA_BAN = "nda_ban", "No secrecy agreements"
    EXISTING_TECHNOLOGY_DEADLINE = "existing_technology_deadline", "Deadline for technology already in use"
    EXIGENT_USE = "exigent_use", "Emergency use"
    PILOT_CARVEOUT = "pilot_carveout", "Exception for pilots"
    PRIVATE_RIGHT_OF_ACTION = "private_right_of_action", "Right to sue"
    ATTORNEY_FEES = "attorney_fees", "Lawyers' fees"
    EVIDENCE_SUPPRESSION = "evidence_suppression", "Evidence excluded"
    DISCIPLINE_OR_CRIMINAL_PENALTY = "discipline_or_criminal_penalty", "Discipline or criminal penalty"
    WHISTLEBLOWER_PROTECTION = "whistleblower_protection", "Whistleblowers protected"
    IMMIGRATION_BAR = "immigration_bar", "Not for immigration enforcement"
    PROTEST_BAR = "protest_bar", "Not for watching protest"
    EXCLUDED_TECHNOLOGY = "excluded_technology", "Technology left out"
    FR_WARRANT = "fr_warrant", "Faces: warrant"
    FR_CRIME_SEVERITY = "fr_crime_severity", "Faces: which crimes"
    FR_LEAD_ONLY = "fr_lead_only", "Faces: a match is a lead only"
    FR_HUMAN_REVIEW = "fr_human_review", "Faces: a person reviews"
    FR_NO_LIVE = "fr_no_live", "Faces: not live"
    FR_NO_MOBILE = "fr_no_mobile", "Faces: not on the move"
    FR_ACCURACY_THRESHOLD = "fr_accuracy_threshold", "Faces: accuracy required"
    FR_DISCLOSURE_TO_DEFENCE = "fr_disclosure_to_defence", "Faces: told to the defence"
    FR_PRIVATE_USE = "fr_private_use", "Faces: private use"


@dataclass(frozen=True)
class KnownProvision:
    """What is known of one provision of a policy: `value` in words, or `amount` and `unit`; `reference` is where."""

    code: ProvisionCode
    state: FieldState
    value: str | None
    amount: float | None
    unit: Unit | None
    reference: str | None

"""A mention: an item that the detector found relevant, the evidence for it, and what may become of it."""

from dataclasses import dataclass
from datetime import datetime

from oversight.domain.word import Word
from oversight.errors import NotAllowed


class Stage(Word):
    """What the item says is happening; vocabulary/stages.toml has the words that tell it."""

    PROPOSED = "proposed", "Proposed"
    RFP = "rfp", "Call for bids"
    CONTRACT = "contract", "Contract"
    PILOT = "pilot", "Pilot"
    DEPLOYED = "deployed", "In use"
    POLICY_PROPOSED = "policy_proposed", "Rule proposed"
    POLICY_ADOPTED = "policy_adopted", "Rule adopted"
    BAN_ADOPTED = "ban_adopted", "Ban adopted"
    MORATORIUM = "moratorium", "Pause"
    ROLLBACK = "rollback", "Rolled back"
    LAWSUIT = "lawsuit", "Lawsuit"
    REPORT = "report", "Report"
    OPPOSITION = "opposition", "Opposition"
    VENDOR_POLICY = "vendor_policy", "Vendor's rule"
    OTHER = "other", "Other"


class MentionState(Word):
    """Where a mention stands with the editors."""

    PENDING = "pending", "Not yet reviewed"
    CONFIRMED = "confirmed", "Confirmed"
    DISMISSED = "dismissed", "Dismissed"
    MERGED = "merged", "Merged into another of its story"
    WITHDRAWN = "withdrawn", "Withdrawn"


# No mentions after all: an editor said so, or a later detector took them back.
FALSE_ALARMS = frozenset({MentionState.DISMISSED, MentionState.WITHDRAWN})
SET_ASIDE = FALSE_ALARMS | {MentionState.MERGED}  # what lists leave out where no state is asked


class Decision(Word):
    """What an editor does with a mention."""

    CONFIRM = "confirm", "Confirm"
    DISMISS = "dismiss", "Dismiss"
    MERGE = "merge", "Merge"
    ATTACH = "attach", "Attach"


class Beside(Word):
    """What an editor may decide together with a mention; `why` is the reason that is noted."""

    COPIES = "copies", "Its copies"
    SIGHTINGS = "sightings", "Other sightings of its file"

    @property
    def why(self) -> str:
        """Why such a mention needs no decision of its own."""
        return "the same story" if self is Beside.COPIES else "the same file"


# What editors say most often when they dismiss; each names a kind of mistake that the detector can learn from.
WHY_NOT = (
    "Not about surveillance technology",
    "Private use only",
    "A crime story that used footage",
    "Traffic enforcement only",
    "Wrong meaning of the word",
    "Same business as another mention",
)

NEXT_STATE = {
    (MentionState.PENDING, Decision.CONFIRM): MentionState.CONFIRMED,
    (MentionState.PENDING, Decision.DISMISS): MentionState.DISMISSED,
    (MentionState.PENDING, Decision.MERGE): MentionState.MERGED,
    # An editor may know better than the detector that took it back; setting it aside once more would say nothing.
    (MentionState.WITHDRAWN, Decision.CONFIRM): MentionState.CONFIRMED,
    # Who attaches a mention to the record says that it is right.
    (MentionState.PENDING, Decision.ATTACH): MentionState.CONFIRMED,
    (MentionState.WITHDRAWN, Decision.ATTACH): MentionState.CONFIRMED,
}


def next_state(state: MentionState, decision: Decision) -> MentionState:
    """The state after a decision; raises NotAllowed where the mention was already decided."""
    try:
        return NEXT_STATE[state, decision]
    except KeyError:
        raise NotAllowed(f"this mention is already {state}; reload the queue to see by whom") from None


@dataclass(frozen=True)
class Ruling:
    """One decision: what, by whom, why and when (UTC)."""

    decision: Decision
    reviewer: str
    reason: str
    at: datetime


@dataclass(frozen=True)
class Place:
    """Where a government is: a display name and its Open Civic Data id, where there is one."""

    name: str
    ocd_id: str | None


@dataclass(frozen=True)
class Evidence:
    """One reason for a score. `start` and `end` are code points into the original `field`; `text` is that slice.

    `field` is title, text, feed or url; a negative `weight` lowered the score.
    """

    signal: str
    field: str
    start: int
    end: int
    text: str
    weight: float


@dataclass(frozen=True)
class Amount:
    """Money as stated: a decimal number in words of digits, and an ISO 4217 code."""

    value: str
    currency: str


class DateRole(Word):
    """What happens on a date that a paper names."""

    BEGINS = "begins", "Begins"
    ENDS = "ends", "Ends"
    DUE = "due", "Due"
    HEARD = "heard", "Heard"
    NAMED = "named", "Named"


@dataclass(frozen=True)
class NamedDate:
    """A date that a paper names: an ISO 8601 day, what happens on it as far as the words say, and those words."""

    value: str
    role: DateRole
    text: str


@dataclass(frozen=True)
class Paper:
    """What the detector reads: one document, with the place its feed belongs to. `kind` is a word of the source."""

    kind: str
    title: str
    text: str
    url: str | None = None
    feed_jurisdiction: str | None = None


@dataclass(frozen=True)
class Detection:
    """What the detector says of one paper. Relevant means `score` is at or above the published threshold.

    `modes` are how faces are searched; `seller` is who sells what the vendor made; `placement` is where the item stands
    on its agenda.
    """

    is_relevant: bool
    score: float
    technologies: tuple[str, ...]
    modes: tuple[str, ...]
    vendors: tuple[str, ...]
    products: tuple[str, ...]
    seller: str | None
    places: tuple[Place, ...]
    agencies: tuple[str, ...]
    stage: Stage | None
    placement: str | None
    badges: tuple[str, ...]
    amount: Amount | None
    dates: tuple[NamedDate, ...]
    evidence: tuple[Evidence, ...]
    detector: str

"""What the design page shows its parts with: every state once, of places and things that do not exist."""

from dataclasses import dataclass, replace
from datetime import UTC, date, datetime

from oversight.domain.coverage import Coverage, Gap, GapKind
from oversight.domain.duty import DutyFacts, DutyKind, clock
from oversight.domain.health import Finding, Health
from oversight.domain.lanes import Manner, Step, lane_of
from oversight.domain.mention import Evidence, MentionState
from oversight.domain.posture import Stance
from oversight.domain.provision import FieldState, ProvisionCode, Unit
from oversight.domain.reading import MeetingStatus
from oversight.domain.reason import Reason
from oversight.domain.record import (
    ClaimType,
    Confidence,
    DateCertainty,
    EvidenceTier,
    LinkState,
    Posture,
    UseStatus,
    Verification,
)
from oversight.domain.record_diff import Fate, Form
from oversight.domain.use_status import Use
from oversight.storage.queries.claims import ClaimLine, Dispute
from oversight.storage.queries.duty_lines import DutyLine
from oversight.storage.queries.provisions import ProvisionLine
from oversight.storage.queries.sources import SourceLine
from oversight.web.record_words import Said
from oversight.web.timeline import Named, Timeline, timeline

DAY = date(2026, 1, 15)
CHECKED = datetime(2026, 1, 15, 9, 30, tzinfo=UTC)
WHY = (
    Reason("Sample Ordinance: surveillance oversight ordinance, in force since 2021-03-01", None, "2021-03-01"),
    Reason("Higher law applies here too: Sample Act, in force since 2023-07-01", None, "2023-07-01"),
)
MENTION_STATES = tuple(MentionState)
TEXT = "Approve a two-year contract for automated licence-plate readers; the sewer camera is not meant."

SOURCE = SourceLine(
    key="src-sample",
    url="https://example.org/ordinance",
    title="Sample Ordinance, as enacted",
    publisher="City of Sample",
    date="2021-02-16",
    tier=EvidenceTier.T1,
    note=None,
    date_certainty=DateCertainty.STATED,
    archived_url="https://example.org/archive/ordinance",
    link_state=LinkState.LIVE,
    link_checked_at=CHECKED,
    link_failed_at=None,
    link_moved_to=None,
)
SOURCES = (
    SOURCE,
    replace(
        SOURCE,
        title="Council votes for oversight",
        publisher="Sample Courier",
        date="2021-02",
        tier=EvidenceTier.T4,
        date_certainty=DateCertainty.DERIVED,
        link_state=LinkState.DEAD,
        link_failed_at=CHECKED,
    ),
    replace(SOURCE, title="The same, before anybody looked", link_state=None, link_checked_at=None),
    replace(SOURCE, url=None, title="A letter kept on paper", publisher=None, date=None, tier=None, archived_url=None),
)


@dataclass(frozen=True)
class Checked:
    """How sure the record is of a row."""

    confidence: Confidence
    verification: Verification


@dataclass(frozen=True)
class Sitting:
    """Where a meeting stands."""

    status: MeetingStatus
    vanished_at: datetime | None


def stances() -> list[Stance]:
    """Every posture; the last once more, as not certain."""
    found = [Stance(posture, WHY, is_certain=True, was_loosened=False) for posture in Posture]
    return [*found, Stance(Posture.RESTRICTED, WHY, is_certain=False, was_loosened=True)]


def uses() -> list[Use]:
    """Every use status; the last once more, as not certain."""
    return [*(Use(status, WHY, is_certain=True) for status in UseStatus), Use(UseStatus.IN_USE, WHY, is_certain=False)]


def findings() -> list[Finding]:
    """Every state of a feed."""
    return [Finding(health, "why it is so") for health in Health]


def sittings() -> list[Sitting]:
    """A meeting in every state, and one that its feed stopped naming."""
    return [*(Sitting(status, None) for status in MeetingStatus), Sitting(MeetingStatus.CONFIRMED, CHECKED)]


def evidence() -> list[Evidence]:
    """Words that raised the score, words that lowered it, and what counts for the whole item."""
    return [
        _counted("licence-plate readers", "term:alpr", 1.4),
        _counted("contract", "stage:contract", 0.6),
        _counted("sewer camera", "exclusion:sewer_camera", -0.8),
        Evidence("prior", "feed", 0, 0, "", 0.5),
    ]


def _counted(words: str, signal: str, weight: float) -> Evidence:
    start = TEXT.index(words)
    return Evidence(signal, "text", start, start + len(words), words, weight)


def changed() -> list[Said]:
    """One field of each form, changed."""
    went, kept, came = Fate.WENT, Fate.KEPT, Fate.CAME
    return [
        Said("Instrument", Form.VALUE, ((went, "Use policy"), (came, "Surveillance oversight ordinance"))),
        Said("Summary", Form.WORDS, ((kept, "The council "), (went, "may"), (came, "must"), (kept, " approve it."))),
        Said("Technologies", Form.ENTRIES, ((kept, "Drones"), (came, "Robots"), (went, "Aerial surveillance"))),
    ]


def dispute() -> Dispute:
    """Two parties who do not say the same, one of whom the record follows."""
    first = ClaimLine(
        "Sample Police", ClaimType.AGENCY_STATEMENT, "12 cameras", "Said twelve are live.", "2025-03", SOURCE, None
    )
    why = "it counted the cameras on the map of the contract."
    second = ClaimLine(
        "City auditor", ClaimType.FINDING, "31 cameras", "Counted thirty-one.", "2025-06-02", SOURCE, why
    )
    return Dispute("cameras", (first, second))


def duties() -> list[DutyLine]:
    """A duty in each state of its clock."""
    absent, unknown, answered = FieldState.ABSENT, FieldState.NOT_RESEARCHED, FieldState.ANSWERED
    facts = [
        DutyFacts(None, None, unknown),
        DutyFacts("2026-02-01", None, unknown),
        DutyFacts(None, "2025-01-30", answered),
        DutyFacts("2025-02-01", "2025-01-30", answered),
        DutyFacts("2025-02-01", "2025", answered),
        DutyFacts("2025-02-01", "2025-07-15", answered),
        DutyFacts("2025-12-31", None, absent),
        DutyFacts("2025-12-31", None, unknown),
    ]
    rule = "A report to the council each year"
    stated = DateCertainty.STATED
    return [
        DutyLine(DutyKind.ANNUAL_REPORT, rule, one.due, stated, one.filed, clock(one, DAY), SOURCE) for one in facts
    ]


def provisions() -> list[ProvisionLine]:
    """A provision that is answered with a number, one that is not in the text, one that nobody looked for."""
    return [
        ProvisionLine(
            ProvisionCode.RETENTION_LIMIT, FieldState.ANSWERED, "Data is deleted", 30, Unit.DAYS, "§ 4(b)", SOURCE
        ),
        ProvisionLine(ProvisionCode.PRIVATE_RIGHT_OF_ACTION, FieldState.ABSENT, None, None, None, None, SOURCE),
        ProvisionLine(ProvisionCode.NDA_BAN, FieldState.NOT_RESEARCHED, None, None, None, None, None),
    ]


def coverages() -> list[Coverage]:
    """Watched without a gap, watched with gaps, known and not polled, and not known at all."""
    gaps = tuple(Gap(GapKind.NO_OUTCOMES, f"sample gap {number}") for number in range(1, 7))
    return [
        Coverage(2, 2, CHECKED, ()),
        Coverage(3, 2, CHECKED, gaps),
        Coverage(1, 0, None, gaps[:1]),
        Coverage(0, 0, None, gaps[:1]),
    ]


def lanes() -> Timeline | None:
    """A rule that was made, narrowed and suspended, one that is only proposed, a pilot that became a use."""
    rule = [
        Step("Introduced", "2019-05", Manner.PENDING),
        Step("Adopted (not yet in force)", "2020-02-11", Manner.COMING),
        Step("In force", "2020-09-01", Manner.HOLDS),
        Step("Suspended", "2022", Manner.RESTS),
        Step("In force", "2023-06-01", Manner.HOLDS),
        Step("Sunset", "2025-06-01", Manner.OPEN),
    ]
    use = [
        Step("Pilot", "2018-09", Manner.TRIED),
        Step("In use", "2019-10-01", Manner.HOLDS),
        Step("Ended", "2021-04", None),
    ]
    bill = [Step("Introduced", "2025-09-03", Manner.PENDING)]
    named = [
        ("Drones: Sample Police", "deployment", use),
        ("Sample Ordinance", "policy", rule),
        ("Sample Bill", "policy", bill),
    ]
    return timeline([Named(label, kind, "timeline", lane_of(steps, DAY)) for label, kind, steps in named], DAY)

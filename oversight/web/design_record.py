"""What the design page shows policies, uses and meetings with: made up, in the states that their macros tell apart."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from oversight.domain.document import DocumentState
from oversight.domain.grounds import Cited
from oversight.domain.policy_chain import Joint, joints
from oversight.domain.policy_standing import PolicyFacts, PolicyStep, standing
from oversight.domain.record import (
    Binds,
    Confidence,
    DateCertainty,
    Direction,
    Effect,
    EvidenceTier,
    Instrument,
    LegalStatus,
    OperatorKind,
    UseStatus,
    Verification,
)
from oversight.domain.spread import Spread, spread
from oversight.domain.use_status import StatusChange
from oversight.storage.queries.deployments import Terms
from oversight.storage.queries.documents import DocumentLine
from oversight.storage.queries.meeting_page import EntryChange
from oversight.storage.queries.policies import PolicyLine
from oversight.web.design_samples import CHECKED, DAY, SOURCE, SOURCES, dispute, duties, provisions

STATED, DERIVED = DateCertainty.STATED, DateCertainty.DERIVED
PRODUCTS: Sequence[tuple[str, str | None, Mapping[str, object]]] = (
    ("Sample Camera", "alpr", {"launched": "2016-11", "reads": ["plates", "makes"]}),
    ("Not named", None, {}),
)
FORMER_NAMES = (("Sample Systems", "2009", "2017-04-05", SOURCE), ("Sample Works", None, None, None))
TERMS = Terms(
    seller="Sample Reseller",
    access_through=None,
    database_searched="Sample State Photos",
    cost_usd=128_000,
    cost_terms="a year",
    retention_days=30,
    retention_terms="hits longer",
    shared_with=("Sample County", "Sample State Police"),
)


@dataclass(frozen=True)
class Paid:
    """What was paid for so many uses, as pages of vendors and technologies sum it up."""

    costs: Sequence[int]
    lines: Sequence[object]


@dataclass(frozen=True)
class Decided:
    """What is known of the outcome of an item."""

    outcome: str | None
    looked_at: datetime | None
    platform: str


def policy() -> PolicyLine:
    """A rule that exempts, that is approved by what the press says alone, and whose own end has passed."""
    facts = PolicyFacts(
        key="sample-ordinance",
        title="Sample Ordinance",
        instrument=Instrument.OVERSIGHT_ORDINANCE,
        effect=Effect.REQUIRES_PROCESS,
        direction=Direction.TIGHTENS,
        amends_key=None,
        binds=Binds.GOVERNMENT,
        technologies=frozenset({"alpr", "drones"}),
        history=(
            PolicyStep(LegalStatus.INTRODUCED, "2020-11", DERIVED),
            PolicyStep(LegalStatus.ADOPTED, "2021-02-16", STATED),
            PolicyStep(LegalStatus.EFFECTIVE, "2021-03-01", STATED),
        ),
        expires="2025-06-01",
        exempts=frozenset({OperatorKind.SCHOOL}),
        cited=(Cited(EvidenceTier.T4, "2021-02"),),
    )
    return PolicyLine(
        facts=facts,
        standing=standing(facts, DAY, is_early=False),
        grounds=facts.grounds(DAY),
        provisions=tuple(provisions()),
        duties=tuple(duties()),
        disputes=(dispute(),),
        number="125376",
        summary="Council approval before any surveillance technology is bought.",
        note=None,
        details={},
        confidence=Confidence.HIGH,
        verification=Verification.VERIFIED,
        sources=SOURCES,
    )


def joined(made: Mapping[str, Sequence[PolicyFacts]]) -> list[tuple[PolicyFacts, Joint]]:
    """Policies of this site that change another one, with what they do to it: one for each verb."""
    known = {one.key: one for given in made.values() for one in given}
    changing = [(known[key], joint) for key, joint in joints(known.values()).items() if joint.changes]
    return list({(one.repeals, one.direction): (one, joint) for one, joint in changing}.values())


def paid() -> list[Paid]:
    """A cost of some uses, and of none."""
    return [Paid((128_000, 49_875), range(5)), Paid((), range(3))]


def spreading() -> Spread:
    """Two uses with dates, of which one ended, and one without."""
    tried = (StatusChange(UseStatus.PILOT, "2018", STATED), StatusChange(UseStatus.TERMINATED, "2021-04", STATED))
    used, undated = (StatusChange(UseStatus.IN_USE, day, STATED) for day in ("2019-10-01", None))
    return spread([tried, (used,), (undated,)], DAY)


def documents() -> list[DocumentLine]:
    """A document in each state, and one that was recognised from a picture."""
    found = [
        DocumentLine(
            url="https://example.org/agenda",
            title=f"Sample: {state.label.lower()}",
            state=state,
            reason="larger than we read" if state is DocumentState.REFUSED else None,
            wanted="agenda",
            read_at=CHECKED,
            page_count=12,
            is_ocr=False,
            is_pdf=True,
            mention_id=None,
            item_title=None,
            pages=(0,),
        )
        for state in DocumentState
    ]
    return [*found, replace(found[1], title="Sample: a scan", page_count=1, is_ocr=True)]


def agenda_changes() -> list[EntryChange]:
    """An entry that came, one that went, one whose title and text changed."""
    return [
        EntryChange("", is_new=True, is_gone=False, new_title="Plate readers", old_title="", added="", removed=""),
        EntryChange("", is_new=False, is_gone=True, new_title="", old_title="Drones", added="", removed=""),
        EntryChange(
            "Cameras",
            is_new=False,
            is_gone=False,
            new_title="Cameras, as amended",
            old_title="Cameras",
            added="for one year",
            removed="for five years",
        ),
    ]


def outcomes() -> list[Decided]:
    """Recorded, looked for and not there, not looked for yet, and never told by this platform."""
    return [
        Decided("Passed 7 to 2", CHECKED, "legistar"),
        Decided(None, CHECKED, "legistar"),
        Decided(None, None, "legistar"),
        Decided(None, None, "rss"),
    ]

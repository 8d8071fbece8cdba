"""The form of one row of each file of the record."""

from typing import Annotated, Any

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from oversight.domain.partial_date import span_of
from oversight.domain.record import (
    ActionKind,
    Binds,
    ClaimType,
    Confidence,
    DateCertainty,
    Direction,
    Effect,
    EvidenceTier,
    Instrument,
    JurisdictionKind,
    LegalStatus,
    Mode,
    OperatorKind,
    PartyKind,
    UseStatus,
    Verification,
)


def checked_date(text: str) -> str:
    """The same text; raises ValueError where it is not a year, a month or a day."""
    span_of(text)
    return text


PartialDate = Annotated[str, AfterValidator(checked_date)]
Text = Annotated[str, Field(min_length=1)]
Keys = Annotated[tuple[Text, ...], Field(min_length=1)]


class Entry(BaseModel):
    """One row of a file: nothing missing, nothing unknown, nothing changed after reading."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class SourceEntry(Entry):
    """A publication. No `url`: a source without address. No `publisher`: not known. No `tier`: not rated."""

    key: Text
    url: Text | None
    title: Text
    publisher: Text | None
    date: PartialDate | None
    date_certainty: DateCertainty | None
    tier: EvidenceTier | None
    note: Text | None


class JurisdictionEntry(Entry):
    """A government. `parent_key` is the government above it, which may itself be outside the record."""

    key: Text
    ocd_id: Text | None
    name: Text
    kind: JurisdictionKind
    state: Text | None
    parent_key: Text | None
    population: int | None
    population_source: Text | None
    note: Text | None


class PolicyStep(Entry):
    """One dated step in a policy's life, in the order in which they happened."""

    status: LegalStatus
    date: PartialDate | None
    certainty: DateCertainty | None


class PolicyEntry(Entry):
    """A legal instrument; `amends_key` is the policy it changes. `facts["expires"]` is the day its own text ends it."""

    key: Text
    jurisdiction_key: Text
    instrument: Instrument
    effect: Effect | None
    title: Text
    number: Text | None
    direction: Direction
    amends_key: Text | None
    binds: Binds | None
    technologies: Keys
    modes: tuple[Mode, ...]
    history: Annotated[tuple[PolicyStep, ...], Field(min_length=1)]
    summary: Text
    note: Text | None
    facts: dict[str, Any]
    confidence: Confidence
    verification: Verification
    sources: Keys


class AgencyEntry(Entry):
    """The part of a government that operates a technology."""

    name: Text
    operator_kind: OperatorKind


class UseStep(Entry):
    """One dated step in a deployment's life, in the order in which they happened."""

    status: UseStatus
    date: PartialDate | None
    certainty: DateCertainty | None


class FactEntry(Entry):
    """One named fact of a deployment."""

    name: Text
    value: Any


class ClaimEntry(Entry):
    """What one named party says about one field; two of them that differ are a contradiction."""

    field: Text
    party: Text
    party_kind: PartyKind
    claim_type: ClaimType
    value: Text
    paraphrase: Text
    date: PartialDate | None
    source_key: Text | None


class DeploymentEntry(Entry):
    """An agency's relation to one technology; `vendor` is the name as recorded."""

    key: Text
    jurisdiction_key: Text
    agency: AgencyEntry
    technology: Text
    mode: Mode | None
    vendor: Text | None
    product: Text | None
    history: Annotated[tuple[UseStep, ...], Field(min_length=1)]
    summary: Text
    note: Text | None
    facts: tuple[FactEntry, ...]
    claims: tuple[ClaimEntry, ...]
    confidence: Confidence
    verification: Verification
    sources: Keys


class ProductEntry(Entry):
    """One thing a vendor sells."""

    name: Text
    technology: Text | None
    facts: dict[str, Any]


class VendorEntry(Entry):
    """A company and the other names it goes or went by."""

    key: Text
    name: Text
    aliases: tuple[Text, ...]
    products: tuple[ProductEntry, ...]
    sources: Keys


class ActionEntry(Entry):
    """An oversight event; `signatories` counts whoever the summary and note say it counts."""

    key: Text
    kind: ActionKind
    date: PartialDate | None
    actors: Keys
    target: Text | None
    jurisdiction_key: Text | None
    signatories: int | None
    summary: Text
    note: Text | None
    confidence: Confidence
    verification: Verification
    sources: Keys

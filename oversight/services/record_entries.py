"""The form of one row of each file of the record; what older folders lack has a default."""

from typing import Annotated, Any

from pydantic import Field

from oversight.domain.provision import FieldState
from oversight.domain.record import (
    ActionKind,
    Binds,
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
    UseStatus,
    Verification,
)
from oversight.services.record_parts import (
    ClaimEntry,
    Claims,
    DutyEntry,
    Entry,
    Keys,
    PartialDate,
    Provisions,
    Text,
    VendorNameEntry,
)

__all__ = ["ClaimEntry", "Entry"]


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
    archived_url: Text | None = None
    content_hash: Text | None = None


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
    geoid: Text | None = None
    timezone: Text | None = None
    latitude: float | None = None
    longitude: float | None = None
    land_km2: float | None = None
    water_km2: float | None = None


class PolicyStep(Entry):
    """One dated step in a policy's life, in the order in which they happened."""

    status: LegalStatus
    date: PartialDate | None
    certainty: DateCertainty | None


class PolicyEntry(Entry):
    """A legal instrument. `facts["expires"]` is the day its own text ends it.

    `amends_key` is the policy it changes; `repeals` says that it takes its place for the technologies it names;
    `exempts` are the kinds of operator that are not bound.
    """

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
    repeals: bool = False
    exempts: tuple[OperatorKind, ...] = ()
    provisions: Provisions = ()
    duties: tuple[DutyEntry, ...] = ()
    claims: Claims = ()


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


class DeploymentEntry(Entry):
    """An agency's relation to one technology; `vendor` is the name as recorded, `seller` who sold it if another.

    `access_through` is the body whose system it uses; `required_policy` what was found of the policy it needs.
    """

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
    claims: Claims
    confidence: Confidence
    verification: Verification
    sources: Keys
    seller: Text | None = None
    access_through: Text | None = None
    database_searched: Text | None = None
    cost_usd: int | None = None
    cost_terms: Text | None = None
    retention_days: int | None = None
    retention_terms: Text | None = None
    shared_with: tuple[Text, ...] = ()
    required_policy: FieldState = FieldState.NOT_RESEARCHED


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
    former_names: tuple[VendorNameEntry, ...] = ()


class ActionEntry(Entry):
    """An oversight event; `signatories` counts whoever the summary and note say it counts.

    `due` and `answered`: when an answer to a request or letter was owed, and when it came.
    """

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
    due: PartialDate | None = None
    answered: PartialDate | None = None

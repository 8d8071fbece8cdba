"""The form of one row of each file of the record; what older folders lack has a default.

The order of the fields is that of the editor's form. A field that is added here is loaded, exported, checked, shown in
the form and named in the history; where it is no part, its table needs a column of the same name.
"""

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
    Count,
    Duties,
    Entry,
    FactEntry,
    JurisdictionKey,
    KeyedEntry,
    Names,
    PartialDate,
    PolicyKey,
    Prose,
    Provisions,
    Sources,
    Technologies,
    Technology,
    Text,
    Texts,
    VendorNameEntry,
)

__all__ = ["ClaimEntry", "Entry"]

STEPS = "In the order in which they happened."


class SourceEntry(KeyedEntry):
    """A publication. No `url`: a source without address. No `publisher`: not known. No `tier`: not rated."""

    title: Text = Field(title="Title")
    url: Text | None = Field(title="Address")
    publisher: Text | None = Field(title="Publisher")
    date: PartialDate | None = Field(title="Date")
    date_certainty: DateCertainty | None = Field(title="How the date is known")
    tier: EvidenceTier | None = Field(title="Tier")
    archived_url: Text | None = Field(
        None, title="Archived address", description="Of a copy that an archive keeps; shown where the link is dead."
    )
    content_hash: Text | None = Field(None, title="SHA-256 of what was read")
    note: Prose | None = Field(title="Note")


class JurisdictionEntry(KeyedEntry):
    """A government. `parent_key` is the government above it, which may itself be outside the record."""

    name: Text = Field(title="Name")
    kind: JurisdictionKind = Field(title="Kind")
    ocd_id: Text | None = Field(title="Open Civic Data id")
    state: Text | None = Field(title="State", description="Two letters.")
    parent_key: Annotated[Text, Names("jurisdiction", is_checked=False)] | None = Field(title="Government above it")
    population: Count | None = Field(title="Population")
    population_source: Text | None = Field(title="Source of the population")
    geoid: Text | None = Field(None, title="Census GEOID")
    timezone: Text | None = Field(None, title="Time zone", description="Such as America/Chicago.")
    latitude: float | None = Field(None, title="Latitude", description="Of the centre, in degrees.")
    longitude: float | None = Field(None, title="Longitude", description="Of the centre, in degrees.")
    land_km2: float | None = Field(None, title="Land", description="In square kilometres.")
    water_km2: float | None = Field(None, title="Water", description="In square kilometres.")
    note: Prose | None = Field(title="Note")


class PolicyStep(Entry):
    """One dated step in a policy's life."""

    status: LegalStatus = Field(title="Status")
    date: PartialDate | None = Field(title="Date")
    certainty: DateCertainty | None = Field(title="How the date is known")


class PolicyEntry(KeyedEntry):
    """A legal instrument. `facts["expires"]` is the day its own text ends it.

    `amends_key` is the policy it changes; `repeals` says that it takes its place for the technologies it names;
    `exempts` are the kinds of operator that are not bound.
    """

    title: Text = Field(title="Title")
    number: Text | None = Field(title="Number", description="Of the ordinance, bill or resolution.")
    jurisdiction_key: JurisdictionKey = Field(title="Jurisdiction")
    instrument: Instrument = Field(title="Instrument")
    effect: Effect | None = Field(title="Effect")
    direction: Direction = Field(title="Direction")
    binds: Binds | None = Field(title="Who is bound")
    exempts: tuple[OperatorKind, ...] = Field((), title="Who is not bound")
    amends_key: PolicyKey | None = Field(title="Changes the policy")
    repeals: bool = Field(default=False, title="Takes the place of that policy")
    history: Annotated[tuple[PolicyStep, ...], Field(min_length=1)] = Field(title="Steps", description=STEPS)
    technologies: Technologies = Field(title="Technologies")
    modes: tuple[Mode, ...] = Field(title="Modes of facial recognition")
    summary: Prose = Field(title="Summary", description="In our own words.")
    note: Prose | None = Field(title="Note")
    facts: dict[str, Any] = Field(title="Facts", description="The day on which its own text ends it is called expires.")
    provisions: Provisions = Field((), title="Provisions")
    duties: Duties = Field((), title="Duties")
    claims: Claims = Field((), title="Claims")
    confidence: Confidence = Field(title="Confidence")
    verification: Verification = Field(title="Verification")
    sources: Sources = Field(title="Cited sources")


class AgencyEntry(Entry):
    """The part of a government that operates a technology."""

    name: Text = Field(title="Agency")
    operator_kind: OperatorKind = Field(title="Kind of operator")


class UseStep(Entry):
    """One dated step in a deployment's life."""

    status: UseStatus = Field(title="Status")
    date: PartialDate | None = Field(title="Date")
    certainty: DateCertainty | None = Field(title="How the date is known")


class DeploymentEntry(KeyedEntry):
    """An agency's relation to one technology; `vendor` is the name as recorded, `seller` who sold it if another.

    `access_through` is the body whose system it uses; `required_policy` what was found of the policy it needs.
    """

    agency: AgencyEntry
    jurisdiction_key: JurisdictionKey = Field(title="Jurisdiction")
    technology: Technology = Field(title="Technology")
    mode: Mode | None = Field(title="Mode of facial recognition")
    vendor: Text | None = Field(title="Vendor", description="As the source names it.")
    product: Text | None = Field(title="Product")
    history: Annotated[tuple[UseStep, ...], Field(min_length=1)] = Field(title="Steps", description=STEPS)
    seller: Text | None = Field(None, title="Seller", description="Where it is another than the vendor.")
    access_through: Text | None = Field(None, title="Through whose system")
    database_searched: Text | None = Field(None, title="Database searched")
    cost_usd: Count | None = Field(None, title="Cost in dollars")
    cost_terms: Text | None = Field(None, title="Terms of the cost")
    retention_days: Count | None = Field(None, title="Days that data is kept")
    retention_terms: Text | None = Field(None, title="Terms of keeping")
    shared_with: tuple[Text, ...] = Field((), title="Shared with")
    required_policy: FieldState = Field(FieldState.NOT_RESEARCHED, title="The policy that it needs")
    summary: Prose = Field(title="Summary", description="In our own words.")
    note: Prose | None = Field(title="Note")
    facts: tuple[FactEntry, ...] = Field(title="Facts")
    claims: Claims = Field(title="Claims")
    confidence: Confidence = Field(title="Confidence")
    verification: Verification = Field(title="Verification")
    sources: Sources = Field(title="Cited sources")


class ProductEntry(Entry):
    """One thing a vendor sells."""

    name: Text = Field(title="Name")
    technology: Technology | None = Field(title="Technology")
    facts: dict[str, Any] = Field(title="Facts")


class VendorEntry(KeyedEntry):
    """A company and the other names it goes or went by."""

    name: Text = Field(title="Name")
    aliases: tuple[Text, ...] = Field(title="Other names")
    products: tuple[ProductEntry, ...] = Field(title="Products")
    former_names: tuple[VendorNameEntry, ...] = Field((), title="Former names")
    sources: Sources = Field(title="Cited sources")


class ActionEntry(KeyedEntry):
    """An oversight event; `signatories` counts whoever the summary and note say it counts.

    `due` and `answered`: when an answer to a request or letter was owed, and when it came.
    """

    kind: ActionKind = Field(title="Kind")
    date: PartialDate | None = Field(title="Date")
    due: PartialDate | None = Field(None, title="Answer due")
    answered: PartialDate | None = Field(None, title="Answered")
    actors: Texts = Field(title="Who acted")
    target: Text | None = Field(title="To whom")
    jurisdiction_key: JurisdictionKey | None = Field(title="Jurisdiction")
    signatories: Count | None = Field(title="Signatories")
    summary: Prose = Field(title="Summary", description="In our own words.")
    note: Prose | None = Field(title="Note")
    confidence: Confidence = Field(title="Confidence")
    verification: Verification = Field(title="Verification")
    sources: Sources = Field(title="Cited sources")

"""The fields of each kind of record as an editor's form shows them, and the words for what a field may hold."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

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
from oversight.domain.word import Word
from oversight.vocabulary import load_vocabulary


class Kind(StrEnum):
    """How a field is filled in."""

    TEXT = "text"
    AREA = "area"
    NUMBER = "number"
    CHOICE = "choice"
    CHECKS = "checks"
    LINES = "lines"
    FACTS = "facts"  # a list of named facts
    NAMED = "named"  # facts by name
    ROWS = "rows"
    CITED = "cited"


@dataclass(frozen=True)
class Field:
    """One field; `path` leads to its value in the entry, `offers` names a list to choose a text from.

    `unset` says what an empty choice means.
    """

    path: tuple[str, ...]
    label: str
    kind: Kind = Kind.TEXT
    options: tuple[tuple[str, str], ...] = ()
    hint: str = ""
    is_needed: bool = False
    columns: tuple["Field", ...] = ()
    offers: str = ""
    unset: str = "Not known"

    @property
    def name(self) -> str:
        """Its name in the form."""
        return "-".join(self.path)


def text(path: str, label: str, **more: object) -> Field:
    """A field whose path is written with dots."""
    return Field(tuple(path.split(".")), label, **more)  # type: ignore[arg-type]


def choice(path: str, label: str, words: type[Word], **more: object) -> Field:
    """One of a closed list, or none where none is needed."""
    return text(path, label, kind=Kind.CHOICE, options=options_of(words), **more)


def options_of(words: type[Word]) -> tuple[tuple[str, str], ...]:
    """The codes of a closed list with their words."""
    return tuple((word.value, word.label) for word in words)


def technologies() -> tuple[tuple[str, str], ...]:
    """Every technology that the vocabulary knows."""
    return tuple((code, entry.label) for code, entry in load_vocabulary().technologies.items())


DATE_HINT = "2019, 2019-05 or 2019-05-21, as far as the source tells; empty where it is not known."
FACTS_HINT = "A line for each: name: value. Numbers, true and false are kept as such."
NEEDED = {"is_needed": True}
REPEALS = (("False", "Changes it"), ("True", "Takes its place"))


def steps(statuses: type[Word]) -> Field:
    """The dated steps in the life of a policy or a deployment."""
    columns = (
        choice("status", "Status", statuses, unset="No step"),
        text("date", "Date"),
        choice("certainty", "How the date is known", DateCertainty),
    )
    hint = f"In the order in which they happened. {DATE_HINT} A row without a status is left out."
    return text("history", "Steps", kind=Kind.ROWS, columns=columns, hint=hint, **NEEDED)


STANDING = (
    choice("confidence", "Confidence", Confidence, **NEEDED),
    choice("verification", "Verification", Verification, **NEEDED),
    text("sources", "Cited sources", kind=Kind.CITED, hint="Untick what does not support the entry."),
)
SUMMARY = (
    text("summary", "Summary", kind=Kind.AREA, hint="In our own words.", **NEEDED),
    text("note", "Note", kind=Kind.AREA),
)
JURISDICTION_KEY = text("jurisdiction_key", "Jurisdiction", offers="jurisdictions", **NEEDED)


def policy_fields() -> tuple[Field, ...]:
    """A policy; its provisions and duties, and what is claimed about it, are kept as they are."""
    return (
        text("title", "Title", **NEEDED),
        text("number", "Number", hint="Of the ordinance, bill or resolution."),
        JURISDICTION_KEY,
        choice("instrument", "Instrument", Instrument, **NEEDED),
        choice("effect", "Effect", Effect),
        choice("direction", "Direction", Direction, **NEEDED),
        choice("binds", "Who is bound", Binds),
        text("exempts", "Who is not bound", kind=Kind.CHECKS, options=options_of(OperatorKind)),
        text("amends_key", "Changes the policy", offers="policies"),
        text("repeals", "What it does to that policy", kind=Kind.CHOICE, options=REPEALS, **NEEDED),
        steps(LegalStatus),
        text("technologies", "Technologies", kind=Kind.CHECKS, options=technologies(), **NEEDED),
        text("modes", "Modes of facial recognition", kind=Kind.CHECKS, options=options_of(Mode)),
        *SUMMARY,
        text("facts", "Facts", kind=Kind.NAMED, hint=FACTS_HINT),
        *STANDING,
    )


TERMS = (
    text("seller", "Seller", hint="Where it is another than the vendor."),
    text("access_through", "Through whose system"),
    text("database_searched", "Database searched"),
    text("cost_usd", "Cost in dollars", kind=Kind.NUMBER),
    text("cost_terms", "Terms of the cost"),
    text("retention_days", "Days that data is kept", kind=Kind.NUMBER),
    text("retention_terms", "Terms of keeping"),
    text("shared_with", "Shared with", kind=Kind.LINES, hint="One a line."),
    choice("required_policy", "The policy that it needs", FieldState, **NEEDED),
)


def deployment_fields() -> tuple[Field, ...]:
    """A deployment; what is claimed about it is kept as it is."""
    return (
        text("agency.name", "Agency", **NEEDED),
        choice("agency.operator_kind", "Kind of operator", OperatorKind, **NEEDED),
        JURISDICTION_KEY,
        text("technology", "Technology", kind=Kind.CHOICE, options=technologies(), **NEEDED),
        choice("mode", "Mode of facial recognition", Mode),
        text("vendor", "Vendor", hint="As the source names it."),
        text("product", "Product"),
        steps(UseStatus),
        *TERMS,
        *SUMMARY,
        text("facts", "Facts", kind=Kind.FACTS, hint=FACTS_HINT),
        *STANDING,
    )


def jurisdiction_fields() -> tuple[Field, ...]:
    """A jurisdiction."""
    return (
        text("name", "Name", **NEEDED),
        choice("kind", "Kind", JurisdictionKind, **NEEDED),
        text("ocd_id", "Open Civic Data id"),
        text("state", "State", hint="Two letters."),
        text("parent_key", "Government above it", offers="jurisdictions"),
        text("population", "Population", kind=Kind.NUMBER),
        text("population_source", "Source of the population"),
        text("geoid", "Census GEOID"),
        text("timezone", "Time zone", hint="Such as America/Chicago."),
        text("latitude", "Latitude", hint="Of the centre, in degrees."),
        text("longitude", "Longitude", hint="Of the centre, in degrees."),
        text("land_km2", "Land", hint="In square kilometres."),
        text("water_km2", "Water", hint="In square kilometres."),
        text("note", "Note", kind=Kind.AREA),
    )


def action_fields() -> tuple[Field, ...]:
    """An action."""
    return (
        choice("kind", "Kind", ActionKind, **NEEDED),
        text("date", "Date", hint=DATE_HINT),
        text("due", "Answer due", hint=DATE_HINT),
        text("answered", "Answered", hint=DATE_HINT),
        text("actors", "Who acted", kind=Kind.LINES, hint="One a line.", **NEEDED),
        text("target", "To whom"),
        text("jurisdiction_key", "Jurisdiction", offers="jurisdictions"),
        text("signatories", "Signatories", kind=Kind.NUMBER),
        *SUMMARY,
        *STANDING,
    )


def vendor_fields() -> tuple[Field, ...]:
    """A vendor; its products and former names are kept as they are."""
    return (
        text("name", "Name", **NEEDED),
        text("aliases", "Other names", kind=Kind.LINES, hint="One a line."),
        text("sources", "Cited sources", kind=Kind.CITED),
    )


def source_fields() -> tuple[Field, ...]:
    """A source."""
    return (
        text("title", "Title", **NEEDED),
        text("url", "Address"),
        text("publisher", "Publisher"),
        text("date", "Date", hint=DATE_HINT),
        choice("date_certainty", "How the date is known", DateCertainty),
        choice("tier", "Tier", EvidenceTier),
        text("archived_url", "Archived address", hint="Of a copy that an archive keeps; shown where the link is dead."),
        text("content_hash", "SHA-256 of what was read"),
        text("note", "Note", kind=Kind.AREA),
    )


FIELDS = {
    "policy": policy_fields,
    "deployment": deployment_fields,
    "jurisdiction": jurisdiction_fields,
    "action": action_fields,
    "vendor": vendor_fields,
    "source": source_fields,
}
NEW_SOURCE = (
    text("new_source.title", "Title"),
    text("new_source.url", "Address"),
    text("new_source.publisher", "Publisher"),
    text("new_source.date", "Date", hint=DATE_HINT),
    choice("new_source.tier", "Tier", EvidenceTier),
)


def fields_of(noun: str) -> Sequence[Field]:
    """The fields of a noun's form."""
    return FIELDS[noun]()

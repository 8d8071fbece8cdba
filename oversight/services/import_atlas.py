"""Imports the Atlas of Surveillance: what is new is added, what changed is changed, what we know better stays."""

from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import TypeVar

from sqlalchemy.orm import Session

from oversight.domain.atlas_place import Government, government_of
from oversight.domain.atlas_row import AtlasRow, RefusedRowError
from oversight.domain.atlas_words import bare_agency, operator_of
from oversight.domain.keepable import is_same
from oversight.services.atlas_entries import (
    atlas_source,
    deployment_entry,
    jurisdiction_entry,
    link_source,
    vendor_entry,
)
from oversight.services.atlas_file import Remark, read_atlas
from oversight.services.atlas_links import linked
from oversight.services.atlas_vendors import VendorNames
from oversight.services.record import load_record
from oversight.services.record_entries import (
    AgencyEntry,
    DeploymentEntry,
    JurisdictionEntry,
    SourceEntry,
    VendorEntry,
)
from oversight.services.record_kinds import RecordFiles
from oversight.services.record_parts import KeyedEntry
from oversight.storage.queries.imports import touched_by_others
from oversight.storage.revisions import newest
from oversight.vocabulary import load_vocabulary
from oversight.vocabulary.places import load_places

ACTOR = "flask record import-atlas"
IMPORTED = "dep-atlas-"
Form = TypeVar("Form", bound=KeyedEntry)


@dataclass
class AtlasReport:
    """What an import did: rows taken, those added beside an account of our own, and what is to be said by line."""

    rows: int = 0
    beside: int = 0
    written: Counter[str] = field(default_factory=Counter)
    refused: list[Remark] = field(default_factory=list)
    doubts: list[Remark] = field(default_factory=list)
    gone: int = 0

    @property
    def remarks(self) -> list[Remark]:
        """Everything that is to be said, by line."""
        return sorted((*self.refused, *self.doubts), key=lambda remark: remark.line)


def import_atlas(session: Session, path: Path, *, now: datetime) -> AtlasReport:
    """Write what the file says that the record does not; importing it again writes nothing."""
    report = AtlasReport()
    atlas = _Import(session)
    for line, row in read_atlas(path, today=now.date()):
        try:
            if isinstance(row, Remark):
                report.refused.append(row)
                continue
            report.beside += atlas.take(row)
        except RefusedRowError as error:
            report.refused.append(Remark(line, str(error)))
            continue
        report.rows += 1
        report.doubts += [Remark(line, doubt) for doubt in row.doubts]
    report.gone = atlas.gone()
    report.written = load_record(session, atlas.changed(), actor=ACTOR, reason=f"imported from {path.name}", now=now)
    return report


def entries(session: Session, noun: str, form: type[Form]) -> dict[str, Form]:
    """Every entry of a noun as it stands, by key."""
    return {key: form.model_validate(after) for key, after in newest(session, noun).items()}


class _Import:
    """One import: what the record holds, what the rows make of it, and what of that is different."""

    def __init__(self, session: Session) -> None:
        self.sources = entries(session, "source", SourceEntry)
        self.jurisdictions = entries(session, "jurisdiction", JurisdictionEntry)
        self.deployments = entries(session, "deployment", DeploymentEntry)
        self.vendors = VendorNames(entries(session, "vendor", VendorEntry).values(), load_vocabulary())
        self.places = load_places()
        self.own = {noun: touched_by_others(session, noun, actor=ACTOR) for noun in ("source", "deployment")}
        self.fresh: dict[str, dict[str, KeyedEntry]] = {}
        self.seen: set[str] = set()
        self.agencies: dict[tuple[str, str], AgencyEntry] = {}
        self.bodies: dict[tuple[str, str], str] = {}
        self.ours: dict[tuple[str, str, str], list[str]] = {}
        for entry in self.deployments.values():
            self.index(entry)

    def index(self, entry: DeploymentEntry) -> None:
        """Make a deployment findable by its agency."""
        bare = bare_agency(entry.agency.name)
        self.agencies.setdefault((entry.jurisdiction_key, bare), entry.agency)
        place = self.jurisdictions[entry.jurisdiction_key]
        if place.key.startswith("x-oversight/"):
            self.bodies.setdefault((place.state or "", bare), place.key)
        if not entry.key.startswith(IMPORTED):
            self.ours.setdefault((entry.jurisdiction_key, bare, entry.technology), []).append(entry.key)

    def take(self, row: AtlasRow) -> bool:
        """Work out what a row changes; whether it stands beside an account of our own. Raises RefusedRowError."""
        government = self.government(row)
        bare = bare_agency(row.agency)
        unknown = AgencyEntry(name=row.agency, operator_kind=operator_of(row.lea, row.agency))
        agency = self.agencies.setdefault((government.key, bare), unknown)
        vendor = self.vendors.resolve(row.vendor)
        entry = deployment_entry(row, jurisdiction_key=government.key, agency=agency, vendor=vendor)
        self.seen.add(entry.key)
        known = self.deployments.get(entry.key)
        rival = self.rival(known, self.ours.get((government.key, bare, row.technology), []), vendor)
        if known is not None and is_same(known.model_dump(mode="json"), entry.model_dump(mode="json")):
            rival = None
        self.put("deployment", self.deployments, linked(rival, row, self.vendors.resolve) if rival else entry)
        self.keep_named(row, government, vendor)
        return rival is not None

    def government(self, row: AtlasRow) -> Government:
        """The row's government, under the key that the record has for a body with such an agency."""
        found = government_of(row, self.places)
        body = self.bodies.get((found.state or "", bare_agency(row.agency)))
        if body is None or not found.key.startswith("x-oversight/"):
            return found
        return Government(body, found.name, found.kind, found.state, found.parent_key)

    def rival(self, known: DeploymentEntry | None, ours: list[str], vendor: str | None) -> DeploymentEntry | None:
        """The deployment that others wrote about what a row is about: its own key once edited, else by agency."""
        if known is not None:
            return known if known.key in self.own["deployment"] else None
        same = [key for key in ours if vendor and self.vendors.resolve(self.deployments[key].vendor) == vendor]
        return self.deployments[(same or ours)[0]] if ours else None

    def keep_named(self, row: AtlasRow, government: Government, vendor: str | None) -> None:
        """Add what a row names and the record lacks: sources, the government, the company."""
        for source in (*(link_source(row, link) for link in row.links), atlas_source(row)):
            taken = source.key in self.fresh.get("source", ()) or source.key in self.own["source"]
            if not taken:
                self.put("source", self.sources, source)
        if government.key not in self.jurisdictions:
            self.put("jurisdiction", self.jurisdictions, jurisdiction_entry(government))
        if key := self.vendors.missing(vendor):
            entry = vendor_entry(key, vendor or "", row)
            self.vendors.add(entry)
            self.fresh.setdefault("vendor", {})[key] = entry

    def put(self, noun: str, known: dict[str, Form], entry: Form) -> None:
        """Keep an entry as it shall stand."""
        known[entry.key] = self.fresh.setdefault(noun, {})[entry.key] = entry

    def gone(self) -> int:
        """How many rows of earlier imports the file does not have."""
        return len([key for key in self.deployments if key.startswith(IMPORTED) and key not in self.seen])

    def changed(self) -> RecordFiles:
        """Everything that shall stand otherwise, or new."""
        return RecordFiles.of(entry for found in self.fresh.values() for entry in found.values())

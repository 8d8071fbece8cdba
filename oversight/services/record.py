"""Loads a folder of record files into the database; what is there already and unchanged is left alone."""

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Any

from pydantic import ValidationError
from sqlalchemy.orm import Session

from oversight.domain.keepable import is_same
from oversight.services.record_entries import (
    ActionEntry,
    DeploymentEntry,
    Entry,
    JurisdictionEntry,
    PolicyEntry,
    SourceEntry,
    VendorEntry,
)
from oversight.services.record_kinds import RecordFiles
from oversight.services.record_shape import keys_in
from oversight.storage.models import (
    CitationRow,
    ClaimRow,
    DeploymentFactRow,
    DeploymentStatusRow,
    DutyRow,
    JurisdictionRow,
    PolicyStatusRow,
    PolicyTechnologyRow,
    ProductRow,
    ProvisionRow,
    RevisionRow,
    SourceRow,
    VendorNameRow,
)
from oversight.storage.record import Thing, add_things, ids_by_key, put, put_agencies, vendor_ids_by_name
from oversight.storage.revisions import RECORD, Change, add_first_revisions, add_revision, newest
from oversight.storage.withdrawals import withdrawn_keys

LOADERS = ("flask record load", "flask up", "flask demo")  # who writes what the files say
LEFT = "left withdrawn"


def load_record(session: Session, record: RecordFiles, *, actor: str, reason: str, now: datetime) -> Counter[str]:
    """Write every entry that is new or differs from its newest revision, and a revision for each.

    Returns how many of each noun were written. An entry that left the files stays in the record; one that an editor
    changed, and that the files say as they did at the last load, stays as the editor left it. An import,
    which minds editors' changes itself, is written as it comes. What an editor withdrew is not brought back by files,
    nor is what names it written; that is counted too.
    """
    writer = RecordWriter(session)
    written: Counter[str] = Counter()
    gone: dict[str, set[str]] = {}
    for noun, entries in ((kind.noun, entries) for kind, entries in record.entries()):
        known = newest(session, noun)
        loaded = newest(session, noun, actors=LOADERS) if actor in LOADERS else {}
        gone[noun] = withdrawn_keys(session, noun)
        fresh: list[tuple[Change, Entry]] = []
        for entry in entries:
            if entry.key in gone[noun] or any(key in gone.get(names.noun, ()) for _, names, key in keys_in(entry)):
                gone[noun].add(entry.key)
                written[LEFT] += 1
                continue
            after = entry.model_dump(mode="json")
            before = known.get(after["key"])
            if says(entry, before) or says(entry, loaded.get(after["key"])):
                continue
            change = Change(
                entity=noun,
                key=after["key"],
                before=before,
                after=after,
                actor=actor,
                reason=reason,
                sources=tuple(after.get("sources", ())),
            )
            fresh.append((change, entry))
        if fresh:
            writer.write(fresh, at=now)
            written[noun] = len(fresh)
    return written


def says(entry: Entry, held: dict[str, Any] | None) -> bool:
    """Whether a revision says what the entry says; a field that came after it has its default."""
    if held is None:
        return False
    after = entry.model_dump(mode="json")
    if is_same(after, held) or held.keys() == after.keys():
        return is_same(after, held)
    try:
        return is_same(after, type(entry).model_validate(held).model_dump(mode="json"))
    except ValidationError:
        return False


@dataclass
class RecordWriter:
    """Writes entries, and a revision for each."""

    session: Session

    def write(self, fresh: Sequence[tuple[Change, Entry]], *, at: datetime) -> None:
        """Write many of one noun, those that are new all at once."""
        there = ids_by_key(self.session, RECORD[fresh[0][0].entity])
        self.know_agencies([entry for _, entry in fresh])
        new = [(change, entry) for change, entry in fresh if change.before is None and change.key not in there]
        if new:
            add_first_revisions(self.session, [change for change, _ in new], at=at)
            add_things(self.session, [self.thing(change.entity, entry) for change, entry in new])
        for change, entry in fresh:
            if change.before is not None or change.key in there:
                self.keep(change, entry, at=at)

    def keep(self, change: Change, entry: Entry, *, at: datetime) -> RevisionRow:
        """Append the revision, then write the entry: of two at once, the second stops at the revision."""
        revision = add_revision(self.session, change, at=at)
        self.session.flush()
        self.know_agencies([entry])
        row = put(self.session, self.thing(change.entity, entry))
        if isinstance(row, SourceRow) and row.link_url not in (None, row.url):
            row.link_due_at = None  # nobody has looked at this address
        return revision

    def thing(self, noun: str, entry: Entry) -> Thing:
        """The entry as rows; what it names is in the tables, its agency among it."""
        rows_of: Callable[[Any], Thing] = getattr(self, noun)
        return rows_of(entry)

    def know_agencies(self, entries: Iterable[Entry]) -> None:
        """Keep the agencies of these entries."""
        agencies = [(entry.jurisdiction_key, entry.agency) for entry in entries if isinstance(entry, DeploymentEntry)]
        named = {(self.jurisdiction_ids[place], one.name): one.operator_kind.value for place, one in agencies}
        self.agency_ids = put_agencies(self.session, named)

    @cached_property
    def source_ids(self) -> dict[str, int]:
        return ids_by_key(self.session, SourceRow)

    @cached_property
    def jurisdiction_ids(self) -> dict[str, int]:
        return ids_by_key(self.session, JurisdictionRow)

    @cached_property
    def vendor_ids(self) -> dict[str, int]:
        return vendor_ids_by_name(self.session)

    def cited(self, keys: tuple[str, ...]) -> list[dict[str, Any]]:
        """The citations of these sources as rows."""
        return [{"source_id": self.source_ids[key]} for key in dict.fromkeys(keys)]

    def sourced(self, parts: Sequence[Entry]) -> list[dict[str, Any]]:
        """The parts as rows, each with the id of the source that it names."""
        rows = dumped(parts)
        return [row | {"source_id": self.source_ids.get(row.pop("source_key"))} for row in rows]

    def source(self, entry: SourceEntry) -> Thing:
        return Thing("source", entry.model_dump(mode="json"), {})

    def jurisdiction(self, entry: JurisdictionEntry) -> Thing:
        return Thing("jurisdiction", entry.model_dump(mode="json"), {})

    def vendor(self, entry: VendorEntry) -> Thing:
        values = {"key": entry.key, "name": entry.name, "aliases": list(entry.aliases)}
        parts = {
            ProductRow: dumped(entry.products),
            VendorNameRow: _numbered(self.sourced(entry.former_names)),
            CitationRow: self.cited(entry.sources),
        }
        return Thing("vendor", values, parts)

    def policy(self, entry: PolicyEntry) -> Thing:
        apart = {"jurisdiction_key", "technologies", "history", "provisions", "duties", "claims", "sources"}
        values = entry.model_dump(mode="json", exclude=apart)
        values["jurisdiction_id"] = self.jurisdiction_ids[entry.jurisdiction_key]
        parts = {
            PolicyStatusRow: _numbered(dumped(entry.history)),
            ProvisionRow: _numbered(self.sourced(entry.provisions)),
            DutyRow: _numbered(self.sourced(entry.duties)),
            ClaimRow: self.sourced(entry.claims),
            PolicyTechnologyRow: [{"technology": code} for code in dict.fromkeys(entry.technologies)],
            CitationRow: self.cited(entry.sources),
        }
        return Thing("policy", values, parts)

    def deployment(self, entry: DeploymentEntry) -> Thing:
        apart = {"jurisdiction_key", "agency", "history", "facts", "claims", "sources"}
        jurisdiction_id = self.jurisdiction_ids[entry.jurisdiction_key]
        values = entry.model_dump(mode="json", exclude=apart) | {
            "jurisdiction_id": jurisdiction_id,
            "agency_id": self.agency_ids[jurisdiction_id, entry.agency.name],
            "vendor_id": self.vendor_ids.get((entry.vendor or "").casefold()),
        }
        parts = {
            DeploymentStatusRow: _numbered(dumped(entry.history)),
            DeploymentFactRow: dumped(entry.facts),
            ClaimRow: self.sourced(entry.claims),
            CitationRow: self.cited(entry.sources),
        }
        return Thing("deployment", values, parts)

    def action(self, entry: ActionEntry) -> Thing:
        values = entry.model_dump(mode="json", exclude={"jurisdiction_key", "sources"})
        values["jurisdiction_id"] = self.jurisdiction_ids[entry.jurisdiction_key] if entry.jurisdiction_key else None
        return Thing("action", values, {CitationRow: self.cited(entry.sources)})


def dumped(parts: Sequence[Entry]) -> list[dict[str, Any]]:
    """The parts as rows."""
    return [part.model_dump(mode="json") for part in parts]


def _numbered(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [row | {"position": position} for position, row in enumerate(rows)]

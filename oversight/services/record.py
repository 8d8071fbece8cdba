"""Loads a folder of record files into the database; what is there already and unchanged is left alone."""

from collections import Counter
from collections.abc import Callable, Sequence
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
    ActionRow,
    ClaimRow,
    DeploymentFactRow,
    DeploymentRow,
    DeploymentStatusRow,
    DutyRow,
    JurisdictionRow,
    PolicyRow,
    PolicyStatusRow,
    PolicyTechnologyRow,
    ProductRow,
    ProvisionRow,
    RevisionRow,
    SourceRow,
    VendorNameRow,
    VendorRow,
)
from oversight.storage.record import (
    cite,
    ids_by_key,
    many_entries,
    put,
    put_agencies,
    put_agency,
    replace_parts,
    settle,
    vendor_ids_by_name,
)
from oversight.storage.revisions import Change, add_revision, newest
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
    with many_entries(session):
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
        """Write many, in a block of `many_entries`."""
        deployments = [entry for _, entry in fresh if isinstance(entry, DeploymentEntry)]
        named = [(self.jurisdiction_ids[entry.jurisdiction_key], entry.agency) for entry in deployments]
        put_agencies(self.session, {(place, agency.name): agency.operator_kind for place, agency in named})
        for change, entry in fresh:
            self.keep(change, entry, at=at, is_new=change.before is None)
        settle(self.session)

    def keep(self, change: Change, entry: Entry, *, at: datetime, is_new: bool = False) -> RevisionRow:
        """Append the revision, then write the entry: of two at once, the second stops at the revision.

        Of what a load knows to be new (`is_new`), many go in at once.
        """
        revision = add_revision(self.session, change, at=at, is_first=is_new)
        if not is_new:
            self.session.flush()
        write: Callable[[Any], None] = getattr(self, change.entity)
        write(entry)
        return revision

    @cached_property
    def source_ids(self) -> dict[str, int]:
        return ids_by_key(self.session, SourceRow)

    @cached_property
    def jurisdiction_ids(self) -> dict[str, int]:
        return ids_by_key(self.session, JurisdictionRow)

    @cached_property
    def vendor_ids(self) -> dict[str, int]:
        return vendor_ids_by_name(self.session)

    def cited(self, keys: tuple[str, ...]) -> list[int]:
        return [self.source_ids[key] for key in dict.fromkeys(keys)]

    def sourced(self, parts: Sequence[Entry]) -> list[dict[str, Any]]:
        """The parts as rows, each with the id of the source that it names."""
        rows = dumped(parts)
        return [row | {"source_id": self.source_ids.get(row.pop("source_key"))} for row in rows]

    def source(self, entry: SourceEntry) -> None:
        row = put(self.session, SourceRow, entry.key, entry.model_dump(mode="json"))
        if row.link_url not in (None, entry.url):
            row.link_due_at = None  # nobody has looked at this address

    def jurisdiction(self, entry: JurisdictionEntry) -> None:
        put(self.session, JurisdictionRow, entry.key, entry.model_dump(mode="json"))

    def vendor(self, entry: VendorEntry) -> None:
        values = {"name": entry.name, "aliases": list(entry.aliases)}
        row = put(self.session, VendorRow, entry.key, values)
        replace_parts(self.session, ProductRow, "vendor_id", row, dumped(entry.products))
        names = _numbered(self.sourced(entry.former_names))
        replace_parts(self.session, VendorNameRow, "vendor_id", row, names)
        cite(self.session, row, self.cited(entry.sources))

    def policy(self, entry: PolicyEntry) -> None:
        parts = {"jurisdiction_key", "technologies", "history", "provisions", "duties", "claims", "sources"}
        values = entry.model_dump(mode="json", exclude=parts)
        values["jurisdiction_id"] = self.jurisdiction_ids[entry.jurisdiction_key]
        row = put(self.session, PolicyRow, entry.key, values)
        replace_parts(self.session, PolicyStatusRow, "policy_id", row, _numbered(dumped(entry.history)))
        provisions, duties = _numbered(self.sourced(entry.provisions)), _numbered(self.sourced(entry.duties))
        replace_parts(self.session, ProvisionRow, "policy_id", row, provisions)
        replace_parts(self.session, DutyRow, "policy_id", row, duties)
        replace_parts(self.session, ClaimRow, "policy_id", row, self.sourced(entry.claims))
        technologies = [{"technology": code} for code in dict.fromkeys(entry.technologies)]
        replace_parts(self.session, PolicyTechnologyRow, "policy_id", row, technologies)
        cite(self.session, row, self.cited(entry.sources))

    def deployment(self, entry: DeploymentEntry) -> None:
        parts = {"jurisdiction_key", "agency", "history", "facts", "claims", "sources"}
        jurisdiction_id = self.jurisdiction_ids[entry.jurisdiction_key]
        values = entry.model_dump(mode="json", exclude=parts) | {
            "jurisdiction_id": jurisdiction_id,
            "agency_id": put_agency(self.session, jurisdiction_id, entry.agency.name, entry.agency.operator_kind),
            "vendor_id": self.vendor_ids.get((entry.vendor or "").casefold()),
        }
        row = put(self.session, DeploymentRow, entry.key, values)
        replace_parts(self.session, DeploymentStatusRow, "deployment_id", row, _numbered(dumped(entry.history)))
        replace_parts(self.session, DeploymentFactRow, "deployment_id", row, dumped(entry.facts))
        replace_parts(self.session, ClaimRow, "deployment_id", row, self.sourced(entry.claims))
        cite(self.session, row, self.cited(entry.sources))

    def action(self, entry: ActionEntry) -> None:
        values = entry.model_dump(mode="json", exclude={"jurisdiction_key", "sources"})
        values["jurisdiction_id"] = self.jurisdiction_ids[entry.jurisdiction_key] if entry.jurisdiction_key else None
        row = put(self.session, ActionRow, entry.key, values)
        cite(self.session, row, self.cited(entry.sources))


def dumped(parts: Sequence[Entry]) -> list[dict[str, Any]]:
    """The parts as rows."""
    return [part.model_dump(mode="json") for part in parts]


def _numbered(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [row | {"position": position} for position, row in enumerate(rows)]

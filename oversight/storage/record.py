"""Writes of the record: each thing found by its key, changed in place, its parts replaced; or many new ones at once."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from oversight.storage.batches import in_batches
from oversight.storage.models import (
    ActionRow,
    AgencyRow,
    Base,
    DeploymentRow,
    JurisdictionRow,
    PolicyRow,
    SourceRow,
    VendorRow,
)
from oversight.storage.revisions import RECORD
from oversight.storage.upsert import insert_rows, upsert

Keyed = TypeVar("Keyed", ActionRow, DeploymentRow, JurisdictionRow, PolicyRow, SourceRow, VendorRow)

UNIQUE = {"vendor": "name", "jurisdiction": "ocd_id"}


@dataclass(frozen=True)
class Thing:
    """One thing of the record as rows: its own values, and its parts by their table, which lack only its id."""

    noun: str
    values: Mapping[str, Any]
    parts: Mapping[type[Base], Sequence[Mapping[str, Any]]]

    @property
    def key(self) -> str:
        """Its key."""
        return str(self.values["key"])


def put(session: Session, thing: Thing) -> Any:
    """Write a thing, and give it exactly these parts; its row."""
    table = RECORD[thing.noun]
    row = session.scalars(select(table).where(table.key == thing.key)).one_or_none()
    if row is None:
        row = table()
        session.add(row)
    for name, value in thing.values.items():
        setattr(row, name, value)
    session.flush()
    owner = f"{thing.noun}_id"
    for part, rows in thing.parts.items():
        session.execute(delete(part).where(getattr(part, owner) == row.id))
        insert_rows(session, part, [{owner: row.id, **values} for values in rows])
    return row


def add_things(session: Session, things: Sequence[Thing]) -> None:
    """Write things of one noun that the record does not hold yet, a table at a time."""
    noun = things[0].noun
    table, owner = RECORD[noun], f"{noun}_id"
    insert_rows(session, table, [dict(thing.values) for thing in things])
    ids = ids_by_key(session, table) if any(thing.parts for thing in things) else {}
    for part in dict.fromkeys(part for thing in things for part in thing.parts):
        rows = ({owner: ids[thing.key], **values} for thing in things for values in thing.parts[part])
        insert_rows(session, part, list(rows))


def put_agencies(session: Session, named: Mapping[tuple[int, str], str]) -> dict[tuple[int, str], int]:
    """Keep agencies, by jurisdiction and name, with their kinds of operator; the id of each."""
    rows = [
        {"jurisdiction_id": place, "name": name, "operator_kind": kind} for (place, name), kind in sorted(named.items())
    ]
    upsert(session, AgencyRow, rows, key=[AgencyRow.jurisdiction_id, AgencyRow.name])
    found: dict[tuple[int, str], int] = {}
    for batch in in_batches(sorted({place for place, _name in named})):
        query = select(AgencyRow.jurisdiction_id, AgencyRow.name, AgencyRow.id)
        query = query.where(AgencyRow.jurisdiction_id.in_(batch))
        found |= {(place, name): identifier for place, name, identifier in session.execute(query)}
    return found


def deployments_of_agency(session: Session, place: str, names: Sequence[str]) -> list[str]:
    """The keys of the deployments that name an agency of a place by one of these names."""
    query = select(DeploymentRow.key).join(AgencyRow, AgencyRow.id == DeploymentRow.agency_id)
    query = query.join(JurisdictionRow, JurisdictionRow.id == DeploymentRow.jurisdiction_id)
    query = query.where(JurisdictionRow.key == place, AgencyRow.name.in_(names))
    return list(session.scalars(query.order_by(DeploymentRow.key)))


def ids_by_key(session: Session, table: type[Keyed]) -> dict[str, int]:
    """Every key of a table with its id."""
    return {key: identifier for key, identifier in session.execute(select(table.key, table.id))}


def source_tiers(session: Session, keys: Iterable[str]) -> dict[str, str | None]:
    """The tier of each of these sources that exist, by key."""
    query = select(SourceRow.key, SourceRow.tier).where(SourceRow.key.in_(list(keys)))
    return {key: tier for key, tier in session.execute(query)}


def source_at(session: Session, address: str) -> str | None:
    """The key of the source with this address."""
    return session.scalar(select(SourceRow.key).where(SourceRow.url == address).order_by(SourceRow.key).limit(1))


def vendor_ids_by_name(session: Session) -> dict[str, int]:
    """Every name a vendor goes by, in lower case, with its id."""
    rows = session.scalars(select(VendorRow))
    return {name.casefold(): row.id for row in rows for name in (*row.aliases, row.name)}


def name_taken(session: Session, noun: str, values: Mapping[str, Any]) -> str | None:
    """The field whose value another thing of the noun has already, where no two may share it."""
    name = UNIQUE.get(noun)
    if name is None or values[name] is None:
        return None
    table = RECORD[noun]
    others = select(table.key).where(getattr(table, name) == values[name], table.key != values["key"])
    return name if session.scalar(others.limit(1)) else None

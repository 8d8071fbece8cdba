"""Writes of the record: each thing found by its key, changed in place, its parts replaced."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, TypeVar

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from oversight.storage.models import (
    ActionRow,
    AgencyRow,
    Base,
    CitationRow,
    DeploymentRow,
    JurisdictionRow,
    PolicyRow,
    SourceRow,
    VendorRow,
)
from oversight.storage.revisions import RECORD

Owner = ActionRow | DeploymentRow | PolicyRow | VendorRow
Keyed = TypeVar("Keyed", ActionRow, DeploymentRow, JurisdictionRow, PolicyRow, SourceRow, VendorRow)

CITATION_COLUMN: Mapping[type[Base], str] = {
    PolicyRow: "policy_id",
    DeploymentRow: "deployment_id",
    ActionRow: "action_id",
    VendorRow: "vendor_id",
}

UNIQUE = {"vendor": "name", "jurisdiction": "ocd_id"}


@dataclass
class _Known:
    """What a load of many entries need not ask for row by row: every key and agency, and parts that wait for an id."""

    keys: dict[type[Base], set[str]] = field(default_factory=dict)
    agencies: dict[tuple[int, str], AgencyRow] = field(default_factory=dict)
    waiting: list[tuple[type[Base], str, "Owner", list[Mapping[str, Any]]]] = field(default_factory=list)


@contextmanager
def many_entries(session: Session) -> Iterator[None]:
    """Within the block, writes of new entries ask nothing: what was there before is read once, a table at a time."""
    known = session.info[_Known] = _Known()
    known.agencies = {(row.jurisdiction_id, row.name): row for row in session.scalars(select(AgencyRow))}
    try:
        with session.no_autoflush:
            yield
            settle(session)
    finally:
        del session.info[_Known]


def settle(session: Session) -> None:
    """Write what waits: new things, many at once, and then their parts, which need the ids of the things."""
    session.flush()
    known: _Known | None = session.info.get(_Known)
    for part, column, owner, rows in known.waiting if known else ():
        session.add_all(part(**{column: owner.id}, **row) for row in rows)
    if known:
        known.waiting.clear()
    session.flush()


def put(session: Session, table: type[Keyed], key: str, values: Mapping[str, Any]) -> Keyed:
    """The row with this key, made or changed to hold these values; one that is new among many has no id yet."""
    known: _Known | None = session.info.get(_Known)
    if known is not None and table not in known.keys:
        known.keys[table] = set(session.scalars(select(table.key)))
    row = None
    if known is None or key in known.keys[table]:
        row = session.scalars(select(table).where(table.key == key)).one_or_none()
    is_new = row is None
    if row is None:
        row = table(key=key)
        session.add(row)
    for name, value in values.items():
        setattr(row, name, value)
    if known is not None and is_new:
        known.keys[table].add(key)
    else:
        session.flush()
    return row


def replace_parts(
    session: Session, part: type[Base], column: str, owner: Owner, rows: Iterable[Mapping[str, Any]]
) -> None:
    """Give an owner exactly these parts."""
    known: _Known | None = session.info.get(_Known)
    if known is not None and owner.id is None:
        known.waiting.append((part, column, owner, list(rows)))
        return
    session.execute(delete(part).where(getattr(part, column) == owner.id))
    session.add_all(part(**{column: owner.id}, **row) for row in rows)


def cite(session: Session, row: Owner, source_ids: Sequence[int]) -> None:
    """Give a thing exactly these sources."""
    parts = [{"source_id": source_id} for source_id in source_ids]
    replace_parts(session, CitationRow, CITATION_COLUMN[type(row)], row, parts)


def put_agencies(session: Session, named: Mapping[tuple[int, str], str]) -> None:
    """Make the agencies that are new, by jurisdiction and name to the kind of operator, all at once."""
    known: _Known = session.info[_Known]
    new = {key: kind for key, kind in named.items() if key not in known.agencies}
    rows = {key: AgencyRow(jurisdiction_id=key[0], name=key[1], operator_kind=kind) for key, kind in new.items()}
    session.add_all(rows.values())
    session.flush()
    known.agencies |= rows


def put_agency(session: Session, jurisdiction_id: int, name: str, operator_kind: str) -> int:
    """The id of an agency of a jurisdiction, made where it is new."""
    known: _Known | None = session.info.get(_Known)
    query = select(AgencyRow).where(AgencyRow.jurisdiction_id == jurisdiction_id, AgencyRow.name == name)
    row = known.agencies.get((jurisdiction_id, name)) if known else session.scalars(query).one_or_none()
    if row is not None and row.operator_kind == operator_kind:
        return row.id  # a flush for each of thousands of deployments is most of the time of an import
    if row is None:
        row = AgencyRow(jurisdiction_id=jurisdiction_id, name=name)
        session.add(row)
    row.operator_kind = operator_kind
    session.flush()
    if known is not None:
        known.agencies[jurisdiction_id, name] = row
    return row.id


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

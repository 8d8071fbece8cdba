"""Takes things out of the tables of the record, and says who still names them; revisions stay where they are."""

from collections.abc import Mapping, Sequence

from sqlalchemy import ColumnElement, delete, func, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from oversight.storage.models import (
    ActionRow,
    CitationRow,
    ClaimRow,
    DeploymentRow,
    DutyRow,
    JurisdictionRow,
    PolicyRow,
    ProvisionRow,
    RevisionRow,
    VendorNameRow,
)
from oversight.storage.revisions import RECORD

BY_ID: Mapping[str, Sequence[InstrumentedAttribute[int | None] | InstrumentedAttribute[int]]] = {
    "source": [row.source_id for row in (CitationRow, ClaimRow, ProvisionRow, DutyRow, VendorNameRow)],
    "jurisdiction": [PolicyRow.jurisdiction_id, DeploymentRow.jurisdiction_id, ActionRow.jurisdiction_id],
}
BY_KEY: Mapping[str, InstrumentedAttribute[str | None]] = {
    "policy": PolicyRow.amends_key,
    "jurisdiction": JurisdictionRow.parent_key,
}


def times_named(session: Session, noun: str, key: str) -> int:
    """How often the record names a thing by its key."""
    table = RECORD[noun]
    held = select(table.id).where(table.key == key).scalar_subquery()
    conditions: list[ColumnElement[bool]] = [column == held for column in BY_ID.get(noun, ())]
    conditions += [BY_KEY[noun] == key] if noun in BY_KEY else []
    return sum(session.scalar(select(func.count()).where(condition)) or 0 for condition in conditions)


def take_out(session: Session, noun: str, key: str) -> None:
    """Remove a thing and its parts from the tables."""
    table = RECORD[noun]
    session.execute(delete(table).where(table.key == key))


def withdrawn_keys(session: Session, noun: str) -> set[str]:
    """The keys of what has a history and no row any more."""
    table = RECORD[noun]
    there = select(table.id).where(table.key == RevisionRow.entity_key).exists()
    query = select(RevisionRow.entity_key).where(RevisionRow.entity == noun, ~there)
    return set(session.scalars(query.distinct()))

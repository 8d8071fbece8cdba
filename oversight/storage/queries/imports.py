"""What an import must know of the record's history before it changes anything."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from oversight.storage.models import RevisionRow


def touched_by_others(session: Session, entity: str, *, actor: str) -> frozenset[str]:
    """The keys of all things of a noun that anyone but this actor ever wrote."""
    query = select(RevisionRow.entity_key).where(RevisionRow.entity == entity, RevisionRow.actor != actor)
    return frozenset(session.scalars(query.distinct()))

"""Long lists piece by piece: which rows there are, by id, so that nobody holds all of them at once."""

from collections.abc import Sequence
from typing import Any, TypeVar

from sqlalchemy import select
from sqlalchemy.orm import Session

from oversight.storage.models import ActionRow, AgencyRow, DeploymentRow, JurisdictionRow

One = TypeVar("One")
BATCH = 500


def in_batches(all_of_them: Sequence[One]) -> list[Sequence[One]]:
    """Ids, keys or lines, some hundred at a time."""
    return [all_of_them[start : start + BATCH] for start in range(0, len(all_of_them), BATCH)]


def deployment_ids(session: Session, *conditions: Any, most: int | None = None) -> Sequence[int]:
    """The deployments under these conditions, in the order of the list."""
    query = select(DeploymentRow.id).join(JurisdictionRow, JurisdictionRow.id == DeploymentRow.jurisdiction_id)
    query = query.join(AgencyRow, AgencyRow.id == DeploymentRow.agency_id).where(*conditions)
    order = (JurisdictionRow.name, AgencyRow.name, DeploymentRow.key)
    return session.scalars(query.order_by(*order).limit(most)).all()


def action_ids(session: Session, *conditions: Any, most: int) -> Sequence[int]:
    """The actions under these conditions, newest first."""
    query = select(ActionRow.id).where(*conditions)
    return session.scalars(query.order_by(ActionRow.date.desc().nulls_last(), ActionRow.key).limit(most)).all()

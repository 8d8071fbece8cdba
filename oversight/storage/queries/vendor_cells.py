"""Vendors for a table: of who uses what, the keys alone."""

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from oversight.storage.models import CitationRow, DeploymentRow, VendorRow
from oversight.storage.queries.sources import SourceLine, oldest_first, source_line


@dataclass(frozen=True)
class VendorCells:
    """One vendor with the names of what it sells and the keys of the deployments of it."""

    key: str
    name: str
    aliases: tuple[str, ...]
    products: tuple[str, ...]
    deployments: tuple[str, ...]
    sources: tuple[SourceLine, ...]


def vendor_ids(session: Session, *, most: int) -> Sequence[int]:
    """Every vendor, by name."""
    return session.scalars(select(VendorRow.id).order_by(VendorRow.name).limit(most)).all()


def vendor_cells(session: Session, ids: Collection[int]) -> list[VendorCells]:
    """These vendors, by name."""
    used: defaultdict[int | None, list[str]] = defaultdict(list)
    keys = select(DeploymentRow.vendor_id, DeploymentRow.key).where(DeploymentRow.vendor_id.in_(ids))
    for vendor_id, key in session.execute(keys.order_by(DeploymentRow.technology, DeploymentRow.key)):
        used[vendor_id].append(key)
    cited = selectinload(VendorRow.citations).selectinload(CitationRow.source)
    query = select(VendorRow).where(VendorRow.id.in_(ids)).options(cited, selectinload(VendorRow.products))
    return [
        VendorCells(
            key=row.key,
            name=row.name,
            aliases=tuple(row.aliases),
            products=tuple(product.name for product in row.products),
            deployments=tuple(used[row.id]),
            sources=oldest_first(source_line(one.source) for one in row.citations),
        )
        for row in session.scalars(query.order_by(VendorRow.name))
    ]

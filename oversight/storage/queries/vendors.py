"""Vendors with what they sell and who uses it."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session, subqueryload

from oversight.errors import NotFound
from oversight.storage.models import DeploymentRow, VendorNameRow, VendorRow
from oversight.storage.queries.deployments import DeploymentLine, deployments
from oversight.storage.queries.sources import SourceLine, source_line
from oversight.storage.queries.support import support_of


@dataclass(frozen=True)
class VendorLine:
    """One vendor, what it sells, and who uses it."""

    key: str
    name: str
    aliases: tuple[str, ...]
    former_names: tuple[tuple[str, str | None, str | None, SourceLine | None], ...]
    products: tuple[tuple[str, str | None, dict[str, Any]], ...]
    deployments: tuple[DeploymentLine, ...]
    sources: tuple[SourceLine, ...]


def vendors(session: Session, *, as_of: date) -> list[VendorLine]:
    """Every vendor with every deployment of its products, by name."""
    used: defaultdict[str | None, list[DeploymentLine]] = defaultdict(list)
    for line in deployments(session, DeploymentRow.vendor_id.is_not(None), as_of=as_of):
        used[line.vendor_key].append(line)
    return _lines(session, used)


def vendor(session: Session, key: str) -> VendorLine:
    """One vendor, without its deployments; raises NotFound."""
    found = _lines(session, {}, VendorRow.key == key)
    if not found:
        raise NotFound("The record has no vendor under this name.")
    return found[0]


def _lines(session: Session, used: Mapping[str | None, Sequence[DeploymentLine]], *conditions: Any) -> list[VendorLine]:
    support = support_of(session, vendor=select(VendorRow.id).where(*conditions))
    named = subqueryload(VendorRow.former_names).joinedload(VendorNameRow.source)
    query = (
        select(VendorRow).where(*conditions).options(subqueryload(VendorRow.products), named).order_by(VendorRow.name)
    )
    return [
        VendorLine(
            key=row.key,
            name=row.name,
            aliases=tuple(row.aliases),
            former_names=tuple(
                (name.name, name.since, name.until, source_line(name.source) if name.source else None)
                for name in row.former_names
            ),
            products=tuple((product.name, product.technology, product.facts) for product in row.products),
            deployments=tuple(used.get(row.key, ())),
            sources=support.sources_of("vendor", row.id),
        )
        for row in session.scalars(query)
    ]

"""Companies, and what they sell."""

from typing import Any

from sqlalchemy import ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from oversight.storage.models.base import Base
from oversight.storage.models.source import CitationRow, SourceRow


class VendorRow(Base):
    """A company; `aliases` are the other names it goes or went by."""

    __tablename__ = "vendors"

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str] = mapped_column(unique=True)
    aliases: Mapped[list[str]]

    former_names: Mapped[list["VendorNameRow"]] = relationship(lazy="raise", order_by="VendorNameRow.position")
    products: Mapped[list["ProductRow"]] = relationship(lazy="raise", order_by="ProductRow.name")
    citations: Mapped[list[CitationRow]] = relationship(lazy="raise")


class ProductRow(Base):
    """One thing a vendor sells."""

    __tablename__ = "products"
    __table_args__ = (UniqueConstraint("vendor_id", "name"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    vendor_id: Mapped[int] = mapped_column(ForeignKey("vendors.id", ondelete="CASCADE"))
    name: Mapped[str]
    technology: Mapped[str | None]
    facts: Mapped[dict[str, Any]]


class VendorNameRow(Base):
    """A name that a company went by, from when until when, as far as that is known."""

    __tablename__ = "vendor_names"
    __table_args__ = (UniqueConstraint("vendor_id", "position"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    vendor_id: Mapped[int] = mapped_column(ForeignKey("vendors.id", ondelete="CASCADE"))
    position: Mapped[int]
    name: Mapped[str]
    since: Mapped[str | None]
    until: Mapped[str | None]
    source_id: Mapped[int | None] = mapped_column(ForeignKey("sources.id", ondelete="SET NULL"))

    source: Mapped[SourceRow | None] = relationship(lazy="raise")

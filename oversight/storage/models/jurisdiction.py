"""Governments, and the agencies in them."""

from sqlalchemy import ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from oversight.storage.models.base import Base


class JurisdictionRow(Base):
    """A government, keyed by its Open Civic Data id, or by an `x-oversight/` key where none exists."""

    __tablename__ = "jurisdictions"

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(unique=True)
    ocd_id: Mapped[str | None] = mapped_column(unique=True)
    name: Mapped[str]
    kind: Mapped[str]
    state: Mapped[str | None] = mapped_column(index=True)
    parent_key: Mapped[str | None]
    geoid: Mapped[str | None] = mapped_column(index=True)
    population: Mapped[int | None]
    population_source: Mapped[str | None]
    timezone: Mapped[str | None]
    latitude: Mapped[float | None]
    longitude: Mapped[float | None]
    land_km2: Mapped[float | None]
    water_km2: Mapped[float | None]
    note: Mapped[str | None]


class AgencyRow(Base):
    """A part of a government that buys or uses technology."""

    __tablename__ = "agencies"
    __table_args__ = (UniqueConstraint("jurisdiction_id", "name"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    jurisdiction_id: Mapped[int] = mapped_column(ForeignKey("jurisdictions.id", ondelete="CASCADE"))
    name: Mapped[str]
    operator_kind: Mapped[str]

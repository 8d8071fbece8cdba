"""Addresses to which nothing is sent, known by a keyed hash only (SAFETY F6, F8)."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint
from sqlalchemy.orm import Mapped, mapped_column

from oversight.domain.suppression import Suppression
from oversight.storage.models.base import Base, one_of


class SuppressionRow(Base):
    """One address that is not written to, and why."""

    __tablename__ = "suppressions"
    __table_args__ = (CheckConstraint(one_of("reason", Suppression), name="reason"),)

    address_hash: Mapped[str] = mapped_column(primary_key=True)
    reason: Mapped[str]
    at: Mapped[datetime]


class SoftBounceRow(Base):
    """A day (UTC) on which an address could not be reached for a while."""

    __tablename__ = "soft_bounces"

    address_hash: Mapped[str] = mapped_column(primary_key=True)
    day: Mapped[date] = mapped_column(primary_key=True)

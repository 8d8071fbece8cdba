"""Oversight events: letters, petitions, lawsuits, audits, hearings, reports, statements."""

from sqlalchemy import CheckConstraint, ForeignKey
from sqlalchemy.orm import Mapped, mapped_column, relationship

from oversight.domain.record import ActionKind
from oversight.storage.models.base import Base, one_of
from oversight.storage.models.jurisdiction import JurisdictionRow
from oversight.storage.models.source import CitationRow


class ActionRow(Base):
    """Something someone did about surveillance, with or without a jurisdiction of its own.

    `due` and `answered` are the dates of the answer that a request or a letter asks for.
    """

    __tablename__ = "actions"
    __table_args__ = (CheckConstraint(one_of("kind", ActionKind), name="kind"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(unique=True)
    kind: Mapped[str]
    date: Mapped[str | None]
    actors: Mapped[list[str]]
    target: Mapped[str | None]
    due: Mapped[str | None]
    answered: Mapped[str | None]
    jurisdiction_id: Mapped[int | None] = mapped_column(ForeignKey("jurisdictions.id", ondelete="CASCADE"), index=True)
    signatories: Mapped[int | None]
    summary: Mapped[str]
    note: Mapped[str | None]
    confidence: Mapped[str]
    verification: Mapped[str]

    jurisdiction: Mapped[JurisdictionRow | None] = relationship(lazy="raise")
    citations: Mapped[list[CitationRow]] = relationship(lazy="raise")

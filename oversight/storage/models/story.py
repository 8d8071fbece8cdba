"""What is kept of a mention's text to find its copies, and the keys by which they are looked up."""

from datetime import datetime

from sqlalchemy import BigInteger, ForeignKey, LargeBinary
from sqlalchemy.orm import Mapped, mapped_column

from oversight.storage.models.base import Base


class SignatureRow(Base):
    """The signature of one mention (domain/near_duplicate.py). `kept_until` is null where it is kept for ever."""

    __tablename__ = "mention_signatures"

    mention_id: Mapped[int] = mapped_column(ForeignKey("mentions.id", ondelete="CASCADE"), primary_key=True)
    scheme: Mapped[int]
    words: Mapped[int]
    headline: Mapped[int | None] = mapped_column(BigInteger)
    sketch: Mapped[bytes] = mapped_column(LargeBinary)
    kept_until: Mapped[datetime | None] = mapped_column(index=True)


class BandRow(Base):
    """One key of one mention's signature; scheme, band and scope are part of its value."""

    __tablename__ = "mention_bands"
    __table_args__ = {"sqlite_with_rowid": False}  # noqa: RUF012

    hash: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    mention_id: Mapped[int] = mapped_column(
        ForeignKey("mentions.id", ondelete="CASCADE"), primary_key=True, autoincrement=False, index=True
    )

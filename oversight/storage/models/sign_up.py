"""How often forms were sent and people written to because of them; no address can be told from it (SAFETY F1)."""

from datetime import datetime

from sqlalchemy.orm import Mapped, mapped_column

from oversight.storage.models.base import Base


class SignUpRow(Base):
    """One form that asked us to write to somebody, by keyed hashes of where it came from; kept for an hour."""

    __tablename__ = "sign_ups"

    id: Mapped[int] = mapped_column(primary_key=True)
    sender: Mapped[str]
    network: Mapped[str]
    at: Mapped[datetime] = mapped_column(index=True)


class MailedPersonRow(Base):
    """When somebody was last written to because a form said so; `person` is a keyed hash, for one kind of mail.

    `mailed_at` are moments in ISO 8601, the oldest first; the row is forgotten a month after the last.
    """

    __tablename__ = "mailed_persons"

    person: Mapped[str] = mapped_column(primary_key=True)
    mailed_at: Mapped[list[str]]
    last_at: Mapped[datetime]

"""Tasks that an editor put off, with the reason."""

import datetime as dt
from datetime import datetime

from sqlalchemy.orm import Mapped, mapped_column

from oversight.storage.models.base import Base


class SnoozeRow(Base):
    """One task, by its key, that is not shown before `until`."""

    __tablename__ = "snoozes"

    task: Mapped[str] = mapped_column(primary_key=True)
    until: Mapped[dt.date]
    reason: Mapped[str]
    actor: Mapped[str]
    at: Mapped[datetime]

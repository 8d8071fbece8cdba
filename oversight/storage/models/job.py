"""How often each job of the clock ran, ran late or was skipped."""

from datetime import datetime

from sqlalchemy.orm import Mapped, mapped_column

from oversight.storage.models.base import Base


class JobRow(Base):
    """One job's counters: a late or skipped run is never silent (SAFETY A3)."""

    __tablename__ = "jobs"

    name: Mapped[str] = mapped_column(primary_key=True)
    runs: Mapped[int] = mapped_column(default=0)
    failures: Mapped[int] = mapped_column(default=0)
    skipped: Mapped[int] = mapped_column(default=0)
    last_run_at: Mapped[datetime | None]
    last_error: Mapped[str | None]

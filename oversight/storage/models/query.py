"""Stored queries, and the topics under which an event finds them."""

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from oversight.storage.models.base import Base


class QueryRow(Base):
    """One query as it is written with codes for names; whoever asks the same shares it.

    `is_settled_by_topic`: what is found by topic fits, and need not be held against the query.
    """

    __tablename__ = "queries"

    id: Mapped[int] = mapped_column(primary_key=True)
    text: Mapped[str] = mapped_column(unique=True)
    is_settled_by_topic: Mapped[bool]


class QueryTopicRow(Base):
    """One topic of a query: whatever fits the query has one of its topics (domain/topic.py)."""

    __tablename__ = "query_topics"

    name: Mapped[str] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(primary_key=True)
    query_id: Mapped[int] = mapped_column(ForeignKey("queries.id", ondelete="CASCADE"), primary_key=True, index=True)

"""The review queue: of each story and of each matter one card, with what else tells it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import case, func, select
from sqlalchemy.orm import Session, aliased

from oversight.domain.mention import MentionState
from oversight.storage.models import ItemRow, MatterAliasRow, MeetingRow, MentionRow
from oversight.storage.queries.coming import is_coming
from oversight.storage.queries.mentions import PAGE, MentionPage, mention_pages
from oversight.storage.queries.stories import Copy, copies_of, sightings_of
from oversight.storage.tellings import BUSINESS


@dataclass(frozen=True)
class Card:
    """One undecided mention with the other mentions of its story, and the pending ones of its matter."""

    page: MentionPage
    copies: Sequence[Copy]
    sightings: Sequence[Copy]

    @property
    def pending(self) -> int:
        """How many copies wait as well."""
        return sum(copy.state is MentionState.PENDING for copy in self.copies)

    @property
    def speaker(self) -> Copy | None:
        """A copy that was confirmed, or else dismissed: this mention can be merged with it."""
        decided = {copy.state: copy for copy in reversed(self.copies)}
        return decided.get(MentionState.CONFIRMED) or decided.get(MentionState.DISMISSED)


@dataclass(frozen=True)
class Waiting:
    """How many mentions wait, and how many cards that makes."""

    mentions: int
    cards: int


@dataclass(frozen=True)
class Queue:
    """The first cards of the queue, and how much waits in all."""

    cards: Sequence[Card]
    waiting: Waiting


def review_queue(session: Session, *, now: datetime, limit: int = PAGE) -> Queue:
    """Cards with their evidence: what is decided soonest first, then the most certain."""
    ranked = _ranked(now)
    cards = func.sum(case((ranked.c.place == 1, 1), else_=0)).over().label("cards")
    counted = select(
        ranked.c.id, ranked.c.place, ranked.c.turn, func.count().over().label("mentions"), cards
    ).subquery()
    first = select(counted.c.id, counted.c.mentions, counted.c.cards).where(counted.c.place == 1)
    rows = session.execute(first.order_by(counted.c.turn).limit(limit)).all()
    waiting = Waiting(rows[0].mentions, rows[0].cards) if rows else Waiting(0, 0)
    return Queue(_cards(session, [row.id for row in rows]), waiting)


def _cards(session: Session, mention_ids: Sequence[int]) -> list[Card]:
    pages = mention_pages(session, mention_ids)
    copies = copies_of(session, {page.line.story_id for page in pages})
    sightings = sightings_of(session, {page.line.id: page.line.story_id for page in pages})
    return [
        Card(
            page,
            [copy for copy in copies.get(page.line.story_id or 0, ()) if copy.id != page.line.id],
            sightings.get(page.line.id, ()),
        )
        for page in pages
    ]


def _ranked(now: datetime) -> Any:
    """Every undecided mention: its turn among all, and its place among those that make one card.

    What makes one card is one matter, one story that has none, or else the mention alone.
    """
    lead, lead_item = aliased(MentionRow), aliased(ItemRow)
    matter = func.coalesce(BUSINESS, lead_item.matter_id)
    day = case((is_coming(MeetingRow, now), MeetingRow.date), else_=None)
    order = (day.is_(None), day, MentionRow.score.desc(), MentionRow.id)
    alone = case((func.coalesce(matter, MentionRow.story_id).is_(None), MentionRow.id), else_=None)
    story = case((matter.is_(None), MentionRow.story_id), else_=None)
    place = func.row_number().over(partition_by=(matter, story, alone), order_by=order).label("place")
    return (
        select(MentionRow.id, place, func.row_number().over(order_by=order).label("turn"))
        .join(ItemRow, ItemRow.id == MentionRow.item_id)
        .outerjoin(MeetingRow, MeetingRow.id == ItemRow.meeting_id)
        .outerjoin(MatterAliasRow, MatterAliasRow.matter_id == ItemRow.matter_id)
        .outerjoin(lead, lead.id == MentionRow.story_id)
        .outerjoin(lead_item, lead_item.id == lead.item_id)
        .where(MentionRow.state == MentionState.PENDING)
        .subquery()
    )

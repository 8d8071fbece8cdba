"""Sees that bodies who sit together hear the same thing, even where each files it under a number of its own."""

from collections.abc import Collection

from sqlalchemy import select
from sqlalchemy.orm import Session, aliased

from oversight.storage.models import FeedRow, ItemRow, MatterAliasRow, MatterRow, MeetingRow
from oversight.storage.upsert import insert_new


def link_joint_hearings(session: Session, feed: FeedRow, meeting_ids: Collection[int]) -> None:
    """Link matters of the same title that meetings of one jurisdiction at the same moment have on their agendas.

    The first that was known leads. One meeting's own items are never linked: there, two matters of one title are two.
    """
    mine, theirs = aliased(MeetingRow), aliased(MeetingRow)
    item, other = aliased(ItemRow), aliased(ItemRow)
    query = (
        select(item.matter_id, other.matter_id)
        .join(mine, item.meeting_id == mine.id)
        .join(theirs, (theirs.jurisdiction == mine.jurisdiction) & (theirs.starts_at == mine.starts_at))
        .join(other, (other.meeting_id == theirs.id) & (other.title == item.title))
        .where(mine.id.in_(meeting_ids), mine.feed_id == feed.id, theirs.id != mine.id, mine.date == theirs.date)
        .where(item.matter_id != other.matter_id, item.title != "")
        .distinct()
    )
    pairs = {(max(one, two), min(one, two)) for one, two in session.execute(query).tuples() if one and two}
    led = {matter_id: min(lead for one, lead in pairs if one == matter_id) for matter_id, _ in pairs}
    rows = [{"matter_id": matter_id, "lead_id": led.get(lead, lead)} for matter_id, lead in sorted(led.items())]
    insert_new(session, MatterAliasRow, rows, [MatterAliasRow.matter_id])


def same_business(session: Session, matter_id: int) -> dict[int, str]:
    """The file numbers of a matter and of those that are the same business, by their rows; the leading one first."""
    lead = session.scalar(select(MatterAliasRow.lead_id).where(MatterAliasRow.matter_id == matter_id)) or matter_id
    others = select(MatterAliasRow.matter_id).where(MatterAliasRow.lead_id == lead)
    query = select(MatterRow.id, MatterRow.file).where((MatterRow.id == lead) | MatterRow.id.in_(others))
    return dict(session.execute(query.order_by(MatterRow.id != lead, MatterRow.id)).tuples().all())

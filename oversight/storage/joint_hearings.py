"""Sees that bodies who sit together hear the same thing, even where each files it under a number of its own."""

from collections.abc import Collection

from sqlalchemy import exists, select, update
from sqlalchemy.orm import Session, aliased

from oversight.storage.models import FeedRow, ItemRow, MatterAliasRow, MatterRow, MeetingRow
from oversight.storage.upsert import insert_new

PROCEDURE = (
    "minutes",
    "roll call",
    "public comment",
    "adjourn",
    "pledge",
    "agenda",
    "call to order",
    "consent",
    "report",
)


def link_joint_hearings(session: Session, feed: FeedRow, meeting_ids: Collection[int]) -> None:
    """Link matters of the same title that meetings of one jurisdiction at the same moment have on their agendas.

    What every body has on its agenda (its minutes, public comment) is never the same business.
    The first that was known leads. What stands on one agenda, or what one body hears, is never linked: there, two
    matters of one title are two.
    """
    mine, theirs = aliased(MeetingRow), aliased(MeetingRow)
    item, other, beside = aliased(ItemRow), aliased(ItemRow), aliased(ItemRow)
    stand_together = exists().where(
        ((beside.meeting_id == mine.id) & (beside.matter_id == other.matter_id))
        | ((beside.meeting_id == theirs.id) & (beside.matter_id == item.matter_id))
    )
    is_of_its_own = [item.title.not_ilike(f"%{words}%") for words in PROCEDURE]
    query = (
        select(item.matter_id, other.matter_id)
        .join(mine, item.meeting_id == mine.id)
        .join(theirs, (theirs.jurisdiction == mine.jurisdiction) & (theirs.starts_at == mine.starts_at))
        .join(other, (other.meeting_id == theirs.id) & (other.title == item.title))
        .where(mine.id.in_(meeting_ids), mine.feed_id == feed.id, theirs.id != mine.id, mine.date == theirs.date)
        .where(item.matter_id != other.matter_id, item.title != "", mine.body != theirs.body, ~stand_together)
        .where(*is_of_its_own)
        .distinct()
    )
    pairs = {(max(one, two), min(one, two)) for one, two in session.execute(query).tuples() if one and two}
    known = _leads(session, {matter_id for pair in pairs for matter_id in pair})
    led: dict[int, int] = {}
    for matter_id, lead in sorted(pairs):  # the lower first, so that what leads it is settled already
        if matter_id not in known:
            known[matter_id] = led[matter_id] = known.get(lead, lead)
    rows = [{"matter_id": matter_id, "lead_id": lead} for matter_id, lead in led.items()]
    insert_new(session, MatterAliasRow, rows, [MatterAliasRow.matter_id])
    for matter_id, lead in led.items():  # what it led until now has the same lead
        session.execute(update(MatterAliasRow).where(MatterAliasRow.lead_id == matter_id).values(lead_id=lead))


def _leads(session: Session, matter_ids: Collection[int]) -> dict[int, int]:
    """What leads these matters already."""
    query = select(MatterAliasRow.matter_id, MatterAliasRow.lead_id).where(MatterAliasRow.matter_id.in_(matter_ids))
    return dict(session.execute(query).tuples().all())


def same_business(session: Session, matter_id: int) -> dict[int, str]:
    """The file numbers of a matter and of those that are the same business, by their rows; the leading one first."""
    lead = session.scalar(select(MatterAliasRow.lead_id).where(MatterAliasRow.matter_id == matter_id)) or matter_id
    others = select(MatterAliasRow.matter_id).where(MatterAliasRow.lead_id == lead)
    query = select(MatterRow.id, MatterRow.file).where((MatterRow.id == lead) | MatterRow.id.in_(others))
    return dict(session.execute(query.order_by(MatterRow.id != lead, MatterRow.id)).tuples().all())

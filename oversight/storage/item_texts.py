"""The whole texts of items that are longer than their excerpts, so that they can be matched again."""

from collections.abc import Mapping

from sqlalchemy import delete
from sqlalchemy.orm import Session

from oversight.domain.cleaning import EXCERPT_LENGTH
from oversight.storage.models import ItemTextRow
from oversight.storage.upsert import upsert


def is_long(text: str | None) -> bool:
    """Whether the excerpt does not hold all of it."""
    return len(text or "") > EXCERPT_LENGTH


def save_texts(session: Session, texts: Mapping[int, str | None]) -> None:
    """Keep the long ones of these texts, by item; one that has become short needs no row any more."""
    rows = [{"item_id": item_id, "text": text} for item_id, text in texts.items() if is_long(text)]
    upsert(session, ItemTextRow, rows, key=[ItemTextRow.item_id])
    short = [item_id for item_id, text in texts.items() if not is_long(text)]
    if short:
        session.execute(delete(ItemTextRow).where(ItemTextRow.item_id.in_(short)))

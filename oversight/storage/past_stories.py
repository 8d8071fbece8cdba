"""Lets mentions join the stories that they tell where a later version of the detector found them, or other places."""

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from oversight.domain.story import may_be_one
from oversight.storage.models import MentionRow
from oversight.storage.signatures import Signed
from oversight.storage.stories import join_stories, leave_stories
from oversight.storage.tellings import known_mentions


def join_past_stories(session: Session, signed: Sequence[Signed]) -> None:
    """Let new mentions join their stories; of an edited one the words are the same, and only its places are others.

    It stays where it may stand: most of what an old story was found by is forgotten, so nobody would find it again.
    """
    moved = [one.mention_id for one in signed if one.is_edited]
    leave_stories(session, _out_of_place(session, moved))
    alone = set(session.scalars(select(MentionRow.id).where(MentionRow.id.in_(moved), MentionRow.story_id.is_(None))))
    join_stories(session, [one for one in signed if not one.is_edited or one.mention_id in alone])


def _out_of_place(session: Session, mention_ids: Sequence[int]) -> list[int]:
    """Those of these mentions that may no longer stand beside another one of their story."""
    known = known_mentions(session, mention_ids) if mention_ids else {}
    found = []
    for mention_id in mention_ids:
        mine = known[mention_id]
        beside = [one.telling for one in known.values() if one.lead is not None and one.lead == mine.lead]
        if not all(one is mine.telling or may_be_one(mine.telling, one) for one in beside):
            found.append(mention_id)
    return found

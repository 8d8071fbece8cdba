"""Keeps what the copies of a mention's text are found by, looks such mentions up, and forgets what is too old."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from oversight.domain.near_duplicate import Signature
from oversight.domain.story import NEWS_LIFE
from oversight.storage.batches import in_batches
from oversight.storage.models import BandRow, SignatureRow
from oversight.storage.upsert import UNSEEN, insert_all

MOST_OF_KEY = 20
SIGNATURE = (SignatureRow.scheme, SignatureRow.words, SignatureRow.headline, SignatureRow.sketch)


@dataclass(frozen=True)
class Signed:
    """A mention that is new or whose words have changed, with what its copies are found by, where anything is."""

    mention_id: int
    signature: Signature | None
    seen_at: datetime
    is_news: bool
    is_edited: bool


def keep_signatures(session: Session, signed: Sequence[Signed]) -> None:
    """Store the signatures of these mentions in place of those of their former words."""
    drop_signatures(session, [one.mention_id for one in signed if one.is_edited])
    told = [(one, one.signature) for one in signed if one.signature and one.signature.keys]
    rows = [
        {
            "mention_id": one.mention_id,
            "scheme": signature.scheme,
            "words": signature.words,
            "headline": signature.headline,
            "sketch": signature.sketch,
            "kept_until": one.seen_at + NEWS_LIFE if one.is_news else None,
        }
        for one, signature in told
    ]
    insert_all(session, SignatureRow, rows)
    keys = [{"hash": key, "mention_id": one.mention_id} for one, signature in told for key in signature.keys]
    insert_all(session, BandRow, keys)


def having_keys(session: Session, keys: Sequence[int]) -> Iterator[tuple[int, int]]:
    """Each of these keys with the mentions that have it, of each the newest few."""
    newest = func.row_number().over(partition_by=BandRow.hash, order_by=BandRow.mention_id.desc()).label("newest")
    for some in in_batches(keys):
        ranked = select(BandRow.hash, BandRow.mention_id, newest).where(BandRow.hash.in_(some)).subquery()
        query = select(ranked.c.hash, ranked.c.mention_id).where(ranked.c.newest <= MOST_OF_KEY)
        yield from session.connection().execute(query).tuples().all()


def signature_in(scheme: int | None, words: int, headline: int | None, sketch: bytes) -> Signature | None:
    """What the columns `SIGNATURE` hold; None where there is no row. Without the keys, which no comparison needs."""
    if scheme is None:
        return None
    keys = () if headline is None else (headline,)
    return Signature(words, keys, sketch, has_headline=bool(keys), scheme=scheme)


def drop_signatures(session: Session, mention_ids: Collection[int]) -> None:
    """Forget the signatures of these mentions."""
    for table in (BandRow, SignatureRow):
        if mention_ids:
            session.execute(delete(table).where(table.mention_id.in_(mention_ids)), execution_options=UNSEEN)


def drop_old_signatures(session: Session, *, now: datetime) -> None:
    """Forget the signatures of news that no copy can join any more; the stories stay."""
    is_old = SignatureRow.kept_until < now
    old = select(SignatureRow.mention_id).where(is_old)
    session.execute(delete(BandRow).where(BandRow.mention_id.in_(old)), execution_options=UNSEEN)
    session.execute(delete(SignatureRow).where(is_old), execution_options=UNSEEN)

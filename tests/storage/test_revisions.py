"""Tests of storage/revisions.py: the history only grows, and shows where it was altered."""

import pytest
from sqlalchemy.exc import IntegrityError

from oversight.domain.revision import revision_hash
from oversight.storage.engine import Sessions, reading
from oversight.storage.models import RevisionRow
from oversight.storage.revisions import Change, add_revision, history
from tests.factories import NOW


def change(**changes: object) -> Change:
    valid = {"entity": "mention", "key": "1", "before": None, "after": {"state": "confirmed"}}
    return Change(**(valid | {"actor": "editor@example.org", "reason": "relevant"} | changes))


def test_versions_count_from_one_for_each_thing(sessions: Sessions) -> None:
    with sessions.begin() as session:
        for key in ("1", "2", "1"):
            add_revision(session, change(key=key), at=NOW)
    with reading(sessions) as session:
        assert [row.version for row in history(session, "mention", "1")] == [1, 2]
        assert [row.version for row in history(session, "mention", "2")] == [1]


def test_each_revision_holds_the_hash_of_the_one_before(sessions: Sessions) -> None:
    with sessions.begin() as session:
        for _ in range(3):
            add_revision(session, change(), at=NOW)
    with reading(sessions) as session:
        rows = history(session, "mention", "1")
    assert [row.previous_hash for row in rows] == [None, rows[0].hash, rows[1].hash]


def test_the_hash_can_be_worked_out_again_from_the_row(sessions: Sessions) -> None:
    with sessions.begin() as session:
        add_revision(session, change(sources=("https://example.org/",)), at=NOW)
    with reading(sessions) as session:
        (row,) = history(session, "mention", "1")
    stored = {"entity": row.entity, "key": row.entity_key, "before": row.before, "after": row.after}
    stored |= {"actor": row.actor, "reason": row.reason, "sources": row.sources}
    assert revision_hash(previous=row.previous_hash, change=stored, at=row.at) == row.hash


@pytest.mark.parametrize("altered", [{"reason": "other"}, {"after": {"state": "dismissed"}}, {"actor": "nobody"}])
def test_any_alteration_changes_the_hash(altered: dict[str, object]) -> None:
    content = {"entity": "mention", "key": "1", "after": {"state": "confirmed"}, "actor": "a", "reason": "b"}
    hashes = {revision_hash(previous=None, change=one, at=NOW) for one in (content, content | altered)}
    assert len(hashes) == 2


def test_the_database_allows_each_version_once(sessions: Sessions) -> None:
    with pytest.raises(IntegrityError), sessions.begin() as session:
        row = add_revision(session, change(), at=NOW)
        session.flush()
        columns = [name for name in RevisionRow.__table__.columns.keys() if name != "id"]  # noqa: SIM118
        session.add(RevisionRow(**{name: getattr(row, name) for name in columns}))

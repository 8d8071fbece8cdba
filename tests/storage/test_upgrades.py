"""Upgrades of a database with data in it: what hangs on a table that changes stays."""

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest
from alembic import command
from sqlalchemy import Engine, text

from oversight.domain.revision import revision_hash
from oversight.services.audit import verify
from oversight.storage.engine import one_moment, open_engine, open_sessions, reading
from oversight.storage.models import DocumentRow, EventRow, MentionRow, MentionTechnologyRow
from oversight.storage.schema import _config, differences, upgrade

BEFORE = "0002"
ROWS = (
    "INSERT INTO feeds (id, key, platform, url, title, every_minutes, is_enabled, next_due_at, failures, late_polls)"
    " VALUES (1, 'f', 'rss', 'https://f.example', 'F', 60, :yes, :now, 0, 0)",
    "INSERT INTO items (id, feed_id, identity, uid, kind, title, excerpt, first_seen_at, content_hash)"
    " VALUES (1, 1, 'i', 'i', 'news', 'T', 'E', :now, 'h')",
    "INSERT INTO mentions (id, item_id, state, score, detector, title, text, places, vendors, products, agencies,"
    " badges, evidence, first_matched_at)"
    " VALUES (1, 1, 'confirmed', 0.9, 'd', 'T', 'E', '[]', '[]', '[]', '[]', '[]', '[]', :now)",
    "INSERT INTO mention_technologies (mention_id, technology) VALUES (1, 'alpr')",
    "INSERT INTO events (id, kind, mention_id, is_reviewed, at) VALUES (1, 'mention_confirmed', 1, :yes, :now)",
    "INSERT INTO documents (id, feed_id, item_id, mention_id, url, state, found_at, tries, pages, is_ocr)"
    " VALUES (1, 1, 1, 1, 'https://f.example/1.pdf', 'read', :now, 1, '[0]', :no)",
)

REVISION = (
    "INSERT INTO revisions"
    " (entity, entity_key, version, before, after, actor, reason, sources, at, previous_hash, hash)"
    " VALUES ('feed', 'f', :version, 'null', :after, 'ana', 'é', '[]', :at, :previous, :hash)"
)


@pytest.fixture(params=["sqlite", "postgresql"])
def old(request: pytest.FixtureRequest, tmp_path: Path) -> Engine:
    """A database of the release before, with a mention on which everything hangs that can."""
    if request.param == "sqlite":
        engine = open_engine(f"sqlite:///{tmp_path / 'old.sqlite3'}")
    else:
        engine = request.getfixturevalue("empty_postgresql")
    with engine.begin() as connection:
        command.upgrade(_config(connection), BEFORE)
        for row in ROWS:
            connection.execute(
                text(row), {"now": "2026-11-20 12:00:00", "yes": True, "no": False} if ":now" in row else {}
            )
    return engine


def test_what_hangs_on_a_mention_stays(old: Engine) -> None:
    upgrade(old)
    with reading(open_sessions(old)) as session:
        assert session.get_one(MentionRow, 1).state == "confirmed"
        assert session.get_one(MentionTechnologyRow, (1, "alpr"))
        assert (session.get_one(EventRow, 1).mention_id, session.get_one(DocumentRow, 1).mention_id) == (1, 1)
    assert differences(old) == []


def test_a_mention_may_be_withdrawn_and_nothing_else(old: Engine) -> None:
    upgrade(old)
    with open_sessions(old).begin() as session:
        session.get_one(MentionRow, 1).state = "withdrawn"
    with pytest.raises(Exception, match="ck_mentions_state"), open_sessions(old).begin() as session:
        session.get_one(MentionRow, 1).state = "forgotten"


def test_the_upgraded_file_is_sound(old: Engine) -> None:
    upgrade(old)
    if old.dialect.name == "sqlite":
        with old.connect() as connection:
            assert connection.exec_driver_sql("PRAGMA integrity_check").scalar_one() == "ok"
            assert connection.exec_driver_sql("PRAGMA foreign_key_check").all() == []


def test_revisions_from_before_the_journal_are_journalled(old: Engine) -> None:
    at, previous = datetime(2026, 11, 20, 12, tzinfo=UTC), None
    with old.begin() as connection:
        for version in (1, 2):
            content = {"entity": "feed", "key": "f", "before": None, "after": {"v": version}}
            change = content | {"actor": "ana", "reason": "é", "sources": []}
            row = {"version": version, "after": json.dumps({"v": version}), "previous": previous}
            previous = row["hash"] = revision_hash(previous=previous, change=change, at=at)
            connection.execute(text(REVISION), row | {"at": "2026-11-20 12:00:00.000000"})
    upgrade(old)
    with one_moment(open_sessions(old)) as session:
        verdict = verify(session)
    assert (verdict.entries, verdict.head.sequence, verdict.faults) == (2, 2, ())

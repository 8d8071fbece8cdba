"""Upgrades of a database with data in it: what hangs on a table that changes stays."""

import json
from collections.abc import Iterable
from datetime import UTC, datetime

import pytest
from sqlalchemy import Engine, select, text
from sqlalchemy.orm import selectinload

from oversight.domain.query import Filter
from oversight.domain.query_match import Subject
from oversight.domain.revision import revision_hash
from oversight.services.audit import verify
from oversight.storage.engine import one_moment, open_sessions, reading
from oversight.storage.migrating import differences, migrate
from oversight.storage.models import (
    ActionRow,
    AlertRow,
    CitationRow,
    ClaimRow,
    DocumentRow,
    EventRow,
    MentionRow,
    MentionTechnologyRow,
    SubscriptionRow,
)
from oversight.storage.schema import upgrade
from oversight.storage.stored_queries import fitting_queries

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


def filled(engine: Engine, version: str, rows: Iterable[str]) -> Engine:
    """A database of an earlier version with these rows."""
    migrate(engine, version)
    values = {"now": "2026-11-20 12:00:00", "yes": True, "no": False}
    with engine.begin() as connection:
        for row in rows:
            connection.execute(text(row), {name: value for name, value in values.items() if f":{name}" in row})
    return engine


@pytest.fixture
def old(empty: Engine) -> Engine:
    """A database of the release before, with a mention on which everything hangs that can."""
    return filled(empty, BEFORE, ROWS)


def test_what_hangs_on_a_mention_stays(old: Engine) -> None:
    upgrade(old)
    with reading(open_sessions(old)) as session:
        assert session.get_one(MentionRow, 1).state == "confirmed"
        assert session.get_one(MentionTechnologyRow, (1, "alpr"))
        assert (session.get_one(EventRow, 1).subject, session.get_one(DocumentRow, 1).mention_id) == ("mention:1", 1)
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


RECORD_BEFORE = "0004"
RECORD = (
    "INSERT INTO jurisdictions (id, key, name, kind) VALUES (1, 'j', 'J', 'city')",
    "INSERT INTO agencies (id, jurisdiction_id, name, operator_kind) VALUES (1, 1, 'A', 'police')",
    "INSERT INTO sources (id, key, title) VALUES (1, 's', 'S')",
    "INSERT INTO deployments (id, key, jurisdiction_id, agency_id, technology, summary, confidence, verification)"
    " VALUES (1, 'd', 1, 1, 'alpr', 'S', 'high', 'open')",
    "INSERT INTO claims (id, deployment_id, field, party, party_kind, claim_type, value, paraphrase, source_id)"
    " VALUES (1, 1, 'f', 'P', 'press', 'allegation', 'v', 'p', 1)",
    "INSERT INTO actions (id, key, kind, actors, summary, confidence, verification)"
    " VALUES (1, 'a', 'letter', '[]', 'S', 'high', 'open')",
    "INSERT INTO citations (id, source_id, action_id) VALUES (1, 1, 1)",
)


@pytest.fixture
def old_record(empty: Engine) -> Engine:
    """A database of before the whole record, with a claim and a cited action."""
    return filled(empty, RECORD_BEFORE, RECORD)


def test_claims_and_citations_of_actions_stay(old_record: Engine) -> None:
    upgrade(old_record)
    with reading(open_sessions(old_record)) as session:
        claim = session.get_one(ClaimRow, 1)
        assert (claim.deployment_id, claim.policy_id, claim.value, claim.source_id) == (1, None, "v", 1)
        assert session.get_one(CitationRow, 1).action_id == 1
    assert differences(old_record) == []


def test_a_claim_is_about_one_thing_and_an_action_may_be_a_request(old_record: Engine) -> None:
    upgrade(old_record)
    with open_sessions(old_record).begin() as session:
        session.get_one(ActionRow, 1).kind = "records_request"
    with pytest.raises(Exception, match="ck_actions_kind"), open_sessions(old_record).begin() as session:
        session.get_one(ActionRow, 1).kind = "song"
    with pytest.raises(Exception, match="ck_claims_about"), open_sessions(old_record).begin() as session:
        session.get_one(ClaimRow, 1).deployment_id = None


FOLLOWING_BEFORE = "0011"
FOLLOWING = (
    "INSERT INTO subscribers (id, email, created_at) VALUES (1, 'a@b.example', :now), (2, 'c@d.example', :now)",
    "INSERT INTO subscriptions (id, subscriber_id, topic, topic_key, state, unsubscribe_token, created_at, consent_at,"
    " consent_text) VALUES (1, 1, 'technology', 'alpr', 'active', 'one', :now, :now, 'yes'),"
    " (2, 1, 'jurisdiction', 'ocd-division/country:us/state:wa/place:seattle', 'pending', 'two', :now, NULL, NULL),"
    " (3, 2, 'technology', 'alpr', 'ended', 'three', :now, :now, 'yes'),"
    " (4, 2, 'jurisdiction', 'an odd (key)', 'active', 'four', :now, :now, 'yes')",
    "INSERT INTO alerts (id, subscription_id, event_id, state, attempts, due_at, created_at)"
    " VALUES (1, 1, 1, 'sent', 1, :now, :now)",
)


@pytest.fixture
def following(empty: Engine) -> Engine:
    """A database of before queries, with people who follow things, one of whom was alerted."""
    return filled(empty, FOLLOWING_BEFORE, (*ROWS, *FOLLOWING))


def test_what_was_followed_is_followed_as_a_query(following: Engine) -> None:
    upgrade(following)
    with reading(open_sessions(following)) as session:
        query = select(SubscriptionRow).options(selectinload(SubscriptionRow.query)).order_by(SubscriptionRow.id)
        rows = session.scalars(query).all()
        assert [(row.query.text, row.state, row.unsubscribe_token) for row in rows] == [
            ("tech:alpr", "active", "one"),
            ("place:ocd-division/country:us/state:wa/place:seattle", "pending", "two"),
            ("tech:alpr", "ended", "three"),
            ('place:"an odd (key)"', "active", "four"),
        ]
        assert [(row.reviewed_only, row.cadence, row.consent_text) for row in rows[::3]] == [
            (True, "immediate", "yes")
        ] * 2
        assert session.get_one(AlertRow, 1).subscription_id == 1
        asked = Subject.of([(Filter.TECHNOLOGY, "alpr"), (Filter.PLACE, "an odd (key)")], [])
        assert sorted(fitting_queries(session, asked)) == sorted({rows[0].query_id, rows[3].query_id})
    assert differences(following) == []

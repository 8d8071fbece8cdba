"""What is kept of the record is never older than the record."""

import pytest
from sqlalchemy.orm import Session

from oversight.services.record import load_record
from oversight.services.record_kinds import RecordFiles
from oversight.storage.engine import Sessions, open_sessions, reading
from oversight.storage.kept import MOST, kept
from oversight.storage.queries.policies import policy_facts
from tests.factories import NOW, SEATTLE
from tests.web.record import add_record, make_policy


@pytest.fixture
def recorded(sessions: Sessions) -> Sessions:
    """A place with a policy."""
    with sessions.begin() as session:
        add_record(session)
    return sessions


def rename(session: Session, title: str) -> None:
    files = RecordFiles(policies=(make_policy(title=title),))
    load_record(session, files, actor="an editor", reason="renamed", now=NOW)


def title(session: Session) -> str:
    return policy_facts(session)[SEATTLE][0].title


def test_what_nobody_changed_is_read_once(recorded: Sessions) -> None:
    with reading(recorded) as one, reading(recorded) as other:
        assert policy_facts(one) is policy_facts(other)


def test_a_change_is_seen_once_it_is_committed_and_by_its_writer_before(recorded: Sessions) -> None:
    with reading(recorded) as reader:
        assert title(reader) == "Surveillance Ordinance"
    with recorded.begin() as writer:
        rename(writer, "Another name")
        writer.flush()
        assert title(writer) == "Another name"
        with reading(recorded) as reader:
            assert title(reader) == "Surveillance Ordinance"
    with reading(recorded) as reader:
        assert title(reader) == "Another name"


def test_another_process_is_told_by_the_end_of_the_journal(recorded: Sessions) -> None:
    elsewhere = open_sessions(recorded.kw["bind"])
    with reading(recorded) as reader:
        title(reader)
    with elsewhere.begin() as writer:
        rename(writer, "Another name")
    with reading(recorded) as reader:
        assert title(reader) == "Another name"


def test_no_more_is_kept_than_there_is_room_for(recorded: Sessions) -> None:
    read: list[int] = []
    with reading(recorded) as session:
        for number in (*range(MOST + 1), 0):
            kept(session, number, lambda: read.append(1))
    assert len(read) == MOST + 2


def test_without_a_journal_nothing_is_kept(sessions: Sessions) -> None:
    read: list[int] = []
    with reading(sessions) as session:
        for _ in range(2):
            kept(session, "anything", lambda: read.append(1))
    assert len(read) == 2

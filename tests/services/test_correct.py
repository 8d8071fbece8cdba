"""Tests of services/correct.py: who decides first decides, and a save closes its correction or changes nothing."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from oversight.domain.correction import Report, Verdict
from oversight.domain.sender import sender_of
from oversight.errors import NotAllowed, NotFound, TooMany
from oversight.services.audit import verify
from oversight.services.correct import decline, report_error, set_aside
from oversight.services.edit import Edit, InvalidEdit, save_edit
from oversight.storage.engine import Sessions, one_moment
from oversight.storage.models import CorrectionRow
from oversight.storage.revisions import history
from tests.factories import NOW, SEATTLE, add_correction
from tests.web.record import MINUTES, add_record, make_place

EDITORS = 6
Decide = Callable[[Session, int], object]


@pytest.fixture
def number(sessions: Sessions) -> int:
    """The number of a report about Seattle."""
    with sessions.begin() as session:
        add_record(session)
        return add_correction(session, email="reader@example.org").id


def declined(session: Session, number: int) -> None:
    decline(session, number, Verdict("ana", "The census says so.", NOW))


def put_aside(session: Session, number: int) -> None:
    set_aside(session, number, editor="ben", now=NOW)


def mended(session: Session, number: int) -> None:
    values = make_place(population=737_016).model_dump(mode="json")
    rests = {"actor": "cy", "reason": "The census of 2020.", "sources": (MINUTES,), "new_source": None}
    edit = Edit(noun="jurisdiction", key=SEATTLE, version=1, values=values, says_vote=False, **rests,
                corrections=(number,))  # fmt: skip
    save_edit(session, edit, now=NOW)


def all_at_once(sessions: Sessions, number: int, ways: list[Decide]) -> list[bool]:
    """Each way in a thread and a transaction of its own; which of them went through."""
    start = Barrier(len(ways))

    def go(way: Decide) -> bool:
        start.wait()
        try:
            with sessions.begin() as session:
                way(session, number)
        except (NotAllowed, InvalidEdit, IntegrityError):
            return False
        return True

    with ThreadPoolExecutor(len(ways)) as pool:
        return list(pool.map(go, ways))


def test_of_many_editors_at_once_one_decides(sessions: Sessions, number: int) -> None:
    done = all_at_once(sessions, number, [declined, put_aside] * (EDITORS // 2))
    assert done.count(True) == 1
    with sessions() as session:
        (decision,) = history(session, "correction", str(number))
        row = session.get_one(CorrectionRow, number)
    assert (row.state, row.decided_by, row.email) == (decision.after["state"], decision.actor, None)


def test_a_save_and_a_decline_at_once_never_both_go_through(sessions: Sessions, number: int) -> None:
    done = all_at_once(sessions, number, [mended, declined, mended, declined])
    assert done.count(True) == 1
    with sessions() as session:
        row = session.get_one(CorrectionRow, number)
        versions = history(session, "jurisdiction", SEATTLE)
    assert (row.state, len(versions)) == (("accepted", 2) if done[0] or done[2] else ("declined", 1))
    assert row.revision_id == (versions[1].id if len(versions) == 2 else None)
    with one_moment(sessions) as session:
        assert verify(session).faults == ()


def report(key: str = SEATTLE, text: str = "It is more.") -> Report:
    return Report("jurisdiction", key, None, text, None, None)


def test_a_flood_from_many_networks_is_stopped_for_the_day(sessions: Sessions, number: int) -> None:
    sent = []
    with sessions.begin() as session:
        for host in range(8):
            sender = sender_of(f"10.{host}.0.1", form="correction", secret="s", now=NOW)
            try:
                sent.append(report_error(session, report(text=f"Spam {host}"), sender, now=NOW))
            except TooMany:
                sent.append(0)
    assert sent == [2, 3, 4, 5, 0, 0, 0, 0]
    with sessions() as session:
        assert len(session.scalars(select(CorrectionRow.id)).all()) == 5


def test_only_what_the_record_has_is_reported(sessions: Sessions, number: int) -> None:
    sender = sender_of("10.0.0.1", form="correction", secret="s", now=NOW)
    with pytest.raises(NotFound), sessions.begin() as session:
        report_error(session, report(key="nowhere"), sender, now=NOW)

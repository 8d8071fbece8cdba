"""Tests of storage/matters.py: one matter for each file number of a jurisdiction, with its steps."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from oversight.domain.reading import Matter, MatterStep
from oversight.errors import NotFound
from oversight.storage.engine import Sessions
from oversight.storage.matters import get_matter, matter_ids, save_matters, save_steps
from oversight.storage.models import MatterRow, MatterStepRow
from tests.factories import NOW, SEATTLE, add_council, add_feed, add_matter

OAKLAND = "ocd-division/country:us/state:ca/place:oakland"
BILL = Matter("CB 1", "A bill", "Council Bill", "In committee", "https://example.org/1")
STEP = MatterStep("CB 1", "history-1", date(2026, 11, 10), "City Council", "Referred")


def every(session: Session, entity: type[Any]) -> list[Any]:
    session.flush()
    session.expire_all()
    return list(session.scalars(select(entity).order_by(entity.id)))


def test_a_matter_is_kept_once_and_brought_up_to_date(sessions: Sessions) -> None:
    with sessions.begin() as session:
        feed = add_council(session)
        first = save_matters(session, feed, [BILL], now=NOW)
        later = replace(BILL, title="A better bill", status="Passed")
        second = save_matters(session, feed, [later], now=NOW + timedelta(days=1))
        (row,) = every(session, MatterRow)
        assert first == second == {"CB 1": row.id}
        assert (row.title, row.status, row.type, row.first_seen_at) == ("A better bill", "Passed", "Council Bill", NOW)


def test_what_is_not_told_any_more_is_kept(sessions: Sessions) -> None:
    with sessions.begin() as session:
        feed = add_council(session)
        for matter in (BILL, Matter("CB 1", "", None, None)):
            save_matters(session, feed, [matter], now=NOW)
        (row,) = every(session, MatterRow)
        assert (row.title, row.type, row.status, row.url) == (BILL.title, BILL.type, BILL.status, BILL.url)


def test_two_feeds_of_a_jurisdiction_share_a_matter_and_two_jurisdictions_do_not(sessions: Sessions) -> None:
    with sessions.begin() as session:
        for key, place in (("a", SEATTLE), ("b", SEATTLE), ("c", OAKLAND)):
            save_matters(session, add_council(session, key=key, jurisdiction=place), [BILL], now=NOW)
        assert [(row.jurisdiction, row.file) for row in every(session, MatterRow)] == [
            (SEATTLE, "CB 1"),
            (OAKLAND, "CB 1"),
        ]


def test_a_feed_without_a_jurisdiction_has_no_matters(sessions: Sessions) -> None:
    with sessions.begin() as session:
        assert save_matters(session, add_feed(session), [BILL], now=NOW) == {}
        assert every(session, MatterRow) == []


def test_a_poll_leaves_a_matter_on_the_watch_list(sessions: Sessions) -> None:
    with sessions.begin() as session:
        add_matter(session, file="CB 1", is_watched=True)
        save_matters(session, add_council(session), [replace(BILL, title="Another")], now=NOW)
        assert [row.is_watched for row in every(session, MatterRow)] == [True]


def test_more_matters_than_a_query_takes_at_once_are_all_known(sessions: Sessions) -> None:
    many = [replace(BILL, file=f"CB {number}") for number in range(1_001)]
    with sessions.begin() as session:
        feed = add_council(session)
        assert save_matters(session, feed, many, now=NOW) == save_matters(session, feed, many, now=NOW)
        assert len(matter_ids(session, SEATTLE, [*(one.file for one in many), "unknown"])) == 1_001


# Steps


def test_a_step_is_kept_once_and_brought_up_to_date(sessions: Sessions) -> None:
    with sessions.begin() as session:
        feed = add_council(session)
        known = save_matters(session, feed, [BILL], now=NOW)
        for step in (STEP, STEP, replace(STEP, action="Adopted", outcome="Pass", votes="9:0")):
            save_steps(session, feed, [step], known)
        (row,) = every(session, MatterStepRow)
        assert (row.action, row.stage, row.outcome, row.votes, row.date) == (
            "Adopted", "approved", "Pass", "9:0", STEP.date,
        )  # fmt: skip


def test_one_uid_of_two_matters_is_two_steps(sessions: Sessions) -> None:
    with sessions.begin() as session:
        feed = add_council(session)
        known = save_matters(session, feed, [BILL, replace(BILL, file="CB 2")], now=NOW)
        save_steps(session, feed, [STEP, replace(STEP, matter_file="CB 2")], known)
        assert {row.matter_id for row in every(session, MatterStepRow)} == set(known.values())


def test_steps_of_a_matter_that_nobody_named_are_left_out(sessions: Sessions) -> None:
    with sessions.begin() as session:
        save_steps(session, add_council(session), [STEP], {})
        assert every(session, MatterStepRow) == []


def test_a_matter_that_is_not_there_is_not_found(sessions: Sessions) -> None:
    with sessions.begin() as session:
        row = add_matter(session)
        assert get_matter(session, row.id) is row
        with pytest.raises(NotFound):
            get_matter(session, row.id + 1)

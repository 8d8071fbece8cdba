"""Tests of domain/sign_up.py: who is one person, and how often they may be written to."""

from datetime import timedelta

import pytest

from oversight.domain.sign_up import next_mail_at, person_of
from oversight.domain.subscription import Purpose
from tests.factories import NOW


@pytest.mark.parametrize(
    ("one", "other", "is_same"),
    [
        ("reader@example.org", "reader+council@example.org", True),
        ("Reader@Example.org", "reader@example.org", True),
        ("re.ader@gmail.com", "reader+x@googlemail.com", True),
        ("re.ader@example.org", "reader@example.org", False),
        ("reader@example.org", "reader@example.com", False),
    ],
)
def test_who_is_one_person(one: str, other: str, is_same: bool) -> None:
    assert (person_of(one) == person_of(other)) is is_same


@pytest.mark.parametrize(
    ("ages", "wait"),
    [
        ([], 0),
        ([25], 0),
        ([24], 0),
        ([20], 4),
        ([100, 20], 4),
        ([719, 100, 30], 1),
        ([700, 100, 30], 20),
        ([600, 100, 30], None),
        ([800, 700, 100], 0),
    ],
)
def test_a_person_gets_one_mail_to_confirm_a_day_and_three_a_month(ages: list[int], wait: int | None) -> None:
    mailed = [NOW - timedelta(hours=age) for age in ages]
    due = next_mail_at(mailed, Purpose.CONFIRM, now=NOW)
    assert due == (None if wait is None else NOW + timedelta(hours=wait))


def test_a_link_to_manage_is_not_sent_later_instead() -> None:
    mailed = [NOW - timedelta(minutes=59)]
    assert next_mail_at(mailed, Purpose.MANAGE, now=NOW) is None
    assert next_mail_at(mailed, Purpose.MANAGE, now=NOW + timedelta(minutes=1)) is not None

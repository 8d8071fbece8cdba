"""Tests of domain/alert.py: when an alert is tried again, and when it is given up."""

from datetime import datetime, timedelta

import pytest

from oversight.domain.alert import GIVE_UP_AFTER, retry_at
from tests.factories import NOW


@pytest.mark.parametrize(("attempts", "minutes"), [(0, 1), (1, 1), (2, 5), (3, 15), (4, 60), (8, 1440), (9, 1440)])
def test_each_refusal_waits_longer(attempts: int, minutes: int) -> None:
    assert retry_at(attempts=attempts, created_at=NOW, now=NOW) == NOW + timedelta(minutes=minutes)


def test_what_was_refused_at_once_is_not_tried_again_at_once() -> None:
    late = retry_at(attempts=2, created_at=NOW, now=NOW, chance=1.0)
    assert late == NOW + timedelta(minutes=6)


def test_an_alert_is_given_up_after_three_days() -> None:
    last = NOW + GIVE_UP_AFTER - timedelta(minutes=1)
    assert retry_at(attempts=1, created_at=NOW, now=last) == NOW + GIVE_UP_AFTER
    assert retry_at(attempts=1, created_at=NOW, now=last + timedelta(seconds=1)) is None


def test_an_alert_that_is_always_refused_is_tried_ten_times() -> None:
    tries: list[datetime] = []
    due: datetime | None = NOW
    while due is not None:
        tries.append(due)
        due = retry_at(attempts=len(tries), created_at=NOW, now=due)
    assert (len(tries), tries[-1] - NOW) == (10, timedelta(hours=70, minutes=21))

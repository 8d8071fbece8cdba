"""Tests of domain/lease.py: who holds a feed."""

from datetime import datetime, timedelta

import pytest

from oversight.domain.lease import FURTHEST, LEASE, Lease, is_taken
from tests.factories import NOW

SECOND = timedelta(seconds=1)


def test_a_lease_lasts_ten_minutes_from_each_renewal() -> None:
    lease = Lease("here 1 100", "a token")
    assert lease.until(NOW) - NOW == timedelta(minutes=10)
    assert lease.until(NOW + SECOND) - lease.until(NOW) == SECOND


@pytest.mark.parametrize("until", [NOW + SECOND, NOW + LEASE, NOW + FURTHEST])
def test_a_feed_is_taken_until_its_lease_ends(until: datetime) -> None:
    assert is_taken(owner="there 2 200", until=until, now=NOW, is_dead=False)


@pytest.mark.parametrize(
    ("owner", "until", "is_dead"),
    [
        (None, None, False),
        (None, NOW + SECOND, False),
        ("there 2 200", None, False),
        ("there 2 200", NOW, False),
        ("there 2 200", NOW - SECOND, False),
        ("here 2 200", NOW + SECOND, True),
        ("there 2 200", NOW + FURTHEST + SECOND, False),
    ],
    ids=["nobody", "no owner", "no end", "ended now", "ended before", "dead", "written by a wrong clock"],
)
def test_a_feed_is_free(owner: str | None, until: datetime | None, is_dead: bool) -> None:
    assert not is_taken(owner=owner, until=until, now=NOW, is_dead=is_dead)

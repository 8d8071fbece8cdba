"""Tests of domain/sender.py: who is one sender."""

from datetime import UTC, datetime, timedelta

import pytest

from oversight.domain.sender import networks_of, sender_of

NOW = datetime(2026, 11, 20, 0, 30, tzinfo=UTC)
SECRET = "a-secret-of-the-tests"


@pytest.mark.parametrize(
    ("one", "other", "same_address", "same_network"),
    [
        ("203.0.113.7", "203.0.113.7", True, True),
        ("203.0.113.7", "203.0.113.8", False, True),
        ("203.0.113.7", "203.0.114.7", False, False),
        ("203.0.113.7", "::ffff:203.0.113.7", True, True),
        ("2001:db8:1:2::1", "2001:db8:1:2:ffff::2", True, True),
        ("2001:db8:1:2::1", "2001:db8:1:3::1", False, True),
        ("2001:db8:1:2::1", "2001:db8:2:2::1", False, False),
        ("fe80::1%eth0", "fe80::1%eth1", True, True),
        (None, "no address", True, True),
    ],
)
def test_who_counts_as_one_sender(one: str | None, other: str, same_address: bool, same_network: bool) -> None:
    first, second = networks_of(one), networks_of(other)
    assert (first[0] == second[0], first[1] == second[1]) == (same_address, same_network)


def test_a_senders_mark_tells_nothing_and_changes_every_day() -> None:
    today = sender_of("203.0.113.7", form="correction", secret=SECRET, now=NOW)
    assert "203.0.113" not in repr(today)
    assert (
        today.address != sender_of("203.0.113.7", form="correction", secret=SECRET, now=NOW + timedelta(days=1)).address
    )
    assert today.address != sender_of("203.0.113.7", form="correction", secret="another", now=NOW).address


def test_the_hour_of_counting_goes_over_midnight() -> None:
    before = sender_of("203.0.113.7", form="correction", secret=SECRET, now=NOW - timedelta(hours=1))
    after = sender_of("203.0.113.7", form="correction", secret=SECRET, now=NOW)
    assert (after.earlier_address, after.earlier_network) == (before.address, before.network)


def test_one_address_is_another_sender_for_another_form() -> None:
    one, other = (sender_of("203.0.113.7", form=form, secret=SECRET, now=NOW) for form in ("correction", "subscribe"))
    assert one.address != other.address

"""Tests of storage/pauses.py: hosts that asked to be left in peace (SAFETY B11, A5)."""

from datetime import timedelta

from oversight.storage.engine import Sessions
from oversight.storage.pauses import drop_ended, pause_host, paused_hosts
from tests.factories import NOW

HOUR = timedelta(hours=1)


def test_a_host_is_left_in_peace_until_the_moment_it_named(sessions: Sessions) -> None:
    with sessions.begin() as session:
        pause_host(session, "example.org", until=NOW + HOUR, reason="429")
        assert paused_hosts(session, now=NOW) == {"example.org": NOW + HOUR}
        assert paused_hosts(session, now=NOW + HOUR) == {}


def test_the_last_wish_of_a_host_counts(sessions: Sessions) -> None:
    with sessions.begin() as session:
        for hours in (5, 2):
            pause_host(session, "example.org", until=NOW + hours * HOUR, reason="429")
        pause_host(session, "example.com", until=NOW + HOUR, reason="503")
        assert paused_hosts(session, now=NOW) == {"example.org": NOW + 2 * HOUR, "example.com": NOW + HOUR}


def test_what_a_wrong_clock_wrote_keeps_no_host_in_peace(sessions: Sessions) -> None:
    with sessions.begin() as session:
        pause_host(session, "example.org", until=NOW + 48 * HOUR, reason="429")
        pause_host(session, "example.com", until=NOW + 49 * HOUR, reason="429")
        assert paused_hosts(session, now=NOW) == {"example.org": NOW + 48 * HOUR}


def test_pauses_that_are_over_are_forgotten(sessions: Sessions) -> None:
    with sessions.begin() as session:
        pause_host(session, "example.org", until=NOW + HOUR, reason="429")
        pause_host(session, "example.com", until=NOW + 2 * HOUR, reason="429")
        drop_ended(session, now=NOW + HOUR)
        assert paused_hosts(session, now=NOW) == {"example.com": NOW + 2 * HOUR}

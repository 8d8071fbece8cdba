"""Tests of storage/leases.py and storage/pauses.py: who may poll a feed, and whose late writes are refused."""

import threading
from datetime import datetime, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from oversight.domain.lease import LEASE, Lease
from oversight.storage.engine import Sessions, reading
from oversight.storage.feeds import sync_feeds
from oversight.storage.leases import (
    Claim,
    Wanted,
    claim,
    held,
    postpone,
    pull_in,
    release,
    renew,
    wanted_feeds,
)
from oversight.storage.models import FeedRow
from oversight.storage.pauses import drop_ended, pause_host, paused_hosts
from tests.factories import NOW, add_feed, make_feed

OURS, THEIRS = Lease("here 1 100", "ours"), Lease("there 2 200", "theirs")
LATER = NOW + LEASE + timedelta(seconds=1)
DAY = timedelta(hours=24)


def feeds_in(sessions: Sessions, *keys: str, **changes: object) -> None:
    with sessions.begin() as session:
        for key in keys:
            add_feed(session, key=key, **changes)


def claim_by(
    sessions: Sessions,
    lease: Lease,
    wanted: Wanted | None = None,
    *,
    dead: tuple[str, ...] = (),
    now: datetime = NOW,
) -> Claim:
    with sessions.begin() as session:
        return claim(session, wanted or Wanted(), lease, is_dead=lambda owner: owner in dead, now=now)


def keys_of(claimed: Claim) -> list[str]:
    return [row.key for row in claimed.rows]


def feed(sessions: Sessions, key: str = "a") -> FeedRow:
    with reading(sessions) as session:
        return session.scalars(select(FeedRow).where(FeedRow.key == key)).one()


def tokens(sessions: Sessions) -> dict[str, str | None]:
    with reading(sessions) as session:
        return {row.key: row.lease_token for row in session.scalars(select(FeedRow))}


# Who is wanted


def test_what_is_due_is_claimed_with_the_longest_waiting_first(sessions: Sessions) -> None:
    feeds_in(sessions, "late", next_due_at=NOW - timedelta(minutes=1))
    feeds_in(sessions, "latest", next_due_at=NOW - timedelta(hours=1))
    feeds_in(sessions, "soon", next_due_at=NOW + timedelta(seconds=1))
    feeds_in(sessions, "off", is_enabled=False)
    assert keys_of(claim_by(sessions, OURS)) == ["latest", "late"]
    assert (feed(sessions, "late").lease_owner, feed(sessions, "late").lease_until) == ("here 1 100", NOW + LEASE)


def test_everything_is_every_enabled_feed_due_or_not(sessions: Sessions) -> None:
    feeds_in(sessions, "a", next_due_at=NOW + DAY)
    feeds_in(sessions, "off", is_enabled=False)
    assert keys_of(claim_by(sessions, OURS, Wanted(everything=True))) == ["a"]


def test_a_named_feed_is_claimed_even_if_it_is_switched_off(sessions: Sessions) -> None:
    feeds_in(sessions, "a", "b", is_enabled=False)
    assert keys_of(claim_by(sessions, OURS, Wanted(keys=["b"]))) == ["b"]


def test_a_pass_over_another_file_leaves_the_other_feeds_alone(sessions: Sessions) -> None:
    feeds_in(sessions, "a", "b")
    assert keys_of(claim_by(sessions, OURS, Wanted(among={"b"}))) == ["b"]
    assert tokens(sessions) == {"a": None, "b": "ours"}


def test_looking_at_what_is_wanted_takes_nothing(sessions: Sessions) -> None:
    feeds_in(sessions, "a")
    with reading(sessions) as session:
        assert [row.key for row in wanted_feeds(session, Wanted(), now=NOW)] == ["a"]
    assert tokens(sessions) == {"a": None}


# Whose it is


def test_a_feed_belongs_to_one_at_a_time(sessions: Sessions) -> None:
    feeds_in(sessions, "a", "b")
    claim_by(sessions, THEIRS, Wanted(keys=["a"]))
    second = claim_by(sessions, OURS)
    assert (keys_of(second), second.leased) == (["b"], ["a"])
    assert tokens(sessions) == {"a": "theirs", "b": "ours"}


def test_what_we_hold_ourselves_is_neither_taken_again_nor_somebody_elses(sessions: Sessions) -> None:
    feeds_in(sessions, "a")
    claim_by(sessions, OURS)
    assert claim_by(sessions, OURS) == Claim([], [])


def test_a_lease_that_ran_out_can_be_taken(sessions: Sessions) -> None:
    feeds_in(sessions, "a")
    claim_by(sessions, THEIRS)
    assert keys_of(claim_by(sessions, OURS, now=NOW + LEASE - timedelta(seconds=1))) == []
    assert keys_of(claim_by(sessions, OURS, now=LATER)) == ["a"]


def test_the_lease_of_a_dead_process_can_be_taken_at_once(sessions: Sessions) -> None:
    feeds_in(sessions, "a")
    claim_by(sessions, THEIRS)
    assert keys_of(claim_by(sessions, OURS, dead=(THEIRS.owner,))) == ["a"]


def test_a_lease_that_is_renewed_is_held_longer(sessions: Sessions) -> None:
    feeds_in(sessions, "a")
    claim_by(sessions, THEIRS)
    with sessions.begin() as session:
        renew(session, THEIRS, now=NOW + timedelta(minutes=9))
    assert keys_of(claim_by(sessions, OURS, now=LATER)) == []


def test_renewing_does_not_bring_back_what_was_taken_over(sessions: Sessions) -> None:
    feeds_in(sessions, "a")
    claim_by(sessions, THEIRS)
    claim_by(sessions, OURS, now=LATER)
    with sessions.begin() as session:
        renew(session, THEIRS, now=LATER + timedelta(hours=1))
    assert (feed(sessions).lease_token, feed(sessions).lease_until) == ("ours", LATER + LEASE)


def test_who_lost_the_lease_holds_nothing_any_more(sessions: Sessions) -> None:
    feeds_in(sessions, "a", "b")
    claim_by(sessions, THEIRS)
    claim_by(sessions, OURS, Wanted(keys=["a"]), now=LATER)
    ids = [feed(sessions, "a").id, feed(sessions, "b").id]
    with sessions.begin() as session:
        assert (held(session, THEIRS, ids), held(session, OURS, ids)) == ({ids[1]}, {ids[0]})


def test_releasing_gives_back_our_own_only_and_leaves_it_due(sessions: Sessions) -> None:
    feeds_in(sessions, "a", "b")
    claim_by(sessions, THEIRS, Wanted(keys=["a"]))
    claim_by(sessions, OURS)
    with sessions.begin() as session:
        release(session, OURS)
    assert tokens(sessions) == {"a": "theirs", "b": None}
    assert feed(sessions, "b").next_due_at == NOW


def test_postponing_gives_a_feed_back_until_a_moment(sessions: Sessions) -> None:
    feeds_in(sessions, "a")
    claim_by(sessions, OURS)
    with sessions.begin() as session:
        postpone(session, OURS, {feed(sessions).id: NOW + DAY})
    row = feed(sessions)
    assert (row.next_due_at, row.lease_owner, row.lease_until, row.failures) == (NOW + DAY, None, None, 0)


def test_who_lost_the_lease_can_postpone_nothing(sessions: Sessions) -> None:
    feeds_in(sessions, "a")
    claim_by(sessions, THEIRS)
    claim_by(sessions, OURS, now=LATER)
    with sessions.begin() as session:
        postpone(session, THEIRS, {feed(sessions).id: NOW + DAY})
    assert (feed(sessions).lease_token, feed(sessions).next_due_at) == ("ours", NOW)


# Races


@pytest.mark.parametrize("wanted", [Wanted(), Wanted(everything=True), Wanted(keys=["a", "b"])])
def test_a_feed_that_is_being_written_just_now_is_counted_as_another_ones(postgresql_engine, wanted: Wanted) -> None:
    sessions = Sessions(postgresql_engine, expire_on_commit=False)
    feeds_in(sessions, "a", "b")
    with sessions.begin() as writing:
        held_row(writing, "a")
        claimed = claim_by(sessions, OURS, wanted)
    assert (keys_of(claimed), claimed.leased) == (["b"], ["a"])


def held_row(session: Session, key: str) -> FeedRow:
    return session.scalars(select(FeedRow).where(FeedRow.key == key).with_for_update()).one()


def test_many_that_claim_at_once_share_without_overlap(sessions: Sessions) -> None:
    feeds_in(sessions, *(f"feed-{number}" for number in range(60)))
    together, taken = threading.Barrier(6), []

    def take(number: int) -> None:
        together.wait()
        taken.append(keys_of(claim_by(sessions, Lease(f"here {number}", f"token {number}"))))

    threads = [threading.Thread(target=take, args=(number,)) for number in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(key for keys in taken for key in keys) == sorted(tokens(sessions))


# A clock that was wrong


@pytest.mark.parametrize(("ahead", "waits"), [(2 * DAY, 2 * DAY), (2 * DAY + timedelta(seconds=1), timedelta(0))])
def test_what_is_due_later_than_any_feed_can_be_is_due_now(
    sessions: Sessions, ahead: timedelta, waits: timedelta
) -> None:
    feeds_in(sessions, "a", next_due_at=NOW + ahead)
    with sessions.begin() as session:
        pull_in(session, now=NOW)
    assert feed(sessions).next_due_at == NOW + waits


def test_a_lease_from_a_clock_far_ahead_holds_nothing(sessions: Sessions) -> None:
    feeds_in(sessions, "a")
    claim_by(sessions, THEIRS, now=NOW + 30 * DAY)
    assert keys_of(claim_by(sessions, OURS)) == ["a"]


def test_a_clock_a_little_ahead_keeps_its_leases(sessions: Sessions) -> None:
    feeds_in(sessions, "a")
    claim_by(sessions, THEIRS, now=NOW + timedelta(minutes=5))
    assert keys_of(claim_by(sessions, OURS)) == []


# Hosts in peace


def test_a_host_is_left_in_peace_until_then(sessions: Sessions) -> None:
    with sessions.begin() as session:
        pause_host(session, "example.org", until=NOW + timedelta(minutes=2), reason="429")
        assert paused_hosts(session, now=NOW) == {"example.org": NOW + timedelta(minutes=2)}
        assert paused_hosts(session, now=NOW + timedelta(minutes=2)) == {}


def test_the_last_wish_of_a_host_counts(sessions: Sessions) -> None:
    with sessions.begin() as session:
        for minutes in (60, 5):
            pause_host(session, "example.org", until=NOW + timedelta(minutes=minutes), reason="429")
        assert paused_hosts(session, now=NOW) == {"example.org": NOW + timedelta(minutes=5)}


def test_pauses_that_are_over_are_forgotten(sessions: Sessions) -> None:
    with sessions.begin() as session:
        pause_host(session, "example.org", until=NOW, reason="429")
        pause_host(session, "example.com", until=NOW + DAY, reason="429")
        drop_ended(session, now=NOW)
        assert set(paused_hosts(session, now=NOW - DAY)) == {"example.com"}


def test_a_pause_from_a_clock_far_ahead_holds_nobody(sessions: Sessions) -> None:
    with sessions.begin() as session:
        pause_host(session, "example.org", until=NOW + 30 * DAY, reason="429")
        assert paused_hosts(session, now=NOW) == {}


# Feeds that are new


def test_clocks_that_start_together_with_a_new_file_add_each_feed_once(sessions: Sessions) -> None:
    listed = [make_feed(key=f"feed-{number}") for number in range(200)]
    together, ended = threading.Barrier(4), []

    def follow() -> None:
        together.wait()
        with sessions.begin() as session:
            sync_feeds(session, listed, is_whole=True, now=NOW)
        ended.append(True)

    threads = [threading.Thread(target=follow) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (len(ended), set(tokens(sessions))) == (4, {feed.key for feed in listed})
    assert feed(sessions, "feed-7").next_due_at == NOW


def test_what_a_pass_still_works_on_it_never_claims_again_however_far_its_clock_jumped(sessions: Sessions) -> None:
    feeds_in(sessions, "a")
    assert keys_of(claim_by(sessions, OURS)) == ["a"]
    again = claim_by(sessions, OURS, now=LATER + DAY)
    assert (again.rows, again.leased) == ([], [])
    assert keys_of(claim_by(sessions, THEIRS, now=LATER + DAY)) == ["a"]

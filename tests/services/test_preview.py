"""A preview says what would have been sent: the same queries, held against the same events."""

from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from oversight.domain.alert import MOST_A_DAY
from oversight.domain.event import About, Event, EventKind, Told
from oversight.domain.query import Query
from oversight.domain.query_parser import parse
from oversight.domain.subscription import Cadence, Rhythm, Wish
from oversight.domain.topic import topics_of
from oversight.errors import QueryError
from oversight.services.deliver import deliver
from oversight.services.preview import preview
from oversight.services.tell import tell, tell_mention
from oversight.storage.engine import Sessions, reading
from oversight.storage.models import AlertRow, DigestRow, EventRow, JurisdictionRow, SubscriptionRow
from oversight.vocabulary.collections import load_collections
from tests.domain.test_query import WORDS, known_values, queries
from tests.factories import NOW, SEATTLE, add_mention, add_subscription
from tests.fakes import FakeChannel, FixedClock
from tests.services.sender import make_courier

TOLD = Told("Something", "Oakland, CA", (), "/policies/pol-oakland")
abouts = st.builds(
    About,
    st.lists(known_values, max_size=6).map(tuple),
    st.lists(st.lists(st.sampled_from(WORDS), max_size=6).map(" ".join), max_size=2).map(tuple),
)


def is_sound(query: Query) -> bool:
    """Whether it can be asked for: some are deeper than people may write, some only say what must not be."""
    try:
        return topics_of(parse(str(query))) is not None
    except QueryError:
        return False


def alerts_of(session: Session, subscription: SubscriptionRow) -> int:
    query = select(func.count()).select_from(AlertRow).where(AlertRow.subscription_id == subscription.id)
    return session.scalar(query) or 0


@settings(max_examples=25, suppress_health_check=list(HealthCheck), deadline=None)
@given(
    st.lists(st.tuples(queries.filter(is_sound), st.booleans()), min_size=40, max_size=40),
    st.lists(st.tuples(abouts, st.booleans()), min_size=1, max_size=8),
)
def test_a_thousand_subscriptions_get_what_their_preview_says(
    sessions: Sessions, asked: list[tuple[Query, bool]], happened: list[tuple[About, bool]]
) -> None:
    with sessions() as session:
        wishes = {Wish(parse(str(query)), reviewed_only) for query, reviewed_only in asked}
        follows = [
            (wish, add_subscription(session, query=str(wish.query), reviewed_only=wish.reviewed_only))
            for wish in wishes
        ]
        for number, (about, is_reviewed) in enumerate(happened):
            tell(session, Event(EventKind.STAGE_CHANGED, "matter:1", str(number), about, TOLD, is_reviewed), at=NOW)
        session.flush()
        later = NOW + timedelta(days=89)
        sent = {str(wish): alerts_of(session, one) for wish, one in follows}
        assert {str(wish): preview(session, wish, now=later).count for wish, _ in follows} == sent
        session.rollback()


def test_a_mention_is_near_where_its_place_lies(sessions: Sessions) -> None:
    with sessions.begin() as session:
        session.add(JurisdictionRow(key=SEATTLE, name="Seattle", kind="city", latitude=47.61, longitude=-122.33))
        near, far = (add_subscription(session, query=f"near:{km}km@47.25,-122.44") for km in (50, 10))
        tell_mention(session, add_mention(session).id, at=NOW)
        assert [alerts_of(session, one) for one in (near, far)] == [1, 0]
        seen = [preview(session, Wish(parse(f"near:{km}km@47.25,-122.44")), now=NOW).count for km in (50, 10)]
    assert seen == [1, 0]


def test_what_gathers_in_one_digest_is_one_mail(sessions: Sessions) -> None:
    daily = Wish(parse(f"place:{SEATTLE}"), rhythm=Rhythm(Cadence.DAILY, 7, 0, "America/Los_Angeles"))
    with sessions.begin() as session:
        for hours in (0, 1, 30):
            tell_mention(session, add_mention(session).id, at=NOW - timedelta(hours=hours))
        seen = preview(session, daily, now=NOW)
        assert (seen.count, seen.mails) == (3, 2)
        assert not session.scalars(select(DigestRow)).all()
        assert len(session.scalars(select(EventRow)).all()) == 3


@pytest.mark.parametrize(("many", "over", "digests"), [(MOST_A_DAY, 0, 0), (MOST_A_DAY + 5, 5, 1)])
def test_more_in_a_day_than_anyone_reads_is_counted_as_it_is_sent(
    sessions: Sessions, clock: FixedClock, many: int, over: int, digests: int
) -> None:
    at_once = Wish(parse(f"place:{SEATTLE}"), rhythm=Rhythm(Cadence.IMMEDIATE, 7, 0, "America/Los_Angeles"))
    channel = FakeChannel()
    courier = make_courier(sessions, channel, clock)
    with sessions.begin() as session:
        add_subscription(session, query=str(at_once.query), timezone="America/Los_Angeles")
        for _ in range(many):
            tell_mention(session, add_mention(session).id, at=NOW)
    for _ in range(3):
        deliver(courier)
        clock.advance(days=1)
    with sessions.begin() as session:
        tell_mention(session, add_mention(session).id, at=clock())
    deliver(courier)
    with reading(sessions) as session:
        seen = preview(session, at_once, now=clock())
    assert (seen.count, seen.over, seen.digests) == (many + 1, over, digests)
    assert seen.mails == len(channel.messages)


def test_every_collection_can_be_followed() -> None:
    assert all(is_sound(parse(one.query)) for one in load_collections())

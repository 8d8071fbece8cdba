"""Tests of when a feed is polled next: after failures, where a site wants peace, before meetings, by a wrong clock."""

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest
from sqlalchemy import select

from oversight.domain.health import Trouble
from oversight.domain.schedule import MAXIMUM_MINUTES
from oversight.services.collect import collect
from oversight.services.summary import Summary
from oversight.services.watch import UNTOLD
from oversight.storage.engine import Sessions, reading
from oversight.storage.models import FeedRow
from oversight.storage.operator_events import open_events
from oversight.storage.pauses import paused_hosts
from oversight.storage.revisions import history
from tests.factories import ALPR_TITLE, NEWS_URL, NOW, PLAIN_TITLE, add_council, add_feed, add_meeting, rss
from tests.fakes import FixedClock
from tests.services.poller import FIRST, Poller
from tests.services.rude_web import RudeWeb

MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(hours=24)
NEW_URL = "https://news.example.org/new.xml"
OTHER_URL = "https://elsewhere.example.com/feed.xml"


@pytest.fixture
def news(sessions: Sessions) -> Poller:
    """A news feed at a site that can be rude."""
    with sessions.begin() as session:
        add_feed(session, key="news")
    poller = Poller(sessions, web=RudeWeb())
    poller.web.answer(NEWS_URL, FIRST)
    return poller


@pytest.fixture
def rude(news: Poller) -> RudeWeb:
    """The site of the news."""
    assert isinstance(news.web, RudeWeb)
    return news.web


def wait(poller: Poller) -> timedelta:
    """How long after its last poll the only feed is due."""
    return poller.feed().next_due_at - poller.clock()


def troubles(poller: Poller) -> set[str]:
    """What operators are asked to look at."""
    with reading(poller.sessions) as session:
        return {event.kind for event, _ in open_events(session)}


def due(poller: Poller) -> Summary:
    """Poll what is due, now."""
    poller.web.forget()
    return collect(poller.collector)


# Failures


def test_after_each_failure_the_wait_may_be_twice_as_long_up_to_a_day(news: Poller, rude: RudeWeb) -> None:
    rude.refuse(NEWS_URL, 500)
    for failures in range(1, 12):
        news.poll()
        longest = min(15 * MINUTE * 2**failures, DAY)
        assert MINUTE <= wait(news) <= longest
        assert news.feed().failures == failures


def test_a_success_ends_the_back_off(news: Poller, rude: RudeWeb) -> None:
    rude.refuse(NEWS_URL, 500)
    for _ in range(6):
        news.poll()
    rude.please(NEWS_URL)
    news.poll()
    assert news.feed().failures == 0
    assert 54 * MINUTE <= wait(news) <= 66 * MINUTE


def test_a_feed_that_fails_is_not_asked_again_within_the_minute(news: Poller, rude: RudeWeb) -> None:
    rude.refuse(NEWS_URL, 500)
    news.poll()
    news.clock.advance(seconds=59)
    assert due(news).feeds == 0


# A site that wants to be left in peace


@pytest.mark.parametrize(
    ("said", "pause"),
    [
        ("120", 2 * MINUTE),
        ("0", MINUTE),
        ("999999999999", DAY),
        ("-5", 15 * MINUTE),
        ("soon €", 15 * MINUTE),
        (None, 15 * MINUTE),
        (format_datetime(datetime(1990, 1, 1, tzinfo=UTC), usegmt=True), 15 * MINUTE),
        (format_datetime(NOW + HOUR + 3 * MINUTE, usegmt=True), 3 * MINUTE),
        (format_datetime(NOW + 90 * DAY, usegmt=True), DAY),
    ],
)
@pytest.mark.parametrize("status", [429, 503])
def test_what_retry_after_says_is_kept_within_reason(
    news: Poller, rude: RudeWeb, status: int, said: str | None, pause: timedelta
) -> None:
    rude.refuse(NEWS_URL, status, said)
    news.poll()
    assert pause <= wait(news) <= pause + 2 * MINUTE


def test_a_wish_for_peace_is_no_failure_of_the_feed(news: Poller, rude: RudeWeb) -> None:
    rude.refuse(NEWS_URL, 500)
    news.poll()
    rude.refuse(NEWS_URL, 429, "120")
    news.poll()
    assert (news.feed().failures, [poll.outcome for poll in news.polls()]) == (1, ["http_error", "rate_limited"])


def add_neighbours(poller: Poller) -> list[str]:
    """Two more feeds of the same site, one of them at another host of it, and one elsewhere."""
    urls = ["https://news.example.org/b.xml", "https://files.example.org/c.xml", OTHER_URL]
    with poller.sessions.begin() as session:
        for url in urls:
            add_feed(session, url=url)
            poller.web.answer(url, rss((url, PLAIN_TITLE)))
    return urls


def test_peace_is_for_the_whole_site_and_not_for_others(news: Poller, rude: RudeWeb) -> None:
    add_neighbours(news)
    rude.refuse(NEWS_URL, 429, "120")
    assert due(news).outcomes == {"rate_limited": 1, "not_due": 2, "ok": 1}
    assert sorted(rude.asked) == sorted([NEWS_URL, OTHER_URL])


def test_another_site_s_wish_for_peace_is_none_of_the_feed_s_own(news: Poller, rude: RudeWeb) -> None:
    rude.refuse(NEWS_URL, 429, "7200", at=OTHER_URL)
    news.poll()
    with reading(news.sessions) as session:
        assert paused_hosts(session, now=news.clock()) == {}
    assert (news.feed().last_outcome, news.feed().failures) == ("rate_limited", 1)
    rude.refuse(NEWS_URL, 429, "7200", at=NEW_URL)
    news.poll()
    with reading(news.sessions) as session:
        assert list(paused_hosts(session, now=news.clock())) == ["example.org"]


def test_who_rests_at_a_site_is_polled_after_the_pause_and_did_not_fail(news: Poller, rude: RudeWeb) -> None:
    neighbours = add_neighbours(news)[:2]
    rude.refuse(NEWS_URL, 429, "120")
    due(news)
    news.clock.advance(seconds=119)
    assert due(news).feeds == 0
    news.clock.advance(seconds=1)
    assert (due(news).outcomes, sorted(rude.asked)) == ({"ok": 2}, sorted(neighbours))
    with reading(news.sessions) as session:
        assert set(session.scalars(select(FeedRow.failures))) == {0}


def test_every_process_knows_of_the_pause(news: Poller, rude: RudeWeb) -> None:
    rude.refuse(NEWS_URL, 429, "120")
    due(news)
    with news.sessions.begin() as session:
        add_feed(session, url="https://news.example.org/new-to-us.xml")
    assert (due(news).outcomes, rude.asked) == ({"not_due": 1}, [])


def test_even_who_asks_for_everything_leaves_the_site_in_peace(news: Poller, rude: RudeWeb) -> None:
    rude.refuse(NEWS_URL, 429, "7200")
    due(news)
    assert (news.poll().outcomes, rude.asked) == ({"not_due": 1}, [])


def test_the_pause_counts_from_the_answer_however_long_it_took(news: Poller, rude: RudeWeb) -> None:
    rude.refuse(NEWS_URL, 429, "60")
    rude.before = lambda: news.clock.advance(seconds=50)
    news.poll()
    assert news.feed().next_due_at >= news.clock() + MINUTE


class HastyClock(FixedClock):
    """A clock that goes on by a minute and a half whenever somebody looks at it."""

    def __call__(self) -> datetime:
        return self.advance(seconds=90)


def test_a_pause_that_is_over_when_a_feed_has_its_turn_holds_it_no_longer(news: Poller, rude: RudeWeb) -> None:
    with news.sessions.begin() as session:
        add_feed(session, url=NEW_URL)
    rude.answer(NEW_URL, FIRST)
    rude.refuse(NEWS_URL, 429, "60")
    assert collect(replace(news.collector, now=HastyClock(NOW))).outcomes == {"rate_limited": 1, "ok": 1}


# What is not there, and what is gone


def test_what_is_not_there_is_told_after_five_polls_and_asked_at_least_daily(news: Poller, rude: RudeWeb) -> None:
    rude.refuse(NEWS_URL, 404)
    for polls in range(1, 12):
        news.poll()
        assert wait(news) <= DAY
        assert (Trouble.MISSING in troubles(news)) == (polls >= 5)
    assert news.feed().is_enabled


def test_when_it_is_back_the_trouble_is_over(news: Poller, rude: RudeWeb) -> None:
    rude.refuse(NEWS_URL, 404)
    for _ in range(6):
        news.poll()
    rude.please(NEWS_URL)
    news.poll()
    assert troubles(news) == set()


def test_what_is_gone_three_times_over_a_day_is_asked_no_more(news: Poller, rude: RudeWeb) -> None:
    rude.refuse(NEWS_URL, 410)
    for hours in (0, 1, 20):
        news.clock.advance(hours=hours)
        news.poll()
        assert news.feed().is_enabled
    news.clock.advance(hours=1)
    news.poll()
    assert (news.feed().is_enabled, news.feed().gone_at, troubles(news)) == (False, news.clock(), {Trouble.GONE})
    assert news.poll().feeds == 0
    with reading(news.sessions) as session:
        (revision,) = history(session, "feed", "news")
    assert (revision.actor, revision.before["is_enabled"], revision.after["is_enabled"]) == ("poll", True, False)


def test_one_answer_between_makes_it_gone_no_more(news: Poller, rude: RudeWeb) -> None:
    rude.refuse(NEWS_URL, 410)
    news.poll()
    rude.please(NEWS_URL)
    news.poll()
    rude.refuse(NEWS_URL, 410)
    news.clock.advance(hours=48)
    news.poll()
    news.poll()
    assert news.feed().is_enabled


# Moves


def lead_away(news: Poller, rude: RudeWeb, url: str = NEW_URL, status: int = 301) -> None:
    rude.lead(NEWS_URL, (NEWS_URL, status), (url, 200), body=f"{FIRST}<!-- {news.clock()} -->")


@pytest.mark.parametrize("status", [301, 308])
def test_a_permanent_redirect_is_believed_after_three_polls_over_a_day(
    news: Poller, rude: RudeWeb, status: int
) -> None:
    rude.answer(NEW_URL, FIRST)
    lead_away(news, rude, status=status)
    for hours in (1, 1, 20):
        news.clock.advance(hours=hours)
        news.poll()
        assert (news.feed().moved_url, news.feed().moved_to) == (None, NEW_URL)
    news.poll()
    assert news.feed().address == NEW_URL
    news.poll()
    assert rude.asked == [NEW_URL]


def test_a_move_is_in_the_history_with_where_it_was_before(news: Poller, rude: RudeWeb) -> None:
    lead_away(news, rude)
    for _ in range(4):
        news.clock.advance(hours=12)
        news.poll()
    with reading(news.sessions) as session:
        (revision,) = history(session, "feed", "news")
    assert (revision.before["address"], revision.after["address"]) == (NEWS_URL, NEW_URL)


@pytest.mark.parametrize("status", [302, 303, 307])
def test_a_passing_redirect_is_followed_and_never_believed(news: Poller, rude: RudeWeb, status: int) -> None:
    lead_away(news, rude, status=status)
    for _ in range(5):
        news.clock.advance(hours=12)
        news.poll()
    assert (news.feed().moved_url, news.feed().address) == (None, NEWS_URL)


def test_another_target_starts_the_count_anew(news: Poller, rude: RudeWeb) -> None:
    lead_away(news, rude)
    for _ in range(2):
        news.clock.advance(hours=12)
        news.poll()
    lead_away(news, rude, OTHER_URL)
    news.clock.advance(hours=12)
    news.poll()
    assert (news.feed().moved_url, news.feed().moved_to, news.feed().moved_polls) == (None, OTHER_URL, 1)


@pytest.mark.parametrize("status", [301, 302])
def test_a_redirect_to_another_host_is_shown_to_operators_at_once(news: Poller, rude: RudeWeb, status: int) -> None:
    lead_away(news, rude, OTHER_URL, status)
    news.poll()
    assert troubles(news) == {Trouble.MOVED}


def test_a_key_of_ours_is_not_kept_in_the_address_of_a_move(news: Poller, rude: RudeWeb) -> None:
    asked, target = f"{NEWS_URL}?key=0123456789abcdef", f"{NEW_URL}?key=0123456789abcdef"
    with news.sessions.begin() as session:
        session.scalars(select(FeedRow)).one().url = f"{NEWS_URL}?key={{NEWS}}"
    rude.lead(asked, (asked, 301), (target, 200), body=FIRST)
    collect(replace(news.collector, keys={"NEWS": "0123456789abcdef"}))
    assert news.feed().moved_to == f"{NEW_URL}?key={{NEWS}}"


# The publisher's wish


@pytest.mark.parametrize(
    ("ttl", "minutes"), [(120, 120), (1, 60), (0, 60), (-5, 60), (10**9, MAXIMUM_MINUTES), (30, 60)]
)
def test_a_publisher_may_slow_us_down_up_to_a_day_and_not_speed_us_up(news: Poller, ttl: int, minutes: int) -> None:
    news.web.answer(NEWS_URL, FIRST.replace("<channel>", f"<channel><ttl>{ttl}</ttl>"))
    news.poll()
    assert 0.9 * minutes * MINUTE <= wait(news) <= 1.1 * minutes * MINUTE


def test_an_unchanged_answer_keeps_the_wish_and_another_one_drops_it(news: Poller) -> None:
    news.web.answer(NEWS_URL, FIRST.replace("<channel>", "<channel><ttl>600</ttl>"))
    news.poll()
    news.poll()
    assert news.polls()[-1].outcome == "not_modified"
    assert wait(news) >= 540 * MINUTE
    news.web.answer(NEWS_URL, FIRST)
    news.poll()
    assert wait(news) <= 66 * MINUTE


@pytest.mark.parametrize(("own", "minutes"), [(1, 15), (15, 15), (10_000, MAXIMUM_MINUTES)])
def test_no_interval_is_shorter_than_a_quarter_of_an_hour_or_longer_than_a_day(
    news: Poller, own: int, minutes: int
) -> None:
    with news.sessions.begin() as session:
        session.scalars(select(FeedRow)).one().every_minutes = own
    news.poll()
    assert 0.9 * minutes * MINUTE <= wait(news) <= 1.1 * minutes * MINUTE


# Meetings


class Council:
    """A fake council: its calendar names one meeting, whose agenda has one item."""

    def __init__(self, sessions: Sessions) -> None:
        self.poller = Poller(sessions, web=RudeWeb())
        with sessions.begin() as session:
            add_council(session, every_minutes=240)
        self.set_calendar("2026-12-01", "2:00 PM")
        fetch = self.poller.web.fetch

        def answer(url: str, **given):
            body = "[]" if "/matters?" in url else self._agenda if "/eventitems" in url else self._calendar
            self.poller.web.answer(url, body)
            return fetch(url, **given)

        self.poller.web.fetch = answer  # type: ignore[method-assign]

    def set_calendar(self, day: str, hour: str | None) -> None:
        """Put the meeting on another day, or none at all."""
        row = {"EventId": 1, "EventDate": f"{day}T00:00:00", "EventTime": hour, "EventBodyName": "City Council"}
        self._calendar = json.dumps([row])
        self._agenda = json.dumps([{"EventItemId": 1, "EventItemEventId": 1, "EventItemTitle": ALPR_TITLE}])

    def poll_at(self, moment: datetime) -> int:
        """Poll; how many agendas were asked for."""
        self.poller.clock.moment = moment - HOUR
        self.poller.poll()
        return sum("/eventitems" in url for url in self.poller.web.asked)

    @property
    def wait(self) -> timedelta:
        return wait(self.poller)


MEETING = datetime(2026, 12, 1, 22, 0, tzinfo=UTC)  # two in the afternoon in Seattle


@pytest.fixture
def council(sessions: Sessions) -> Council:
    """A council whose meeting is eleven days away."""
    return Council(sessions)


@pytest.mark.parametrize(
    ("before", "minutes"),
    [(5 * DAY, 240), (73 * HOUR, 240), (71 * HOUR, 120), (13 * HOUR, 120), (11 * HOUR, 60), (MINUTE, 60)],
)
def test_before_a_meeting_its_council_is_polled_more_often(council: Council, before: timedelta, minutes: int) -> None:
    council.poll_at(NOW)
    council.poll_at(MEETING - before)
    assert 0.9 * minutes * MINUTE <= council.wait <= 1.1 * minutes * MINUTE


def test_after_the_meeting_its_council_has_its_own_interval_again(council: Council) -> None:
    council.poll_at(MEETING - HOUR)
    council.poll_at(MEETING + HOUR)
    assert council.wait >= 216 * MINUTE


def test_a_meeting_of_unknown_hour_counts_from_the_start_of_its_day(council: Council) -> None:
    council.set_calendar("2026-12-01", None)
    council.poll_at(datetime(2026, 11, 30, 18, 0, tzinfo=UTC))
    assert council.wait <= 66 * MINUTE


def test_a_meeting_that_vanished_makes_nobody_ask_more_often(sessions: Sessions) -> None:
    with sessions.begin() as session:
        feed = add_feed(session, key="news", next_meeting_at=NOW + timedelta(minutes=30))
        add_meeting(session, feed_id=feed.id, starts_at=NOW + 20 * HOUR, vanished_at=NOW)
    poller = Poller(sessions)
    poller.web.answer(NEWS_URL, FIRST)
    poller.poll()
    assert poller.feed().next_meeting_at is None
    assert wait(poller) >= 54 * MINUTE


def test_on_the_day_of_a_meeting_its_agenda_is_read_once_more(council: Council) -> None:
    days = [NOW, NOW + 5 * HOUR, MEETING - 5 * HOUR, MEETING - 4 * HOUR, MEETING - 3 * HOUR]
    assert [council.poll_at(moment) for moment in days] == [1, 0, 1, 0, 0]


def test_once_a_night_everything_is_read_again_by_the_clock_of_the_place(council: Council) -> None:
    noon, night = NOW, datetime(2026, 11, 21, 9, 30, tzinfo=UTC)  # half past one in Seattle
    moments = [noon, night, night + HOUR, night + 2 * HOUR, night + 12 * HOUR, night + DAY]
    assert [council.poll_at(moment) for moment in moments] == [1, 1, 0, 0, 0, 1]


def test_a_re_read_that_failed_is_made_up_for_in_the_same_night(council: Council) -> None:
    council.poll_at(NOW)
    night = datetime(2026, 11, 21, 9, 30, tzinfo=UTC)
    answer = council.poller.web.fetch
    council.poller.web.fetch = RudeWeb().fetch  # type: ignore[method-assign]
    council.poll_at(night)
    council.poller.web.fetch = answer  # type: ignore[method-assign]
    assert council.poll_at(night + HOUR) == 1


# A clock that jumps


def test_a_feed_polled_by_a_clock_far_ahead_is_due_at_once_when_the_clock_is_right_again(news: Poller) -> None:
    news.clock.advance(days=30)
    news.poll()
    news.clock.moment = NOW
    assert due(news).outcomes == {"not_modified": 1}
    assert wait(news) <= 66 * MINUTE


@pytest.mark.parametrize("hours", [1, 23, 47, 49, 24 * 400])
def test_however_far_the_clock_is_set_back_no_feed_waits_longer_than_two_days(
    news: Poller, rude: RudeWeb, hours: int
) -> None:
    rude.refuse(NEWS_URL, 429, "86400")
    news.clock.advance(hours=hours)
    news.poll()
    rude.please(NEWS_URL)
    news.clock.moment = NOW
    asked = []
    for _ in range(49):
        due(news)
        asked += rude.asked
        news.clock.advance(hours=1)
    assert asked
    assert news.feed().failures == 0


def test_a_clock_that_jumps_ahead_makes_one_poll_and_not_many(news: Poller, rude: RudeWeb) -> None:
    news.poll()
    news.clock.advance(days=90)
    assert due(news).feeds == 1
    assert due(news).feeds == 0
    assert news.feed().late_polls == 2  # the first poll of all came an hour late, too


# Too much at once


def many(count: int, mark: str = "") -> str:
    """A feed of so many items, each of them a mention."""
    document = rss(*((f"part-{place}", f"{ALPR_TITLE}, part {place}") for place in range(count)))
    return document.replace("<guid isPermaLink='false'>", f"<guid isPermaLink='false'>{mark}")


def test_more_than_a_hundred_mentions_at_once_are_all_kept_and_operators_told_in_one_line(
    news: Poller, caplog: pytest.LogCaptureFixture
) -> None:
    news.poll()
    news.web.answer(NEWS_URL, many(101))
    assert news.poll().saved.mentions_new == 101
    assert troubles(news) == {Trouble.FLOOD}
    lines = [record.getMessage() for record in caplog.records if record.levelname == "WARNING"]
    assert lines == [f"101 mentions of feed {news.feed().key} wait for a look: {UNTOLD}"]


def test_a_hundred_mentions_at_once_are_no_flood(news: Poller) -> None:
    news.web.answer(NEWS_URL, many(100))
    news.poll()
    assert troubles(news) == set()


def test_a_flood_is_told_until_somebody_closes_it(news: Poller) -> None:
    news.web.answer(NEWS_URL, many(101))
    news.poll()
    news.web.answer(NEWS_URL, FIRST)
    news.poll()
    assert troubles(news) == {Trouble.FLOOD}


def test_new_ids_at_every_poll_bring_no_news(news: Poller) -> None:
    for mark in ("a", "b", "c"):
        news.web.answer(NEWS_URL, many(150, mark))
        news.poll()
    assert news.counts() == (150, 150)


def test_a_failure_keeps_the_validators_of_the_last_good_answer(news: Poller, rude: RudeWeb) -> None:
    rude.answer(NEWS_URL, FIRST, etag='"a"')
    news.poll()
    rude.refuse(NEWS_URL, 204)
    news.poll()
    rude.please(NEWS_URL)
    assert news.poll().outcomes == {"not_modified": 1}
    assert rude.sent_etags[NEWS_URL] == [None, '"a"']

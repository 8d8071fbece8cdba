"""Tests of services/collect.py: one poll of each feed, through real storage on both databases."""

import json
import signal
from datetime import timedelta

import pytest
from sqlalchemy import event, select

from oversight.children import ChildFailed, ChildLimits, ChildOutOfMemory, ChildPool, ChildTimeout
from oversight.domain.feed import Outcome, Request
from oversight.errors import ConfigurationError
from oversight.services.ask import ask
from oversight.services.collect import collect
from oversight.services.examine import PRELOAD
from oversight.services.pulse import outcome_of
from oversight.services.visit import REQUESTS_PER_POLL, Collector, begin
from oversight.storage.engine import Sessions, reading
from oversight.storage.leases import Wanted
from oversight.storage.models import ItemRow, MeetingRow, MentionRow
from tests.factories import ALPR_TITLE, NEWS_URL, NOW, PLAIN_TITLE, SEATTLE, add_council, add_feed, number, rss
from tests.fakes import run_in_process
from tests.services.poller import FIRST, Poller, poll_and_die

ROOT = "https://webapi.legistar.com/v1/seattle"


@pytest.fixture
def news(sessions: Sessions) -> Poller:
    """A news feed with one story about a plate reader and one about a library."""
    with sessions.begin() as session:
        add_feed(session, key="news")
    poller = Poller(sessions)
    poller.web.answer(NEWS_URL, FIRST)
    return poller


class Council:
    """A fake Legistar tenant: meetings with one agenda item each."""

    def __init__(self, poller: Poller) -> None:
        self.poller = poller
        self.meetings: dict[int, dict[str, object]] = {}

    def meet(self, identifier: int, title: str = PLAIN_TITLE, **changes: object) -> None:
        """Put a meeting into the calendar, or change it."""
        day = {"EventId": identifier, "EventDate": "2026-12-01T00:00:00", "EventTime": "2:00 PM"}
        self.meetings[identifier] = day | changes
        self.agenda(identifier, title)

    def agenda(self, identifier: int, title: str) -> None:
        """Set the one agenda item of a meeting."""
        row = {"EventItemId": identifier, "EventItemEventId": identifier, "EventItemAgendaSequence": 1}
        self.poller.web.answer(self.address(identifier), json.dumps([row | {"EventItemTitle": title}]))

    def address(self, identifier: int) -> str:
        return f"{ROOT}/events/{identifier}/eventitems?AgendaNote=1&MinutesNote=1&Attachments=1"

    def poll(self) -> None:
        """Poll, with the calendar at whatever address is asked."""
        self.poller.web.calendar = json.dumps(list(self.meetings.values()))  # type: ignore[attr-defined]
        self.poller.poll()

    @property
    def asked(self) -> list[int]:
        """Whose agendas the last poll asked for."""
        return [int(url.split("/events/")[1].split("/")[0]) for url in self.poller.web.asked if "/eventitems" in url]


@pytest.fixture
def council(sessions: Sessions) -> Council:
    """A council whose calendar and changed matters are answered whatever days are asked for."""
    with sessions.begin() as session:
        add_council(session)
    poller = Poller(sessions)
    fetch = poller.web.fetch

    def fetch_calendar(url: str, **conditions: object):
        if "/events?" in url:
            poller.web.answer(url, poller.web.calendar)  # type: ignore[attr-defined]
        if "/matters?" in url:
            poller.web.answer(url, "[]")
        return fetch(url, **conditions)  # type: ignore[arg-type]

    poller.web.fetch = fetch_calendar  # type: ignore[method-assign]
    return Council(poller)


# What a poll finds


def test_a_poll_stores_items_and_the_mentions_among_them(news: Poller) -> None:
    summary = news.poll()
    assert (summary.saved.items_new, summary.saved.mentions_new, dict(summary.outcomes)) == (2, 1, {"ok": 1})
    with reading(news.sessions) as session:
        mention = session.scalars(select(MentionRow)).one()
    assert (mention.title, mention.state, mention.first_matched_at) == (ALPR_TITLE, "pending", NOW + timedelta(hours=1))


def test_polling_twice_adds_nothing(news: Poller) -> None:
    news.poll()
    news.web.answer(NEWS_URL, FIRST + "<!-- made at another moment -->")
    summary = news.poll()
    assert (summary.saved.items_new, summary.saved.items_changed, news.counts()) == (0, 0, (2, 1))


def test_a_story_of_several_feeds_is_one(news: Poller) -> None:
    with news.sessions.begin() as session:
        others = [add_feed(session, url=f"https://paper-{one}.example.org/feed.xml").url for one in range(2)]
    for outlet, url in zip(("Daily News", "Evening Post"), others, strict=True):
        news.web.answer(url, rss(("a", f"{ALPR_TITLE} - {outlet}")))
    summary = news.poll()
    with reading(news.sessions) as session:
        stories = list(session.scalars(select(MentionRow.story_id)))
    assert (summary.saved.mentions_new, stories) == (3, [1, 1, 1])


def test_an_edit_that_creates_the_first_match_adds_one_mention(news: Poller) -> None:
    news.poll()
    news.web.answer(NEWS_URL, rss(("1", ALPR_TITLE), ("2", f"{ALPR_TITLE} again")))
    summary = news.poll()
    assert (summary.saved.items_changed, summary.saved.mentions_new, news.counts()) == (1, 1, (2, 2))


def test_an_edit_of_a_pending_mention_keeps_its_id(news: Poller) -> None:
    news.poll()
    with reading(news.sessions) as session:
        before = session.scalars(select(MentionRow)).one()
    news.web.answer(NEWS_URL, rss(("1", f"{ALPR_TITLE}, a correction")))
    summary = news.poll()
    with reading(news.sessions) as session:
        after = session.scalars(select(MentionRow)).one()
    assert (after.id, after.title, summary.saved.mentions_new) == (before.id, f"{ALPR_TITLE}, a correction", 0)


def test_items_that_vanish_and_return_are_neither_deleted_nor_new(news: Poller) -> None:
    news.poll()
    news.web.answer(NEWS_URL, rss(("2", PLAIN_TITLE)))
    news.poll()
    news.web.answer(NEWS_URL, FIRST)
    assert news.poll().saved.items_new == 0
    assert news.counts() == (2, 1)


def test_new_ids_for_old_items_are_no_news(news: Poller) -> None:
    news.poll()
    news.web.answer(NEWS_URL, FIRST.replace("<guid", "<guid isPermaLink='false'").replace(">1<", ">new-1<"))
    summary = news.poll()
    assert (summary.saved.items_new, summary.saved.mentions_new, news.counts()) == (0, 0, (2, 1))


# What is asked


def test_an_unchanged_body_is_not_modified_and_nothing_is_read(news: Poller) -> None:
    news.poll()
    summary = news.poll()
    assert (dict(summary.outcomes), news.children.runs) == ({"not_modified": 1}, 1)


def test_an_unchanged_body_writes_nothing_but_the_poll(news: Poller) -> None:
    news.poll()
    written: list[str] = []
    engine = news.sessions.kw["bind"]
    event.listen(engine, "before_cursor_execute", lambda *given: written.append(given[2].split("\n")[0]))
    news.poll()
    tables = {
        words.split()[2 if "INTO" in words else 1] for words in written if words.startswith(("INS", "UPD", "DEL"))
    }
    assert tables <= {"polls", "feeds", "feed_answers", "FROM"}


def test_an_answer_that_says_nothing_changed_is_not_modified(news: Poller) -> None:
    news.web.answer(NEWS_URL, FIRST, etag='"a"')
    news.poll()
    assert news.poll().outcomes["not_modified"] == 1
    assert news.web.sent_etags[NEWS_URL] == [None, '"a"']


def test_after_seven_days_a_feed_is_fetched_whole_once(news: Poller) -> None:
    news.web.answer(NEWS_URL, FIRST, etag='"a"')
    news.poll()
    news.clock.advance(days=7)
    news.poll()
    news.poll()
    assert news.web.sent_etags[NEWS_URL] == [None, None, '"a"']


def test_a_new_etag_of_the_same_body_is_kept(news: Poller) -> None:
    news.web.answer(NEWS_URL, FIRST, etag='"a"')
    news.poll()
    news.web.answer(NEWS_URL, FIRST, etag='"b"')
    news.poll()
    news.poll()
    assert news.web.sent_etags[NEWS_URL][-1] == '"b"'


@pytest.mark.parametrize("body", ["<html>sign in</html>", "<!DOCTYPE r [<!ENTITY a 'b'>]><rss/>"])
def test_validators_of_an_answer_that_could_not_be_read_are_not_kept(news: Poller, body: str) -> None:
    news.web.answer(NEWS_URL, body, etag='"broken"')
    news.poll()
    news.poll()
    assert news.web.sent_etags[NEWS_URL] == [None, None]
    assert [poll.outcome for poll in news.polls()] == [news.polls()[0].outcome] * 2


def test_follow_ups_of_unchanged_meetings_are_not_asked(council: Council) -> None:
    council.meet(1)
    council.meet(2)
    council.poll()
    council.meet(2, EventComment="moved to room 5")
    council.poll()
    assert council.asked == [2]


def test_an_agenda_that_did_not_change_with_its_meeting_is_asked_once(council: Council) -> None:
    council.meet(1)
    council.poll()
    council.meet(1, EventComment="moved to room 5")
    council.poll()
    council.meet(2)
    council.poll()
    assert council.asked == [2]


def test_a_failed_follow_up_keeps_what_was_read_and_is_asked_again(council: Council) -> None:
    council.meet(1, ALPR_TITLE)
    council.meet(2)
    council.poller.web.fail(council.address(2))
    council.poll()
    assert council.poller.counts() == (1, 1)
    council.agenda(2, "Named at last")
    council.poll()
    assert (council.asked, council.poller.counts()) == ([2], (2, 1))
    # One page behind the calendar that does not answer is told, and is no failure of the whole council.
    assert [poll.outcome for poll in council.poller.polls()] == ["ok", "ok"]
    assert len(council.poller.polls()[0].warnings) == 1


def test_after_three_failures_a_poll_gives_up(council: Council) -> None:
    for identifier in range(9):
        council.meet(identifier)
        council.poller.web.fail(council.address(identifier))
    council.poll()
    assert len(council.asked) == 3


def test_pages_that_are_missing_do_not_keep_the_others_from_being_read(council: Council) -> None:
    for identifier in range(9):
        council.meet(identifier)
        council.poller.web.fail(council.address(identifier), Outcome.HTTP_ERROR)
    council.meet(9, ALPR_TITLE)
    council.poll()
    assert (len(council.asked), council.poller.counts()) == (10, (1, 1))
    assert council.poller.polls()[0].outcome == "ok"
    assert len(council.poller.polls()[0].warnings) == 9


def test_what_the_budget_left_over_is_asked_next_time(council: Council) -> None:
    meetings = REQUESTS_PER_POLL + 10
    for identifier in range(meetings):
        council.meet(identifier)
    council.poll()
    first = council.asked
    council.poll()
    assert (len(first), len(council.asked)) == (REQUESTS_PER_POLL - 2, meetings - REQUESTS_PER_POLL + 2)
    assert sorted(first + council.asked) == list(range(meetings))
    assert any("left for the next poll" in warning for warning in council.poller.polls()[0].warnings)


def test_while_questions_are_left_over_the_reader_is_not_told_that_all_is_known(council: Council) -> None:
    for identifier in range(REQUESTS_PER_POLL):
        council.meet(identifier)
    council.poll()
    assert council.poller.feed().last_ok_at is None
    council.poll()
    assert council.poller.feed().last_ok_at == council.poller.clock()


def test_a_meeting_is_stored_with_the_items_of_its_agenda(council: Council) -> None:
    council.meet(1, ALPR_TITLE)
    council.poll()
    with reading(council.poller.sessions) as session:
        meeting, item = session.scalars(select(MeetingRow)).one(), session.scalars(select(ItemRow)).one()
        mention = session.scalars(select(MentionRow)).one()
    assert (item.meeting_id, meeting.uid, mention.jurisdiction) == (meeting.id, "event-1", SEATTLE)


# How a poll ends


@pytest.mark.parametrize("outcome", [Outcome.TIMEOUT, Outcome.BLOCKED_ADDRESS, Outcome.TLS_ERROR, Outcome.RATE_LIMITED])
def test_a_failed_fetch_is_the_outcome_of_the_poll(news: Poller, outcome: Outcome) -> None:
    news.web.fail(NEWS_URL, outcome)
    news.poll()
    feed = news.feed()
    assert [poll.outcome for poll in news.polls()] == [outcome]
    # A host that asks to be left in peace is no failure of the feed (SAFETY B11).
    assert (feed.last_outcome, feed.failures, feed.last_ok_at) == (outcome, outcome is not Outcome.RATE_LIMITED, None)


@pytest.mark.parametrize(
    ("error", "outcome"),
    [
        (ChildTimeout("too slow"), "parse_timeout"),
        (ChildOutOfMemory("too big"), "parse_oom"),
        (ChildFailed("ValueError: odd"), "parse_error"),
    ],
)
def test_a_reader_that_is_killed_is_the_outcome_of_the_poll(news: Poller, error: Exception, outcome: str) -> None:
    news.children.fail_next(error)
    news.poll()
    assert [(poll.outcome, poll.detail) for poll in news.polls()] == [(outcome, str(error))]


def test_what_a_reader_says_of_its_failure_can_be_stored(news: Poller) -> None:
    news.children.fail_next(ChildFailed("LookupError: unknown encoding: \x00\ud800"))
    news.poll()
    assert news.polls()[0].detail == "LookupError: unknown encoding:"


def test_each_poll_has_exactly_one_outcome(news: Poller) -> None:
    for outcome in (None, Outcome.TIMEOUT, None):
        news.web.answer(NEWS_URL, FIRST)
        if outcome:
            news.web.fail(NEWS_URL, outcome)
        news.poll()
    assert [poll.outcome for poll in news.polls()] == ["ok", "timeout", "not_modified"]


def test_success_forgets_earlier_failures(news: Poller) -> None:
    news.web.fail(NEWS_URL)
    news.poll()
    news.poll()
    assert news.feed().failures == 2
    news.web.answer(NEWS_URL, FIRST)
    news.poll()
    assert (news.feed().failures, news.feed().last_ok_at) == (0, news.clock())


def test_an_empty_answer_after_a_full_one_is_a_failure_however_often_it_comes(news: Poller) -> None:
    news.poll()
    news.web.answer(NEWS_URL, rss(), etag='"empty"')
    news.poll()
    news.poll()
    assert [poll.outcome for poll in news.polls()] == ["ok", "empty_body", "empty_body"]
    assert news.counts() == (2, 1)


def test_a_feed_that_was_never_full_may_be_empty(news: Poller) -> None:
    news.web.answer(NEWS_URL, rss())
    assert news.poll().outcomes == {"ok": 1}


def test_a_poll_records_what_it_cost(news: Poller) -> None:
    news.poll()
    (poll,) = news.polls()
    assert (poll.requests, poll.bytes, poll.hops) == (1, len(FIRST.encode()), [{"url": NEWS_URL, "status": 200}])


def test_the_next_poll_is_an_interval_away(news: Poller) -> None:
    news.poll()
    assert timedelta(minutes=54) <= news.feed().next_due_at - news.clock() <= timedelta(minutes=66)


def test_a_poll_long_after_its_time_is_counted(news: Poller) -> None:
    news.poll()
    assert news.feed().late_polls == 1


def test_only_feeds_that_are_due_are_polled(news: Poller) -> None:
    assert collect(news.collector).feeds == 1
    assert collect(news.collector).feeds == 0


def test_a_feed_that_is_not_there_is_named(news: Poller) -> None:
    with pytest.raises(ConfigurationError, match="no such feed: other"):
        collect(news.collector, Wanted(keys=["news", "other"]))


def test_one_bad_feed_does_not_stop_the_others(news: Poller) -> None:
    with news.sessions.begin() as session:
        for _ in range(3):
            url = f"https://other.example.org/{number()}"
            add_feed(session, url=url)
            news.web.fail(url)
    assert news.poll().outcomes == {"ok": 1, "timeout": 3}


def test_an_unexpected_error_is_raised_after_all_feeds_had_their_turn(news: Poller) -> None:
    with news.sessions.begin() as session:
        add_feed(session, platform="nonsense")
    with pytest.raises(ConfigurationError, match="unknown platform 'nonsense'"):
        news.poll()
    assert news.counts() == (2, 1)


def test_a_process_that_is_to_stop_writes_nothing_and_leaves_the_feed_due(news: Poller) -> None:
    collector = news.collector
    collector.stop.set()
    assert collect(collector, Wanted(everything=True)).feeds == 0
    assert (news.counts(), news.feed().next_due_at) == ((0, 0), NOW)


def test_each_poll_is_told_of_as_it_ends(news: Poller) -> None:
    told: list[str] = []
    collect(news.collector, on_poll=lambda poll: told.append(poll.outcome))
    assert told == ["ok"]


# Odd answers


@pytest.mark.parametrize(
    "changes",
    [
        {"EventId": "1\x00"},
        {"EventLocation": "Room \ud800"},
        {"EventBodyName": "Council\x00"},
        {"EventDate": "9999-12-31T00:00:00", "EventTime": "11:59 PM"},
        {"EventInSiteURL": "https://example.org/\ud800"},
    ],
)
def test_no_meeting_however_odd_stops_a_poll(council: Council, changes: dict[str, object]) -> None:
    council.meet(1, **changes)
    council.poll()
    assert len(council.poller.polls()) == 1


@pytest.mark.parametrize(
    "changes",
    [
        {"EventItemAgendaSequence": 10**30},
        {"EventItemPassedFlagName": "Pass\x00"},
        {"EventItemMatterFile": "CB\x00 1", "EventItemMatterStatus": "In\ud800"},
        {"EventItemEventId": "\x00"},
    ],
)
def test_no_agenda_item_however_odd_stops_a_poll(council: Council, changes: dict[str, object]) -> None:
    council.meet(1)
    row = {"EventItemId": 1, "EventItemEventId": 1, "EventItemAgendaSequence": 1, "EventItemTitle": PLAIN_TITLE}
    council.poller.web.answer(council.address(1), json.dumps([row | changes]))
    council.poll()
    assert [poll.outcome for poll in council.poller.polls()] == ["ok"]
    assert council.poller.counts() == (1, 0)


def test_no_key_of_a_row_however_odd_stops_a_poll(council: Council) -> None:
    council.poller.web.calendar = json.dumps([{"\x00\ud800": 1}])  # type: ignore[attr-defined]
    council.poller.poll()
    assert [poll.outcome for poll in council.poller.polls()] == ["ok"]


# Real processes


def test_the_real_children_read_and_match(news: Poller) -> None:
    with ChildPool(1, preload=PRELOAD) as children:
        collect(Collector(news.sessions, news.web, children, news.clock), Wanted(everything=True))
    assert news.counts() == (2, 1)


def test_a_feed_that_takes_too_long_to_read_is_killed_and_recorded(news: Poller) -> None:
    with ChildPool(1, ChildLimits(wall_seconds=0.001)) as children:
        collect(Collector(news.sessions, news.web, children, news.clock), Wanted(everything=True))
    assert [poll.outcome for poll in news.polls()] == ["parse_timeout"]


@pytest.mark.parametrize("point", ["fetch", "flush", "commit"])
def test_after_a_kill_in_the_middle_of_a_poll_nothing_is_lost_or_doubled(news: Poller, point: str) -> None:
    url = news.sessions.kw["bind"].url.render_as_string(hide_password=False)
    assert run_in_process(poll_and_die, url, point) == -signal.SIGKILL
    assert (news.counts(), len(news.polls())) == ((0, 0), 0)
    news.poll()
    news.poll()
    assert (news.counts(), len(news.polls())) == ((2, 1), 2)


def test_a_question_is_asked_once_a_poll_however_often_answers_lead_to_it(news: Poller) -> None:
    visit = begin(news.collector, news.feed(), {}, [])
    for _ in range(3):
        ask(news.collector, visit, Request(NEWS_URL))
    assert (news.web.asked, visit.requests) == ([NEWS_URL], 1)


def test_a_page_of_a_list_that_fails_is_a_failure_of_the_poll_and_one_behind_it_is_not(news: Poller) -> None:
    listed, behind = Request(f"{NEWS_URL}?page=2"), Request(f"{NEWS_URL}/agenda", meeting_uid="event-1")
    ends = {}
    for question in (listed, behind):
        visit = begin(news.collector, news.feed(), {}, [])
        ask(news.collector, visit, Request(NEWS_URL))
        ask(news.collector, visit, question)
        ends[question] = (outcome_of(visit)[0], len(visit.missing))
    assert ends == {listed: (Outcome.HTTP_ERROR, 0), behind: (Outcome.OK, 1)}


def test_two_entries_with_one_link_and_title_are_two_items_and_stay_so(news: Poller) -> None:
    news.poll()
    entry = FIRST[FIRST.index("<item>") : FIRST.index("</item>") + len("</item>")]
    twin = entry.replace(">1<", ">twin<", 1)
    news.web.answer(NEWS_URL, FIRST.replace(entry, entry + twin))
    first, second = news.poll(), news.poll()
    assert (first.saved.items_new, second.saved.items_new, second.saved.items_changed) == (1, 0, 0)


def test_only_where_the_feed_lies_may_a_question_be_for_a_private_host(news: Poller) -> None:
    elsewhere = "https://elsewhere.example/agenda"
    visit = begin(news.collector, news.feed(), {}, [])
    for url in (NEWS_URL, elsewhere):
        ask(news.collector, visit, Request(url))
    told = {url: [payload.is_strangers for payload in news.web.payloads[url]] for url in (NEWS_URL, elsewhere)}
    assert told == {NEWS_URL: [False], elsewhere: [True]}

"""Tests of services/try_feed.py: one address is tried as a feed, and nothing is written."""

import json
from dataclasses import replace
from typing import Any

import pytest

from oversight.domain.autodiscovery import Form
from oversight.domain.feed import Feed, Outcome
from oversight.outbound.robots import RobotsCache
from oversight.services.recognise import recognise
from oversight.services.show import trial_as_json
from oversight.services.try_feed import MOST_FOLLOWED, Trial, try_feed
from oversight.services.visit import Collector
from tests.factories import ALPR_TITLE, NOW, PLAIN_TITLE, SEATTLE, rss
from tests.fakes import FakeWeb, FixedClock, InlineChildren

FEED = "https://news.example.org/feed.xml"
PAGE = "https://council.example.gov/agendas"
API = "https://webapi.legistar.com/v1/seattle"
HTML = "<!DOCTYPE html><html><head>{head}</head><body><h1>Agendas</h1><p>{words}</p></body></html>"


class Trier:
    """Tries addresses with a fake web. It has no database at all: whoever wants to write fails."""

    def __init__(self) -> None:
        self.web = FakeWeb()
        self.collector = Collector(None, self.web, InlineChildren(), FixedClock(NOW))  # type: ignore[arg-type]

    def __call__(self, address: str, platform: str | None = None, **changes: Any) -> Trial:
        recognition = recognise(address, platform)
        feed = Feed("trial", recognition.platform, recognition.url, "trial", SEATTLE, "America/Los_Angeles", 60, True)
        return try_feed(self.collector, replace(feed, **changes), recognition)


@pytest.fixture
def trier() -> Trier:
    return Trier()


def test_a_feed_is_told_with_what_would_be_stored(trier: Trier) -> None:
    trier.web.answer(FEED, rss(("1", ALPR_TITLE), ("2", PLAIN_TITLE)))
    trial = trier(FEED)
    assert (trial.recognition.platform, trial.outcome, trial.form) == ("rss", Outcome.OK, Form.FEED)
    assert [item.title for item in trial.reading.items] == [ALPR_TITLE, PLAIN_TITLE]
    assert [(one.url, one.status) for one in trial.asked] == [(FEED, 200)]


def test_what_would_be_a_mention_is_told_with_its_evidence(trier: Trier) -> None:
    trier.web.answer(FEED, rss(("1", ALPR_TITLE), ("2", PLAIN_TITLE)))
    ((item, detection),) = trier(FEED).mentions
    assert item.title == ALPR_TITLE
    assert "alpr" in detection.technologies
    assert detection.evidence


def test_a_thing_that_is_told_twice_is_told_once(trier: Trier) -> None:
    trier.web.answer(FEED, rss(("1", ALPR_TITLE), ("1", ALPR_TITLE)))
    trial = trier(FEED)
    assert (len(trial.reading.items), len(trial.mentions)) == (1, 1)


def events(count: int) -> str:
    row = {"EventBodyName": "City Council", "EventDate": "2026-12-01T00:00:00", "EventTime": "2:00 PM"}
    row |= {"EventLastModifiedUtc": "2026-11-18T00:00:00", "EventAgendaStatusName": "Final"}
    return json.dumps([row | {"EventId": number, "EventGuid": f"guid-{number}"} for number in range(count)])


class Council(FakeWeb):
    """A council's Web API: meetings in its calendar, nothing in them, and no matters."""

    def __init__(self, meetings: int) -> None:
        super().__init__()
        self._meetings = meetings

    def fetch(self, url: str, **given: Any) -> Any:
        is_calendar = "/events?" in url and self._meetings
        self.answer(url, events(self._meetings) if is_calendar else "[]")
        return super().fetch(url, **given)


def test_only_a_few_questions_follow_the_first_ones(trier: Trier) -> None:
    trier.web = Council(meetings=20)
    trier.collector = replace(trier.collector, web=trier.web)
    trial = trier(API)
    first = sum("/events/" not in url for url in trier.web.asked)
    assert len(trier.web.asked) == first + MOST_FOLLOWED
    assert trial.left == 20 - MOST_FOLLOWED
    assert len(trial.reading.meetings) == 20
    assert trial.outcome is Outcome.OK


def test_an_address_of_a_browser_is_asked_as_the_platform_wants_it(trier: Trier) -> None:
    trier.web = Council(meetings=1)
    trier.collector = replace(trier.collector, web=trier.web)
    trial = trier("https://seattle.legistar.com/Calendar.aspx")
    assert (trial.recognition.platform, trial.recognition.url) == ("legistar", API)
    assert all(url.startswith(API) for url in trier.web.asked)


@pytest.mark.parametrize("outcome", [Outcome.TIMEOUT, Outcome.HTTP_ERROR, Outcome.BLOCKED_ADDRESS])
def test_an_answer_that_does_not_come_is_a_refusal(trier: Trier, outcome: Outcome) -> None:
    trier.web.fail(FEED, outcome)
    trial = trier(FEED)
    assert (trial.is_refused, trial.outcome, trial.form) == (True, outcome, None)
    assert trial.detail
    assert [one.url for one in trial.asked] == [FEED]


def test_a_page_names_its_feeds_and_nobody_fetches_them(trier: Trier) -> None:
    head = '<link rel="alternate" type="application/rss+xml" href="/feed.xml">'
    trier.web.answer(PAGE, HTML.format(head=head, words="The agenda of December."))
    trial = trier(PAGE)
    assert trial.feeds == ("https://council.example.gov/feed.xml",)
    assert trier.web.asked == [PAGE]
    assert trial.recognition.is_guess


def test_a_page_where_a_feed_was_expected_names_its_feeds_too(trier: Trier) -> None:
    head = '<link rel="alternate" type="application/atom+xml" href="/atom.xml">'
    trier.web.answer(FEED, HTML.format(head=head, words="News"))
    trial = trier(FEED)
    assert (trial.outcome, trial.feeds) == (Outcome.NOT_A_FEED, ("https://news.example.org/atom.xml",))


def test_a_feed_at_an_address_that_does_not_say_so_is_read_without_asking_twice(trier: Trier) -> None:
    trier.web.answer(PAGE, rss(("1", ALPR_TITLE)))
    trial = trier(PAGE)
    assert (trial.recognition.platform, trial.recognition.is_guess) == ("rss", False)
    assert [item.title for item in trial.reading.items] == [ALPR_TITLE]
    assert trier.web.asked == [PAGE]


def closed(trier: Trier) -> None:
    """The site wants no robots."""
    trier.web.answer("https://council.example.gov/robots.txt", "User-agent: *\nDisallow: /\n")
    trier.collector = replace(trier.collector, robots=RobotsCache(trier.web.fetch))


def test_looking_around_heeds_robots_txt(trier: Trier) -> None:
    closed(trier)
    trier.web.answer(PAGE, HTML.format(head="", words="The agenda of December."))
    assert trier(PAGE).outcome is Outcome.ROBOTS_DISALLOWED
    assert trier.web.asked == ["https://council.example.gov/robots.txt"]


def test_a_platform_that_a_person_names_is_a_feed_that_a_person_entered(trier: Trier) -> None:
    closed(trier)
    trier.web.answer(PAGE, HTML.format(head="", words="The agenda of December."))
    assert trier(PAGE, "page").outcome is Outcome.OK
    assert trier.web.asked == [PAGE]


def test_a_key_is_never_told(trier: Trier) -> None:
    trier.collector = replace(trier.collector, keys={"SECRET": "hunter2"})
    trier.web.answer(f"{FEED}?key=hunter2", rss(("1", ALPR_TITLE)))
    trial = trier(f"{FEED}?key={{SECRET}}")
    assert trial.outcome is Outcome.OK
    assert "hunter2" not in json.dumps(trial_as_json(trial))
    assert trial.asked[0].url == f"{FEED}?key={{SECRET}}"


def test_a_key_that_is_not_set_is_told_before_anything_is_asked(trier: Trier) -> None:
    trial = trier(f"{FEED}?key={{SECRET}}")
    assert "OVERSIGHT_FEED_KEYS" in (trial.detail or "")
    assert trier.web.asked == []


def test_a_trial_as_json_has_the_reading_and_how_it_came_about(trier: Trier) -> None:
    trier.web.answer(FEED, rss(("1", ALPR_TITLE)))
    told = json.loads(json.dumps(trial_as_json(trier(FEED))))
    assert [item["title"] for item in told["items"]] == [ALPR_TITLE]
    assert told["mentions"][0]["title"] == ALPR_TITLE
    assert (told["platform"], told["url"], told["outcome"], told["left"]) == ("rss", FEED, "ok", 0)

"""Tests of services/feed_keys.py: keys fill addresses at their own site only, and are shown to nobody."""

import json
from typing import Any

import pytest

from oversight.domain.feed import Outcome, Request
from oversight.errors import FeedError
from oversight.services.ask import ask
from oversight.services.feed_keys import filled, keys_for, masked
from oversight.services.visit import Collector, begin
from oversight.storage.engine import Sessions
from oversight.storage.models import FeedRow
from tests.factories import add_council
from tests.services.poller import Poller

KEYS = {"LEGISTAR_TOKEN": "s3cret+/=", "OTHER_KEY": "0ther"}
ROOT = "https://webapi.legistar.com/v1/nyc"
SECRETS = tuple(KEYS.values())


def test_a_placeholder_is_filled() -> None:
    assert filled("https://example.org/?token={LEGISTAR_TOKEN}&x=1", KEYS) == "https://example.org/?token=s3cret+/=&x=1"


@pytest.mark.parametrize("url", ["https://example.org/", "https://example.org/{id}", "https://example.org/{}", ""])
def test_what_is_no_placeholder_stays(url: str) -> None:
    assert filled(url, KEYS) == url


def test_a_key_is_not_filled_in_a_second_time() -> None:
    assert filled("{A}{B}", {"A": "{B}", "B": "{A}"}) == "{B}{A}"


def test_a_missing_key_says_which_one_and_how_to_set_it() -> None:
    with pytest.raises(FeedError) as caught:
        filled("https://example.org/?a={SOME_KEY}&b={LEGISTAR_TOKEN}", KEYS)
    assert caught.value.outcome == Outcome.HTTP_ERROR
    assert str(caught.value) == "no key for SOME_KEY: set OVERSIGHT_FEED_KEYS to SOME_KEY=..."


def test_a_key_is_hidden_wherever_it_is_shown() -> None:
    assert masked("asked https://example.org/?token=s3cret+/= twice: s3cret+/=", KEYS) == (
        "asked https://example.org/?token={LEGISTAR_TOKEN} twice: {LEGISTAR_TOKEN}"
    )


def test_an_empty_key_hides_nothing() -> None:
    assert masked("as it is", {"EMPTY": ""}) == "as it is"


@pytest.mark.parametrize(
    ("url", "is_filled"),
    [
        (f"{ROOT}/events?token={{LEGISTAR_TOKEN}}", True),
        ("https://nyc.legistar.com/?token={LEGISTAR_TOKEN}", False),
        ("https://attacker.example/?token={LEGISTAR_TOKEN}", False),
        ("https://legistar.com.attacker.example/?token={LEGISTAR_TOKEN}", False),
    ],
)
def test_keys_go_to_the_very_host_of_the_feed_only(url: str, is_filled: bool) -> None:
    assert bool(keys_for(url, ROOT, KEYS)) is is_filled


# Through the collector


class Tenant(Poller):
    """A Legistar tenant that wants a token."""

    @property
    def collector(self) -> Collector:
        return Collector(self.sessions, self.web, self.children, self.clock, keys=KEYS)  # type: ignore[arg-type]

    def calendar(self, *events: dict[str, Any]) -> None:
        """Answer every question for the calendar with these meetings, and every other one with nothing."""
        fetch = self.web.fetch

        def answer(url: str, **given: Any) -> Any:
            if not url.startswith(ROOT):
                return fetch(url, **given)
            self.web.answer(url, json.dumps(list(events)) if "/events?" in url else "[]")
            return fetch(url, **given)

        self.web.fetch = answer  # type: ignore[method-assign]


@pytest.fixture
def tenant(sessions: Sessions) -> Tenant:
    """A tenant whose address names its key."""
    with sessions.begin() as session:
        add_council(session, url=f"{ROOT}?token={{LEGISTAR_TOKEN}}")
    return Tenant(sessions)


def written(tenant: Tenant) -> str:
    """All that is kept of the feed and its polls."""
    rows = [*tenant.polls(), tenant.feed()]
    return repr([{name: value for name, value in vars(row).items() if name != "_sa_instance_state"} for row in rows])


def test_every_question_carries_the_key_and_nothing_kept_shows_it(tenant: Tenant) -> None:
    tenant.calendar({"EventId": 1, "EventDate": "2026-12-01T00:00:00", "EventBodyName": "City Council"})
    tenant.poll()
    assert len(tenant.web.asked) == 3
    assert all("token=s3cret+/=" in url for url in tenant.web.asked)
    assert tenant.polls()[0].outcome == "ok"
    assert not any(secret in written(tenant) for secret in SECRETS)


def test_a_failure_does_not_show_the_key(tenant: Tenant) -> None:
    tenant.poll()
    assert tenant.polls()[0].outcome == "http_error"
    assert not any(secret in written(tenant) for secret in SECRETS)


def test_a_feed_whose_key_is_not_set_fails_and_asks_nobody(sessions: Sessions) -> None:
    with sessions.begin() as session:
        add_council(session, url=f"{ROOT}?token={{NOT_SET}}")
    poller = Poller(sessions)
    poller.poll()
    assert (poller.web.asked, poller.feed().last_outcome) == ([], "http_error")
    assert poller.feed().last_detail == "no key for NOT_SET: set OVERSIGHT_FEED_KEYS to NOT_SET=..."


@pytest.mark.parametrize("url", ["https://attacker.example/{LEGISTAR_TOKEN}", "https://attacker.example/{OTHER_KEY}"])
def test_an_address_elsewhere_that_an_answer_led_to_gets_no_key(tenant: Tenant, url: str) -> None:
    visit = begin(tenant.collector, tenant.feed(), {}, [])
    ask(tenant.collector, visit, Request(url, revision="as an answer said", headers=(("X-Key", "{LEGISTAR_TOKEN}"),)))
    assert (tenant.web.asked, len(visit.missing)) == ([], 1)


def test_headers_of_a_question_carry_the_key(tenant: Tenant) -> None:
    visit = begin(tenant.collector, tenant.feed(), {}, [])
    question = Request(f"{ROOT}/bodies", headers=(("Authorization", "Bearer {LEGISTAR_TOKEN}"),))
    ask(tenant.collector, visit, question)
    assert tenant.web.payloads[f"{ROOT}/bodies"][0].headers == (("Authorization", f"Bearer {KEYS['LEGISTAR_TOKEN']}"),)


def test_the_key_of_another_feed_is_not_filled_in(tenant: Tenant) -> None:
    visit = begin(tenant.collector, tenant.feed(), {}, [])
    ask(tenant.collector, visit, Request(f"{ROOT}/bodies?k={{OTHER_KEY}}"))
    assert tenant.web.asked == []


def test_a_key_that_an_answer_repeats_is_not_stored(tenant: Tenant) -> None:
    row = '{"MatterId": 1, "MatterTitle": "See ?token=' + KEYS["LEGISTAR_TOKEN"] + '"}'
    visit = begin(tenant.collector, tenant.feed(), {}, [])
    url = f"{ROOT}/matters?token={{LEGISTAR_TOKEN}}"
    tenant.web.answer(url.replace("{LEGISTAR_TOKEN}", KEYS["LEGISTAR_TOKEN"]), f"[{row}]")
    ask(tenant.collector, visit, Request(url))
    assert visit.examined[0].clean.reading.items[0].title == "See ?token={LEGISTAR_TOKEN}"


def test_the_feed_s_row_keeps_the_placeholder(tenant: Tenant) -> None:
    tenant.calendar()
    tenant.poll()
    feed: FeedRow = tenant.feed()
    assert feed.url == f"{ROOT}?token={{LEGISTAR_TOKEN}}"

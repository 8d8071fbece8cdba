"""Tests of services/plan.py: what each site will be asked, and what stands in the way."""

from oversight.domain.feed import Feed
from oversight.domain.request_plan import Pace
from oversight.services.plan import NO_REASON, Plan, plan
from tests.factories import NOW, make_council, make_feed

SAM = "https://api.sam.gov/opportunities/v2/search?api_key={SAM_GOV_KEY}&title=camera"


def planned(*feeds: Feed, gap: float = 2, keys: tuple[str, ...] = ()) -> Plan:
    return plan(feeds, Pace(gap, 1), keys=keys, now=NOW)


def tenant(number: int, **changes: object) -> Feed:
    return make_council(key=f"tenant-{number}", url=f"https://webapi.legistar.com/v1/tenant{number}", **changes)


def test_tenants_of_one_host_share_its_budget() -> None:
    (site,) = planned(tenant(1), tenant(2)).sites
    (alone,) = planned(tenant(1)).sites
    assert (site.site, site.feeds) == ("legistar.com", 2)
    assert site.questions_an_hour == 2 * alone.questions_an_hour
    assert site.agendas_an_hour == 2 * alone.agendas_an_hour > 0


def test_subdomains_are_tenants_too() -> None:
    feeds = [make_feed(key=name, url=f"https://{name}.example.org/feed") for name in ("a", "b")]
    assert [(site.site, site.feeds) for site in planned(*feeds).sites] == [("example.org", 2)]


def test_news_has_no_agendas() -> None:
    (site,) = planned(make_feed()).sites
    assert (site.questions_an_hour, site.agendas_an_hour) == (1, 0)


def test_a_disabled_feed_asks_nothing_and_is_counted_with_its_reason() -> None:
    off = [
        make_feed(key=name, is_enabled=False, note=note)
        for name, note in [("a", "Frozen"), ("b", "Frozen"), ("c", None)]
    ]
    found = planned(*off)
    assert found.sites == ()
    assert found.disabled == {"Frozen": 2, NO_REASON: 1}


def test_too_much_is_a_warning_with_an_interval_that_would_do() -> None:
    found = planned(*(tenant(number, every_minutes=15) for number in range(300)))
    (warning,) = found.warnings
    assert "legistar.com: 300 feeds ask about" in warning
    assert f'every = "{found.sites[0].shortest_minutes}m"' in warning


def test_a_key_that_is_not_set_is_a_warning() -> None:
    feed = make_feed(key="sam", platform="sam_gov", url=SAM)
    assert planned(feed).warnings == ('feed "sam" needs a key: set OVERSIGHT_FEED_KEYS to SAM_GOV_KEY=...',)
    assert planned(feed, keys=("SAM_GOV_KEY",)).warnings == ()


def test_a_key_that_nobody_needs_yet_is_no_warning() -> None:
    assert planned(make_feed(platform="sam_gov", url=SAM, is_enabled=False)).warnings == ()


def test_two_feeds_with_one_address_are_a_warning() -> None:
    twice = [make_feed(key="a"), make_feed(key="b", url=make_feed().url.replace("https", "http"))]
    assert planned(*twice).warnings == ('feeds "a" and "b" have the same address',)

"""Plans the requests that the feeds of a feeds.toml will make, and says what stands in their way."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from oversight.catalog import WITHOUT_A_PLACE
from oversight.domain.feed import Feed, FeedState, Request
from oversight.domain.feed_address import canonical
from oversight.domain.hosts import site_of
from oversight.domain.request_plan import Asking, Pace, SitePlan, request_plan
from oversight.errors import FeedError
from oversight.platforms import reader_of
from oversight.services.feed_keys import PLACEHOLDER

# They list what there is and ask nothing after it.
WITHOUT_AGENDAS = WITHOUT_A_PLACE | {"json_events", "page"}
NO_REASON = "no reason given: say it in a note"


@dataclass(frozen=True)
class Plan:
    """What every site will be asked, what people should know, and why feeds are disabled (reason and count)."""

    sites: tuple[SitePlan, ...]
    warnings: tuple[str, ...]
    disabled: Mapping[str, int]


def plan(feeds: Sequence[Feed], pace: Pace, *, keys: Iterable[str], now: datetime) -> Plan:
    """The plan of a list of feeds, of which only the enabled ones are asked."""
    state = FeedState(now=now, last_ok_at=now - timedelta(hours=1))
    askings: list[Asking] = []
    warnings: list[str] = []
    for feed in feeds:
        if feed.is_enabled:
            try:
                questions = reader_of(feed.platform).start(feed, state)
            except FeedError as error:
                warnings.append(f'feed "{feed.key}": {error}')
                continue
            askings += _askings(feed, questions)
            warnings += _missing_keys(feed, questions, set(keys))
    sites = request_plan(askings, pace)
    warnings += [_too_much(site) for site in sites if site.is_too_much]
    warnings += _same_addresses(feeds)
    reasons = Counter(feed.note or NO_REASON for feed in feeds if not feed.is_enabled)
    return Plan(tuple(sites), tuple(warnings), dict(reasons.most_common()))


def _askings(feed: Feed, questions: Iterable[Request]) -> list[Asking]:
    """The budgets of several sites are apart; agendas are counted where the reader's first question goes."""
    counted = Counter(site_of(question.url) for question in questions)
    has_agendas = feed.platform not in WITHOUT_AGENDAS
    return [
        Asking(feed.key, site, feed.every_minutes, count, has_agendas and place == 0)
        for place, (site, count) in enumerate(counted.items())
    ]


def _missing_keys(feed: Feed, questions: Iterable[Request], known: set[str]) -> list[str]:
    texts = [text for one in questions for text in (one.url, *(value for _, value in one.headers))]
    missing = sorted({name for text in texts for name in PLACEHOLDER.findall(text)} - known)
    return [f'feed "{feed.key}" needs a key: set OVERSIGHT_FEED_KEYS to {name}=...' for name in missing]


def _same_addresses(feeds: Iterable[Feed]) -> list[str]:
    by_address: defaultdict[str, list[str]] = defaultdict(list)
    for feed in feeds:
        if feed.is_enabled:
            by_address[canonical(feed.url)].append(f'"{feed.key}"')
    return [f"feeds {' and '.join(keys)} have the same address" for keys in by_address.values() if len(keys) > 1]


def _too_much(site: SitePlan) -> str:
    asked = site.questions_an_hour + site.agendas_an_hour
    advice = f'set every = "{site.shortest_minutes}m" or more' if site.shortest_minutes else "disable some of them"
    return (
        f"{site.site}: {site.feeds} feeds ask about {asked:.0f} questions an hour, "
        f"and politeness allows {site.most_an_hour:.0f}: {advice}"
    )

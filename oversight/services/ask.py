"""Asks one question of a poll, has a child read the answer, and notes what is to be kept."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any
from urllib.parse import urlsplit

from oversight.children import ChildFailed, ChildOutOfMemory, ChildTimeout
from oversight.domain.feed import Answer, Outcome, Request
from oversight.domain.fingerprint import digest
from oversight.domain.hosts import site_of
from oversight.domain.local_time import today_at
from oversight.domain.moves import permanent_target
from oversight.domain.schedule import retry_after
from oversight.domain.web_query import origin_of
from oversight.errors import FeedError
from oversight.outbound.client import Fetched
from oversight.outbound.exchange import Payload
from oversight.outbound.failure import FetchError
from oversight.outbound.robots import RobotsCache
from oversight.services.examine import Refused, examine
from oversight.services.feed_keys import filled, keys_for, masked
from oversight.services.visit import TROUBLE, Collector, Visit, Web
from oversight.storage.answers import Known

FULL_FETCH_DAYS = 7
NIGHT = timedelta(hours=8)


class ClosedForNow(FeedError):
    """A site's robots.txt could not be read this time, which closes the site: try again later (RFC 9309, 2.3.1.4).

    `is_silent`: nobody answered at all.
    """

    def __init__(self, outcome: Outcome, message: str, *, is_silent: bool) -> None:
        super().__init__(outcome, message)
        self.is_silent = is_silent


def ask(collector: Collector, visit: Visit, request: Request) -> None:
    """Ask one question and note what came of it; a question that was answered before is not asked."""
    known = known_answer(visit, request)
    if request.key in visit.asked or (known is not None and is_answered(visit, request, known)):
        return
    visit.asked.add(request.key)
    is_stale = known is not None and (visit.started_at - known.full_at).days >= FULL_FETCH_DAYS
    validators = known if known is not None and not is_stale and request.body is None else None
    visit.requests += 1
    keys = keys_for(request.url, visit.row.url, visit.keys)
    try:
        if collector.asks_robots_for_feeds:
            heed_robots(collector.robots, collector.web, request.url)
        fetched = collector.web.fetch(
            filled(request.url, keys),
            accept=request.accept,
            etag=validators.etag if validators else None,
            last_modified=validators.last_modified if validators else None,
            payload=payload_of(request, keys, visit.feed.url),
        )
    except FeedError as error:
        note_failure(collector, visit, request, error)
        return
    note_answer(collector, visit, request, fetched)


def payload_of(request: Request, keys: Mapping[str, str], feed_url: str) -> Payload:
    """What goes with a question, with the keys that its platform wants."""
    headers = tuple((name, filled(value, keys)) for name, value in request.headers)
    return Payload(request.body, request.content_type, headers, is_strangers=is_strangers(request.url, feed_url))


def is_strangers(url: str, feed_url: str) -> bool:
    """Whether an address that a feed's answers name lies elsewhere than the feed, which an operator named."""
    return origin_of(url) != origin_of(feed_url)


def heed_robots(robots: RobotsCache | None, web: Web, url: str) -> None:
    """Raise FeedError where a site's robots.txt closes the URL, and keep the pace it asks for (SAFETY B10, B12)."""
    verdict = robots.check(url) if robots else None
    if verdict is not None and verdict.delay_seconds:
        web.slow_down(url, verdict.delay_seconds)
    if verdict is not None and not verdict.allowed:
        reason = f"robots.txt: {verdict.reason}"
        if verdict.is_passing:
            raise ClosedForNow(Outcome.ROBOTS_DISALLOWED, reason, is_silent=verdict.is_silent)
        raise FeedError(Outcome.ROBOTS_DISALLOWED, reason)


def known_answer(visit: Visit, request: Request) -> Known | None:
    """What is known of the last answer to a question; nothing of a list in the nightly re-read and at the first poll of
    a local day: the agendas that it leads to may have changed although it did not.
    """
    known, zone = visit.known.get(request.key), visit.feed.timezone
    if known is None or zone is None or request.revision is not None or request.meeting_uid is not None:
        return known
    is_new_day = today_at(zone, known.answered_at) < today_at(zone, visit.started_at)
    return None if visit.is_reread or is_new_day else known


def is_answered(visit: Visit, request: Request, known: Known) -> bool:
    """Whether the same question was answered before, and this is neither the meeting's day nor the nightly re-read."""
    if request.revision is None or known.revision != request.revision:
        return False
    if visit.is_reread:  # what one poll of the night left over is asked in the next one
        return visit.started_at - known.answered_at < NIGHT
    today = today_at(visit.feed.timezone, visit.started_at)
    return request.again_on != today or today_at(visit.feed.timezone, known.answered_at) >= today


def note_answer(collector: Collector, visit: Visit, request: Request, fetched: Fetched) -> None:
    """Keep what an answer says, or that it says what was known."""
    known = known_answer(visit, request)
    visit.hops += [{"url": masked(url, visit.keys), "status": status} for url, status in fetched.hops]
    visit.bytes += fetched.wire_bytes
    if request.key in visit.main:
        visit.status = fetched.status
        if request.url == visit.feed.url:
            visit.moved_to = masked(permanent_target(fetched.hops) or "", visit.keys) or None
        if urlsplit(fetched.url).hostname != urlsplit(fetched.hops[0][0]).hostname:
            visit.led_to = masked(fetched.url, visit.keys)
    if request.meeting_uid is not None:
        visit.looked.add(request.meeting_uid)
    if known is not None and fetched.is_not_modified and known.revision == request.revision:
        visit.unchanged.append(known.id)
    elif known is not None and (fetched.is_not_modified or known.body_hash == digest(fetched.body)):
        visit.answers.append(answer_values(visit, request, fetched, known))
    else:
        read(collector, visit, request, fetched)


def note_failure(collector: Collector, visit: Visit, request: Request, error: FeedError) -> None:
    """Note how a question failed. A page that is missing behind a calendar is no failure of the feed."""
    outcome = Outcome(error.outcome)
    if isinstance(error, FetchError):
        visit.bytes += error.wire_bytes
        visit.hops += [{"url": masked(url, visit.keys), "status": status} for url, status in error.hops]
        answered = error.hops[-1][0] if error.hops else request.url
        if outcome is Outcome.RATE_LIMITED and site_of(answered) == site_of(visit.feed.url):
            now = collector.now()  # a poll of many questions began long before this answer
            visit.pause = now + retry_after(error.headers.get("retry-after"), now=now)
    visit.troubles += outcome in TROUBLE
    is_list = (
        request.meeting_uid is None and request.revision is None
    )  # the next page of a list is as good as the first
    if request.key in visit.main or is_list or outcome is Outcome.RATE_LIMITED:
        visit.status = error.status if isinstance(error, FetchError) else visit.status
        visit.failures.append((error.outcome, masked(str(error), visit.keys)))
    else:
        visit.missing.append(f"{masked(request.url, visit.keys)}: {masked(str(error), visit.keys)}")


def answer_values(visit: Visit, request: Request, fetched: Fetched, known: Known | None = None) -> dict[str, Any]:
    """What to keep of an answer; `known` is the same body's earlier row, where there is one.

    A look for an outcome has no revision of its own: it asked once more what is known.
    """
    earlier = visit.known.get(request.key)
    return {
        "feed_id": visit.row.id,
        "url": request.key,
        "etag": fetched.etag,
        "last_modified": fetched.last_modified,
        "body_hash": known.body_hash if known else digest(fetched.body),
        "revision": request.revision or (earlier.revision if earlier else None),
        "answered_at": visit.started_at,
        "full_at": known.full_at if known and fetched.is_not_modified else visit.started_at,
    }


def read(collector: Collector, visit: Visit, request: Request, fetched: Fetched) -> None:
    """Have a child read one answer; keep its validators only if it could be read (SAFETY B9)."""
    visit.read_bytes += len(fetched.body)
    body = fetched.body
    for name, value in visit.keys.items():  # a platform that repeats our key must not have it stored
        body = body.replace(value.encode(), b"{" + name.encode() + b"}") if value else body
    answer = Answer(masked(fetched.url, visit.keys), fetched.headers, body, request)
    try:
        result = collector.children.run(examine, visit.feed, answer, visit.started_at)
    except ChildTimeout as error:
        result = Refused(Outcome.PARSE_TIMEOUT, str(error))
    except ChildOutOfMemory as error:
        result = Refused(Outcome.PARSE_OOM, str(error))
    except ChildFailed as error:
        result = Refused(Outcome.PARSE_ERROR, str(error))
    if isinstance(result, Refused):
        note_failure(collector, visit, request, FeedError(result.outcome, result.message))
        return
    values = answer_values(visit, request, fetched)
    visit.examined.append(result)
    following = result.clean.reading.next
    (visit.parents if following else visit.answers).append(values)
    visit.waiting.extend(following)

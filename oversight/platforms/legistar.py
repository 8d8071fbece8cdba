"""Legistar: its Web API, and where a council closes that, its public pages and their RSS.

A feed's `url` is the client's root in the API, such as https://webapi.legistar.com/v1/seattle (with
`?token={LEGISTAR_TOKEN}` where the client asks for one), or a calendar, a search or an RSS feed of its public site.
"""

import json
import re
from typing import Any
from urllib.parse import SplitResult, parse_qs, urlsplit, urlunsplit

from oversight.domain.asked_days import beside
from oversight.domain.encoding import decode_document
from oversight.domain.feed import Answer, Feed, FeedState, Outcome, Request
from oversight.domain.reading import Reading
from oversight.domain.web_query import host_of, parts_of
from oversight.domain.window import calendar_days
from oversight.errors import FeedError
from oversight.platforms import register
from oversight.platforms.legistar_api import first_questions
from oversight.platforms.legistar_grid import is_calendar, rows_of_json
from oversight.platforms.legistar_pages import read_calendar, read_page
from oversight.platforms.legistar_rows import read_rows
from oversight.platforms.legistar_rss import read_feed

API = "webapi.legistar.com"
ACCEPT = "text/html, application/rss+xml;q=0.9, */*;q=0.5"
PAGE = re.compile(r"/?|.*\.as[hp]x", re.I)
PAGES = re.compile(r"/(calendar|legislation|meetingdetail|legislationdetail|departmentdetail|gateway)\.aspx$", re.I)
CLIENT = re.compile(r"(?!webapi\.|www\.|support\.|help\.)([a-z0-9-]+)\.legistar1?\.com")
SHELF = re.compile(r"legistar\d?\.granicus\.com")
RSS = re.compile(r"<(?:rss|rdf:RDF|feed)\b", re.I)


@register("legistar")
class Legistar:
    """One calendar question and one question for changed matters a poll; agendas only of meetings that changed."""

    may_be_empty = True
    records_outcomes = True

    def recognise(self, address: str) -> str | None:
        host, parts = host_of(address), parts_of(address)
        if parts is None:
            return None
        if host == API:
            return _root(parts)
        if _is_rss(parts) and (CLIENT.fullmatch(host) or host.startswith("legistar.")):
            return urlunsplit(("https", host, parts.path, parts.query, ""))
        client = CLIENT.fullmatch(host) or (
            SHELF.fullmatch(host) and re.match(r"/([A-Za-z0-9-]+)/meetings/", parts.path)
        )
        if client:
            return f"https://{API}/v1/{client.group(1).casefold()}"
        if host.startswith("legistar.") and (PAGES.search(parts.path) or parts.path in ("", "/")):
            return f"https://{host}/Calendar.aspx"
        return None

    def start(self, feed: Feed, state: FeedState) -> list[Request]:
        parts = urlsplit(feed.url)
        if not PAGE.fullmatch(parts.path):
            return first_questions(feed, state)
        path = parts.path if parts.path.strip("/") else "/Calendar.aspx"
        url = urlunsplit((parts.scheme, parts.netloc, path, parts.query, ""))
        return [Request(beside(url, calendar_days(state)), accept=ACCEPT)]

    def read(self, feed: Feed, answer: Answer) -> Reading:
        text = decode_document(answer.body, answer.headers.get("content-type", ""))
        if not text.strip():
            raise FeedError(Outcome.EMPTY_BODY, "the answer is empty")
        if text.lstrip().startswith("<"):
            return read_feed(feed, answer) if RSS.search(text[:2_000]) else read_page(feed, answer)
        parsed = _json(text)
        rows = rows_of_json(parsed)
        return read_calendar(feed, answer, rows) if is_calendar(rows) else read_rows(feed, answer, parsed)


def _json(text: str) -> Any:
    try:
        return json.loads(text)
    except (ValueError, RecursionError) as error:
        raise FeedError(Outcome.NOT_A_FEED, f"the answer is neither JSON nor a page: {error}") from error


def _root(parts: SplitResult) -> str | None:
    """The client's root; a token is a secret, and so its place is taken by a setting's name."""
    client = re.match(r"/v1/([a-z0-9-]+)(?:/|$)", parts.path, re.I)
    token = "?token={LEGISTAR_TOKEN}" if "token" in parse_qs(parts.query) else ""
    return f"https://{API}/v1/{client.group(1).casefold()}{token}" if client else None


def _is_rss(parts: SplitResult) -> bool:
    """Without its number and its key, an RSS address answers nothing."""
    return parts.path.casefold().endswith("/feed.ashx") and {"ID", "GUID"} <= parse_qs(parts.query).keys()

"""What is asked of Legistar's Web API, and what a question's address says about its answer (OData v3)."""

import re
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from urllib.parse import parse_qs, quote, unquote, urlsplit

from oversight.domain.feed import Answer, Feed, FeedState, Request
from oversight.domain.local_time import local_day
from oversight.domain.reading import Days
from oversight.domain.window import calendar_days, changed_since

ACCEPT = "application/json"  # some tenants answer XML unless asked
PAGE = 1_000

Row = dict[str, Any]

PUBLISHED = ("EventAgendaLastPublishedUTC", "EventMinutesLastPublishedUTC")
ROOT = re.compile(r"https?://[^/]+/v\d+/[^/]+")
ASKED_DAYS = re.compile(r"EventDate.ge.datetime'([\d-]{10})'.and.EventDate.lt.datetime'([\d-]{10})'")
ASKED_SINCE = re.compile(r"(?:MatterLastModifiedUtc|EventAgendaLastPublishedUTC).gt.datetime'([\d-]{10})'")
OF_MATTER = re.compile(r"/matters/(\d+)/")


@dataclass(frozen=True)
class Tenant:
    """One client of the API: where to ask, with which token (a placeholder), and where its public pages are."""

    root: str
    token: str

    @classmethod
    def of(cls, feed: Feed) -> "Tenant":
        """The client that a feed's address names."""
        address, _, query = feed.url.partition("?")
        root = ROOT.match(address)
        token = re.search(r"(?:^|&)(token=[^&]*)", query)
        return cls(root.group() if root else address.rstrip("/"), f"&{token.group(1)}" if token else "")

    def ask(self, question: str, **about: Any) -> Request:
        """A question under the client's root; `about` is what the request says of it."""
        return Request(f"{self.root}/{question}{self.token}", accept=ACCEPT, **about)

    def matter_url(self, identifier: str | None) -> str | None:
        """The public page of a matter: its number there is another one, and only the gateway knows both."""
        client = urlsplit(self.root).path.rpartition("/")[2]
        is_name = re.fullmatch(r"[a-z0-9-]+", client, re.I)
        return f"https://{client}.legistar.com/gateway.aspx?m=l&id={identifier}" if is_name and identifier else None


def first_questions(feed: Feed, state: FeedState) -> list[Request]:
    """One question for the calendar and one for the matters that changed."""
    days, changed, tenant = calendar_days(state), changed_since(state), Tenant.of(feed)
    # Minutes and agendas are published long after and before the meeting, and that moves no other stamp of it.
    published = "".join(f"+or+{name}+gt+{_stamp(changed)}" for name in PUBLISHED)
    return [
        tenant.ask(
            f"events?$filter=EventDate+ge+{_stamp(days.first)}+and+EventDate+lt+{_stamp(days.last)}{published}"
            f"&$orderby=EventDate+desc&$top={PAGE}"
        ),
        # The latest first, so that a tenant that ignores the filter need not be read to its end.
        tenant.ask(
            f"matters?$filter=MatterLastModifiedUtc+gt+{_stamp(changed)}"
            f"&$orderby=MatterLastModifiedUtc+desc&$top={PAGE}"
        ),
    ]


def items_question(tenant: Tenant, event: str, **about: Any) -> Request:
    """The agenda of a meeting, with its notes and attachments."""
    return tenant.ask(f"events/{event}/eventitems?AgendaNote=1&MinutesNote=1&Attachments=1", **about)


def history_question(tenant: Tenant, matter: str, file: str, revision: str) -> Request:
    """What was done with a matter. The rows do not say whose they are, so the address carries the file number.

    The API takes no notice of a parameter that it does not know, unless its name begins with a dollar sign.
    """
    return tenant.ask(f"matters/{matter}/histories?MatterFile={quote(file, '', errors='replace')}", revision=revision)


def address_of(answer: Answer) -> str:
    """The question's own address, where it is known: after redirects a token may stand where its placeholder was."""
    return answer.request.url if answer.request else answer.url


def file_asked_for(answer: Answer) -> str | None:
    """The file number that a question about a matter carried."""
    return next(iter(parse_qs(urlsplit(address_of(answer)).query).get("MatterFile", [])), None)


def matter_asked_for(answer: Answer) -> str | None:
    """The matter whose attachments or histories were asked for."""
    found = OF_MATTER.search(address_of(answer))
    return found.group(1) if found else None


def is_asked_for(row: Row, url: str) -> bool:
    """Whether a row is one that the question named: some tenants ignore every filter (Nashville)."""
    asked, days = unquote(url), ASKED_DAYS.search(unquote(url))
    since = ASKED_SINCE.search(asked)
    if "EventId" in row:
        day = local_day(row.get("EventDate"))
        is_published = since is not None and any(_is_since(row.get(name), since.group(1)) for name in PUBLISHED)
        return days is None or day is None or days.group(1) <= day.isoformat() < days.group(2) or is_published
    modified = row.get("MatterLastModifiedUtc")
    return since is None or not isinstance(modified, str) or _is_since(modified, since.group(1))


def covered(rows: list[Row], url: str) -> Days | None:
    """The days of which the answer lists every meeting. An answer without any is not believed to: it may be a fault."""
    asked = ASKED_DAYS.search(unquote(url))
    if asked is None or len(rows) >= PAGE or "$skip" in unquote(url) or not any("EventId" in row for row in rows):
        return None
    first, after = (local_day(day) for day in asked.groups())
    return Days(first, after - timedelta(days=1)) if first and after and first < after else None


def next_page(tenant: Tenant, url: str, rows: list[Row], count: int) -> list[Request]:
    """The page after a full one; an answer read from a file has no address and so no next page."""
    if count < PAGE or "$top=" not in url or _is_behind(rows, url):
        return []
    skip = (parse_qs(urlsplit(url).query).get("$skip") or ["0"])[0]
    if not re.fullmatch(r"\d{1,9}", skip):
        return []
    kept = re.sub(r"&(?:\$skip=\d+|token=[^&]*)", "", url)
    return [Request(f"{kept}{tenant.token}&$skip={int(skip) + PAGE}", accept=ACCEPT)]


def _is_behind(rows: list[Row], url: str) -> bool:
    """Whether a page that was filtered by nobody, and is sorted, has come to what was not asked for."""
    if not rows or is_asked_for(rows[-1], url):
        return False
    first, last = (str(row.get("MatterLastModifiedUtc") or row.get("EventDate")) for row in (rows[0], rows[-1]))
    return first > last


def _is_since(moment: object, day: str) -> bool:
    return isinstance(moment, str) and moment[:10] >= day


def _stamp(day: date) -> str:
    return f"datetime'{day.isoformat()}'"

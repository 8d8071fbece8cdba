"""CivicPlus (CivicEngage): the Agenda Center of a city; feeds and calendar are read by the modules beside this one."""

import re
from dataclasses import replace
from datetime import date, datetime, timedelta
from urllib.parse import parse_qs, urlencode, urlsplit

from lxml.html import HtmlElement

from oversight.domain.encoding import decode_document
from oversight.domain.feed import Answer, Feed, FeedState, Outcome, Request
from oversight.domain.meeting_words import status_said
from oversight.domain.page import absolute, parse_page, words
from oversight.domain.reading import Days, Document, Meeting, Reading, joined
from oversight.domain.refusal import CHALLENGE
from oversight.domain.web_query import host_of, origin_of, parts_of
from oversight.errors import FeedError
from oversight.platforms import register
from oversight.platforms.civicplus_calendar import is_calendar, read_calendar
from oversight.platforms.civicplus_file import FILE, day_of_file, merged, unlike
from oversight.platforms.civicplus_rss import read_rss

DAYS_BACK = 30  # minutes are posted weeks later, and a longer span costs no more questions
DAYS_AHEAD = 60
ASKED = "%m/%d/%Y"
FIRST_ELEMENT = re.compile(r"<(?:(?P<feed>rss|feed|rdf:rdf)|html|head|body|div|span|table|tr|ul|p)\b", re.I)
CATEGORY = re.compile(r"cat\d+")
ARROWS = re.compile(r"[►▼▲◄▸▾\s]+")
OF_YEAR = re.compile(r"(\S.*\S)\s\d{4}")
A_JOIN_LINK = re.compile(
    r"zoom\.us/(j|w|s|wc|my|webinar|meeting)/|teams\.microsoft\.com/l/meetup|webex\.com/meet", re.I
)
PLACE = re.compile(r"^/agendacenter(?P<category>/[A-Za-z0-9-]+-\d+)?(?=/|$)", re.I)


@register("civicplus")
class CivicPlus:
    """One search of the Agenda Center a poll, or one feed, or one search of the calendar."""

    may_be_empty = True
    records_outcomes = False

    def recognise(self, address: str) -> str | None:
        host, parts = host_of(address), parts_of(address)
        if parts is None:
            return None
        site, path = origin_of(address), parts.path.rstrip("/").casefold()
        agendas = PLACE.match(parts.path)
        asked = {name.casefold(): values[0] for name, values in parse_qs(parts.query).items()}
        if agendas:
            return f"{site}/AgendaCenter{agendas['category'] or ''}"
        if path.endswith("/rssfeed.aspx") and "modid" in asked:
            return f"{site}/RSSFeed.aspx?{parts.query}"
        if path == "/civicalerts.aspx":
            return f"{site}/RSSFeed.aspx?ModID=1&CID=All-newsflash.xml"
        # Legistar and IQM2 have a Calendar.aspx too, but number neither events nor calendars like this.
        if path == "/calendar.aspx" and (host.endswith(".civicplus.com") or asked.keys() & {"eid", "cid"}):
            return f"{site}/calendar.aspx" + (f"?CID={asked['cid']}" if asked.get("cid", "").strip(",") else "")
        return f"{site}/AgendaCenter" if host.endswith(".civicplus.com") else None

    def start(self, feed: Feed, state: FeedState) -> list[Request]:
        parts = urlsplit(feed.url)
        first = state.now.date() - timedelta(days=DAYS_BACK)
        last = state.now.date() + timedelta(days=DAYS_AHEAD)
        site, path = origin_of(feed.url), parts.path.casefold()
        if path.endswith("rssfeed.aspx"):
            return [Request(feed.url, accept="application/rss+xml, application/xml;q=0.9, */*;q=0.5")]
        if path.endswith("calendar.aspx"):
            asked = {name.casefold(): values[0] for name, values in parse_qs(parts.query).items()}
            span = {"startDate": first.strftime(ASKED), "enddate": last.strftime(ASKED), "CID": asked.get("cid", "")}
            return [Request(f"{site}/calendar.aspx?{urlencode({'Keywords': ''} | span)}", accept="text/html")]
        return [_search(site, parts.path, days) for days in _years(first, last)]

    def read(self, feed: Feed, answer: Answer) -> Reading:
        text = decode_document(answer.body, answer.headers.get("content-type", ""))
        if not text.strip():
            raise FeedError(Outcome.EMPTY_BODY, "the answer is empty, as for a module that the city does not have")
        first = FIRST_ELEMENT.search(text)
        if first and first["feed"]:
            return read_rss(feed, answer)
        if not first or not text.lstrip().startswith("<"):
            raise FeedError(Outcome.NOT_A_FEED, "the answer is neither a page nor a feed")
        tree = parse_page(answer.body, answer.headers.get("content-type", ""))
        if _is_agenda_center(tree):
            return _read_agendas(tree, feed, answer.url)
        if is_calendar(tree):
            return read_calendar(tree, feed, answer.url)
        title = words(tree.find(".//title"))
        if CHALLENGE.search(title):
            raise FeedError(Outcome.HTTP_ERROR, "the answer is a challenge to robots, not an Agenda Center")
        raise FeedError(Outcome.NOT_A_FEED, f"the page is no Agenda Center and no calendar: {title!r}"[:200])


def _years(first: date, last: date) -> list[Days]:
    """The span, cut at New Year: an Agenda Center shows one year of a category, whatever the span asked for."""
    if first.year == last.year:
        return [Days(first, last)]
    return [Days(first, date(first.year, 12, 31)), Days(date(last.year, 1, 1), last)]


def _search(site: str, path: str, days: Days) -> Request:
    category = re.search(r"-(\d+)/?$", path)
    asked = {
        "term": "",
        "CIDs": f"{category[1]}," if category else "all",
        "startDate": days.first.strftime(ASKED),
        "endDate": days.last.strftime(ASKED),
        "dateRange": "",
        "dateSelector": "",
    }
    return Request(f"{site}/AgendaCenter/Search/?{urlencode(asked)}", accept="text/html")


def _is_agenda_center(tree: HtmlElement) -> bool:
    if tree.find_class("catAgendaRow"):
        return True
    return tree.get_element_by_id("AgendaCenterContent", None) is not None


def _read_agendas(tree: HtmlElement, feed: Feed, url: str) -> Reading:
    base = url or feed.url
    rows = [(row, _files(row, base)) for row in tree.find_class("catAgendaRow")]
    known = [(row, files) for row, files in rows if files]
    uids = unlike([f"agenda-{files[0]['id']}" for _, files in known], [day_of_file(files[0]) for _, files in known])
    parts = [_read_row(row, files, uid, feed, base) for (row, files), uid in zip(known, uids, strict=True)]
    empty = [words(row)[:80] for row, files in rows if not files]
    warnings = tuple(f"a row names no file of its agenda: {shown!r}" for shown in empty[:5])
    return replace(merged(joined(parts), _covers(url)), warnings=warnings)


def _files(row: HtmlElement, base: str) -> list[re.Match[str]]:
    """The files that a row links to, each address once."""
    found = (absolute(link.get("href"), base) or "" for link in row.iter("a"))
    return [match for url in dict.fromkeys(found) if (match := FILE.search(url))]


def _covers(url: str) -> Days | None:
    """The days of a search for no word in particular, where they lie in one year (see `_years`)."""
    parts = parts_of(url)
    if parts is None:
        return None
    asked = {name.casefold(): values[0].strip() for name, values in parse_qs(parts.query).items()}
    if "/agendacenter/search" not in parts.path.casefold() or asked.get("term"):
        return None
    try:
        first, last = (datetime.strptime(asked[end], ASKED).date() for end in ("startdate", "enddate"))  # noqa: DTZ007
    except (KeyError, ValueError):
        return None
    return Days(first, last) if first <= last and first.year == last.year else None


def _read_row(row: HtmlElement, files: list[re.Match[str]], uid: str, feed: Feed, base: str) -> Reading:
    title = _title(row)
    meeting = Meeting(
        uid=uid,
        body=_category(row) or title or None,
        date=day_of_file(files[0]),
        starts_at=None,
        timezone=feed.timezone,
        status=status_said(title),
        url=absolute(f"/AgendaCenter#_{files[0]['day']}-{files[0]['id']}", base),
        agenda_url=_of_kind(files, "agenda"),
        minutes_url=_of_kind(files, "minutes"),
        video_url=_video(row, base),
    )
    return Reading(meetings=(meeting,), documents=tuple(_document(file, title, uid) for file in files))


def _title(row: HtmlElement) -> str:
    """What the city calls the agenda: the link under the date, which also stands in the labels of the downloads."""
    for paragraph in row.iter("p"):
        if words(paragraph):
            return words(paragraph)
    named = (words(link) for link in row.iter("a") if FILE.search(link.get("href") or ""))
    return next((name for name in named if name), "")


def _of_kind(files: list[re.Match[str]], kind: str) -> str | None:
    """The file itself before its variants (`?html=true`, `?packet=true`)."""
    found = [file.string for file in files if kind in file["kind"].casefold()]
    return min(found, key=lambda url: "?" in url, default=None)


def _document(file: re.Match[str], title: str, meeting_uid: str) -> Document:
    url = file.string
    kind = "Packet" if "packet" in url.casefold() else file["kind"]
    # Without `html=true` the file may be a PDF or a Word document: its address does not say.
    media_type = "text/html" if "html=true" in url.casefold() else None
    return Document(url, f"{title} ({kind})" if title else kind, media_type, meeting_uid=meeting_uid)


def _video(row: HtmlElement, base: str) -> str | None:
    for cell in row.iter("td"):
        if re.search(r"\b(video|media)s?\b", cell.get("class") or "", re.I):
            for link in cell.iter("a"):
                url = absolute(link.get("href"), base)
                if url and not A_JOIN_LINK.search(url):
                    return url
    return None


def _category(row: HtmlElement) -> str | None:
    """The body whose agendas these are: the heading of the category that the row stands in."""
    for ancestor in row.iterancestors():
        if CATEGORY.fullmatch(ancestor.get("id") or ""):
            heading = next(ancestor.iter("h2", "h3", "h4"), None)
            return ARROWS.sub(" ", words(heading)).strip() or None
    for section in row.iterancestors("span"):
        # A single category, as the page loads it for another year, is named in the labels of its years only.
        labels = (link.get("aria-label") or "" for link in section.iter("a"))
        return next((match[1] for label in labels if (match := OF_YEAR.fullmatch(label))), None)
    return None

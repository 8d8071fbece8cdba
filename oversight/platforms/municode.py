"""Municode Meetings: the directory of a city, its older publish pages, its calendar, and the accessible agendas."""

import re
from dataclasses import replace
from urllib.parse import parse_qs, unquote, urlsplit

from lxml.html import HtmlElement

from oversight.domain.encoding import decode_document
from oversight.domain.feed import Answer, Feed, FeedState, Outcome, Request
from oversight.domain.fingerprint import digest
from oversight.domain.local_time import day_in, hour_in, in_zone
from oversight.domain.meeting_words import status_said
from oversight.domain.page import absolute, parse_page, words
from oversight.domain.reading import Document, Meeting, Reading, joined
from oversight.domain.refusal import CHALLENGE
from oversight.domain.web_query import host_of, origin_of, parts_of
from oversight.errors import FeedError
from oversight.platforms import register
from oversight.platforms.municode_agenda import is_agenda, read_agenda
from oversight.platforms.municode_calendar import is_calendar, month_of, months, read_calendar

PAGES = "https://meetings.municode.com"
MEETING = re.compile(r"(?:[?&]me=|MEET-[A-Za-z]+-)([0-9a-f]{32})\b", re.I)
HTML_AGENDA = re.compile(r"//meetings\.municode\.com/adaHtmlDocument/", re.I)
COLUMNS = (("minutes", "minutes"), ("packet", "packet"), ("agenda", "agenda"), ("video", "video|audio|multimedia"))
FIELDS = (("date", "date"), ("time", "time"), ("place", "venue|location"), ("body", "meeting|title"))


@register("municode")
class Municode:
    """One question for the directory, and one for each agenda that has an accessible page."""

    may_be_empty = True
    records_outcomes = False

    def recognise(self, address: str) -> str | None:
        host, parts = host_of(address), parts_of(address)
        if parts is None:
            return None
        if host.endswith(".municodemeetings.com"):
            return f"https://{host}/"
        asked = {name.casefold(): values[0] for name, values in parse_qs(parts.query).items()}
        client = asked.get("cid") or asked.get("cc")
        if host != "meetings.municode.com" or not client:
            return None
        return f"{PAGES}/PublishPage/index?cid={client}&ppid={asked.get('ppid', '0')}&p={asked.get('p', '-1')}"

    def start(self, feed: Feed, state: FeedState) -> list[Request]:
        address = urlsplit(feed.url)
        if month_of(feed.url) is None:
            return [Request(feed.url, accept="text/html")]
        path = f"{origin_of(feed.url)}/calendar/month/"
        query = f"?{address.query}" if address.query else ""
        return [Request(f"{path}{month}{query}", accept="text/html") for month in months(state.now.date())]

    def read(self, feed: Feed, answer: Answer) -> Reading:
        text = decode_document(answer.body, answer.headers.get("content-type", ""))
        if text.strip() and not text.lstrip().startswith("<"):
            raise FeedError(Outcome.NOT_A_FEED, "the answer is not a page")
        tree = parse_page(answer.body, answer.headers.get("content-type", ""))
        if is_agenda(tree):
            return read_agenda(tree, feed, answer)
        if is_calendar(tree):
            return read_calendar(tree, feed, answer.url)
        rows = [row for row in tree.iter("tr") if _is_meeting(row)]
        if not rows and not _is_directory(tree):
            title = words(tree.find(".//title"))
            is_challenge = CHALLENGE.search(title)
            raise FeedError(
                Outcome.HTTP_ERROR if is_challenge else Outcome.NOT_A_FEED,
                f"the page is no directory of meetings: {title!r}"[:200],
            )
        found = joined(_read_row(row, feed, answer.url or feed.url) for row in rows)
        meetings = {meeting.uid: meeting for meeting in found.meetings}
        return replace(found, meetings=tuple(meetings.values()))


def _cells(row: HtmlElement) -> dict[str, HtmlElement]:
    """The cells of a row by what their column is for; the two kinds of page name it in a class or in `data-th`."""
    cells: dict[str, HtmlElement] = {}
    for cell in row.iterchildren("td"):
        label = f"{cell.get('data-th') or ''} {cell.get('class') or ''}".replace("div-table-col", "").casefold()
        for name, pattern in (*COLUMNS, *FIELDS):
            if re.search(pattern, cell.get("data-th", label).casefold()):
                cells.setdefault(name, cell)
                break
    return cells


def _is_meeting(row: HtmlElement) -> bool:
    cells = _cells(row)
    return "date" in cells and "body" in cells and day_in(words(cells["date"])) is not None


def _is_directory(tree: HtmlElement) -> bool:
    """A directory without a meeting, or the head of one."""
    marks = ("mcm", "views-table", "view-empty", "view-meetings")
    is_marked = any(tree.find_class(mark) for mark in marks)
    return is_marked and bool(re.search(r"municode", " ".join(_addresses(tree)), re.I))


def _addresses(tree: HtmlElement) -> list[str]:
    return [str(value) for _, name, value, _ in tree.iterlinks() if name in ("href", "src")]


def _read_row(row: HtmlElement, feed: Feed, base: str) -> Reading:
    cells = _cells(row)
    files = {name: _links(cells.get(name), base) for name, _ in COLUMNS}
    day = day_in(words(cells["date"]))
    hour = hour_in(words(cells["time"] if "time" in cells else cells["date"]))
    title = words(cells["body"])
    page = next((url for link in row.iter("a") if "/page/" in (url := absolute(link.get("href"), base) or "")), None)
    uid = _uid(page, [url for urls in files.values() for url, _ in urls], f"{day} {hour} {title}")
    documents = [(name, url, label) for name, urls in files.items() if name != "video" for url, label in urls]
    meeting = Meeting(
        uid=uid,
        body=title or None,
        date=day,
        starts_at=in_zone(day, hour, feed.timezone) if hour and (hour.hour or hour.minute) else None,
        timezone=feed.timezone,
        status=status_said(title),
        location=(words(cells["place"]) if "place" in cells else "") or None,
        url=page,
        agenda_url=_first(files["agenda"]) or _first(files["packet"]),
        minutes_url=_first(files["minutes"]),
        video_url=_first(files["video"]),
    )
    return Reading(
        meetings=(meeting,),
        documents=tuple(
            Document(url, label or name.capitalize(), _media_type(url), meeting_uid=uid)
            for name, url, label in documents
        ),
        next=_questions(meeting, [*files["packet"], *files["agenda"]], row),
    )


def _questions(meeting: Meeting, links: list[tuple[str, str]], row: HtmlElement) -> tuple[Request, ...]:
    """The accessible agenda; that of the packet comes first, because it lists the attachments too."""
    pages = [url for url, _ in links if HTML_AGENDA.search(url)]
    revision = digest(f"{words(row)}\n{' '.join(url for url, _ in links)}")
    return tuple(
        Request(url, accept="text/html", revision=revision, again_on=meeting.date, meeting_uid=meeting.uid)
        for url in pages[:1]
    )


def _links(cell: HtmlElement | None, base: str) -> list[tuple[str, str]]:
    if cell is None:
        return []
    found = [(absolute(link.get("href"), base), link) for link in cell.iter("a")]
    return [(url, (link.get("title") or words(link)).strip()) for url, link in found if url is not None]


def _first(links: list[tuple[str, str]]) -> str | None:
    return links[0][0] if links else None


def _uid(page: str | None, urls: list[str], words_of_it: str) -> str:
    """The meeting's page in the directory, else the id in the names of its files, else its words."""
    if page is not None:
        return urlsplit(page).path.strip("/")
    match = next((match for url in urls if (match := MEETING.search(url))), None)
    return f"meeting-{match[1].casefold()}" if match else f"meeting-{digest(words_of_it)[:32]}"


def _media_type(url: str) -> str | None:
    if HTML_AGENDA.search(url):
        return "text/html"
    # Publish pages wrap the file's own address: /d/f?u=https://...pdf&n=its name
    return "application/pdf" if re.search(r"\.pdf(&|$)", unquote(url), re.I) else None

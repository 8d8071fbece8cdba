"""NovusAGENDA: a grid of meetings, perhaps with a grid of items, and the agenda of each meeting.

A feed's `url` is https://{client}.novusagenda.com/AgendaPublic/, with `?MeetingType=` where only one body is wanted.
"""

import re
from collections.abc import Iterator
from dataclasses import replace
from urllib.parse import urljoin, urlsplit

from lxml.html import HtmlElement

from oversight.domain.asked_days import beside, days_beside, is_asked
from oversight.domain.encoding import decode_document
from oversight.domain.feed import Answer, Feed, FeedState, Request
from oversight.domain.fingerprint import digest
from oversight.domain.local_time import day_in, hour_in, in_zone, local_day
from oversight.domain.meeting_words import status_said
from oversight.domain.page import absolute, parse_page, words
from oversight.domain.reading import Days, Document, Item, ItemKind, Meeting, MeetingStatus, Reading, joined
from oversight.domain.refusal import refusal
from oversight.domain.window import calendar_days
from oversight.platforms import register

NAME = "NovusAGENDA"
HOST = re.compile(r"(?:https?://)?([a-z0-9-]+\.novusagenda\.com)(/[^?#]*)?(\?[^#]*)?", re.I)
MEETING_TYPE = re.compile(r"\bMeetingType=(\d+)", re.I)
VIEWS = re.compile(
    r"((?:MeetingView|CoverSheet)\.aspx|DisplayAgendaPDF\.ashx|AttachmentViewer\.ashx)\?([^'\"\s#]+)", re.I
)
MARKS = re.compile(r"novusagenda|/agendapublic/|radGridMeetings|CoverSheet\.aspx\?ItemID", re.I)
FAULT = re.compile(r"server error in '|<title>\s*(runtime error|error)", re.I)

View = tuple[str, dict[str, str], str]


@register("novusagenda")
class NovusAgenda:
    """One list a poll; the agenda of each meeting of the days asked about that has one."""

    may_be_empty = True
    records_outcomes = False

    def recognise(self, address: str) -> str | None:
        found = HOST.match(address.strip())
        if found is None:
            return None
        kind = MEETING_TYPE.search(found.group(3) or "")
        return f"https://{found.group(1).lower()}/AgendaPublic/" + (f"?MeetingType={kind.group(1)}" if kind else "")

    def start(self, feed: Feed, state: FeedState) -> list[Request]:
        return [Request(beside(feed.url, calendar_days(state)), accept="text/html")]

    def read(self, feed: Feed, answer: Answer) -> Reading:
        kind = answer.headers.get("content-type", "")
        page = parse_page(answer.body, kind)
        text = decode_document(answer.body, kind)
        grids = page.xpath("//table[contains(@id, 'radGridMeetings') or contains(@id, 'radGridItems')]")
        if FAULT.search(text) or not (grids or MARKS.search(text)):
            raise refusal(text, NAME)
        base = _folder(answer.url or feed.url)
        days = days_beside(answer)
        if answer.meeting_uid or (not grids and _views(page, "coversheet.aspx")):
            return _read_agenda(page, base, answer.meeting_uid)
        found = joined(_read_row(row, feed, base, days) for row in _meeting_rows(page))
        return replace(found, items=tuple(_listed_items(page, base)), covers=_shown_days(page))


def _folder(url: str) -> str:
    """The folder that every address of a site starts with."""
    found = re.match(r"https?://[^/?#]+/AgendaPublic\b", url, re.I)
    return f"{found.group()}/" if found else urljoin(url, urlsplit(url).path.rpartition("/")[0] + "/")


def _views(element: HtmlElement, *names: str) -> list[View]:
    """The addresses in an element, for many stand in a script of the link: name, parameters, as written."""
    found = []
    for link in element.iter("a"):
        for view in VIEWS.finditer(f"{link.get('href') or ''} {link.get('onclick') or ''}"):
            given = (part.partition("=") for part in view.group(2).split("&"))
            asked = {name.casefold(): value for name, _, value in given}
            found.append((view.group(1).casefold(), asked, view.group()))
    return [view for view in found if not names or view[0] in names]


def _meeting_rows(page: HtmlElement) -> Iterator[HtmlElement]:
    grid = page.xpath("//table[contains(@id, 'radGridMeetings')]")
    for row in (grid[0] if grid else page).iter("tr"):
        if row.find(".//tr") is None and row.find("td") is not None and _views(row):
            yield row


def _read_row(row: HtmlElement, feed: Feed, base: str, days: Days | None) -> Reading:
    views = _views(row, "meetingview.aspx", "displayagendapdf.ashx")
    uid = next((asked["meetingid"] for _, asked, _ in views if asked.get("meetingid", "").isdecimal()), None)
    cells = [words(cell) for cell in row.iterchildren("td")]
    if uid is None or not cells:
        return Reading()
    said = dict(zip(_headings(row), cells, strict=False))
    day, hour = day_in(said.get("meeting date") or cells[0]), hour_in(" ".join(cells))
    kept = {name: absolute(address, base) for name, address in _kept(views)}
    meeting = Meeting(
        uid=uid,
        body=said.get("meeting type") or next(iter(cells[1:2]), "") or None,
        date=day,
        starts_at=in_zone(day, hour, feed.timezone) if hour else None,
        timezone=feed.timezone,
        status=status_said(*cells),
        location=said.get("meeting location") or said.get("location") or None,
        url=kept.get("agenda"),
        agenda_url=kept.get("agenda") or kept.get("agenda pdf"),
        minutes_url=kept.get("minutes pdf") or kept.get("minutes"),
    )
    agenda, pdf = kept.get("agenda"), kept.get("agenda pdf")
    question = Request(agenda or "", "text/html", digest(f"{cells} {kept}"), again_on=day, meeting_uid=uid)
    return Reading(
        meetings=(meeting,),
        documents=(Document(pdf, "Agenda", "application/pdf", meeting_uid=uid),) if pdf else (),
        next=(question,) if agenda and is_asked(day, days) and meeting.status is not MeetingStatus.CANCELLED else (),
    )


def _headings(row: HtmlElement) -> list[str]:
    table = next(row.iterancestors("table"), None)
    return [words(head).casefold() for head in table.xpath("./thead/tr[last()]/th")] if table is not None else []


def _kept(views: list[View]) -> Iterator[tuple[str, str]]:
    """What each address of a row is: the meeting's own number asks for its agenda, the other for its minutes."""
    for name, asked, address in views:
        is_agenda = asked.get("doctype", "agenda").casefold() == "agenda" and "meetingid" in asked
        yield ("agenda" if is_agenda else "minutes") + (" pdf" if name.startswith("display") else ""), address


def _shown_days(page: HtmlElement) -> Days | None:
    """The days that the search form names, where the grid of meetings shows all of them on one page."""
    given = (page.xpath(f"//input[contains(@name, 'radCalendar{end}')]/@value") for end in ("From", "To"))
    first, last = (next((day for day in map(local_day, values) if day), None) for values in given)
    pager = page.xpath("//table[contains(@id, 'radGridMeetings')]//*[contains(@class, 'rgPager')]")
    return Days(first, last) if first and last and not pager else None


def _listed_items(page: HtmlElement, base: str) -> Iterator[Item]:
    """The first page of a search for items; the agendas tell all of them."""
    for row in page.xpath("//table[contains(@id, 'radGridItems')]//tr[td]"):
        view = next(iter(_views(row, "coversheet.aspx")), None)
        if row.find(".//tr") is not None or view is None:
            continue
        said = dict(zip(_headings(row), (words(cell) for cell in row.iterchildren("td")), strict=False))
        item = _item(view[1], said.get("title", ""), base, None)
        if item is not None:
            yield item


def _read_agenda(page: HtmlElement, base: str, meeting: str | None) -> Reading:
    found: dict[str, Item] = {}
    for link in page.iter("a"):
        for _, asked, _ in _views(link, "coversheet.aspx"):
            cell = next(link.iterancestors("td", "li", "p", "div"), None)
            item = _item(asked, words(link) or words(cell), base, meeting)
            if item is not None and item.title:
                found.setdefault(item.uid, item)
    items = tuple(replace(item, sequence=place) for place, item in enumerate(found.values(), 1))
    return Reading(items=items, documents=tuple(_attachments(page, base, items)))


def _item(asked: dict[str, str], title: str, base: str, meeting: str | None) -> Item | None:
    number, meeting = asked.get("itemid", ""), asked.get("meetingid") or meeting
    if not number.isdecimal():
        return None
    address = f"CoverSheet.aspx?ItemID={number}" + (f"&MeetingID={meeting}" if meeting else "")
    return Item(
        uid=f"{meeting}-{number}" if meeting else number,
        kind=ItemKind.AGENDA_ITEM,
        title=title,
        text=None,
        url=absolute(address, base),
        published=None,
        meeting_uid=meeting,
    )


def _attachments(page: HtmlElement, base: str, items: tuple[Item, ...]) -> Iterator[Document]:
    by_number = {item.uid.rpartition("-")[2]: item for item in items}
    for link in page.iter("a"):
        for _, asked, address in _views(link, "attachmentviewer.ashx"):
            item, url = by_number.get(asked.get("itemid", "")), absolute(address, base)
            if url is not None:
                owner = item.meeting_uid if item else None
                yield Document(url, words(link) or None, None, item_uid=item.uid if item else None, meeting_uid=owner)

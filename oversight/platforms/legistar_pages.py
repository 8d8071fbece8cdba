"""Legistar's public pages (InSite): the calendar, the agenda of a meeting, and whatever else lists files."""

import re
from dataclasses import replace

from lxml.html import HtmlElement

from oversight.domain.feed import Answer, Feed
from oversight.domain.fingerprint import digest
from oversight.domain.local_time import day_in
from oversight.domain.page import absolute, link_in, parse_page, words
from oversight.domain.reading import Document, Item, ItemKind, Matter, Meeting, MeetingStatus, Reading, joined
from oversight.platforms.legistar_file import attached, file_of, read_file, read_result, step_of
from oversight.platforms.legistar_grid import NUMBER, OPENED, Cell, Cells, cell, cell_like, day_of, grids, is_calendar
from oversight.platforms.legistar_grid import is_said as says
from oversight.platforms.legistar_site import ask_meeting, base_of, controls, detail_of, refuse
from oversight.platforms.legistar_words import how_to_comment, starts_at, status_of

KNOWN = re.compile(
    r"name|date|time|location|topic|details|icalendar|video|audio|multimedia|comment|minutes|proceedings|^hyp|^lbl|^agenda$"
)
MORE = re.compile(r"items (\d+) to (\d+) of (\d+)")


def read_page(feed: Feed, answer: Answer) -> Reading:
    """Any page of the public site; raises FeedError for what is none."""
    page = parse_page(answer.body, answer.headers.get("content-type", ""))
    parts, tables = controls(page), grids(page, base_of(feed, answer))
    calendars = [rows for rows in tables if is_calendar(rows)]
    if "lblFile2" in parts:
        return read_file(feed, answer, page)
    if calendars:
        heading = _body_of_page(page)
        return _with_more(page, joined(read_calendar(feed, answer, rows, heading) for rows in calendars))
    if "lblDate" in parts and parts.keys() & {"hypName", "lblName", "lblTime"}:
        return _read_meeting(feed, answer, page, [row for rows in tables for row in rows])
    results = [row for rows in tables for row in rows if file_of(row)]
    if not results and not parts.keys() & {"gridCalendar", "gridMain", "divGrid", "lblMax"}:
        raise refuse(answer)
    return _with_more(page, joined(read_result(row, feed, base_of(feed, answer)) for row in results))


def read_calendar(feed: Feed, answer: Answer, rows: list[Cells], heading: str | None = None) -> Reading:
    """The meetings of a calendar, and the questions for their agendas."""
    found = joined(_read_row(feed, answer, row, heading) for row in rows)
    return replace(found, meetings=tuple({meeting.uid: meeting for meeting in found.meetings}.values()))


def _read_row(feed: Feed, answer: Answer, row: Cells, heading: str | None) -> Reading:
    base, day = base_of(feed, answer), day_in(day_of(row))
    details, agenda = cell(row, "hypmeetingdetail", "meeting details"), _agenda(row)
    hour, place = cell(row, "lbltime", "meeting time", "time").text, cell(row, "meeting location", "location")
    body = cell(row, "hypbody", "name", "meeting body").text or heading
    numbers = (field.number for field in (cell(row, "hypical", "icalendar"), details, agenda))
    number = next((number for number in numbers if number), None)
    if number is None and (day is None or not body):
        return Reading(warnings=("a row of the calendar names no meeting",))
    uid = f"meeting-{number or digest(f'{body} {day} {hour}')[:16]}"
    moment, warnings = starts_at(day, hour, feed.timezone)
    url = detail_of("MeetingDetail", details.url, base)
    meeting = Meeting(
        uid=uid,
        body=body or None,
        date=day,
        starts_at=moment,
        timezone=feed.timezone,
        status=_status(agenda, body or "", place.text, place.note, hour, agenda.text),
        location=place.text or None,
        url=url or details.url,
        agenda_url=agenda.url,
        minutes_url=cell_like(row, r"^(?!accessible).*(minutes|proceedings)").url,
        video_url=cell_like(row, r"video|multimedia").url or cell_like(row, "audio").url,
        how_to_comment=cell_like(row, "comment").url or how_to_comment(f"{place.text} {place.note}"),
    )
    said = "\n".join(f"{name}: {field.text} {field.url} {field.note}" for name, field in row.items())
    documents = _documents(row, uid, is_alone=url is None)
    return Reading(
        meetings=(meeting,), documents=documents, next=ask_meeting(url, day, uid, said, answer), warnings=warnings
    )


def _agenda(row: Cells) -> Cell:
    named = cell(row, "hypagenda", "agenda")
    return named if named.url else cell_like(row, r"^agenda$|^hypagenda$")


def _status(agenda: Cell, *said: str) -> MeetingStatus:
    """What the row says; an agenda that is out is one that was made final."""
    found = status_of(None, *said)
    return MeetingStatus.CONFIRMED if found is MeetingStatus.UNKNOWN and agenda.url else found


def _documents(row: Cells, uid: str, *, is_alone: bool) -> tuple[Document, ...]:
    """Packets and other papers; the agenda itself where no page has its items."""
    papers = {name: field for name, field in row.items() if field.url and not KNOWN.search(name) and says(field)}
    if is_alone and _agenda(row).url:
        papers["agenda"] = _agenda(row)
    return tuple(Document(str(field.url), field.text or None, None, meeting_uid=uid) for field in papers.values())


def _read_meeting(feed: Feed, answer: Answer, page: HtmlElement, rows: list[Cells]) -> Reading:
    base, parts = base_of(feed, answer), controls(page)
    meeting = _meeting_of(feed, answer, page)
    inside = joined(_read_item(row, meeting, base) for row in rows if cell(row, "title", "name").text)
    papers = attached(parts.get("ucAttachments_lblAttachments"), base, meeting_uid=meeting.uid)
    # A file has a row for each thing that was done with it, in their order: it is one item, and the last word counts.
    items = {item.uid: item for item in inside.items}.values()
    return replace(
        inside,
        items=tuple(replace(item, sequence=place) for place, item in enumerate(items, 1)),
        meetings=(meeting,),
        matters=tuple({matter.file: matter for matter in inside.matters}.values()),
        documents=papers,
        warnings=() if items else ("the page of the meeting lists no items",),
    )


def _meeting_of(feed: Feed, answer: Answer, page: HtmlElement) -> Meeting:
    base, parts = base_of(feed, answer), controls(page)
    form = next((form.get("action") or "" for form in page.iter("form")), "")
    own = detail_of("MeetingDetail", absolute(form, base), base)
    agenda = Cell(words(parts.get("hypAgenda")), link_in(parts.get("hypAgenda"), base))
    number = NUMBER.search(own or "") or NUMBER.search(agenda.url or "") or NUMBER.search(answer.url)
    day, hour = day_in(words(parts.get("lblDate"))), words(parts.get("lblTime"))
    body, place = words(parts.get("hypName")) or words(parts.get("lblName")), words(parts.get("lblLocation"))
    state = words(parts.get("lblAgendaStatus"))
    known = status_of(state, body, place, hour, agenda.text)
    key = number.group(1) if number else digest(f"{body} {day} {hour}")[:16]
    return Meeting(
        uid=answer.meeting_uid or f"meeting-{key}",
        body=body or None,
        date=day,
        starts_at=starts_at(day, hour, feed.timezone)[0],
        timezone=feed.timezone,
        status=known if known is not MeetingStatus.UNKNOWN else _status(agenda),
        location=place or None,
        url=own or answer.url or None,
        agenda_url=agenda.url,
        minutes_url=link_in(parts.get("hypMinutes"), base),
        video_url=_opened(parts.get("hypVideo"), base),
        how_to_comment=link_in(parts.get("hypeComment"), base),
    )


def _read_item(row: Cells, meeting: Meeting, base: str) -> Reading:
    file, link = file_of(row), cell(row, "hypfile") if "hypfile" in row else cell_like(row, r"^(file|record)\b")
    title, name = cell(row, "title").text or cell(row, "name").text, cell(row, "name").text
    url, outcome = detail_of("LegislationDetail", link.url, base), cell(row, "result").text or cell(row, "action").text
    item = Item(
        uid=f"{meeting.uid}-{link.number or digest(title)[:16]}",
        kind=ItemKind.AGENDA_ITEM,
        title=title,
        text=name if name and name != title else None,
        url=url,
        published=None,
        meeting_uid=meeting.uid,
        matter_file=file,
        outcome=outcome or None,
    )
    return Reading(
        items=(item,),
        matters=(Matter(file, title, cell(row, "type").text or None, None, url),) if file else (),
        steps=step_of(row, file or "", meeting.date, meeting.body),
    )


def _opened(element: HtmlElement | None, base: str) -> str | None:
    opened = OPENED.search(element.get("onclick") or "") if element is not None else None
    return link_in(element, base) or (absolute(opened.group(1), base) if opened else None)


def _body_of_page(page: HtmlElement) -> str | None:
    """The body whose own page lists its meetings: the page's title ends with its name."""
    forms = [form.get("action") or "" for form in page.iter("form")]
    is_of_body = any("DepartmentDetail.aspx" in form for form in forms)
    return words(page.find(".//title")).partition(" - ")[2] or None if is_of_body else None


def _with_more(page: HtmlElement, found: Reading) -> Reading:
    """With a warning where the page shows only the first of its rows: the next are behind a script."""
    pager = next((match for part in page.iter("div", "td") if (match := _pager(part))), None)
    is_cut = pager is not None and pager.group(2) != pager.group(3)
    warning = (
        f"the page lists {pager.group(2)} of {pager.group(3)} rows; the others cannot be asked for"
        if is_cut and pager
        else ""
    )
    return replace(found, warnings=(*found.warnings, warning)) if warning else found


def _pager(part: HtmlElement) -> re.Match[str] | None:
    return MORE.search(words(part)) if "rgInfoPart" in (part.get("class") or "") else None

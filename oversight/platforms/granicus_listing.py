"""ViewPublisher.php: a view's tables of upcoming and archived meetings, whose template every tenant may rewrite.

A row is told by its links and its day, not by its classes: some tenants put the table into a page of their own.
"""

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from lxml.html import HtmlElement

from oversight.domain.feed import Feed, Request
from oversight.domain.fingerprint import digest
from oversight.domain.local_time import hour_in, in_zone
from oversight.domain.meeting_words import status_said
from oversight.domain.page import absolute, words
from oversight.domain.reading import Document, Meeting, MeetingStatus, Reading
from oversight.platforms.granicus_words import (
    AGENDA,
    MINUTES,
    VIDEO,
    meeting_id,
    read_title,
    recent,
    unnumbered_id,
    written_day,
)

OPENED = re.compile(r"""(?:open|href\s*=)\s*\(?\s*['"]([^'"]+)['"]""")
LABELS = re.compile(
    r"^(live )?(agenda|minutes?|video|audio|mp3|mp4|packet|captions|ecomment|view event|meeting( event)? page)",
    re.I,
)
UNDATED = re.compile(r"^[A-Z][a-z]{2,8}\.? \d{1,2}, \d{1,2}(:\d\d)? ?[ap]\.?m", re.I)  # a day without its year
DURATION = re.compile(r"^\d{1,3}\s*(h|hrs?|hours?|m|min)\b", re.I)
RUNNING = re.compile(r"\bin progress\b", re.I)
FILE = re.compile(r"\.(pdf|docx?)(\?|$)", re.I)
PDF = re.compile(r"\.pdf(\?|$)", re.I)
DAY_WITHIN = 12  # a cell of a day starts with it, but for the weekday
HIDDEN = "contains(translate(@style, ' ', ''), 'display:none')"
IS_ROW = "contains(concat(' ', @class, ' '), ' row ')"
ROW = f".//tr[not(.//tr)] | .//div[{IS_ROW}][not(.//tr | .//div[{IS_ROW}])]"


def read_listing(tree: HtmlElement, feed: Feed, base: str) -> Reading | None:
    """The meetings of a page's tables; None where the page has no table of meetings."""
    _show_stamps(tree)
    rows = list(_rows(tree))
    if not rows:
        return None
    found: dict[str, tuple[Meeting, tuple[Document, ...]]] = {}
    for row in rows:
        read = _read_row(row, feed, base)
        if read is not None:
            meeting, documents = _apart(read[0], found), read[1]
            of_it = tuple(replace(document, meeting_uid=meeting.uid) for document in documents)
            found.setdefault(meeting.uid, (meeting, of_it))
    meetings = [meeting for meeting, _ in found.values()]
    return Reading(
        meetings=tuple(meetings),
        documents=tuple(document for _, documents in found.values() for document in documents),
        next=tuple(question for meeting in recent(meetings) if (question := ask_for_agenda(meeting))),
    )


def ask_for_agenda(meeting: Meeting) -> Request | None:
    """The question for a meeting's agenda, or for the page of its video, which has the agenda's index."""
    addresses = (address for address in (meeting.agenda_url, meeting.video_url) if address)
    address = next((one for one in addresses if AGENDA.search(one) or meeting_id(one)), None)
    if address is None:
        return None
    revision = digest("\n".join(map(str, (meeting.body, meeting.date, meeting.starts_at, meeting.status, address))))
    return Request(address, revision=revision, again_on=meeting.date, meeting_uid=meeting.uid)


def addresses_in(element: HtmlElement, base: str) -> list[tuple[str, str]]:
    """Label and address of every link, also of those that only a script opens."""
    found = []
    for anchor in element.iter("a"):
        address = absolute(anchor.get("href"), base)
        opened = OPENED.search(anchor.get("onclick") or "") if address is None else None
        address = address or (absolute(opened.group(1), base) if opened else None)
        if address is not None:
            found.append((words(anchor), address))
    return found


def _show_stamps(tree: HtmlElement) -> None:
    """Unix times that stand hidden in front of the day become an attribute, so that they do not run into its text."""
    for element in tree.xpath(f"//span[{HIDDEN}]"):
        parent, stamp = element.getparent(), (element.text or "").strip()
        if parent is not None and stamp.isdigit():
            parent.set("data-unixtime", stamp)
            element.drop_tree()


def _rows(tree: HtmlElement) -> Iterator[HtmlElement]:
    """The rows of every table (or list of rows) that holds a meeting."""
    parents: dict[HtmlElement, bool] = {}
    rows = tree.xpath(ROW)
    for row in rows:
        table = _table_of(row)
        parents[table] = (
            parents.get(table, False) or _is_of_a_meeting(row) or "listingTable" in (table.get("class") or "")
        )
    return (row for row in rows if parents[_table_of(row)])


def _apart(meeting: Meeting, found: dict[str, tuple[Meeting, tuple[Document, ...]]]) -> Meeting:
    """The meeting under another id where a row of another day or hour has its id: clerks copy links of videos."""
    known = found[meeting.uid][0] if meeting.uid in found else meeting
    if (known.date, known.starts_at) == (meeting.date, meeting.starts_at):
        return meeting
    own = replace(meeting, uid=unnumbered_id(meeting.date, meeting.body or ""))
    known = found[own.uid][0] if own.uid in found else own
    hour = f"-{own.starts_at:%H%M}" if own.starts_at else ""
    return own if known.starts_at == own.starts_at else replace(own, uid=own.uid + hour)


def _table_of(row: HtmlElement) -> HtmlElement:
    table = next(row.iterancestors("table"), None) if row.tag == "tr" else row.getparent()
    return row if table is None else table


def _is_of_a_meeting(row: HtmlElement) -> bool:
    return any(
        meeting_id(address) or VIDEO.search(address) for _, address in addresses_in(row, "https://granicus.invalid/")
    )


def _read_row(row: HtmlElement, feed: Feed, base: str) -> tuple[Meeting, tuple[Document, ...]] | None:
    cells = [cell for cell in row if isinstance(cell.tag, str) and cell.tag in ("td", "th", "div")] or [row]
    links = addresses_in(row, base)
    dated = next((cell for cell in cells if _is_dated(cell)), None)
    identifier = meeting_id(*(address for _, address in links)) or _event_of(row)
    if dated is None and identifier is None:
        return None
    named = _name_cell(cells, dated)
    text = _dated_text(words(dated), named is None)
    name = read_title(words(named) if named is not None else text[0])
    day = name.day if name.is_sitting else written_day(text[1]) or name.day
    hour = (name.hour if name.is_sitting else None) or hour_in(text[1]) or _stamped_hour(row, day, feed) or name.hour
    uid = identifier or unnumbered_id(day, name.body)
    of = _by_kind(links)
    meeting = Meeting(
        uid=uid,
        body=name.body or None,
        date=day,
        starts_at=in_zone(day, hour, feed.timezone) if hour else None,
        timezone=feed.timezone,
        status=_status(row, cells, (named, dated)),
        url=of.get("page") or of.get("agenda") or of.get("video"),
        agenda_url=of.get("agenda"),
        minutes_url=of.get("minutes"),
        video_url=of.get("video"),
    )
    files = {address: label for label, address in links if FILE.search(address) and not VIDEO.search(address)}
    documents = [
        Document(address, label or None, "application/pdf" if PDF.search(address) else None, meeting_uid=uid)
        for address, label in files.items()
    ]
    return meeting, tuple(documents)


def _is_dated(cell: HtmlElement) -> bool:
    headers = cell.get("headers") or ""
    text = words(cell)
    starts = any(written_day(text[: end + DAY_WITHIN]) for end in (0, DAY_WITHIN))
    return "Date" in headers.split(" ")[0] or starts or (cell.tag == "div" and written_day(text) is not None)


def _name_cell(cells: list[HtmlElement], dated: HtmlElement | None) -> HtmlElement | None:
    """The cell that names the body: marked as such, or the first that is not a day, a duration or a mere label."""
    for cell in cells:
        if "Name" in (cell.get("headers") or "").split(" ")[0] or (cell.get("class") or "").split(" ")[0] == "name":
            return cell
    for cell in cells:
        text = words(cell)
        is_other = LABELS.match(text) or DURATION.match(text) or UNDATED.match(text)
        if cell is not dated and not is_other and re.search(r"[A-Za-z]{3}", text):
            return cell
    return None


def _dated_text(text: str, is_named: bool) -> tuple[str, str]:
    """Name and day of a cell that holds both (`Board of Directors on 2018-06-21 - (8:30 a.m.) Jun 21, 2018`)."""
    ending = re.search(r"\s(?P<day>[A-Z][a-z]{2,8}\.? +\d{1,2}, +\d{4}.*)$", text) if is_named else None
    return (text[: ending.start()], ending.group("day")) if ending else ("", text)


def _by_kind(links: list[tuple[str, str]]) -> dict[str, str]:
    found: dict[str, str] = {}
    for label, address in links:
        said = label.casefold()
        if AGENDA.search(address) or (said.startswith("agenda") and "packet" not in said):
            found.setdefault("agenda", address)
        elif MINUTES.search(address) or said.startswith("minute"):
            found.setdefault("minutes", address)
        elif VIDEO.search(address):
            found.setdefault("video", address)
        elif "granicus.com" not in address and not FILE.search(address):
            found["page"] = address
    return found


def _event_of(row: HtmlElement) -> str | None:
    number = next((anchor.get("data-event-id") for anchor in row.iter("a") if anchor.get("data-event-id")), None)
    return f"event-{number}" if number and number.isdigit() else None


def _stamped_hour(row: HtmlElement, day: date | None, feed: Feed) -> time | None:
    """The hour of the row's hidden time, where it is of the printed day; midnight stands for a day without an hour."""
    stamp = next((element.get("data-unixtime") for element in row.iter() if element.get("data-unixtime")), None)
    try:
        moment = datetime.fromtimestamp(int(stamp or ""), UTC).astimezone(ZoneInfo(feed.timezone or ""))
    except (ValueError, OverflowError, OSError, ZoneInfoNotFoundError):
        return None
    return moment.time() if moment.date() == day and moment.time() != time() else None


def _status(row: HtmlElement, cells: list[HtmlElement], telling: tuple[HtmlElement | None, ...]) -> MeetingStatus:
    """By the row's own words; not by its links, which may lead to a draft of the minutes."""
    said = [words(cell) for cell in cells if cell in telling or next(cell.iter("a"), None) is None]
    running = MeetingStatus.CONFIRMED if RUNNING.search(words(row)) else MeetingStatus.UNKNOWN
    return status_said(*said, otherwise=running)

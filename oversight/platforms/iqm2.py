"""IQM2 (Granicus): the calendar of the days asked about, and the outline of each meeting.

A feed's `url` is https://{client}.iqm2.com/Citizens/Calendar.aspx.
"""

import re
from dataclasses import replace
from datetime import date, time
from urllib.parse import urljoin, urlsplit

from lxml.html import HtmlElement

from oversight.domain.asked_days import is_asked
from oversight.domain.encoding import decode_document
from oversight.domain.feed import Answer, Feed, FeedState, Request
from oversight.domain.fingerprint import digest
from oversight.domain.local_time import day_in, hour_in, in_zone
from oversight.domain.meeting_words import status_said
from oversight.domain.page import absolute, parse_page, words
from oversight.domain.reading import Days, Document, Meeting, MeetingStatus, Reading, joined
from oversight.domain.refusal import refusal
from oversight.domain.window import calendar_days
from oversight.platforms import register
from oversight.platforms.iqm2_outline import read_outline

NAME = "IQM2"
HOST = re.compile(r"(?:https?://)?([a-z0-9-]+\.iqm2\.com)(?:[/?#]|$)", re.I)
ASKED = re.compile(r"[?&]From=(\d{1,2}/\d{1,2}/\d{4})&To=(\d{1,2}/\d{1,2}/\d{4})", re.I)
SHOWN = re.compile(
    r"Displaying (\d+) meetings? from (\d{1,2}/\d{1,2}/\d{4}) to (\d{1,2}/\d{1,2}/\d{4}) for All Meeting Groups", re.I
)
OPENED = re.compile(r"""["'](/Citizens/SplitView\.aspx\?[^"']+)["']""", re.I)
MIDNIGHT = time()  # stands for an hour that is not set
STATUSES = {"scheduled": MeetingStatus.CONFIRMED, "closed": MeetingStatus.PASSED}


@register("iqm2")
class Iqm2:
    """One calendar question a poll; the outline of each meeting that is not called off."""

    may_be_empty = True
    records_outcomes = True

    def recognise(self, address: str) -> str | None:
        found = HOST.match(address.strip())
        return f"https://{found.group(1).lower()}/Citizens/Calendar.aspx" if found else None

    def start(self, feed: Feed, state: FeedState) -> list[Request]:
        days = calendar_days(state)
        url = feed.url.partition("?")[0].partition("#")[0]
        if not url.casefold().endswith("calendar.aspx"):
            url = urljoin(url, "/Citizens/Calendar.aspx")
        return [Request(f"{url}?View=List&From={_american(days.first)}&To={_american(days.last)}", accept="text/html")]

    def read(self, feed: Feed, answer: Answer) -> Reading:
        kind = answer.headers.get("content-type", "")
        page = parse_page(answer.body, kind)
        base = urljoin(answer.url or feed.url, "/Citizens/")
        if _rows(page) or page.xpath("//*[contains(@id, 'lblFilterSummary') or contains(@id, 'pnlMeetings')]"):
            return _read_calendar(page, feed, answer, base)
        if page.xpath("//*[contains(@id, 'lblOutline') or contains(@id, 'lblMeetingGroup') or @id = 'MeetingDetail']"):
            return _read_detail(page, feed, answer, base)
        raise refusal(decode_document(answer.body, kind), NAME)


def _american(day: date) -> str:
    return f"{day.month}/{day.day}/{day.year}"


def _rows(page: HtmlElement) -> list[HtmlElement]:
    return list(page.find_class("MeetingRow"))


def _read_calendar(page: HtmlElement, feed: Feed, answer: Answer, base: str) -> Reading:
    rows = _rows(page)
    asked = _asked_days(answer)
    found = joined(_read_row(row, feed, base, asked) for row in rows)
    return replace(found, covers=_shown_days(page, len(rows)) or asked)


def _asked_days(answer: Answer) -> Days | None:
    return _days(ASKED.search(answer.request.url if answer.request else answer.url), 1)


def _shown_days(page: HtmlElement, count: int) -> Days | None:
    """The days that the page itself claims to show whole."""
    shown = SHOWN.search(words(page))
    return _days(shown, 2) if shown and int(shown.group(1)) == count else None


def _days(found: re.Match[str] | None, group: int) -> Days | None:
    first, last = (day_in(found.group(group + place)) for place in (0, 1)) if found else (None, None)
    return Days(first, last) if first and last else None


def _read_row(row: HtmlElement, feed: Feed, base: str, asked: Days | None) -> Reading:
    link = next(iter(row.xpath(".//a[contains(@href, 'Detail_Meeting.aspx')]")), None)
    number = re.search(r"[?&]ID=(\d+)", link.get("href", "")) if link is not None else None
    if link is None or number is None:
        return Reading(warnings=("a row of the calendar names no meeting",))
    meeting = _described(row, link, feed, number.group(1))
    files = _files(row, base)
    meeting = replace(
        meeting,
        url=absolute(link.get("href"), base),
        agenda_url=files.get("agenda") or files.get("agenda packet"),
        minutes_url=files.get("minutes") or files.get("minutes packet") or files.get("summary"),
        video_url=_video(row, base),
    )
    return Reading(
        meetings=(meeting,), documents=_documents(files, meeting.uid), next=_outline(meeting, row, asked, files)
    )


def _outline(meeting: Meeting, row: HtmlElement, asked: Days | None, files: dict[str, str]) -> tuple[Request, ...]:
    if meeting.url is None or meeting.status is MeetingStatus.CANCELLED or not is_asked(meeting.date, asked):
        return ()
    revision = digest("\n".join([*row.xpath(".//a/@title"), words(row), *files.values()]))
    return (
        Request(meeting.url, accept="text/html", revision=revision, again_on=meeting.date, meeting_uid=meeting.uid),
    )


def _described(row: HtmlElement, link: HtmlElement, feed: Feed, uid: str) -> Meeting:
    """What the row's tooltip says: a day and hour, then `Board:`, `Type:` and `Status:`, then the place."""
    lines = [" ".join(line.split()) for line in re.split(r"[\r\n]+", link.get("title", ""))]
    said = {name.strip().casefold(): rest.strip() for name, _, rest in (line.partition(":") for line in lines[1:])}
    last = max((place for place, line in enumerate(lines) if line.startswith(("Type:", "Status:"))), default=len(lines))
    details = words(next(iter(row.find_class("RowDetails")), None))
    day, hour = day_in(words(link)) or day_in(lines[0]), hour_in(words(link)) or hour_in(lines[0])
    status = said.get("status", "")
    notes = words(next(iter(row.find_class("MeetingCancelled")), None))
    return Meeting(
        uid=uid,
        body=said.get("board") or details.partition(" - ")[0] or None,
        date=day,
        starts_at=in_zone(day, hour, feed.timezone) if hour and hour != MIDNIGHT else None,
        timezone=feed.timezone,
        status=status_said(
            status, notes, said.get("type"), details, otherwise=STATUSES.get(status.casefold(), MeetingStatus.UNKNOWN)
        ),
        location=", ".join(line for line in lines[last + 1 :] if line) or None,
    )


def _files(row: HtmlElement, base: str) -> dict[str, str]:
    """The addresses of a meeting's files, by the words of their links."""
    links = row.xpath(".//a[contains(@href, 'FileOpen.aspx') or contains(@href, 'FileView.aspx')]")
    found = {words(link).casefold(): absolute(link.get("href"), base) for link in reversed(links)}
    return {name: address for name, address in reversed(found.items()) if address}


def _documents(files: dict[str, str], meeting: str) -> tuple[Document, ...]:
    return tuple(
        Document(address, name.capitalize() or None, None, meeting_uid=meeting) for name, address in files.items()
    )


def _video(row: HtmlElement, base: str) -> str | None:
    opened = OPENED.search(" ".join(row.xpath(".//a[contains(., 'Video')]/@onclick")))
    return absolute(opened.group(1), base) if opened else None


def _read_detail(page: HtmlElement, feed: Feed, answer: Answer, base: str) -> Reading:
    uid = answer.meeting_uid or _number(page, answer.url)
    files = _files(page, base)
    outside = {name: address for name, address in files.items() if name in ("agenda", "agenda packet", "minutes")}
    found = read_outline(page, uid, base)
    return replace(
        found,
        documents=(*_documents(outside, uid), *found.documents) if uid else found.documents,
        # Who asked for an outline knows the meeting from the calendar, which says more of it.
        meetings=(_headed(page, feed, uid, base),) if uid and answer.meeting_uid is None else (),
    )


def _number(page: HtmlElement, url: str) -> str | None:
    given = page.xpath("//input[contains(@id, 'txtMeetingID')]/@value")
    asked = re.search(r"[?&]ID=(\d+)", urlsplit(url).query and url, re.I)
    return str(given[0]) if given and given[0].isdecimal() else asked.group(1) if asked else None


def _headed(page: HtmlElement, feed: Feed, uid: str, base: str) -> Meeting:
    files = _files(page, base)
    group, kind, when, status = (
        words(next(iter(page.xpath(f"//*[contains(@id, 'lblMeeting{name}')]")), None))
        for name in ("Group", "Type", "Date", "Status")
    )
    day, hour = day_in(when), hour_in(when)
    return Meeting(
        uid=uid,
        body=group or None,
        date=day,
        starts_at=in_zone(day, hour, feed.timezone) if hour and hour != MIDNIGHT else None,
        timezone=feed.timezone,
        status=status_said(status, kind, otherwise=STATUSES.get(status.casefold(), MeetingStatus.UNKNOWN)),
        location=_place(page),
        url=absolute(f"Detail_Meeting.aspx?ID={uid}", base),
        agenda_url=files.get("agenda") or files.get("agenda packet"),
        minutes_url=files.get("minutes"),
    )


def _place(page: HtmlElement) -> str | None:
    """What stands below the date, before the street's own block."""
    room = page.xpath(
        "//*[contains(@id, 'lblMeetingDate')]/following-sibling::text()"
        "[not(preceding-sibling::*[contains(@class, 'MeetingAddress')])]"
    )
    street = words(next(iter(page.find_class("MeetingAddress")), None))
    return ", ".join(part for part in (" ".join("".join(room).split()), street) if part) or None

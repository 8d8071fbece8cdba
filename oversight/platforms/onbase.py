"""Hyland OnBase Agenda Online: the list of meetings on its first page, and the agenda of each.

A feed's `url` is the folder of the site, such as https://tampagov.hylandcloud.com/251agendaonline, or a search there
(.../Meetings/Search?dropid=11&dropsv={since}&dropev={until}).
"""

import json
import re
from dataclasses import replace
from datetime import time
from itertools import islice
from typing import Any
from urllib.parse import parse_qs, urlsplit

from lxml.html import HtmlElement

from oversight.domain.asked_days import beside, days_beside, is_asked
from oversight.domain.encoding import decode_document
from oversight.domain.feed import Answer, Feed, FeedState, Outcome, Request
from oversight.domain.fingerprint import digest
from oversight.domain.local_time import day_in, hour_in, in_zone, local_day
from oversight.domain.meeting_words import status_said
from oversight.domain.page import absolute, parse_page, words
from oversight.domain.reading import Days, Document, Meeting, MeetingStatus, Reading, joined
from oversight.domain.refusal import refusal
from oversight.domain.window import calendar_days
from oversight.errors import FeedError
from oversight.platforms import register
from oversight.platforms.onbase_agenda import is_agenda, read_agenda

NAME = "OnBase Agenda Online"
SITE = re.compile(
    r"https?://[^/?#]+/(?:[^/?#]+/)*?[^/?#]*agendaonline[^/?#]*(?=[/?#]|$)"
    r"|https?://[^/?#]+\.(?:hylandcloud|databankcloud)\.com/[^/?#]+"
    r"|https?://[^/?#]+/(?:[^?#]*/)?(?=(?:Meetings/(?:ViewMeeting|Search)|Documents/ViewAgenda)\b)",
    re.I,
)
RESULTS = re.compile(r"new SearchResults\(\s*(?=\{)")
TITLED = re.compile(r"(?:View|Download) (\w[\w ]*?) for (.*?) on (\d{1,2}/\d{1,2}/\d{4}[^<]*)$", re.S)
KINDS = {"1": "agenda", "2": "minutes", "3": "summary", "5": "agenda packet"}
FIRST, SECOND = (
    "Documents/ViewAgenda?meetingId={}&type=agenda&doctype=1",
    "Meetings/ViewMeetingAgenda?meetingId={}&type=1",
)
AJAX = (("X-Requested-With", "XMLHttpRequest"),)
MIDNIGHT = time()


@register("onbase")
class OnBase:
    """One list a poll; the agenda of each meeting of the days asked about that has one."""

    may_be_empty = True
    records_outcomes = False

    def recognise(self, address: str) -> str | None:
        found = SITE.match(address.strip())
        return found.group().rstrip("/") if found else None

    def start(self, feed: Feed, state: FeedState) -> list[Request]:
        days = calendar_days(state)
        since, until = (f"{day:%m/%d/%Y}" for day in (days.first, days.last))
        url = feed.url.replace("{since}", since).replace("{until}", until)
        return [Request(beside(url if "?" in url else f"{url.rstrip('/')}/", days), accept="text/html")]

    def read(self, feed: Feed, answer: Answer) -> Reading:
        kind = answer.headers.get("content-type", "")
        text = decode_document(answer.body, kind)
        page = parse_page(answer.body, kind)
        base = f"{_site(answer.url or feed.url)}/"
        if is_agenda(page):
            return _read_agenda(page, base, answer)
        found = _read_list(page, text, feed, answer, base)
        if found is None:
            return _second_try(answer, base, text)
        return found


def _read_agenda(page: HtmlElement, base: str, answer: Answer) -> Reading:
    meeting = answer.meeting_uid or _asked_meeting(answer.url)
    found = read_agenda(page, base, meeting)
    if found.items or not answer.url:
        return found
    return replace(found, documents=(Document(answer.url, "Agenda", "text/html", meeting_uid=meeting),))


def _site(url: str) -> str:
    found = SITE.match(url)
    return found.group().rstrip("/") if found else url.partition("?")[0].partition("#")[0].rstrip("/")


def _asked_meeting(url: str) -> str | None:
    asked = parse_qs(urlsplit(url).query)
    return next((asked[name][0] for name in ("meetingId", "meetingid") if name in asked), None)


def _agenda(base: str, form: str, meeting: str, revision: str | None = None) -> Request:
    return Request(
        base + form.format(meeting), accept="text/html", revision=revision, meeting_uid=meeting, headers=AJAX
    )


def _second_try(answer: Answer, base: str, text: str) -> Reading:
    """Some sites show agendas at one address and some at another: a page of errors at the first is no answer yet."""
    if answer.request is None or "/Documents/ViewAgenda?" not in answer.request.url or not answer.meeting_uid:
        raise refusal(text, NAME)
    question = replace(
        _agenda(base, SECOND, answer.meeting_uid, answer.request.revision), again_on=answer.request.again_on
    )
    return Reading(next=(question,))


def _read_list(page: HtmlElement, text: str, feed: Feed, answer: Answer, base: str) -> Reading | None:
    days = days_beside(answer)
    written = _written(text)
    if written is not None:
        return joined(_read_written(row, feed, base, days) for row in written)
    rows = page.xpath("//tr[@data-meeting-id]")
    linked: dict[str, list[HtmlElement]] = {str(row.get("data-meeting-id")): [] for row in rows}
    for link in page.xpath("//a[contains(@href, 'ViewMeeting') or contains(@href, 'meetingId=')]"):
        number = re.search(r"[?&](?:id|meetingId)=(\d+)", link.get("href", ""))
        if number:
            linked.setdefault(number.group(1), []).append(link)
    if not linked and not page.xpath("//*[@id = 'meetings-list']"):
        return None
    about = {str(row.get("data-meeting-id")): row for row in rows}
    return joined(_read_shown(uid, links, about.get(uid), feed, (base, days)) for uid, links in linked.items())


def _written(text: str) -> list[Any] | None:
    """The meetings that a script of the page carries, where it does not show them itself."""
    start = RESULTS.search(text)
    if start is None:
        return None
    try:
        parsed, _ = json.JSONDecoder(strict=False).raw_decode(text, start.end())
    except (ValueError, RecursionError) as error:
        raise FeedError(Outcome.PARSE_ERROR, f"the list of meetings is cut off: {error}"[:300]) from error
    meetings = parsed.get("Meetings") if isinstance(parsed, dict) else None
    return meetings if isinstance(meetings, list) else None


def _read_written(row: Any, feed: Feed, base: str, days: Days | None) -> Reading:
    uid = str(row.get("ID")) if isinstance(row, dict) else ""
    if not uid.isdecimal():
        return Reading(warnings=("a row of the list names no meeting",))
    name, kind, place = (_string(row, key) for key in ("Name", "MeetingTypeName", "Location"))
    when = _string(row, "TimeString") or _string(row, "Time")[:19].replace("T", " ")
    meeting = _meeting(uid, (kind or name, f"{name}\n{kind}"), when, feed)
    links = {
        said: f"{base}Meetings/ViewMeeting?id={uid}&doctype={number}"
        for number, said, key in (("1", "agenda", "Agenda"), ("2", "minutes", "Minutes"))
        if row.get(f"Is{key}Available") is True
    }
    if isinstance(row.get("Media"), dict) and row.get("HasMedia") is True:
        links["video"] = f"{base}Meetings/ViewMeeting?id={uid}&doctype={row.get('LatestDocumentType') or 1}"
    found = _with_links(replace(meeting, location=place or None), links, base, days)
    return replace(found, next=tuple(_marked(one, json.dumps(row, sort_keys=True)) for one in found.next))


def _string(row: dict[str, Any], name: str) -> str:
    value = row.get(name)
    return " ".join(value.split()) if isinstance(value, str) else ""


def _marked(question: Request, row: str) -> Request:
    return replace(question, revision=digest(row))


def _read_shown(
    uid: str, links: list[HtmlElement], row: HtmlElement | None, feed: Feed, where: tuple[str, Days | None]
) -> Reading:
    """A meeting that the page shows: its row where there is one, and what the titles of its links say."""
    base, days = where
    titled = next((said for link in links if (said := TITLED.match(link.get("title", "")[:500]))), None)
    full, when = (" ".join(titled.group(part).split()) for part in (2, 3)) if titled else ("", "")
    cells = {cell.get("data-sortable-type"): words(cell) for cell in (row.iter("td") if row is not None else ())}
    name = cells.get("mtgName") or _label(links, full)
    body = cells.get("mtgType") or full.removeprefix(name).strip() or name
    meeting = _meeting(uid, (body, f"{name}\n{full}"), cells.get("mtgTime") or when, feed)
    found = _with_links(meeting, _kinds(links, base), base, days)
    files = [link for link in links if "/documents/" in link.get("href", "").casefold()]
    addresses = dict.fromkeys(url for link in files if (url := absolute(link.get("href"), base)))
    seen = f"{cells} {full} {when} {[link.get('href') for link in links]}"
    return replace(
        found,
        documents=tuple(Document(url, _title(url), "application/pdf", meeting_uid=uid) for url in addresses),
        next=tuple(_marked(one, seen) for one in found.next),
    )


def _label(links: list[HtmlElement], full: str) -> str:
    """The meeting's name beside its links, which their titles run together with the body's."""
    for box in (box for link in links[:1] for box in islice(link.iterancestors("div"), 4)):
        for paragraph in box.iter("p"):
            said = words(paragraph)
            if said and full.startswith(said):
                return said
    return full


def _kind(url: str) -> str | None:
    asked = re.search(r"[?&](?:doctype|documentType)=(\d+)", url, re.I)
    return KINDS.get(asked.group(1)) if asked else None


def _title(url: str) -> str | None:
    return (_kind(url) or "").capitalize() or None


def _kinds(links: list[HtmlElement], base: str) -> dict[str, str]:
    found: dict[str, str] = {}
    for link in links:
        url = absolute(link.get("href"), base)
        kind = _kind(url) if url and "ViewMeeting" in url else None
        if url and kind:
            found.setdefault(kind, url)
    return found


def _meeting(uid: str, named: tuple[str, str], when: str, feed: Feed) -> Meeting:
    day, hour = day_in(when) or local_day(when), hour_in(when)
    return Meeting(
        uid=uid,
        body=named[0] or None,
        date=day,
        starts_at=in_zone(day, hour, feed.timezone) if hour and hour != MIDNIGHT else None,
        timezone=feed.timezone,
        status=status_said(named[1]),
    )


def _with_links(meeting: Meeting, links: dict[str, str], base: str, days: Days | None) -> Reading:
    meeting = replace(
        meeting,
        url=links.get("agenda") or next(iter(links.values()), None),
        agenda_url=links.get("agenda"),
        minutes_url=links.get("minutes"),
        video_url=links.get("video"),
    )
    question = replace(_agenda(base, FIRST, meeting.uid), again_on=meeting.date)
    is_off = meeting.status is MeetingStatus.CANCELLED
    wanted = "agenda" in links and not is_off and is_asked(meeting.date, days)
    return Reading(meetings=(meeting,), next=(question,) if wanted else ())

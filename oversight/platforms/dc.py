"""The District of Columbia Council's LIMS: the hearings calendar with its topics, and, with a key, its legislation.

Known from public code only (openstates-scrapers and clients of the API), not from a captured answer. The calendar,
https://lims.dccouncil.gov/Hearings/API/Public/GetHearingsCalendar, is a POST a month and needs no key. The legislation
is https://lims.dccouncil.gov/api/v2/PublicData, with a developer's key in a header.
"""

import json
from datetime import date, time, timedelta
from urllib.parse import quote

from oversight.domain.feed import Answer, Feed, FeedState, Request
from oversight.domain.local_time import day_in, in_zone
from oversight.domain.media_type import media_type_of
from oversight.domain.meeting_words import status_said
from oversight.domain.page import absolute
from oversight.domain.reading import Days, Document, Item, ItemKind, Matter, MatterStep, Meeting, Reading, joined
from oversight.domain.web_query import host_of, path_of
from oversight.domain.window import calendar_days
from oversight.platforms import register
from oversight.platforms.json_rows import Row, refused, rows, text, wall_clock
from oversight.platforms.json_values import answered, once_each, row_in, said

SITE = "https://lims.dccouncil.gov"
CALENDAR = f"{SITE}/Hearings/API/Public/GetHearingsCalendar"
LEGISLATION = f"{SITE}/api/v2/PublicData"
KEY = ("Authorization", "Bearer {DC_LIMS_KEY}")
CATEGORIES = (1, 6)  # bills and resolutions
FIRST_PERIOD = 1975  # council periods last two years; the 26th began in 2025


@register("dc")
class Dc:
    """One question a poll for each month of the calendar's window; for the key's feed, one for each kind of measure."""

    may_be_empty = True
    records_outcomes = False

    def recognise(self, address: str) -> str | None:
        if host_of(address) != "lims.dccouncil.gov":
            return None
        is_legislation = path_of(address).casefold().startswith(("/api/v2/publicdata", "/legislation"))
        return LEGISLATION if is_legislation else CALENDAR

    def start(self, feed: Feed, state: FeedState) -> list[Request]:
        if "/PublicData" in feed.url:
            period = (state.now.year - FIRST_PERIOD) // 2 + 1
            addresses = (f"{LEGISLATION}/BulkData/{category}/{period}" for category in CATEGORIES)
            return [Request(url, accept="application/json", body="{}", headers=(KEY,)) for url in addresses]
        days = calendar_days(state)
        months = dict.fromkeys(
            (day.year, day.month)
            for day in (days.first + timedelta(days=number) for number in range((days.last - days.first).days + 1))
        )
        return [Request(CALENDAR, accept="application/json", body=_month(*month)) for month in months]

    def read(self, feed: Feed, answer: Answer) -> Reading:
        parsed = answered(answer)
        listed = rows(parsed)
        if parsed not in (None, []) and not any(said(row, "hearingId", "legislationNumber") for row in listed):
            raise refused(parsed, "hearing or measure of the DC Council")
        found = joined(_hearing(row, feed) if "hearingId" in row else _measure(row, feed) for row in listed)
        return joined([found, Reading(covers=_covers(answer))])


def _month(year: int, month: int) -> str:
    return json.dumps({"month": str(month), "year": str(year), "committeeId": 0, "searchText": ""})


def _covers(answer: Answer) -> Days | None:
    """The whole month that was asked for."""
    if answer.request is None or answer.request.body is None or answer.request.url != CALENDAR:
        return None
    asked = json.loads(answer.request.body)
    first = date(int(asked["year"]), int(asked["month"]), 1)
    after = (first + timedelta(days=31)).replace(day=1)
    return Days(first, after - timedelta(days=1))


def _hearing(row: Row, feed: Feed) -> Reading:
    identifier = said(row, "hearingId")
    if identifier is None:
        return Reading(warnings=("a hearing has no id",))
    uid = f"hearing-{identifier}"
    day, hour = wall_clock(text(row, "hearingDateTime"))
    title, kind = text(row, "hearingTitle"), text(row, "hearingType")
    places = dict.fromkeys(part for part in (text(row, "location"), text(row, "locationAddress")) if part)
    url = f"{SITE}/Hearings/hearings/{identifier}"
    meeting = Meeting(
        uid=uid,
        body=title,
        date=day,
        starts_at=in_zone(day, hour, feed.timezone) if hour else None,
        timezone=feed.timezone,
        status=status_said(title, kind, text(row, "status")),
        location=", ".join(places) or None,
        url=url,
        how_to_comment=url,
    )
    topics = [topic for topic in rows(row.get("topics")) if text(topic, "topic")]
    uids = once_each(f"{uid}/{said(topic, 'hearingTopicId') or 'topic'}" for topic in topics)
    items = [_topic(topic, own, meeting, place) for place, (topic, own) in enumerate(zip(topics, uids, strict=True), 1)]
    return joined([Reading(meetings=(meeting,), documents=_witnesses(row, uid)), *items])


def _topic(topic: Row, uid: str, meeting: Meeting, sequence: int) -> Reading:
    title, file = text(topic, "topic") or "", text(topic, "legislationNumber")
    item = Item(
        uid=uid,
        kind=ItemKind.AGENDA_ITEM,
        title=title,
        text=None,
        url=_measure_url(file) if file else meeting.url,
        published=None,
        meeting_uid=meeting.uid,
        matter_file=file,
        sequence=sequence,
    )
    return Reading(items=(item,), matters=(Matter(file, title, None, None, _measure_url(file)),) if file else ())


def _witnesses(row: Row, uid: str) -> tuple[Document, ...]:
    attachment = row_in(row, "witnessListAttachment")
    identifier, name = said(attachment, "attachmentGuid"), text(attachment, "attachmentName")
    if identifier is None:
        return ()
    url = f"{SITE}/Hearings/API/Public/DownloadAttachment/{quote(identifier, errors='replace')}"
    return (Document(url, name, media_type_of(name or ""), meeting_uid=uid),)


def _measure_url(file: str) -> str:
    return f"{SITE}/Legislation/{quote(file, errors='replace')}"


def _measure(row: Row, feed: Feed) -> Reading:
    file, title = said(row, "legislationNumber"), text(row, "title")
    if file is None or title is None:
        return Reading(warnings=("a measure has no number or no title",))
    history = [step for step in rows(row.get("legislationHistory")) if text(step, "actionDescription")]
    kind = text(row, "legislationSubCategory", "legislationCategory")
    item = Item(
        uid=f"measure-{file}",
        kind=ItemKind.LEGISLATION,
        title=title,
        text=None,
        url=_measure_url(file),
        published=in_zone(_day(row, "introductionDate"), time(), feed.timezone),
        matter_file=file,
    )
    found = {absolute(text(step, "downloadURL"), f"{SITE}/"): text(step, "actionDescription") for step in history}
    return Reading(
        items=(item,),
        matters=(Matter(file, title, kind, text(row, "status"), item.url),),
        steps=_steps(history, file),
        documents=tuple(Document(url, act, media_type_of(url), item_uid=item.uid) for url, act in found.items() if url),
    )


def _day(row: Row, name: str) -> date | None:
    """A day such as `Jan 06, 2025`."""
    return day_in(text(row, name) or "")


def _steps(history: list[Row], file: str) -> tuple[MatterStep, ...]:
    uids = once_each(f"{_day(step, 'actionDate')}-{text(step, 'actionDescription')}"[:80] for step in history)
    return tuple(
        MatterStep(file, uid, _day(step, "actionDate"), None, text(step, "actionDescription") or "")
        for step, uid in zip(history, uids, strict=True)
    )

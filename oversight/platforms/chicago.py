"""Chicago's ELMS, the City Clerk's API: the calendar, the agenda of each meeting, and the matters that changed.

The API is described at https://api.chicityclerkelms.chicago.gov/swagger.json. A feed's `url` is the address of the
calendar, https://api.chicityclerkelms.chicago.gov/meeting-agenda. Times carry an offset (UTC).
"""

import re
from dataclasses import replace
from datetime import timedelta
from urllib.parse import quote

from oversight.domain.feed import Answer, Feed, FeedState, Request
from oversight.domain.local_time import local_day
from oversight.domain.media_type import media_type_of
from oversight.domain.meeting_words import status_said
from oversight.domain.page import absolute
from oversight.domain.reading import (
    Days,
    Document,
    Item,
    ItemKind,
    Matter,
    Meeting,
    MeetingStatus,
    Reading,
    joined,
)
from oversight.domain.web_query import asked, asking_instead, host_of
from oversight.domain.window import calendar_days, changed_since
from oversight.platforms import register
from oversight.platforms.chicago_matter import SITE, ZONE, files_of, matter_url, read_matter
from oversight.platforms.json_rows import Row, refused, rows
from oversight.platforms.json_values import (
    answered,
    in_local_time,
    moment_in,
    once_each,
    paragraphs,
    revision_of,
    row_in,
    said,
)

API = "https://api.chicityclerkelms.chicago.gov"
PAGE = 500
ASKED_DAYS = re.compile(r"date ge (\d{4}-\d\d-\d\d)T00:00:00Z and date lt (\d{4}-\d\d-\d\d)T")


@register("chicago")
class Chicago:
    """One calendar question and one for changed matters a poll; then each meeting's agenda and each changed matter."""

    may_be_empty = True
    records_outcomes = True

    def recognise(self, address: str) -> str | None:
        is_ours = host_of(address).removeprefix("api.") == "chicityclerkelms.chicago.gov"
        return f"{API}/meeting-agenda" if is_ours else None

    def start(self, feed: Feed, state: FeedState) -> list[Request]:
        days = calendar_days(state)
        # Six in the morning of the next day (UTC) is past midnight in Chicago all year.
        meetings = f"date+ge+{days.first}T00:00:00Z+and+date+lt+{days.last + timedelta(days=1)}T06:00:00Z"
        matters = f"lastPublicationDate+gt+{changed_since(state)}T00:00:00Z"
        return [
            _ask(f"{API}/meeting-agenda?filter={meetings}&sort=date+desc&top={PAGE}&skip=0"),
            _ask(f"{API}/matter?filter={matters}&sort=lastPublicationDate+desc&top={PAGE}&skip=0"),
        ]

    def read(self, feed: Feed, answer: Answer) -> Reading:
        parsed = answered(answer)
        if isinstance(parsed, dict) and isinstance(parsed.get("data"), list):
            listed = rows(parsed["data"])
            if parsed["data"] and not any(said(row, "meetingId", "recordNumber") for row in listed):
                raise refused(parsed, "list of ELMS")
            return joined([*(_listed(row, feed) for row in listed), _page(parsed, answer.url)])
        if not isinstance(parsed, dict) or not said(parsed, "meetingId", "recordNumber"):
            raise refused(parsed, "meeting, matter or list of ELMS")
        return _detail(parsed, feed)


def _ask(url: str, row: Row | None = None, meeting: Meeting | None = None) -> Request:
    return Request(
        url,
        accept="application/json",
        revision=None if row is None else revision_of(row),
        again_on=meeting.date if meeting else None,
        meeting_uid=meeting.uid if meeting else None,
    )


def _page(parsed: Row, url: str) -> Reading:
    """What the list says of itself: the days it covers, and whether another page follows."""
    meta, shown = row_in(parsed, "meta"), len(parsed["data"])
    skip, count = meta.get("skip"), meta.get("count")
    behind = (skip if isinstance(skip, int) else 0) + shown
    if shown and isinstance(count, int) and behind < count:
        return Reading(next=(_ask(asking_instead(url, ("skip", behind))),) if asked(url, "top") else ())
    days = ASKED_DAYS.search(asked(url, "filter") or "")
    first, after = (local_day(day) for day in days.groups()) if days and behind == shown else (None, None)
    return Reading(covers=Days(first, after - timedelta(days=1)) if first and after else None)


def _listed(row: Row, feed: Feed) -> Reading:
    """A row of a list lacks the agenda or the history, so they are asked for."""
    if not said(row, "meetingId", "recordNumber"):
        return Reading(warnings=("a row of the list is neither a meeting nor a matter",))
    found, identifier = _detail(row, feed), quote(said(row, "meetingId", "matterId") or "", errors="replace")
    if found.meetings and not found.items:
        meeting = found.meetings[0]
        return joined([found, Reading(next=(_ask(f"{API}/meeting-agenda/{identifier}", row, meeting),))])
    return found if found.meetings else joined([found, Reading(next=(_ask(f"{API}/matter/{identifier}", row),))])


def _detail(row: Row, feed: Feed) -> Reading:
    return _meeting(row, feed) if said(row, "meetingId") else read_matter(row)


def _meeting(row: Row, feed: Feed) -> Reading:
    uid = said(row, "meetingId") or ""
    zone = feed.timezone or ZONE
    starts_at = in_local_time(moment_in(said(row, "date")), zone)
    files = files_of(row.get("files"))
    meeting = Meeting(
        uid=uid,
        body=said(row, "body"),
        date=starts_at.date() if starts_at else None,
        starts_at=starts_at,
        timezone=zone,
        status=_status(row),
        location=said(row, "location"),
        url=f"{SITE}/Meeting/?meetingId={quote(uid, errors='replace')}",
        agenda_url=next((url for kind, url, _ in files if kind == "agenda"), None),
        minutes_url=next((url for kind, url, _ in files if "minutes" in kind or "journal" in kind), None),
        video_url=_video(row.get("videoLink")),
        how_to_comment=_how_to_comment(row, zone),
    )
    items = _agenda(row, uid)
    documents = (
        Document(url, name, media_type_of(url), meeting_uid=uid)
        for kind, url, name in files
        if not (items.items and kind == "agenda")  # its items were read
    )
    return joined([Reading(meetings=(meeting,), documents=tuple(documents)), items])


def _agenda(meeting: Row, meeting_uid: str) -> Reading:
    groups = rows(row_in(meeting, "agenda").get("groups"))
    listed = [row for group in groups for row in rows(group.get("items"))]
    uids = once_each(f"{meeting_uid}/{said(row, 'matterId', 'commentId', 'recordNumber') or 'item'}" for row in listed)
    found = joined(
        _agenda_item(row, uid, meeting_uid, sequence)
        for sequence, (row, uid) in enumerate(zip(listed, uids, strict=True), 1)
    )
    # A matter that is taken up twice is told the more fully the first time.
    return replace(found, matters=tuple({matter.file: matter for matter in reversed(found.matters)}.values())[::-1])


def _agenda_item(row: Row, uid: str, meeting_uid: str, sequence: int) -> Reading:
    file, url = said(row, "recordNumber"), matter_url(row)
    title = said(row, "matterTitle", "agendaItemDescription", "comment") or file
    if not title:
        return Reading(warnings=("an agenda item says nothing",))
    notes = (said(row, name) for name in ("agendaItemDescription", "comment", "actionText"))
    item = Item(
        uid=uid,
        kind=ItemKind.AGENDA_ITEM,
        title=title,
        text=paragraphs(notes, without=title),
        url=url or f"{SITE}/Meeting/?meetingId={quote(meeting_uid, errors='replace')}",
        published=None,
        meeting_uid=meeting_uid,
        matter_file=file,
        sequence=sequence,
        outcome=said(row, "actionName"),
    )
    matters = (Matter(file, title, said(row, "matterType"), None, url),) if file else ()
    return Reading(items=(item,), matters=matters)


def _status(row: Row) -> MeetingStatus:
    status = said(row, "status") or ""
    confirmed = MeetingStatus.CONFIRMED if "publish" in status.casefold() else MeetingStatus.UNKNOWN
    return status_said(status, said(row, "comment"), otherwise=confirmed)


def _how_to_comment(row: Row, zone: str) -> str | None:
    """The clerk's remark, where it is about comments; else the deadline for them."""
    remark, deadline = said(row, "comment"), in_local_time(moment_in(said(row, "publicCommentDeadline")), zone)
    if remark and "public comment" in remark.casefold():
        return remark
    return f"Written public comment until {deadline:%Y-%m-%d %H:%M}" if deadline else None


def _video(value: object) -> str | None:
    links = value if isinstance(value, list) else [value]
    return next((url for link in links if isinstance(link, str) and (url := absolute(link, SITE))), None)

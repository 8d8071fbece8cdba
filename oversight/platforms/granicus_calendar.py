"""The calendar of the websites that Granicus builds for councils (govAccess): a list of meetings, or one of them."""

import re

from lxml.html import HtmlElement

from oversight.domain.feed import Feed
from oversight.domain.local_time import day_in, hour_in, in_zone
from oversight.domain.meeting_words import status_said
from oversight.domain.page import absolute, link_in, words
from oversight.domain.reading import Meeting, Reading
from oversight.platforms.granicus_words import read_title

EVENT = re.compile(r"/Components/Calendar/Event/(?:ICalendar\?ID=)?(\d+)", re.I)


def read_calendar(tree: HtmlElement, feed: Feed, base: str) -> Reading | None:
    """The meetings of a calendar's list, or the one of an event's page; None for other pages."""
    rows = tree.xpath("//tr[td[contains(@class, 'event_title')]] | //*[ul[@class='detail-list']]")
    meetings = [meeting for row in rows if (meeting := _meeting(row, feed, base))]
    is_calendar = bool(tree.xpath("//*[contains(@class, 'events_widget')]"))
    unique = {meeting.uid: meeting for meeting in meetings}
    return Reading(meetings=tuple(unique.values())) if meetings or is_calendar else None


def _meeting(row: HtmlElement, feed: Feed, base: str) -> Meeting | None:
    links = [anchor.get("href") or "" for anchor in row.iter("a")]
    event = next((link for link in links if EVENT.search(link)), "")
    number = EVENT.search(event)
    named, dated = _part(row, "event_title", "detail-title"), _part(row, "event_datetime", "detail-list-value")
    day, hour = day_in(words(dated)), hour_in(words(dated))
    if number is None or day is None:
        return None
    return Meeting(
        uid=f"calendar-{number.group(1)}",
        body=read_title(words(named)).body or None,
        date=day,
        starts_at=in_zone(day, hour, feed.timezone) if hour else None,
        timezone=feed.timezone,
        status=status_said(words(named), words(dated)),
        location=words(_part(row, "location")) or None,
        url=None if "ICalendar" in event else absolute(event, base),
        agenda_url=link_in(_part(row, "event_agenda", "detail-agenda"), base),
        minutes_url=link_in(_part(row, "event_minutes", "detail-minutes"), base),
    )


def _part(row: HtmlElement, *names: str) -> HtmlElement | None:
    """The first element with one of the classes, or that says of itself that it is the thing."""
    for name in names:
        found = row.xpath(
            ".//*[contains(concat(' ', @class, ' '), $name) or @itemprop=$itemprop]", name=f" {name} ", itemprop=name
        )
        if found:
            return found[0]
    return None

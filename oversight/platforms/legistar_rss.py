"""Legistar's RSS (Feed.ashx): a calendar, a saved search for files, the agenda of a meeting, or one file.

Its guids end in the moment of the last change, so that every edit has a new one; the link's number stays.
"""

import re
from dataclasses import replace
from urllib.parse import parse_qs, urlsplit

from oversight.domain.feed import Answer, Feed
from oversight.domain.local_time import day_in
from oversight.domain.reading import Item, ItemKind, Matter, Meeting, Reading, joined
from oversight.platforms.legistar_site import ask_file, ask_meeting, base_of, detail_of
from oversight.platforms.legistar_words import starts_at, status_of
from oversight.platforms.rss import Rss

CHANGED = re.compile(r"-\d{4}(?:-\d\d){5}$")
TITLE = re.compile(r"^(?P<body>.*?)\s+-\s+(?P<when>\d{1,2}/\d{1,2}/\d{4}.*)$", re.S)
LABEL = re.compile(r"^([A-Z][\w .#/-]{1,30}?):(?:\s+(.*))?$")
MEETING_OF_FEED = re.compile(r"[?&]M=CalendarDetail\b.*?[?&]ID=(\d+)|[?&]ID=(\d+).*?[?&]M=CalendarDetail\b", re.I)


def read_feed(feed: Feed, answer: Answer) -> Reading:
    """An RSS feed; each of its things once, the latest said first."""
    whole = Rss().read(feed, answer)
    found = joined(_read_entry(entry, feed, answer) for entry in whole.items)
    return replace(
        found,
        items=tuple({item.uid: item for item in reversed(found.items)}.values())[::-1],
        meetings=tuple({meeting.uid: meeting for meeting in reversed(found.meetings)}.values())[::-1],
        next=tuple({request.url: request for request in reversed(found.next)}.values())[::-1],
        warnings=(*whole.warnings, *found.warnings),
    )


def _read_entry(entry: Item, feed: Feed, answer: Answer) -> Reading:
    entry = replace(entry, url=(entry.url or "").strip() or None, title=" ".join(entry.title.split()))
    kind, number = _link(entry)
    named = TITLE.match(entry.title)
    if kind == "MD" or (not kind and named):
        return _read_meeting(entry, number, named, feed, answer)
    if kind in ("LD", "L"):
        of = MEETING_OF_FEED.search(answer.url or feed.url)
        return _read_file(entry, number, f"meeting-{of.group(1) or of.group(2)}" if of else None, base_of(feed, answer))
    key = f"{kind}-{number}" if kind and number else CHANGED.sub("", entry.uid)
    return Reading(items=(replace(entry, uid=f"entry-{key or entry.title}"),))


def _link(entry: Item) -> tuple[str, str | None]:
    """What an entry's link leads to, and its number there."""
    try:
        asked = {name.upper(): values[0] for name, values in parse_qs(urlsplit(entry.url or "").query).items()}
    except ValueError:
        return "", None
    path = urlsplit(entry.url or "").path.casefold()
    kind = "MD" if "meetingdetail" in path else "LD" if "legislationdetail" in path else asked.get("M", "").upper()
    number = asked.get("ID", "")
    return kind, number if re.fullmatch(r"\d{1,12}", number) else None


def _read_meeting(entry: Item, number: str | None, named: re.Match[str] | None, feed: Feed, answer: Answer) -> Reading:
    body, when = (named["body"], named["when"]) if named else (entry.title, "")
    labels = _labels(entry.text)
    day, base = day_in(when or labels.get("meeting date", "")), base_of(feed, answer)
    hour = labels.get("meeting time") or " ".join(when.split()[1:])
    uid = f"meeting-{number or CHANGED.sub('', entry.uid) or entry.title}"
    url = detail_of("MeetingDetail", entry.url, base)
    meeting = Meeting(
        uid=uid,
        body=body or None,
        date=day,
        starts_at=starts_at(day, hour, feed.timezone)[0],
        timezone=feed.timezone,
        status=status_of(None, entry.title, entry.text),
        location=labels.get("meeting location") or None,
        url=url or entry.url,
    )
    # Each edit has a new guid, and so its meeting's agenda is asked for anew.
    return Reading(meetings=(meeting,), next=ask_meeting(url, day, uid, f"{entry.uid}\n{entry.title}", answer))


def _read_file(entry: Item, number: str | None, meeting_uid: str | None, base: str) -> Reading:
    labels = _labels(entry.text)
    file = labels.get("file #") or entry.title or None
    title = labels.get("title") or (entry.text if not labels else None) or labels.get("name") or entry.title
    outcome = labels.get("result") or labels.get("action") or labels.get("status")
    key, url = number or CHANGED.sub("", entry.uid) or entry.title, detail_of("LegislationDetail", entry.url, base)
    item = replace(
        entry,
        uid=f"{meeting_uid}-{key}" if meeting_uid else f"legislation-{key}",
        kind=ItemKind.AGENDA_ITEM if meeting_uid else ItemKind.LEGISLATION,
        title=title,
        text=labels.get("name") if labels.get("name") != title else None,
        url=url or entry.url,
        meeting_uid=meeting_uid,
        matter_file=file,
        outcome=outcome or None,
    )
    matter = Matter(file, title, labels.get("type") or None, labels.get("status") or None, item.url) if file else None
    following = () if meeting_uid else ask_file(url, entry.uid)
    return Reading(items=(item,), matters=(matter,) if matter else (), next=following)


def _labels(text: str | None) -> dict[str, str]:
    """The fields of a description, which are lines such as `Type: Ordinance`; what follows a line belongs to it."""
    labels: dict[str, str] = {}
    last = ""
    for line in (text or "").splitlines():
        label = LABEL.match(line.strip())
        if label:
            last = label.group(1).casefold()
            labels.setdefault(last, label.group(2) or "")
        elif last and line.strip():
            labels[last] = f"{labels[last]} {line.strip()}".strip()
    return labels

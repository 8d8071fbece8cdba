"""The meeting that a row of a plain page tells, where it says which body sits on which day."""

import re
from datetime import time

from oversight.domain.feed import Feed
from oversight.domain.fingerprint import digest
from oversight.domain.local_time import WRITTEN_DAY, WRITTEN_HOUR, day_in, hour_in, in_zone
from oversight.domain.meeting_words import status_said
from oversight.domain.reading import Meeting
from oversight.platforms.page_blocks import Block
from oversight.platforms.page_words import WEEKDAY, is_file, is_paper, plain_words

BODY = re.compile(
    r"\b((sub)?committees?|councils?|commission(ers)?|boards?|authority|task force|aldermen|supervisors"
    r"|selectmen|trustees|assembly|caucus)\b",
    re.I,
)
SITTING = re.compile(r"\b(meetings?|hearings?|sessions?|workshops?|retreat)\b", re.I)
OTHER_DAYS = re.compile(
    r"\b(post|publi[sc]|clos|due|open|updat|adopt|effect|fil|issu|modif|revis|award|expir|week)\w*", re.I
)
PLACE = re.compile(r"\b(location|place|venue|where|address|room)\b", re.I)
TRAILING = re.compile(
    r"[\s,:–|-]*\b(((and|&|\d{4}|upcoming|past|current|archived?|minutes|agendas?|packets?|schedules?|calendars?"
    r"|meetings?|documents|materials|videos?|recordings?)[\s,:–|-]*)+)$",
    re.I,
)
STATUS = re.compile(
    r"[\s(\[*–-]*\b(has been |is )?(cancell?ed|cancellation|postponed|rescheduled|tentative|draft)\b[\s)\]*–-]*", re.I
)
DASHED_DAY = re.compile(r"\b\d{1,2}-\d{1,2}-\d{2,4}\b")
LONGEST_NAME = 120
VIDEO = re.compile(r"\b(video|watch|recording|webcast|view event|youtube)\b", re.I)


def meeting_of(block: Block, feed: Feed) -> Meeting | None:
    """A meeting, where a row names body and day, and either an hour, a paper of it, or that it is a sitting."""
    dated = next((cell for head, cell in block.cells if day_in(cell) and not OTHER_DAYS.search(head)), "")
    day, body = day_in(dated), _body(block)
    if day is None or body is None:
        return None
    hour = hour_in(dated) or hour_in(block.text)
    papers = [link for link in block.links if is_paper(link.url, link.label)]
    if hour is None and not papers and not SITTING.search(block.text):
        return None
    urls = {name: _paper(block, name) for name in ("agenda", "packet", "minutes")}
    return Meeting(
        uid=f"meeting-{day}-{digest(plain_words(body))[:16]}",
        body=body,
        date=day,
        starts_at=in_zone(day, hour, feed.timezone) if hour and hour != time() else None,
        timezone=feed.timezone,
        status=status_said(block.text),
        location=next((cell for head, cell in block.cells if PLACE.search(head) and cell), None),
        url=next((link.url for link in block.links if not is_paper(link.url, link.label)), None),
        agenda_url=urls["agenda"] or urls["packet"],
        minutes_url=urls["minutes"],
        video_url=next((link.url for link in block.links if VIDEO.search(link.label) and not is_file(link.url)), None),
    )


def _body(block: Block) -> str | None:
    """The name of what meets: a cell's or a line's, else that of a heading above."""
    own = [cell for head, cell in block.cells if not PLACE.search(head)]
    for text in (*own, *block.headings):
        if len(text) <= LONGEST_NAME and BODY.search(text):
            name = _name(text)
            if BODY.search(name):
                return name
    return None


def _name(text: str) -> str:
    """A name without day, hour, status and the words of a list, so that it is the same when one of them changes."""
    for other in (WRITTEN_DAY, DASHED_DAY, WRITTEN_HOUR, STATUS):
        text = other.sub(" ", text)
    text = " ".join(text.split()).strip(" ,;:–|-@")
    match = TRAILING.search(text)
    shorter = text[: match.start()].strip(" ,;:–|-") if match else text
    shorter = re.sub(
        rf"^({WEEKDAY.pattern}[\s,]*|(regular|monthly|scheduled)\s+)+|\s*\(\s*\)", "", shorter, flags=re.I
    ).strip(" ,;:–|-@")
    return shorter or text


def _paper(block: Block, name: str) -> str | None:
    """The link that is called so, or whose file is."""
    named = [link.url for link in block.links if re.search(rf"\b{name}", link.label, re.I)]
    if name == "agenda":
        named.sort(key=lambda url: "packet" in url.casefold())
    filed = [link.url for link in block.links if name in link.url.casefold() and is_file(link.url)]
    return next(iter((*named, *filed)), None)

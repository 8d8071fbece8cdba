"""The normal form of everything a feed says, before it is matched or stored (SAFETY C3 to C5, D2)."""

import html
import re
import unicodedata
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from urllib.parse import urlsplit

import nh3

from oversight.domain.reading import Document, Item, Matter, MatterStep, Meeting, Reading

ITEMS_PER_FEED = 2_000
TITLE_LENGTH = 500
REASON_LENGTH = 500  # why somebody did something
FAILURE_LENGTH = 300  # why something could not be read
TEXT_LENGTH = 200_000
EXCERPT_LENGTH = 4_000
LINK_LENGTH = 2_000
WORDS_LENGTH = 200
FILE_LENGTH = 100
EARLIEST = datetime(1990, 1, 1, tzinfo=UTC)
LATEST_YEAR = 2100
LARGEST = 2**31 - 1  # what an integer of PostgreSQL holds
COMBINING_RUN = 8

# Apart from each other: a class of both is ten times as slow, and the second is hardly ever needed.
UNWANTED = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff\u200e\u200f\u061c\u202a-\u202e\u2066-\u2069]"
)
BEYOND = re.compile("[\U0001fffe-\U0010ffff]")
UNWANTED_BEYOND = re.compile(
    "[" + "".join(f"{chr(plane * 0x10000 + 0xFFFE)}{chr(plane * 0x10000 + 0xFFFF)}" for plane in range(1, 17)) + "]"
)
# The same for ASCII, in a form that is many times as fast; a tab is white space.
PLAIN = dict.fromkeys((*range(0x09), *range(0x0B, 0x20), 0x7F)) | {0x09: " "}
SPACES = re.compile(" {2,}")
HALF_PAIR = re.compile("[\ud800-\udfff]")
BLOCK_TAG = re.compile(r"<(?:/?(?:p|div|li|ul|ol|tr|td|th|table|h[1-6]|blockquote|pre|section|article)|br|hr)\b", re.I)
# One space for any white space first, so that what follows never looks at a long run twice.
BLANKS = re.compile(r"[^\S\n ][^\S\n]*| [^\S\n]+")
BLANK_LINES = re.compile(r" ?\n(?: ?\n)+ ?")


@dataclass(frozen=True)
class CleanReading:
    """A reading in normal form; `dropped` counts the items over the limit of a feed."""

    reading: Reading
    dropped: int


def clean_reading(reading: Reading, *, now: datetime) -> CleanReading:
    """Cut, clean and check everything in a reading. `now` is the moment of the fetch (UTC)."""
    items = [clean_item(item, now=now) for item in reading.items]
    items = [item for item in items if item.title or item.text]
    kept = sorted(items, key=lambda item: item.published or now, reverse=True)[:ITEMS_PER_FEED]
    wanted = {id(item) for item in kept}
    return CleanReading(
        replace(
            reading,
            items=tuple(item for item in items if id(item) in wanted),
            meetings=tuple(clean_meeting(meeting) for meeting in reading.meetings[:ITEMS_PER_FEED]),
            steps=tuple(clean_step(step) for step in reading.steps[:ITEMS_PER_FEED] if step.action and step.uid),
            documents=tuple(
                document for document in map(clean_document, reading.documents[:ITEMS_PER_FEED]) if document is not None
            ),
            matters=tuple(matter for matter in map(clean_matter, reading.matters[:ITEMS_PER_FEED]) if matter.file),
            warnings=tuple(clean_line(warning, TITLE_LENGTH) for warning in reading.warnings),
        ),
        dropped=len(items) - len(kept),
    )


def clean_item(item: Item, *, now: datetime) -> Item:
    """One item in normal form."""
    return replace(
        item,
        uid=clean_line(item.uid, LINK_LENGTH),
        title=clean_line(item.title, TITLE_LENGTH),
        text=clean_text(item.text or "", TEXT_LENGTH) or None,
        url=clean_link(item.url),
        published=clean_date(item.published, now=now),
        meeting_uid=_words(item.meeting_uid, LINK_LENGTH),
        matter_file=_words(item.matter_file, FILE_LENGTH),
        sequence=item.sequence if type(item.sequence) is int and 0 <= item.sequence <= LARGEST else None,
        outcome=_words(item.outcome, WORDS_LENGTH),
    )


def clean_matter(matter: Matter) -> Matter:
    """One matter in normal form; its file number agrees with that of its items."""
    return Matter(
        file=clean_line(matter.file, FILE_LENGTH),
        title=clean_line(matter.title, TITLE_LENGTH),
        type=_words(matter.type, WORDS_LENGTH),
        status=_words(matter.status, WORDS_LENGTH),
        url=clean_link(matter.url),
    )


def clean_step(step: MatterStep) -> MatterStep:
    """One step of a matter in normal form; its file number agrees with that of the matter."""
    return replace(
        step,
        matter_file=clean_line(step.matter_file, FILE_LENGTH),
        uid=clean_line(step.uid, LINK_LENGTH),
        date=step.date if step.date is not None and step.date.year <= LATEST_YEAR else None,
        body=_words(step.body, WORDS_LENGTH),
        action=clean_line(step.action, WORDS_LENGTH),
        outcome=_words(step.outcome, WORDS_LENGTH),
        votes=_words(step.votes, WORDS_LENGTH),
    )


def clean_document(document: Document) -> Document | None:
    """One document in normal form; None where its address is none."""
    url = clean_link(document.url)
    if url is None:
        return None
    return Document(
        url=url,
        title=_words(document.title, TITLE_LENGTH),
        media_type=_words(document.media_type, WORDS_LENGTH),
        item_uid=_words(document.item_uid, LINK_LENGTH),
        meeting_uid=_words(document.meeting_uid, LINK_LENGTH),
    )


def clean_meeting(meeting: Meeting) -> Meeting:
    """One meeting in normal form; a day after the year 2100 is a slip of the keyboard."""
    is_dated = meeting.date is not None and meeting.date.year <= LATEST_YEAR
    return replace(
        meeting,
        uid=clean_line(meeting.uid, LINK_LENGTH),
        body=_words(meeting.body, WORDS_LENGTH),
        date=meeting.date if is_dated else None,
        starts_at=meeting.starts_at if is_dated else None,
        location=_words(meeting.location, TITLE_LENGTH),
        url=clean_link(meeting.url),
        agenda_url=clean_link(meeting.agenda_url),
        minutes_url=clean_link(meeting.minutes_url),
        video_url=clean_link(meeting.video_url),
        how_to_comment=_words(meeting.how_to_comment, TITLE_LENGTH),
    )


def clean_text(text: str, limit: int) -> str:
    """Text without what no reader should see: controls, bidi overrides, lone surrogates, towers of accents."""
    text = text.replace("\r\n", "\n").replace("\r", "\n")[: limit * 2]
    if text.isascii():
        text = text.translate(PLAIN)
        text = SPACES.sub(" ", text) if "  " in text else text
    else:
        text = BLANKS.sub(" ", _short_towers(unicodedata.normalize("NFC", _wanted(text))))
    if "\n\n" in text or "\n \n" in text:
        text = BLANK_LINES.sub("\n\n", text)
    return text.strip()[:limit].rstrip()


def clean_line(text: str, limit: int) -> str:
    """Clean text on one line."""
    return " ".join(clean_text(text, limit * 2).split())[:limit].rstrip()


def clean_link(url: str | None) -> str | None:
    """The address if it is absolute, http or https, and not too long; otherwise None (SAFETY D2)."""
    url = (url or "").strip()
    if not url or len(url) > LINK_LENGTH or (not url.isascii() and _wanted(url) != url):
        return None
    try:
        parts = urlsplit(url)
        is_usable = parts.scheme in ("http", "https") and bool(parts.hostname) and parts.port != 0
    except ValueError:
        return None
    return url if is_usable and not re.search(r"[\s\x00-\x1f\x7f\\\"<>]", url) and "@" not in parts.netloc else None


def clean_date(moment: datetime | None, *, now: datetime) -> datetime | None:
    """The moment if it can be true of something already published; otherwise None (SAFETY C5)."""
    if moment is None or moment.tzinfo is None:
        return None
    return moment if EARLIEST <= moment <= now + timedelta(hours=24) else None


def text_of_html(markup: str) -> str:
    """The words of a piece of HTML, one line for each block; scripts and styles leave nothing behind."""
    if "<" not in markup and "&" not in markup:
        return markup
    whole = HALF_PAIR.sub("", markup[: TEXT_LENGTH * 4])  # nh3 takes only what UTF-8 can say
    broken = BLOCK_TAG.sub(lambda match: "\n" + match.group(), whole)
    return html.unescape(nh3.clean(broken, tags=set(), attributes={}))


def _wanted(text: str) -> str:
    text = UNWANTED.sub("", text)
    return UNWANTED_BEYOND.sub("", text) if BEYOND.search(text) else text


def _words(text: str | None, limit: int) -> str | None:
    return (clean_line(text, limit) or None) if text else None


def _short_towers(text: str) -> str:
    if not any(map(unicodedata.combining, set(text))):
        return text
    run = 0
    kept = []
    for character in text:
        run = run + 1 if unicodedata.combining(character) else 0
        if run <= COMBINING_RUN:
            kept.append(character)
    return "".join(kept)

"""What a CivicClerk meeting is about: its agenda as a tree, as plain text, or as the bookmarks of its video."""

import re
from collections.abc import Iterator
from dataclasses import replace

from oversight.domain.cleaning import text_of_html
from oversight.domain.feed import Answer, Outcome, Request
from oversight.domain.fingerprint import digest
from oversight.domain.page import absolute
from oversight.domain.reading import Document, Item, ItemKind, Matter, Reading, joined
from oversight.errors import FeedError
from oversight.platforms.civicclerk_site import Site, agenda_file, file_url
from oversight.platforms.json_rows import Row, number, rows, text

DEEPEST = 20
NUMBERS = (("resolutionFormattedNumber", "Resolution"), ("ordinanceFormattedNumber", "Ordinance"))
PLACEHOLDER = re.compile(r"select meeting files|view meeting materials", re.I)
OUTLINE = re.compile(r"^\s*(?:\d{1,3}(?:\.\d{1,3})*|[A-Za-z]|[IVXL]{1,6})[.)]\s+(\S.*)$")
PAGE_NUMBER = re.compile(r"^\s*page \d+( of \d+)?\s*$", re.I)
FEWEST_LINES = 3


def read_agenda(parsed: Row, answer: Answer, site: Site) -> Reading:
    """One agenda as the API tells it; where it has no items, the text of its published file is asked for."""
    branches = list(_walk(rows(parsed["items"])))
    event = next((number(row, "eventId") for row in (parsed, *branches) if number(row, "eventId")), None)
    meeting_uid = answer.meeting_uid or (f"event-{event}" if event else None)
    found = joined(_read_item(row, place, meeting_uid, site) for place, row in enumerate(branches, 1))
    return found if found.items else replace(found, next=_text_instead(parsed, answer, site))


def read_bookmarks(parsed: Row, site: Site) -> Reading:
    """The recording of one meeting, with the items that its video is cut into."""
    event = number(parsed, "id")
    uid = f"event-{event}" if event else None
    video = absolute(text(parsed, "videoUrl", "externalVideoUrl"), site.portal)
    marks = [row for row in rows(parsed["eventBookmarks"]) if text(row, "markerTitle", "markerText")]
    return Reading(
        items=tuple({item.uid: item for item in (_bookmark(row, uid, site) for row in marks)}.values()),
        documents=(Document(video, text(parsed, "defaultFileName"), None, meeting_uid=uid),) if video else (),
    )


def read_plain_agenda(answer: Answer, document: str) -> Reading:
    """The text that the platform makes of an agenda's PDF: an item for each numbered line, with what follows it."""
    if document.startswith("<") or "\0" in document or "agenda" not in document.casefold():
        raise FeedError(Outcome.NOT_A_FEED, "the answer is neither JSON nor the text of an agenda")
    items = list(_numbered(document, answer.meeting_uid))
    if len(items) < FEWEST_LINES:
        raise FeedError(Outcome.NOT_A_FEED, "the answer is a text without the numbered lines of an agenda")
    unique = {item.uid: item for item in reversed(items)}
    return Reading(items=tuple(reversed(unique.values())))


def _walk(branches: list[Row]) -> Iterator[Row]:
    """Every item in the order of the agenda, without recursion and not deeper than an agenda can be."""
    waiting = [(row, 0) for row in reversed(branches)]
    while waiting:
        row, depth = waiting.pop()
        yield row
        if depth < DEEPEST:
            waiting += [(child, depth + 1) for child in reversed(rows(row.get("childItems")))]


def _read_item(row: Row, sequence: int, meeting_uid: str | None, site: Site) -> Reading:
    title = " ".join(text_of_html(text(row, "agendaObjectItemName") or "").split())
    identifier = number(row, "id")
    body = [
        text_of_html(text(row, name) or "") for name in ("agendaObjectItemDescription", "agendaObjectItemHtmlContent")
    ]
    body = [part.strip() for part in dict.fromkeys(body) if part.strip() and part.strip() != title]
    uid = f"item-{identifier}"
    documents = tuple(_attachments(row, uid, site))
    is_heading = row.get("isSection") in (1, True) and not body and not documents
    if not title or identifier is None or is_heading or PLACEHOLDER.search(title):
        return Reading()
    file, kind = next(((text(row, name), kind) for name, kind in NUMBERS if text(row, name)), (None, None))
    item = Item(
        uid=uid,
        kind=ItemKind.AGENDA_ITEM,
        title=title,
        text="\n\n".join(body) or None,
        url=site.page(meeting_uid),
        published=None,
        meeting_uid=meeting_uid,
        matter_file=file,
        sequence=sequence,
        outcome=_outcome(row),
    )
    return Reading((item,), matters=(Matter(file, title, kind, None),) if file else (), documents=documents)


def _outcome(row: Row) -> str | None:
    """What the last vote came to; an item's own `passFail` is 0 as well where nothing was voted on."""
    votes = [vote.get("passFail") for vote in rows(row.get("minutesItemVotes"))]
    last = votes[-1] if votes else None
    return {1: "Pass", 0: "Fail"}.get(last) if type(last) is int else None


def _attachments(row: Row, uid: str, site: Site) -> Iterator[Document]:
    """Attachments by their lasting address: the one in the answer carries a signature that ends after days."""
    for file in rows(row.get("attachmentsList")):
        identifier = number(file, "id")
        if file.get("isPublished") is False or file.get("isDeleted") is True:
            continue
        lasting = f"{site.api}/Meetings/GetAttachmentFile(fileId={identifier})" if site.client and identifier else None
        address = lasting or absolute(text(file, "pdfVersionFullPath", "mediaFullPath"), site.api)
        if address:
            yield Document(address, text(file, "fileName"), text(file, "contentType"), uid)


def _text_instead(parsed: Row, answer: Answer, site: Site) -> tuple[Request, ...]:
    address = file_url(agenda_file(rows(parsed.get("publishedFiles"))), site, plain=True)
    if address is None:
        return ()
    again_on = answer.request.again_on if answer.request else None
    # The file's number changes with its content, so the address is revision enough.
    question = site.ask(address)
    return (replace(question, revision=digest(address), again_on=again_on, meeting_uid=answer.meeting_uid),)


def _bookmark(row: Row, meeting_uid: str | None, site: Site) -> Item:
    title = " ".join(text_of_html(text(row, "markerTitle", "markerText") or "").split())
    whole = text_of_html(text(row, "markerText") or "").strip()
    return Item(
        uid=f"item-{number(row, 'agendaObjectItemId')}" if number(row, "agendaObjectItemId") else digest(title),
        kind=ItemKind.AGENDA_ITEM,
        title=title,
        text=whole if whole and " ".join(whole.split()) != title else None,
        url=site.page(meeting_uid),
        published=None,
        meeting_uid=meeting_uid,
        sequence=number(row, "sortorder"),
    )


def _numbered(document: str, meeting_uid: str | None) -> Iterator[Item]:
    """Items by their words: their numbers move when the clerk adds one."""
    blocks: list[list[str]] = []
    for line in document.splitlines():
        start = OUTLINE.match(line)
        if start:
            blocks.append([start.group(1).strip()])
        elif blocks and line.strip() and not PAGE_NUMBER.match(line):
            blocks[-1].append(line.strip())
    for sequence, block in enumerate(blocks, 1):
        yield Item(
            uid=f"{meeting_uid or 'agenda'}-{digest(' '.join(block[0].casefold().split()))[:16]}",
            kind=ItemKind.AGENDA_ITEM,
            title=block[0],
            text="\n".join(block) if len(block) > 1 else None,
            url=None,
            published=None,
            meeting_uid=meeting_uid,
            sequence=sequence,
        )

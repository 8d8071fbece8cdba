"""The agenda that PrimeGov publishes as a page: its items, their files, and what was decided where the page says so."""

import re
from collections.abc import Iterator

from lxml.html import HtmlElement

from oversight.domain.feed import Answer, Feed, Outcome
from oversight.domain.page import absolute, parse_page, text_of, words
from oversight.domain.reading import Document, Item, ItemKind, Matter, Reading, joined
from oversight.errors import FeedError

ITEM = re.compile(r"AgendaItem_(\d+)")
FILE = re.compile(r"[A-Z]{0,4}[ -]?\d{2,4}-\d{2,6}(-[A-Z]?\d{1,4})*", re.I)
DISTRICT = re.compile(r"CD \d{1,2}")
DECIDED = re.compile(r"([A-Z]{4,}(?: [A-Z]{2,})*)\b.*\(\d+\)\s*yes", re.I | re.S)
DECISION_WORD = re.compile(r"[A-Z]{4,}(?: [A-Z]{2,})*\b")
VIEWER = re.compile(r"(^|/)viewer([?/]|$)", re.I)
FILES = re.compile(r"historyattachment|/meeting/(attachment|document)/|\.(pdf|docx?|xlsx?|pptx?)(\?|$)", re.I)


def read_agenda(feed: Feed, answer: Answer) -> Reading:
    """The items of one agenda page; raises FeedError where the page is none of PrimeGov's agendas."""
    tree = parse_page(answer.body, answer.headers.get("content-type", ""))
    marked = [element for element in tree.iter("div") if ITEM.fullmatch(element.get("id") or "")]
    if not marked and tree.find(".//*[@id='MeetingContents']") is None:
        raise FeedError(Outcome.NOT_A_FEED, "the page is no agenda: it has neither items nor the contents of a meeting")
    meeting_uid = answer.meeting_uid or _meeting_uid(tree)
    page = answer.url if "/portal/meeting" in answer.url.casefold() else None
    base = answer.url or feed.url
    areas = {element.get("id"): element for element in tree.iter("div") if element.get("id")}
    unique = {element.get("id"): element for element in marked}
    found = joined(
        _read_item(element, (sequence, meeting_uid, page), areas, base)
        for sequence, element in enumerate(unique.values(), 1)
    )
    warnings = () if found.items else ("the agenda page lists no items",)
    return Reading(found.items, (), found.matters, (), found.documents, (), warnings)


def _meeting_uid(tree: HtmlElement) -> str | None:
    """A stored page says in its sections which meeting it is of."""
    for element in tree.iter("div"):
        identifier = element.get("data-meetingid") or ""
        if identifier.isascii() and identifier.isdigit():
            return f"meeting-{identifier}"
    return None


def _read_item(
    element: HtmlElement, known: tuple[int, str | None, str | None], areas: dict[str | None, HtmlElement], base: str
) -> Reading:
    sequence, meeting_uid, page = known
    identifier = (element.get("id") or "").removeprefix("AgendaItem_")
    uid = f"item-{identifier}"
    lines = text_of(element).split("\n")
    file = lines.pop(0) if element.find_class("forcepopulate") and FILE.fullmatch(lines[0]) else None
    lines = [line for line in lines if line.strip() and not DISTRICT.fullmatch(line)]
    decision = _decision(element)
    body = [*lines, *([decision] if decision else [])]
    if not lines:
        return Reading()
    item = Item(
        uid=uid,
        kind=ItemKind.AGENDA_ITEM,
        title=lines[0],
        text="\n".join(body) if len(body) > 1 else None,
        url=f"{page}#AgendaItem_{identifier}" if page else None,
        published=None,
        meeting_uid=meeting_uid,
        matter_file=file,
        sequence=sequence,
        outcome=_outcome(decision),
    )
    area = areas.get(f"agenda_item_area_{identifier}")
    return Reading(
        items=(item,),
        matters=(Matter(file, lines[0], None, None, item.url),) if file else (),
        documents=tuple(_documents(area, uid, base)),
    )


def _decision(element: HtmlElement) -> str | None:
    """What the clerk wrote after the vote: a block of that name, or one between the item and its files."""
    holder = next((above for above in element.iterancestors("div") if "meeting-item" in above.classes), element)
    said = next((words(block) for block in holder.find_class("voteResult") if words(block)), None)
    after = element.getnext()
    if said is None and after is not None and after.tag == "div" and "item_contents" not in after.classes:
        said = words(after) if DECIDED.match(words(after)) else None
    return said


def _outcome(decision: str | None) -> str | None:
    match = DECISION_WORD.match(decision or "")
    return match.group() if match else decision


def _documents(area: HtmlElement | None, uid: str, base: str) -> Iterator[Document]:
    """Each file has two links: one opens a viewer, the other is the file."""
    seen = set()
    for link in area.iter("a") if area is not None else ():
        href = link.get("href") or ""
        address = absolute(href, base)
        if address is None or address in seen or VIEWER.search(href) or not FILES.search(href):
            continue
        seen.add(address)
        title = words(link) or (link.get("title") or "").removeprefix("Download ").strip() or None
        yield Document(address, title, "application/pdf" if re.search(r"\.pdf(\?|$)", href, re.I) else None, uid)

"""An agenda of Hyland OnBase Agenda Online: an outline of sections and items, or a document with bookmarks."""

import re
from collections.abc import Iterator

from lxml.html import HtmlElement

from oversight.domain.marked_page import Piece, pieces
from oversight.domain.reading import Item, ItemKind, Matter, Reading

CALL = re.compile(r"loadAgendaItem\(\s*(\d+)")
MARK = re.compile(r"[IS]\d+")
PRINTED = re.compile(
    r"\b(?:(?:Communication|Case)\b[.:#\s]*|(?:File|Resolution|Ordinance)(?:\s+(?:No\.?|Number)\s*:?|:|\s*#))\s*"
    r"([A-Z0-9][A-Z0-9/-]*\d[A-Z0-9/-]*)",
    re.I,
)


def is_agenda(page: HtmlElement) -> bool:
    """Whether a page is an agenda of one of the two forms, even one with no items in it."""
    return bool(
        page.xpath("//*[contains(@class, 'accessible-section') or contains(@class, 'accessible-item')]")
        or page.xpath("//a[contains(@href, 'loadAgendaItem(')]")
        or page.xpath("//meta[@name = 'generator' and contains(@content, 'Aspose.Words')]")
    )


def read_agenda(page: HtmlElement, base: str, meeting: str | None) -> Reading:
    """The items of an agenda; its sections are headings only."""
    found: dict[str, tuple[str, str | None]] = {}
    for number, title, text in (*_outlined(page), *_bookmarked(page)):
        if title:
            found.setdefault(number, (title, text))
    numbered = enumerate(found.items(), 1)
    items = tuple(_item(number, said, base, (meeting, place)) for place, (number, said) in numbered)
    matters = {item.matter_file: Matter(item.matter_file, item.title, None, None) for item in items if item.matter_file}
    return Reading(items=items, matters=tuple(matters.values()))


def _outlined(page: HtmlElement) -> Iterator[tuple[str, str, str | None]]:
    for link in page.xpath("//*[contains(@class, 'accessible-item ')]//a[contains(@onclick, 'loadAgendaItem')]"):
        number = CALL.search(link.get("onclick", ""))
        said = next(iter(link.find_class("accessible-item-text")), link)
        if number:
            written = [" ".join(line.split()) for line in said.text_content().split("\n")]
            title, *rest = [line for line in written if line] or [""]
            yield number.group(1), title, "\n".join(rest) or None


def _bookmarked(page: HtmlElement) -> Iterator[tuple[str, str, str | None]]:
    for part in pieces(page, MARK, in_table=True):
        if part.mark.startswith("I"):
            yield part.mark[1:], *_said(part)


def _said(part: Piece) -> tuple[str, str | None]:
    """The words of the item's link are its title; what goes with them follows, often on the same line."""
    lines = part.lines
    title = next((said for href, said in part.links if CALL.search(href)), "") or next(iter(lines), "")
    if lines and lines[0].startswith(title):
        lines[0] = lines[0].removeprefix(title).strip()
    return title, "\n".join(line for line in lines if line) or None


def _item(number: str, said: tuple[str, str | None], base: str, where: tuple[str | None, int]) -> Item:
    meeting, place = where
    title, text = said
    printed = PRINTED.search(title)
    address = f"{base}Meetings/ViewMeetingAgendaItem?meetingId={meeting}&itemId={number}&isSection=false&type=agenda"
    return Item(
        uid=number,
        kind=ItemKind.AGENDA_ITEM,
        title=title,
        text=text,
        url=address if meeting else None,
        published=None,
        meeting_uid=meeting,
        matter_file=printed.group(1) if printed else None,
        sequence=place,
    )

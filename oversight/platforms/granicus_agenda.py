"""AgendaViewer.php and MinutesViewer.php as pages: numbered items, their papers, and what was moved.

Each tenant designs the template. Granicus's own marks in it are links with a meta_id: to the video at an item, and to
MetaViewer.php for each paper; the number of an item stands in a cell of its own.
"""

import re
from dataclasses import dataclass, field

from lxml import etree
from lxml.html import HtmlElement

from oversight.domain.feed import Answer, Feed
from oversight.domain.local_time import day_in, hour_in, in_zone
from oversight.domain.meeting_words import status_said
from oversight.domain.page import BLOCKS, absolute, words
from oversight.domain.reading import Document, Item, ItemKind, Meeting, Reading
from oversight.platforms.granicus_player import file_number, matters_of, media_type
from oversight.platforms.granicus_words import AGENDA, MINUTES, meeting_id, read_title

NUMBER = re.compile(r"^\(?(\d{1,3}|[A-Z]{1,2}|[IVXLC]{1,6})([.\-]?(\d{1,3}|[A-Z]{1,2}))*(?P<mark>[.):]*)$", re.I)
SECTION = re.compile(r"^\(?(?:\d{1,3}|[IVX]+)[.):]*$")
PAPER = re.compile(r"/MetaViewer\.php|/CoverSheet|\.(?:pdf|docx?)(?:\?|$)", re.I)
META = re.compile(r"[?&]meta_id=(\d+)", re.I)
DECIDED = re.compile(r"\bmo(?:tion|ved)\b[^\n]{0,400}?\b((?:carried|passed|failed|defeated)(?: unanimously)?)\b", re.I)


@dataclass
class Part:
    """What stands between one item's number and the next: while the page is walked, it grows."""

    number: str
    meta: str | None = None
    address: str | None = None
    title: list[str] = field(default_factory=list)
    text: list[str] = field(default_factory=list)
    papers: dict[str, str] = field(default_factory=dict)


def is_agenda(tree: HtmlElement) -> bool:
    """Whether the page is an agenda: it links to papers or moments of single items."""
    return any(META.search(anchor.get("href") or "") for anchor in tree.iter("a"))


def read_agenda(tree: HtmlElement, feed: Feed, answer: Answer) -> Reading:
    """The items of an agenda or of minutes, with the papers of each."""
    addresses = [anchor.get("href") for anchor in tree.iter("a")]
    uid = answer.meeting_uid or meeting_id(answer.url) or meeting_id(*addresses)
    head, *parts = _walk(tree, answer.url or feed.url)
    items, papers = _items(parts, uid, answer.url or None)
    of_all = (Document(at, label or None, media_type(at), meeting_uid=uid) for at, label in head.papers.items())
    return Reading(
        items=items,
        meetings=(_meeting(tree, head, uid, feed, answer.url),) if uid and answer.meeting_uid is None else (),
        matters=matters_of(items),
        documents=(*of_all, *papers),
    )


def _meeting(tree: HtmlElement, head: Part, uid: str, feed: Feed, address: str) -> Meeting:
    heading = words(next(tree.iter("title"), None))
    title, top = read_title(heading), _lines(head.text)
    day, hour = title.day or day_in(top), title.hour or hour_in(top)
    return Meeting(
        uid=uid,
        body=title.body or None,
        date=day,
        starts_at=in_zone(day, hour, feed.timezone) if hour else None,
        timezone=feed.timezone,
        status=status_said(heading),
        url=address or None,
        agenda_url=address if AGENDA.search(address) else None,
        minutes_url=address if MINUTES.search(address) else None,
    )


def _items(parts: list[Part], uid: str | None, page: str | None) -> tuple[tuple[Item, ...], list[Document]]:
    found: dict[str, Item] = {}
    papers: list[Document] = []
    section = ""
    for part in parts:
        if SECTION.match(part.number):
            section = part.number
        title, _, rest = _lines(part.title).partition("\n")
        if not re.search(r"[^\W_]", title):
            continue
        text = "\n".join(line for line in (rest, _lines(part.text)) if line)
        path = part.number if part.number == section else f"{section}{part.number}"
        identifier = _unique(f"item-{part.meta}" if part.meta else f"item-{uid}-{path.strip('.')}", found)
        decided = DECIDED.search(text)
        found[identifier] = Item(
            uid=identifier,
            kind=ItemKind.AGENDA_ITEM,
            title=title,
            text=text or None,
            url=part.address or page,
            published=None,
            meeting_uid=uid,
            matter_file=file_number(title),
            sequence=len(found) + 1,
            outcome=decided.group(1) if decided else None,
        )
        papers += [
            Document(at, label or None, media_type(at), item_uid=identifier) for at, label in part.papers.items()
        ]
    return tuple(found.values()), papers


def _unique(identifier: str, known: dict[str, Item]) -> str:
    """The number again, where a page counts its items from one a second time."""
    number = next(number for number in range(1, len(known) + 2) if _nth(identifier, number) not in known)
    return _nth(identifier, number)


def _nth(identifier: str, number: int) -> str:
    return identifier if number == 1 else f"{identifier}-{number}"


def _lines(parts: list[str]) -> str:
    lines = (" ".join(line.split()) for line in "".join(parts).split("\n"))
    return "\n".join(line for line in lines if line)


@dataclass
class Marks:
    """Where an item begins, which elements are titles, and which links are papers (address and label)."""

    begins: dict[HtmlElement, Part] = field(default_factory=dict)
    titles: dict[HtmlElement, Part] = field(default_factory=dict)
    papers: dict[HtmlElement, tuple[str, str]] = field(default_factory=dict)

    def meaning_of(self, element: HtmlElement) -> str | None:
        """To what the words inside the element belong; None where it makes no difference."""
        if element in self.titles:
            return "title"
        return "nothing" if element in self.begins or element in self.papers or element.tag == "title" else None


def _walk(tree: HtmlElement, base: str) -> list[Part]:
    """What stands before the first item, then each item, in the page's order."""
    marks, parts, inside = _marks(tree, base), [Part("")], [(tree, "text")]
    for event, element in etree.iterwalk(tree, events=("start", "end")):
        if not isinstance(element.tag, str):
            continue
        if event == "start":
            _begin(element, marks, parts, inside)
            _say(parts[-1], inside[-1][1], element, element.text)
        elif element is not tree:
            if inside[-1][0] is element:
                inside.pop()
            _say(parts[-1], inside[-1][1], element, element.tail)
    return parts


def _begin(element: HtmlElement, marks: Marks, parts: list[Part], inside: list[tuple[HtmlElement, str]]) -> None:
    if element in marks.begins:
        parts.append(marks.begins[element])
    if element in marks.papers:
        # An icon without a name stands before the named link to the same paper.
        address, label = marks.papers[element]
        parts[-1].papers[address] = parts[-1].papers.get(address) or label
    where = marks.meaning_of(element)
    if where is not None:
        inside.append((element, where))


def _say(part: Part, where: str, element: HtmlElement, text: str | None) -> None:
    if where != "nothing":
        said = ("\n" if element.tag in BLOCKS else "") + (text or "").replace("\n", " ")
        (part.title if where == "title" else part.text).append(said)


def _marks(tree: HtmlElement, base: str) -> Marks:
    marks = Marks()
    for row in tree.xpath(".//tr[not(.//tr)]"):
        cells = [cell for cell in row.iterchildren("td", "th") if words(cell)]
        if len(cells) > 1 and _is_number(cells[0], row):
            marks.begins[cells[0]] = marks.titles[cells[1]] = Part(words(cells[0]))
    for anchor in tree.iter("a"):
        href = re.sub(r"^.*/(?=https?://)", "", anchor.get("href") or "")
        address = absolute(href, base)
        owner = next((marks.titles[parent] for parent in anchor.iterancestors() if parent in marks.titles), None)
        if address and PAPER.search(address):
            marks.papers[anchor] = (address, words(anchor))
        elif owner is None and _is_item(anchor):
            marks.begins[anchor] = marks.titles[anchor] = Part("", _meta(href), address)
        elif owner is not None and owner.meta is None and _meta(href):
            owner.meta, owner.address = _meta(href), address
    return marks


def _is_item(anchor: HtmlElement) -> bool:
    is_marked = "Agenda" in (anchor.get("class") or "").split() or (anchor.get("name") or "").startswith("agenda")
    return is_marked and bool(words(anchor))


def _is_number(cell: HtmlElement, row: HtmlElement) -> bool:
    found = NUMBER.match(words(cell))
    if found is None:
        return False
    is_marked = "number" in (cell.get("class") or "") or any(_is_item(anchor) for anchor in row.iter("a"))
    return bool(found["mark"].strip(":")) or is_marked


def _meta(href: str) -> str | None:
    found = META.search(href)
    return found.group(1) if found else None

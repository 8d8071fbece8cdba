"""The outline on the page of one IQM2 meeting: a table with a row for each heading, item, note, vote and file."""

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from itertools import pairwise

from lxml.html import HtmlElement

from oversight.domain.fingerprint import digest
from oversight.domain.local_time import day_in
from oversight.domain.page import absolute, words
from oversight.domain.reading import Document, Item, ItemKind, Matter, Reading

ITEM_LINK = re.compile(r"Detail_(?:LegiFile|Motion)\.aspx\?(?:[^#]*&)?ID=(\d+)", re.I)
FILE_LINK = re.compile(r"File(?:Open|View)\.aspx", re.I)
PRINTED = re.compile(
    r"(?!(?:19|20)\d\d\s*[:/]|\d{1,3}\s*[:/]|(?:agenda|district|exhibit|item|part|phase|section|ward)\b)"
    r"((?:[A-Za-z]{2,12}\.?\s){0,2}(?:[A-Za-z]{1,6}[-.]){0,2}[A-Za-z]{0,5}\d[\w.-]*(?:\s#?\d[\w-]*)?)\s*[:/]\s+\S",
    re.I,
)
RESULT = re.compile(r"\bRESULT:\s*([A-Z][A-Z ,/&-]*[A-Z])\b")


@dataclass
class Line:
    """One row of the outline that names something; `depth` is the number of cells before its own."""

    depth: int
    title: str
    is_strong: bool
    number: str | None = None
    url: str | None = None
    notes: list[str] = field(default_factory=list)
    outcome: str | None = None
    files: list[tuple[str, str]] = field(default_factory=list)


def read_outline(page: HtmlElement, meeting: str | None, base: str) -> Reading:
    """The items of an outline, the matters they are about and their files. A heading with lines below it is no item."""
    found = _lines(page, base)
    wanted = [line for line, after in pairwise([*found, None]) if line is not None and not _is_heading(line, after)]
    uids = list(_uids(wanted, meeting))
    page_url = absolute(f"Detail_Meeting.aspx?ID={meeting}", base) if meeting else None
    numbered = enumerate(zip(wanted, uids, strict=True), 1)
    items = [_item(line, uid, place, meeting) for place, (line, uid) in numbered]
    return Reading(
        items=tuple(replace(item, url=item.url or page_url) for item in items),
        matters=tuple(Matter(item.matter_file, item.title, None, None, item.url) for item in items if item.matter_file),
        documents=tuple(
            Document(address, title or None, None, item_uid=uid, meeting_uid=meeting)
            for line, uid in zip(wanted, uids, strict=True)
            for address, title in line.files
        ),
    )


def _is_heading(line: Line, after: Line | None) -> bool:
    return line.is_strong and line.url is None and after is not None and after.depth > line.depth


def _lines(page: HtmlElement, base: str) -> list[Line]:
    found: list[Line] = []
    for row in page.xpath("//table[@id = 'MeetingDetail'][1]/tr | //table[@id = 'MeetingDetail'][1]/*/tr"):
        title = next(iter(row.xpath("./td[contains(concat(' ', @class, ' '), ' Title ')]")), None)
        if title is None:
            if found:
                _add_note(found[-1], row)
            continue
        line = _line(row, title, base)
        file = next((link for link in title.iter("a") if FILE_LINK.search(link.get("href") or "")), None)
        if file is not None and line.url is None and found:
            address = absolute(file.get("href"), base)
            found[-1].files += [(address, words(file))] if address else []
        elif line.title:
            found.append(line)
    return found


def _line(row: HtmlElement, title: HtmlElement, base: str) -> Line:
    link = next((one for one in title.iter("a") if ITEM_LINK.search(one.get("href") or "")), None)
    number = ITEM_LINK.search(link.get("href", "")) if link is not None else None
    return Line(
        depth=len(title.xpath("preceding-sibling::td")),
        title=words(title),
        is_strong=title.find(".//strong") is not None,
        number=number.group(1) if number else None,
        url=absolute(link.get("href"), base) if link is not None else None,
    )


def _add_note(line: Line, row: HtmlElement) -> None:
    said = words(row)
    result = RESULT.search(said)
    if result:
        line.outcome = result.group(1)
    elif said:
        line.notes.append(said)


def _uids(lines: list[Line], meeting: str | None) -> Iterator[str]:
    """The file's number within its meeting; a line without a file is told by its words, and by how often they came."""
    seen: Counter[str] = Counter()
    for line in lines:
        name = line.number or digest(line.title)[:16]
        seen[name] += 1
        yield "-".join(part for part in (meeting, name, str(seen[name]) if seen[name] > 1 else None) if part)


def _item(line: Line, uid: str, place: int, meeting: str | None) -> Item:
    printed = PRINTED.match(line.title) if line.number else None
    file = " ".join(printed.group(1).split()) if printed else None
    return Item(
        uid=uid,
        kind=ItemKind.AGENDA_ITEM,
        title=line.title,
        text="\n\n".join(line.notes) or None,
        url=line.url,
        published=None,
        meeting_uid=meeting,
        matter_file=file if file and not day_in(file) else None,
        sequence=place,
        outcome=line.outcome,
    )

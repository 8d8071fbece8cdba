"""Legistar's public pages about files: the results of a search, and one file with its text and its history."""

import re
from datetime import date, time

from lxml.html import HtmlElement

from oversight.domain.feed import Answer, Feed
from oversight.domain.fingerprint import digest
from oversight.domain.local_time import day_in, in_zone
from oversight.domain.page import absolute, text_of, words
from oversight.domain.reading import Document, Item, ItemKind, Matter, MatterStep, Reading
from oversight.platforms.legistar_grid import NUMBER, Cells, cell, cell_like, grids
from oversight.platforms.legistar_site import ask_file, base_of, controls, detail_of, is_followed

FILE = r"^(?:file|record|matter|legislation)\b.*(?:#|number|no\.?)$"
CREATED = r"^(?:file created|intro|introduced|created)"


def file_of(row: Cells) -> str | None:
    """The printed file number in a row."""
    return (cell(row, "hypfile", "lblfile").text or cell_like(row, FILE).text) or None


def read_result(row: Cells, feed: Feed, base: str) -> Reading:
    """One row of a search for files."""
    link = cell(row, "hypfile") if "hypfile" in row else cell_like(row, FILE)
    file, url = file_of(row), detail_of("LegislationDetail", link.url, base)
    title = cell(row, "title").text or cell(row, "name").text
    if not file or not title:
        return Reading()
    item = Item(
        uid=f"legislation-{link.number or file}",
        kind=ItemKind.LEGISLATION,
        title=title,
        text=None if cell(row, "name").text in ("", title) else cell(row, "name").text,
        url=url or link.url,
        published=in_zone(day_in(cell_like(row, CREATED).text), time(), feed.timezone),
        matter_file=file,
        outcome=cell(row, "status").text or None,
    )
    said = "\n".join(f"{name}: {field.text}" for name, field in row.items())
    matter = Matter(file, title, cell(row, "type").text or None, item.outcome, item.url)
    return Reading(items=(item,), matters=(matter,), next=ask_file(url, said))


def read_file(feed: Feed, answer: Answer, page: HtmlElement) -> Reading:
    """One file: what it is, what is attached, and what was done with it."""
    base, parts = base_of(feed, answer), controls(page)
    file, name = words(parts.get("lblFile2")), words(parts.get("lblName2"))
    title = words(parts.get("lblTitle2")) or name or file
    form = next((form.get("action") or "" for form in page.iter("form")), "")
    number = NUMBER.search(form) or NUMBER.search(answer.url)
    item = Item(
        uid=f"legislation-{number.group(1) if number else file}",
        kind=ItemKind.LEGISLATION,
        title=title,
        text="\n\n".join(text for text in (name, text_of(parts.get("divText"))) if text and text != title) or None,
        url=detail_of("LegislationDetail", absolute(form, base), base) or answer.url or None,
        published=in_zone(_day(parts, "lblIntroduced2", "lblOnAgenda2"), time(), feed.timezone),
        matter_file=file or None,
        outcome=words(parts.get("lblStatus2")) or None,
    )
    steps = tuple(step for rows in grids(page, base) for row in rows for step in step_of(row, file))
    matter = Matter(file, title, words(parts.get("lblType2")) or None, item.outcome, item.url)
    return Reading(
        # The list that led here tells the file too, in fewer words: told by both, it would change with every poll.
        items=() if is_followed(answer) else (item,),
        matters=(matter,) if file else (),
        steps=tuple({step.uid: step for step in steps}.values()),
        documents=attached(parts.get("lblAttachments2"), base, item_uid=item.uid),
    )


def step_of(row: Cells, file: str, day: date | None = None, body: str | None = None) -> tuple[MatterStep, ...]:
    """One row of a file's history, or of the agenda of a meeting whose day and body are known."""
    action = cell(row, "action").text
    if not action or not file:
        return ()
    day, body = day or day_in(cell(row, "date").text), body or cell_like(row, r"^action by|^acting body").text
    detail = cell(row, "hypdetails") if "hypdetails" in row else cell_like(row, r"^action details")
    uid = detail.number or digest(f"{day}\n{body}\n{action}")[:16]
    return (MatterStep(file, f"history-{uid}", day, body or None, action, cell(row, "result").text or None),)


def attached(element: HtmlElement | None, base: str, **owner: str) -> tuple[Document, ...]:
    """The documents that a part of a page links to."""
    anchors = element.iter("a") if element is not None else ()
    found = ((absolute(anchor.get("href"), base), words(anchor)) for anchor in anchors)
    documents = {url: Document(url, _title(title), None, **owner) for url, title in found if url}
    return tuple(documents.values())


def _title(text: str) -> str | None:
    """A link's words without the number that the page puts before each."""
    return re.sub(r"^\d+\.\s+", "", text) or None


def _day(parts: dict[str, HtmlElement], *names: str) -> date | None:
    return next((day for name in names if (day := day_in(words(parts.get(name))))), None)

"""LegiScan's API: the bills that a search or a session's list names, with what was done with each.

The API is described at https://legiscan.com/legiscan. It needs a key. It is known here from its manual and from
public code.
"""

from datetime import time

from oversight.domain.feed import Answer, Feed, FeedState, Outcome, Request
from oversight.domain.local_time import in_zone, local_day
from oversight.domain.media_type import media_type_of
from oversight.domain.page import absolute
from oversight.domain.reading import Document, Item, ItemKind, Matter, MatterStep, Reading, joined
from oversight.domain.web_query import asked, asking, asking_instead, host_of, without
from oversight.errors import FeedError
from oversight.platforms import register
from oversight.platforms.json_rows import Row, refused, rows, text
from oversight.platforms.json_values import answered, once_each, paragraphs, revision_of, row_in, said

API = "https://api.legiscan.com/"
SITE = "https://legiscan.com/"
OPERATIONS = ("getSearch", "getMasterList", "getBill")
# The manual's numbers for how far a bill came.
STANDINGS = {"1": "Introduced", "2": "Engrossed", "3": "Enrolled", "4": "Passed", "5": "Vetoed", "6": "Failed"}
DECIDED = ("4", "5", "6")


@register("legiscan")
class LegiScan:
    """A feed's `url` is a question, such as `...?key={LEGISCAN_KEY}&op=getSearch&state=WA&query=surveillance`.

    Each bill that a search finds is asked for when its `change_hash` changed; of a session's whole list none is, as
    it holds thousands.
    """

    may_be_empty = True
    records_outcomes = True

    def recognise(self, address: str) -> str | None:
        if host_of(address) != "api.legiscan.com" or asked(address, "op") not in OPERATIONS:
            return None
        return asking(without(address.strip(), "key", "page"), ("key", "{LEGISCAN_KEY}"))

    def start(self, feed: Feed, state: FeedState) -> list[Request]:
        return [_ask(_with_key(feed))]

    def read(self, feed: Feed, answer: Answer) -> Reading:
        parsed = answered(answer)
        if not isinstance(parsed, dict) or text(parsed, "status") != "OK":
            raise _refused(parsed)
        if row_in(parsed, "bill"):
            return _bill(row_in(parsed, "bill"), feed)
        if isinstance(parsed.get("searchresult"), dict):
            return _search(parsed["searchresult"], feed)
        if isinstance(parsed.get("masterlist"), dict):
            return joined(_bill(row, feed) for row in _numbered(parsed["masterlist"]))
        raise refused(parsed, "bill, search or list of LegiScan")


def _ask(url: str, revision: str | None = None) -> Request:
    return Request(url, accept="application/json", revision=revision)


def _with_key(feed: Feed) -> str:
    """Always made from the feed's own address: an answer's may hold the key."""
    return asking(feed.url, ("key", "{LEGISCAN_KEY}"))


def _refused(parsed: object) -> FeedError:
    alert = row_in(parsed, "alert") if isinstance(parsed, dict) else {}
    words = text(alert, "message")
    if words and "limit" in words.casefold():
        return FeedError(Outcome.RATE_LIMITED, f"LegiScan asks to wait: {words[:200]}")
    return refused(alert if words else parsed, "answer of LegiScan")


def _numbered(found: Row) -> list[Row]:
    """The bills of a list or a search: under numbers, beside a row about the whole; some answers hold a plain list."""
    numbered = rows([row for name, row in found.items() if name.isdigit()])
    return numbered or rows(found.get("results"))


def _search(found: Row, feed: Feed) -> Reading:
    """Only what to ask next: a search tells less of a bill than the bill does, and would undo it at every poll."""
    summary = row_in(found, "summary")
    page, last = said(summary, "page_current"), said(summary, "page_total")
    following = [_ask_bill(row, feed) for row in _numbered(found) if said(row, "bill_id")]
    if page and last and page.isdecimal() and last.isdecimal() and int(page) < int(last):
        following.insert(0, _ask(asking_instead(_with_key(feed), ("page", int(page) + 1))))
    return Reading(next=tuple(following))


def _ask_bill(row: Row, feed: Feed) -> Request:
    key = asked(_with_key(feed), "key")
    url = asking(API, ("key", key), ("op", "getBill"), ("id", said(row, "bill_id")))
    return _ask(url, text(row, "change_hash") or revision_of(row))


def _bill(row: Row, feed: Feed) -> Reading:
    identifier, number, title = said(row, "bill_id"), said(row, "bill_number", "number"), text(row, "title")
    if not identifier or not number or not title:
        return Reading(warnings=("a bill has no id, no number or no title",))
    url = absolute(text(row, "url"), SITE)
    file = _file(number, url, row, feed)
    standing = said(row, "status") or ""
    history = rows(row.get("history"))
    first = history[0].get("date") if history else row.get("last_action_date")
    item = Item(
        uid=f"bill-{identifier}",
        kind=ItemKind.LEGISLATION,
        title=title,
        text=paragraphs([text(row, "description")], without=title),
        url=url,
        published=in_zone(local_day(first), time(), feed.timezone or "UTC"),
        matter_file=file,
        outcome=STANDINGS[standing] if standing in DECIDED else None,
    )
    status = STANDINGS.get(standing) or text(row, "last_action")
    return Reading(
        items=(item,),
        matters=(Matter(file, title, text(row, "bill_type"), status, url),),
        steps=_steps(history, file),
        documents=_documents(row, item.uid),
    )


def _file(number: str, url: str | None, row: Row, feed: Feed) -> str:
    """The number with its year, as each session counts anew; with the state, where the feed is of no one place."""
    year = (url or "").rstrip("/").rpartition("/")[2]
    file = f"{number} ({year})" if year.isdecimal() else number
    state = text(row, "state")
    return f"{state} {file}" if state and feed.jurisdiction is None else file


def _steps(history: list[Row], file: str) -> tuple[MatterStep, ...]:
    told = [step for step in history if text(step, "action")]
    uids = once_each(f"{text(step, 'date')}-{text(step, 'chamber')}" for step in told)
    return tuple(
        MatterStep(file, uid, local_day(step.get("date")), text(step, "chamber"), text(step, "action") or "")
        for step, uid in zip(told, uids, strict=True)
    )


def _documents(row: Row, uid: str) -> tuple[Document, ...]:
    parts = [*rows(row.get("texts")), *rows(row.get("supplements"))]
    found = [(part, absolute(text(part, "state_link", "url"), SITE)) for part in parts]
    return tuple(
        Document(url, text(part, "title", "type"), text(part, "mime") or media_type_of(url), item_uid=uid)
        for part, url in found
        if url
    )

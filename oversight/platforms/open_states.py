"""Open States' API (v3): the bills of state legislatures that a search finds, with what was done with each.

The API is described at https://v3.openstates.org/docs. It needs a key. It is known here from its public source code.
"""

from datetime import time

from oversight.domain.feed import Answer, Feed, FeedState, Outcome, Request
from oversight.domain.local_time import in_zone, local_day
from oversight.domain.media_type import media_type_of
from oversight.domain.page import absolute
from oversight.domain.reading import Document, Item, ItemKind, Matter, MatterStep, Reading, joined
from oversight.domain.web_query import asked, asking, host_of, path_of, without
from oversight.domain.window import changed_since
from oversight.errors import FeedError
from oversight.platforms import register
from oversight.platforms.json_rows import Row, refused, rows, text
from oversight.platforms.json_values import answered, once_each, paragraphs, row_in, said

API = "https://v3.openstates.org/bills"
SITE = "https://openstates.org/"
PAGE = 20  # the most that one answer may hold
INCLUDED = ("abstracts", "actions", "versions", "documents")
DECIDING = {
    *("passage", "failure", "committee-passage", "committee-failure", "committee-passage-favorable"),
    *("committee-passage-unfavorable", "executive-signature", "executive-veto", "executive-veto-line-item"),
    *("veto-override-passage", "veto-override-failure", "became-law", "withdrawal", "enrolled"),
}


@register("open_states")
class OpenStates:
    """A feed's `url` is a search, such as `...?jurisdiction=Washington&q=surveillance&apikey={OPEN_STATES_KEY}`."""

    may_be_empty = True
    records_outcomes = True

    def recognise(self, address: str) -> str | None:
        if host_of(address) != "v3.openstates.org" or path_of(address) != "/bills":
            return None
        if not asked(address, "q") and not asked(address, "jurisdiction"):
            return None
        return asking(without(address.strip(), "apikey", "page"), ("apikey", "{OPEN_STATES_KEY}"))

    def start(self, feed: Feed, state: FeedState) -> list[Request]:
        return [_ask(feed, changed_since(state).isoformat(), 1)]

    def read(self, feed: Feed, answer: Answer) -> Reading:
        parsed = answered(answer)
        if isinstance(parsed, dict) and text(parsed, "identifier"):
            return _bill(parsed, feed)
        listed = parsed.get("results") if isinstance(parsed, dict) else None
        if not isinstance(listed, list) or (listed and not any(text(row, "identifier") for row in rows(listed))):
            raise _refused(parsed)
        found = joined(_bill(row, feed) for row in rows(listed))
        shown = row_in(parsed, "pagination")
        page, last = shown.get("page"), shown.get("max_page")
        since = asked(answer.url, "updated_since")
        if since is None or not isinstance(page, int) or not isinstance(last, int) or page >= last:
            return found
        return joined([found, Reading(next=(_ask(feed, since, page + 1),))])


def _ask(feed: Feed, since: str, page: int) -> Request:
    """Always made from the feed's own address: the answer's may hold the key."""
    included = "".join(f"&include={name}" for name in INCLUDED) if asked(feed.url, "include") is None else ""
    fields = (
        ("apikey", "{OPEN_STATES_KEY}"),
        ("sort", "updated_desc"),
        ("per_page", PAGE),
        ("updated_since", since),
        ("page", page),
    )
    return Request(asking(feed.url, *fields) + included, accept="application/json")


def _refused(parsed: object) -> FeedError:
    words = text(parsed, "detail") if isinstance(parsed, dict) else None
    if words and "limit" in words.casefold():
        return FeedError(Outcome.RATE_LIMITED, f"Open States asks to wait: {words[:200]}")
    return refused({"message": words} if words else parsed, "list of bills of Open States")


def _bill(row: Row, feed: Feed) -> Reading:
    uid, title = text(row, "id"), text(row, "title")
    if not uid or not title or not text(row, "identifier"):
        return Reading(warnings=("a bill has no id, no number or no title",))
    file = _file(row, feed)
    url = absolute(text(row, "openstates_url"), SITE)
    actions = rows(row.get("actions"))
    decided = [action for action in actions if _deciding(action)]
    kinds = row.get("classification")
    kind = next((one for one in kinds if isinstance(one, str)), None) if isinstance(kinds, list) else None
    item = Item(
        uid=uid,
        kind=ItemKind.LEGISLATION,
        title=title,
        text=paragraphs((text(part, "abstract") for part in rows(row.get("abstracts"))), without=title),
        url=url,
        published=in_zone(local_day(row.get("first_action_date")), time(), feed.timezone or "UTC"),
        matter_file=file,
        outcome=text(decided[-1], "description") if decided else None,
    )
    return Reading(
        items=(item,),
        matters=(Matter(file, title, kind, text(row, "latest_action_description"), url),),
        steps=_steps(actions, file),
        documents=_documents(row, uid),
    )


def _file(row: Row, feed: Feed) -> str:
    """The number with its session, as each session counts anew; with the state, where the feed is of no one place."""
    state = (text(row_in(row, "jurisdiction"), "id") or "").partition("state:")[2].partition("/")[0].upper()
    session = text(row, "session")
    number = f"{text(row, 'identifier')} ({session})" if session else text(row, "identifier") or ""
    return f"{state} {number}" if state and feed.jurisdiction is None else number


def _steps(actions: list[Row], file: str) -> tuple[MatterStep, ...]:
    told = [action for action in actions if text(action, "description")]
    uids = once_each(said(action, "id") or f"{text(action, 'date')}-{said(action, 'order')}" for action in told)
    return tuple(
        MatterStep(
            matter_file=file,
            uid=uid,
            date=local_day(action.get("date")),
            body=text(row_in(action, "organization"), "name"),
            action=text(action, "description") or "",
            outcome=_deciding(action),
        )
        for action, uid in zip(told, uids, strict=True)
    )


def _deciding(action: Row) -> str | None:
    """The platform's word for what an action decided; None for one that only moves the bill on."""
    kinds = action.get("classification")
    return (
        next((kind for kind in kinds if isinstance(kind, str) and kind in DECIDING), None)
        if isinstance(kinds, list)
        else None
    )


def _documents(row: Row, uid: str) -> tuple[Document, ...]:
    parts = [*rows(row.get("versions")), *rows(row.get("documents"))]
    links = [(part, link) for part in parts for link in rows(part.get("links"))]
    found = [(absolute(text(link, "url"), SITE), text(part, "note"), text(link, "media_type")) for part, link in links]
    return tuple(Document(url, note, media or media_type_of(url), item_uid=uid) for url, note, media in found if url)

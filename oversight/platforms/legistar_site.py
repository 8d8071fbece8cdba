"""Legistar's public pages as such: their controls, their addresses, and what is asked of them next."""

import re
from datetime import date

from lxml.html import HtmlElement

from oversight.domain.asked_days import days_beside, is_asked
from oversight.domain.encoding import decode_document
from oversight.domain.feed import Answer, Feed, Outcome, Request
from oversight.domain.fingerprint import digest
from oversight.domain.page import absolute
from oversight.domain.refusal import refusal
from oversight.errors import FeedError

ACCEPT = "text/html, */*;q=0.5"
CLIENT = re.compile(r"https?://webapi\.legistar\.com/v\d+/([a-z0-9-]+)", re.I)
CONTROL = re.compile(r"ContentPlaceHolder1_(\w+)$")
NUMBER_AND_KEY = re.compile(r"[?&]ID=(\d+)&(?:[^#]*&)?GUID=([0-9A-F-]{36})", re.I)


def base_of(feed: Feed, answer: Answer) -> str:
    """What the links of an answer are relative to: the council's public site, where the address is not known."""
    client = CLIENT.match(feed.url)
    return answer.url or (f"https://{client.group(1)}.legistar.com/" if client else feed.url)


def controls(page: HtmlElement) -> dict[str, HtmlElement]:
    """The named parts of a page, by the name that is the same at every council."""
    found = ((CONTROL.search(element.get("id") or ""), element) for element in page.iter("a", "span", "td", "div"))
    return {match.group(1): element for match, element in found if match}


def is_followed(answer: Answer) -> bool:
    """Whether the page was asked for because another one, which tells the thing itself, led to it."""
    return answer.request is not None and answer.request.revision is not None


def detail_of(kind: str, link: str | None, base: str) -> str | None:
    """The plain address of a meeting's or a file's page, without what the visitor had opened there."""
    found = NUMBER_AND_KEY.search(link or "")
    return absolute(f"/{kind}.aspx?ID={found.group(1)}&GUID={found.group(2)}", link or base) if found else None


def ask_meeting(url: str | None, day: date | None, meeting_uid: str, said: str, answer: Answer) -> tuple[Request, ...]:
    """The agenda of a meeting, if it is of the days that the poll looks at; `said` is all that the calendar said."""
    if url is None or not is_asked(day, days_beside(answer)):
        return ()
    return (Request(url, accept=ACCEPT, revision=digest(said), again_on=day, meeting_uid=meeting_uid),)


def ask_file(url: str | None, said: str) -> tuple[Request, ...]:
    """The page of one file, which has its history."""
    return (Request(url, accept=ACCEPT, revision=digest(said)),) if url else ()


def refuse(answer: Answer) -> FeedError:
    """What to say of a page that has nothing of Legistar's on it."""
    text = decode_document(answer.body, answer.headers.get("content-type", ""))
    if "invalid parameters" in text[:2_000].casefold():
        return FeedError(Outcome.NOT_A_FEED, "legistar: the site says that this address has invalid parameters")
    return refusal(text, "legistar")

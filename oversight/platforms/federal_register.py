"""The Federal Register's API: a notice for each document of the federal government that a search finds.

The API is described at https://www.federalregister.gov/developers/documentation/api/v1. It needs no key.
"""

from datetime import time

from oversight.domain.cleaning import text_of_html
from oversight.domain.feed import Answer, Feed, FeedState, Request
from oversight.domain.local_time import in_zone, local_day
from oversight.domain.page import absolute
from oversight.domain.reading import Document, Item, ItemKind, Reading, joined
from oversight.domain.web_query import asking, host_of, path_of
from oversight.domain.window import changed_since
from oversight.platforms import register
from oversight.platforms.json_rows import Row, refused, rows, text
from oversight.platforms.json_values import answered, paragraphs, said

API = "https://www.federalregister.gov/api/v1/documents.json"
SITE = "https://www.federalregister.gov/"
ZONE = "America/New_York"


@register("federal_register")
class FederalRegister:
    """A feed's `url` is a search: the API's address with `conditions[term]=...`."""

    may_be_empty = True
    records_outcomes = False

    def recognise(self, address: str) -> str | None:
        path = path_of(address)
        if host_of(address).removeprefix("www.") != "federalregister.gov" or "?" not in address:
            return None
        if path in ("/api/v1/documents.json", "/api/v1/documents"):
            return address.strip()
        return f"{API}?{address.strip().partition('?')[2].partition('#')[0]}" if path == "/documents/search" else None

    def start(self, feed: Feed, state: FeedState) -> list[Request]:
        since = ("conditions[publication_date][gte]", changed_since(state))
        return [_ask(asking(feed.url, ("order", "newest"), ("per_page", 100), since))]

    def read(self, feed: Feed, answer: Answer) -> Reading:
        parsed = answered(answer)
        listed = parsed.get("results", []) if isinstance(parsed, dict) and "count" in parsed else None
        if not isinstance(listed, list) or (listed and not any(said(row, "document_number") for row in rows(listed))):
            raise refused(parsed, "search of the Federal Register")
        following = absolute(text(parsed, "next_page_url"), SITE)
        is_ours = host_of(following or "") == "www.federalregister.gov"
        found = joined(_document(row, feed) for row in rows(listed))
        return joined([found, Reading(next=(_ask(following),) if following and is_ours else ())])


def _ask(url: str) -> Request:
    return Request(url, accept="application/json")


def _document(row: Row, feed: Feed) -> Reading:
    number, title = said(row, "document_number"), text(row, "title")
    if not number or not title:
        return Reading(warnings=("a document has no number or no title",))
    agencies = [name for name in (text(agency, "name", "raw_name") for agency in rows(row.get("agencies"))) if name]
    item = Item(
        uid=number,
        kind=ItemKind.NOTICE,
        title=title,
        text=paragraphs([text(row, "abstract"), text_of_html(text(row, "excerpts") or ""), "; ".join(agencies)]),
        url=absolute(text(row, "html_url"), SITE),
        published=in_zone(local_day(row.get("publication_date")), time(), feed.timezone or ZONE),
    )
    pdf = absolute(text(row, "pdf_url"), SITE)
    documents = (Document(pdf, title, "application/pdf", item_uid=number),) if pdf else ()
    return Reading(items=(item,), documents=documents)

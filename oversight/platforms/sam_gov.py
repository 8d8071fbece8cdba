"""SAM.gov's opportunities API (v2): a notice for each thing that the federal government wants to buy, or bought.

The API is described at https://open.gsa.gov/api/get-opportunities-public-api/. It needs a key, and allows few
questions a day: descriptions and files are linked, not asked for.
"""

from datetime import datetime, time

from oversight.domain.feed import Answer, Feed, FeedState, Outcome, Request
from oversight.domain.local_time import in_zone, local_day
from oversight.domain.media_type import media_type_of
from oversight.domain.page import absolute
from oversight.domain.reading import Document, Item, ItemKind, Matter, Reading, joined
from oversight.domain.web_query import asking, asking_instead, host_of, path_of, without
from oversight.domain.window import changed_since
from oversight.errors import FeedError
from oversight.platforms import register
from oversight.platforms.json_rows import Row, refused, rows, text
from oversight.platforms.json_values import answered, moment_in, paragraphs, row_in, said

API = "https://api.sam.gov/opportunities/v2/search"
SITE = "https://sam.gov/"
ZONE = "America/New_York"
PAGE = 1_000
DAY = "%m/%d/%Y"


@register("sam_gov")
class SamGov:
    """A feed's `url` is a search, such as `...?title=facial+recognition&api_key={SAM_GOV_KEY}`; dates are added."""

    may_be_empty = True
    records_outcomes = True

    def recognise(self, address: str) -> str | None:
        if host_of(address) != "api.sam.gov" or path_of(address) != "/opportunities/v2/search":
            return None
        search = without(address.strip(), "api_key", "postedFrom", "postedTo")
        return asking(search, ("api_key", "{SAM_GOV_KEY}"))

    def start(self, feed: Feed, state: FeedState) -> list[Request]:
        posted = (("postedFrom", changed_since(state).strftime(DAY)), ("postedTo", state.now.date().strftime(DAY)))
        search = asking(feed.url, ("api_key", "{SAM_GOV_KEY}"), ("limit", PAGE))
        return [Request(asking_instead(search, *posted), accept="application/json")]

    def read(self, feed: Feed, answer: Answer) -> Reading:
        parsed = answered(answer)
        if not isinstance(parsed, dict) or not isinstance(parsed.get("opportunitiesData"), list):
            raise _refused(parsed)
        listed = rows(parsed["opportunitiesData"])
        total = parsed.get("totalRecords")
        missed = total - len(listed) if isinstance(total, int) else 0
        warnings = (f"{missed} more opportunities were found than answered: ask more narrowly",) if missed > 0 else ()
        return joined([*(_opportunity(row, feed) for row in listed), Reading(warnings=warnings)])


def _refused(parsed: object) -> FeedError:
    error = row_in(parsed, "error") if isinstance(parsed, dict) else {}
    code = text(error, "code") or ""
    if code == "OVER_RATE_LIMIT":
        return FeedError(Outcome.RATE_LIMITED, "SAM.gov allows no more questions with this key today")
    if code.startswith("API_KEY"):
        return FeedError(Outcome.HTTP_ERROR, f"SAM.gov does not take the key: {code}")
    words = text(parsed, "errorMessage") if isinstance(parsed, dict) else None
    return refused({"message": words} if words else parsed, "search of SAM.gov")


def _opportunity(row: Row, feed: Feed) -> Reading:
    uid, title, file = said(row, "noticeId"), text(row, "title"), said(row, "solicitationNumber")
    if not uid or not title:
        return Reading(warnings=("an opportunity has no id or no title",))
    url, kind = absolute(text(row, "uiLink"), SITE), text(row, "type", "baseType")
    links = row.get("resourceLinks")
    addresses = [absolute(link, SITE) for link in (links if isinstance(links, list) else []) if isinstance(link, str)]
    award = row_in(row, "award")
    item = Item(
        uid=uid,
        kind=ItemKind.NOTICE,
        title=title,
        text=_text(row, award),
        url=url,
        published=_posted(text(row, "postedDate"), feed.timezone or ZONE),
        matter_file=file,
        outcome=kind if award else None,
    )
    return Reading(
        items=(item,),
        matters=(Matter(file, title, kind, _standing(row), url),) if file else (),
        documents=tuple(Document(link, None, media_type_of(link), item_uid=uid) for link in addresses if link),
    )


def _text(row: Row, award: Row) -> str | None:
    """What the notice tells beside its title; its own description is only an address that wants the key again."""
    description = text(row, "description") or ""
    place = row_in(row, "placeOfPerformance")
    where = (text(row_in(place, name), "name", "code") for name in ("city", "state"))
    facts = {
        "Buyer": text(row, "fullParentPathName"),
        "Place": ", ".join(part for part in where if part),
        "Answers until": text(row, "responseDeadLine"),
        "Awarded to": text(row_in(award, "awardee"), "name"),
        "Amount": said(award, "amount"),
    }
    told = "\n".join(f"{name}: {fact}" for name, fact in facts.items() if fact)
    return paragraphs([None if description.startswith("http") else description, told])


def _standing(row: Row) -> str | None:
    return {"Yes": "Active", "No": "Inactive"}.get(text(row, "active") or "")


def _posted(written: str | None, zone: str) -> datetime | None:
    return moment_in(written) or in_zone(local_day(written), time(), zone)

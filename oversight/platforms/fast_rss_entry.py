"""One entry of a well-formed feed, its parts taken in one after the other as feedparser takes them."""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from html.entities import entitydefs
from typing import Any
from urllib.parse import urljoin

from lxml.etree import _Element

from oversight.domain.month_names import SHORT, month_number

RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
ABOUT = f"{{{RDF}}}about"
BASE = "{http://www.w3.org/XML/1998/namespace}base"
LANGUAGE = "{http://www.w3.org/XML/1998/namespace}lang"
OTHER = "?"  # stands for every namespace that means nothing to feedparser

ROLES = {
    "title": "title",
    "dc:title": "title",
    "media:title": "second_title",
    "link": "link",
    "guid": "id",
    "id": "id",
    "image": "forgetful",
    "source": "forgetful",
    "description": "description",
    "dc:description": "description",
    "media:description": "description",
    "summary": "summary",
    "itunes:summary": "summary",
    "content": "content",
    "content:encoded": "encoded",
    "pubdate": "published_parsed",
    "published": "published_parsed",
    "issued": "published_parsed",
    "dcterms:issued": "published_parsed",
    "updated": "updated_parsed",
    "modified": "updated_parsed",
    "dc:date": "updated_parsed",
    "dcterms:modified": "updated_parsed",
    "created": "created_parsed",
    "dcterms:created": "created_parsed",
}
PEOPLE = {"author", "contributor", "managingeditor", "itunes:owner"}
PERSON_PARTS = {"email", "homepage", "name", "uri", "url"}
HARMLESS = ("media:", f"{OTHER}:")
UNSURE = ("content:", "rdf:", "xml:")
# Parts of a feed, or of another part, or lists that feedparser keeps itself: strange in an entry.
# fmt: off
MISPLACED = {
    "abstract", "authors", "body", "channel", "cloud", "contributors", "email", "enclosures", "entry",
    "expirationdate", "feed", "fullitem", "generator", "height", "homepage", "info", "item", "items", "language",
    "lastbuilddate", "license", "links", "math", "name", "newlocation", "product", "rss", "subtitle", "svg", "tagline",
    "tags", "textinput", "uri", "url", "webmaster", "where", "width",
}
# fmt: on

ENTITY = re.compile(r"&#?\w+;")
NAMED_ENTITY = re.compile(r"&(\w+);")
TAG = re.compile(r"</?\w")
WHOLE = re.compile(r"https?://[a-z0-9.-]+/[\w./~-]*(\?[\w./=&%-]+)?|(tag|urn):[!-~]+", re.ASCII)
SLASHES = re.compile("^([A-Za-z][A-Za-z0-9+-.]*://)/*")
TYPES = {"text": "text/plain", "plain": "text/plain", "text/plain": "text/plain"} | {
    "html": "text/html",
    "text/html": "text/html",
}
TEXT_ATTRIBUTES = {"type", LANGUAGE, BASE}
LINK_ATTRIBUTES = {"href", "rel", "type"}
WINDOWS = {code: bytes([code]).decode("cp1252") for code in range(128, 160) if code not in (129, 141, 143, 144, 157)}

HOURS = {"EDT": -4, "EST": -5, "CDT": -5, "CST": -6, "MDT": -6, "MST": -7, "PDT": -7, "PST": -8}
TIME = r"(?P<hour>\d\d):(?P<minute>\d\d):(?P<second>\d\d)"
OFFSET = r"(?P<sign>[+-])(?P<hours>\d\d)"
WEB_DATE = re.compile(
    rf"(?P<year>\d{{4}})-(?P<month>\d\d)-(?P<day>\d\d)(?:T{TIME}(?:\.\d{{1,9}})?(?:Z|{OFFSET}:(?P<minutes>\d\d)))?",
    re.ASCII,
)
MAIL_DATE = re.compile(
    rf"(?:(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun), )?(?P<day>\d\d?) (?P<month>{'|'.join(SHORT)}) (?P<year>\d{{4}}) {TIME} "
    rf"(?:(?P<zone>GMT|UTC|UT|Z|{'|'.join(HOURS)})|{OFFSET}(?P<minutes>\d\d))",
    re.ASCII,
)


class Odd(Exception):
    """Something is not as in the feeds that are understood here."""


@dataclass
class Entry:
    """An entry while it is read. `name_of` tells a part's name, `base` where relative addresses start, if known."""

    name_of: Callable[[_Element], str]
    base: str | None
    is_atom: bool
    fields: dict[str, Any] = field(default_factory=lambda: {"content": []})
    has_title: bool = False
    has_content: bool = False

    def read(self, entry: _Element) -> dict[str, Any]:
        """What feedparser would say of the entry, as far as items are made of it; raises Odd."""
        if entry.attrib:
            if set(entry.attrib) - {ABOUT, LANGUAGE}:
                raise Odd
            self.fields |= {"id": entry.get(ABOUT)} if entry.get(ABOUT) else {}
        self._take_all(entry, is_folder=False)
        return self.fields

    def _take_all(self, parts: Iterable[_Element], *, is_folder: bool) -> None:
        for part in parts:
            name = self.name_of(part)
            role = ROLES.get(name)
            if is_folder and not name.startswith(HARMLESS):
                raise Odd
            if len(part) and role is None and name.startswith(HARMLESS):
                self._take_all(part, is_folder=True)
            elif len(part) and not (name in PEOPLE and all(map(self._is_of_a_person, part))):
                raise Odd
            elif role is not None:
                self._take(part, role)
            elif name.startswith(UNSURE) or (":" not in name and (name in MISPLACED or not name.isalpha())):
                raise Odd

    def _is_of_a_person(self, part: _Element) -> bool:
        name = self.name_of(part)
        return not len(part) and (name in PERSON_PARTS or name.startswith(OTHER))

    def _take(self, part: _Element, role: str) -> None:
        if role.endswith("_parsed"):
            self.fields[role] = _moment(_repaired((part.text or "").strip())).utctimetuple()
        elif role == "link":
            self._take_link(part)
        elif role == "id":
            self._take_id(part)
        elif role == "forgetful":
            self.has_title = False  # of feedparser, which no longer knows how deep the title stood
        elif role in ("title", "second_title"):
            self._take_title(part, is_final=role == "title")
        else:
            self._take_text(part, role)

    def _take_title(self, part: _Element, *, is_final: bool) -> None:
        if not self.has_title:
            self.fields["title_detail"] = detail = self._detail(part, "text/plain")
            self.has_title = is_final and bool(detail["value"])

    def _take_text(self, part: _Element, role: str) -> None:
        if role in ("description", "summary") and "summary" in self.fields and not self.has_content:
            role = "content"
        detail = self._detail(part, "text/html" if role in ("description", "encoded") else "text/plain")
        if role in ("content", "encoded"):
            self.has_content = True
            self.fields["content"].append(detail)
            self.fields.setdefault("summary", detail["value"])
        else:
            self.fields |= {"summary": detail["value"], "summary_detail": detail}

    def _detail(self, part: _Element, usual: str) -> dict[str, str]:
        kind = TYPES.get(str(part.get("type", usual)).lower())
        if kind is None or set(part.attrib) - TEXT_ATTRIBUTES:
            raise Odd
        words = (part.text or "").strip()
        if kind == "text/plain" and not self.is_atom and _looks_like_html(words):
            kind = "text/html"
        return {"type": kind, "value": _repaired(words)}

    def _take_link(self, part: _Element) -> None:
        address = part.get("href")
        others = {_local(name) for name in part.attrib if name not in LINK_ATTRIBUTES}
        if others & {*LINK_ATTRIBUTES, "uri", "url"}:
            raise Odd
        if address is None:
            address = _repaired(self._joined((part.text or "").strip())).replace("&amp;", "&")
            self.fields["link"] = re.sub("&([A-Za-z0-9_]+);", r"&\g<1>", address)
        elif part.get("rel", "alternate").lower() == "alternate":
            if part.get("type", "text/html").lower() != "text/html":
                raise Odd
            self.fields["link"] = self._joined(address)

    def _take_id(self, part: _Element) -> None:
        words = (part.text or "").strip()
        said = {_local(name): value for name, value in part.attrib.items()}
        if len(said) != len(part.attrib):
            raise Odd
        is_address = said.get("ispermalink", "true") == "true"
        self.fields["id"] = words = _repaired(self._joined(words) if is_address else words)
        if is_address:
            self.fields.setdefault("link", words)

    def _joined(self, address: str) -> str:
        return joined(self.base, address) if address else ""


def _local(name: str | bytes) -> str:
    """An attribute's name for feedparser, which looks at no namespace here."""
    return str(name).rpartition("}")[2].lower()


def joined(base: str | None, address: str) -> str:
    """An address made absolute as feedparser makes it: no more than two slashes behind the scheme."""
    if WHOLE.fullmatch(address):
        return address
    if base is None:
        raise Odd
    try:
        return urljoin(base, SLASHES.sub(r"\1", address))
    except ValueError:
        return ""


def _repaired(text: str) -> str:
    """UTF-8 that was taken for Latin-1, and Windows' characters that were, put right."""
    if text.isascii():
        return text
    try:
        text = text.encode("iso-8859-1").decode("utf-8")
    except UnicodeError:
        return text.translate(WINDOWS)
    return text.translate(WINDOWS)


def _looks_like_html(text: str) -> bool:
    if TAG.search(text):
        raise Odd  # which tags feedparser takes for HTML is its own affair
    return bool(ENTITY.search(text)) and all(name in entitydefs for name in NAMED_ENTITY.findall(text))


def _moment(text: str) -> datetime:
    found = WEB_DATE.fullmatch(text) or MAIL_DATE.fullmatch(text)
    if found is None:
        raise Odd
    said = found.groupdict()
    month = int(said["month"]) if said["month"].isdecimal() else month_number(said["month"])
    clock = int(said["hour"] or 0), int(said["minute"] or 0), int(said["second"] or 0)
    moment = datetime(int(said["year"]), month, int(said["day"]), *clock, tzinfo=UTC)
    ahead = timedelta(hours=int(said["hours"] or 0), minutes=int(said["minutes"] or 0))
    zone = timedelta(hours=HOURS.get(said.get("zone") or "", 0))
    return moment - zone + (ahead if said["sign"] == "-" else -ahead)

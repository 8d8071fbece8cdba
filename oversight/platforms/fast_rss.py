"""A fast reader of well-formed feeds that says exactly what feedparser says, or says nothing where it is not sure."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from html.entities import entitydefs
from typing import Any

from lxml import etree

ATOM = "http://www.w3.org/2005/atom"
RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
RSS1 = "http://purl.org/rss/1.0/"
# The name of each namespace for feedparser, which goes by the address in lower case.
SPACES = {
    "": "",
    ATOM: "",
    RSS1: "",
    RDF: "rdf",
    "http://purl.org/dc/elements/1.1/": "dc",
    "http://purl.org/dc/terms/": "dcterms",
    "http://purl.org/rss/1.0/modules/content/": "content",
    "http://purl.org/rss/1.0/modules/slash/": "slash",
    "http://purl.org/rss/1.0/modules/syndication/": "sy",
    "http://purl.org/rss/1.0/modules/threading/": "thr",
    "http://search.yahoo.com/mrss": "media",
    "http://search.yahoo.com/mrss/": "media",
    "http://rssnamespace.org/feedburner/ext/1.0": "feedburner",
    "http://wellformedweb.org/commentapi/": "wfw",
    "http://www.georss.org/georss": "georss",
    "http://www.itunes.com/dtds/podcast-1.0.dtd": "itunes",
    "http://www.w3.org/2003/01/geo/wgs84_pos#": "geo",
    "http://www.w3.org/xml/1998/namespace": "xml",
}
# Namespaces of other addresses are nothing to feedparser, unless their prefix means something to it.
OTHER = "?"
RESERVED = {*SPACES.values(), "admin", "cc", "created", "creativecommons", "date", "description", "gml", "guid", "id"} | {
    "issued", "link", "modified", "prism", "psc", "published", "summary", "title", "updated", "xhtml", "xlink",
}  # fmt: skip
STRANGE = re.compile(
    "backend.userland.com|blogs.law.harvard.edu|example.com|my.netscape.com|necho|opengis|podlove|"
    "purl.org/(atom|echo|pie)|rss091|uri/of/echo|webns.net|xhtml|creativecommons|web.resource.org|cyber.law"
)
DESCRIPTION = "description"
ROLES = {
    "title": "title",
    "dc:title": "title",
    "media:title": "second_title",
    "link": "link",
    "guid": "id",
    "id": "id",
    "source": "source",
    "description": DESCRIPTION,
    "dc:description": DESCRIPTION,
    "media:description": DESCRIPTION,
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
SILENT = {"author", "category", "comments", "contributor", "copyright", "enclosure", "keywords", "rights"}
FOLDERS = {"media:content", "media:group"}
PEOPLE = {"author", "contributor", "managingeditor", "itunes:owner"}
FEED_PARTS = {*PEOPLE, "image", "itunes:category", "items", "skipdays", "skiphours", "textinput"}
UNSURE_PARTS = {"body", "channel", "content", "content:encoded", "feed", "fullitem", "itunes:summary", "rss"} | {
    "source", "summary", "svg",
}  # fmt: skip

HEAD_DECLARATION = re.compile(r"<!(?!--)")
FIRST_TAG = re.compile(r"<\w")
BASE = re.compile(r"base\s*=")
ADDRESS = re.compile(r"https?://[A-Za-z0-9.-]+(:\d+)?(/[!-\"$-:<->@-~]*)?(\?[!-\"$-:<-~]+)?(#[!-:<-~]+)?")
NAME = re.compile(r"(tag|urn):[!-~]+")
ENTITY = re.compile(r"&#?\w+;")
NAMED_ENTITY = re.compile(r"&(\w+);")
TAG = re.compile(r"</?\w")
TYPES = {"text": "text/plain", "plain": "text/plain", "html": "text/html", "text/plain": "text/plain"} | {
    "text/html": "text/html"
}
LANGUAGE = "{http://www.w3.org/XML/1998/namespace}lang"
LINK_ATTRIBUTES = {"href", "hreflang", "length", "rel", "title", "type", LANGUAGE}
MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
MAIL_DATE = re.compile(
    rf"(?:(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun), )?(\d\d?) ({'|'.join(MONTHS)}) (\d{{4}}) (\d\d):(\d\d):(\d\d)"
    r" (?:(GMT|UTC|UT|Z|EDT|EST|CDT|CST|MDT|MST|PDT|PST)|([+-])(\d\d)(\d\d))",
    re.ASCII,
)
WEB_DATE = re.compile(r"(\d{4})-(\d\d)-(\d\d)T(\d\d):(\d\d):(\d\d)(?:\.\d{1,9})?(?:Z|([+-])(\d\d):(\d\d))", re.ASCII)
HOURS = {"EDT": -4, "EST": -5, "CDT": -5, "CST": -6, "MDT": -6, "MST": -7, "PDT": -7, "PST": -8}
WINDOWS = {code: bytes([code]).decode("cp1252") for code in range(128, 160) if code not in (129, 141, 143, 144, 157)}


class _Odd(Exception):
    """Something is not as in the feeds that are understood here."""


def well_formed_entries(text: str) -> list[dict[str, Any]] | None:
    """The entries of a feed in the form of feedparser's, as far as items are made of them; None to ask feedparser.

    `text` has neither an XML declaration nor a DOCTYPE.
    """
    first = FIRST_TAG.search(text)
    if first is None or HEAD_DECLARATION.search(text, 0, first.start()) or "<?xml" in text or BASE.search(text.lower()):
        return None
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False, remove_comments=True, remove_pis=True
    )
    try:
        root = etree.fromstring(text.encode("utf-8", "replace"), parser)
        _check_namespaces(root, text)
        is_atom = root.tag == "{http://www.w3.org/2005/Atom}feed"
        return [_Entry(is_atom).read(entry) for entry in _entries(root)] or None
    except (_Odd, etree.XMLSyntaxError, ValueError):
        return None


def _check_namespaces(root: etree._Element, text: str) -> None:
    """Each namespace must be declared at the root, under a prefix that is not that of another."""
    if text.count("xmlns") != len(root.nsmap):
        raise _Odd
    for prefix, address in root.nsmap.items():
        space = SPACES.get(address.lower(), OTHER)
        if space == OTHER and (prefix is None or prefix.lower() in RESERVED or STRANGE.search(address.lower())):
            raise _Odd
        if prefix is not None and prefix.lower() in RESERVED and prefix.lower() != space:
            raise _Odd


def _entries(root: etree._Element) -> Iterable[etree._Element]:
    """The entries of the feed; what stands beside them is looked through for what could change their meaning."""
    spaces = {address.lower() for address in root.nsmap.values()}
    if root.tag == "rss" and len(root) == 1 and root[0].tag == "channel":
        return _parts(root[0], "item")
    if root.tag == "{http://www.w3.org/2005/Atom}feed" and RSS1 not in spaces:
        return _parts(root, "entry")
    if root.tag == f"{{{RDF}}}RDF" and RSS1 in spaces and ATOM not in spaces:
        channels = [part for part in root if _name(part) == "channel"]
        if len(channels) == 1 and not list(_parts(channels[0], "item")):
            return [part for part in _parts(root, "item") if part is not channels[0]]
    raise _Odd


def _parts(whole: etree._Element, wanted: str) -> list[etree._Element]:
    found = []
    for part in whole:
        name = _name(part)
        if name == wanted or (name == "channel" and wanted == "item" and _name(whole) == "rdf:rdf"):
            found.append(part)
        elif name in UNSURE_PARTS or (len(part) and name not in FEED_PARTS):
            raise _Odd
    if whole.attrib and _name(whole) == "channel" and set(whole.attrib) - {f"{{{RDF}}}about", LANGUAGE}:
        raise _Odd
    return found


def _name(element: etree._Element) -> str:
    tag = str(element.tag)
    if tag[0] != "{":
        return tag.lower()
    address, _, local = tag[1:].lower().partition("}")
    space = SPACES.get(address, OTHER)
    return f"{space}:{local}" if space else local


@dataclass
class _Entry:
    """One entry while its parts are taken in, in their order; each method follows what feedparser does with the part."""

    is_atom: bool
    fields: dict[str, Any] = field(default_factory=lambda: {"content": []})
    has_title: bool = False
    has_content: bool = False

    def read(self, entry: etree._Element) -> dict[str, Any]:
        if entry.attrib:
            about = entry.get(f"{{{RDF}}}about")
            if set(entry.attrib) - {f"{{{RDF}}}about", LANGUAGE}:
                raise _Odd
            self.fields |= {"id": about} if about else {}
        self._take_all(entry, is_folder=False)
        return self.fields

    def _take_all(self, parts: Iterable[etree._Element], *, is_folder: bool) -> None:
        for part in parts:
            name = _name(part)
            role = ROLES.get(name)
            if is_folder and not name.startswith(("media:", OTHER)):
                raise _Odd
            if name in FOLDERS:
                self._take_all(part, is_folder=True)
            elif len(part) and (name not in PEOPLE or any(map(len, part))):
                raise _Odd
            elif role is not None:
                self._take(part, role)
            elif name not in SILENT and (":" not in name or name.startswith(("content:", "rdf:", "xml:"))):
                raise _Odd

    def _take(self, part: etree._Element, role: str) -> None:
        if role.endswith("_parsed"):
            self.fields[role] = _moment(_words(part)).utctimetuple()
        elif role == "link":
            self._take_link(part)
        elif role == "id":
            self._take_id(part)
        elif role == "source":
            self.has_title = False  # feedparser forgets here how deep the title stood
        elif role in ("title", "second_title"):
            if not self.has_title:
                self.fields["title_detail"] = detail = self._detail(part, "text/plain")
                self.has_title = role == "title" and bool(detail["value"])
        else:
            self._take_text(part, role)

    def _take_text(self, part: etree._Element, role: str) -> None:
        if role in (DESCRIPTION, "summary") and "summary" in self.fields and not self.has_content:
            role = "content"
        if role in ("content", "encoded"):
            self.has_content = True
            detail = self._detail(part, "text/plain" if role == "content" else "text/html")
            self.fields["content"].append(detail)
            self.fields.setdefault("summary", detail["value"])
        else:
            detail = self._detail(part, "text/plain" if role == "summary" else "text/html")
            self.fields |= {"summary": detail["value"], "summary_detail": detail}

    def _detail(self, part: etree._Element, usual: str) -> dict[str, str]:
        if set(part.attrib) - {"type", LANGUAGE}:
            raise _Odd
        kind = TYPES.get(str(part.get("type", usual)).lower())
        if kind is None:
            raise _Odd
        words = (part.text or "").strip()
        if kind == "text/plain" and not self.is_atom and _looks_like_html(words):
            kind = "text/html"
        return {"type": kind, "value": _repaired(words)}

    def _take_link(self, part: etree._Element) -> None:
        address = part.get("href")
        if set(part.attrib) - LINK_ATTRIBUTES:
            raise _Odd
        if address is None:
            address = _words(part)
        elif part.get("rel", "alternate").lower() != "alternate":
            return
        elif part.get("type", "text/html").lower() != "text/html":
            raise _Odd
        if not ADDRESS.fullmatch(address):
            raise _Odd
        self.fields["link"] = address

    def _take_id(self, part: etree._Element) -> None:
        words = _words(part)
        said = {name.lower(): value for name, value in part.attrib.items()}
        self.fields["id"] = words
        if said.get("ispermalink", "true") == "true":
            if not (ADDRESS.fullmatch(words) or NAME.fullmatch(words)):
                raise _Odd
            self.fields.setdefault("link", words)


def _words(part: etree._Element) -> str:
    words = _repaired((part.text or "").strip())
    if not words:
        raise _Odd
    return words


def _repaired(text: str) -> str:
    """UTF-8 that was taken for Latin-1, and Windows' characters that were, put right."""
    if text.isascii():
        return text
    try:
        text = text.encode("iso-8859-1").decode("utf-8")
    except UnicodeError:
        pass
    return text.translate(WINDOWS)


def _looks_like_html(text: str) -> bool:
    if TAG.search(text):
        raise _Odd  # which tags feedparser takes for HTML is its own affair
    return bool(ENTITY.search(text)) and all(name in entitydefs for name in NAMED_ENTITY.findall(text))


def _moment(text: str) -> datetime:
    if found := WEB_DATE.fullmatch(text):
        year, month, day, hour, minute, second, sign, hours, minutes = found.groups()
    elif found := MAIL_DATE.fullmatch(text):
        day, name, year, hour, minute, second, zone, sign, hours, minutes = found.groups()
        month = MONTHS.index(name) + 1
        if zone:
            return datetime(int(year), month, int(day), int(hour), int(minute), int(second), tzinfo=UTC) - timedelta(
                hours=HOURS.get(zone, 0)
            )
    else:
        raise _Odd
    moment = datetime(int(year), int(month), int(day), int(hour), int(minute), int(second), tzinfo=UTC)
    offset = timedelta(hours=int(hours or 0), minutes=int(minutes or 0))
    return moment + offset if sign == "-" else moment - offset

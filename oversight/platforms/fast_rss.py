"""A fast reader of well-formed feeds that says exactly what feedparser says, or nothing where it is not sure."""

import re
from typing import Any

from lxml import etree
from lxml.etree import _Element

from oversight.platforms.fast_rss_entry import ABOUT, LANGUAGE, OTHER, PEOPLE, RDF, Entry, Odd, joined

ATOM = "http://www.w3.org/2005/atom"
RSS1 = "http://purl.org/rss/1.0/"
# The name of each namespace for feedparser, which goes by the address in lower case.
SPACES = {
    "": "",
    ATOM: "",
    RSS1: "",
    RDF: "rdf",
    "http://backend.userland.com/creativecommonsrssmodule": "creativecommons",
    "http://cyber.law.harvard.edu/rss/creativecommonsrssmodule.html": "creativecommons",
    "http://purl.org/dc/elements/1.1/": "dc",
    "http://purl.org/dc/terms/": "dcterms",
    "http://purl.org/rss/1.0/modules/content/": "content",
    "http://rssnamespace.org/feedburner/ext/1.0": "feedburner",
    "http://search.yahoo.com/mrss": "media",
    "http://search.yahoo.com/mrss/": "media",
    "http://web.resource.org/cc/": "cc",
    "http://webns.net/mvcb/": "admin",
    "http://www.georss.org/georss": "georss",
    "http://www.itunes.com/dtds/podcast-1.0.dtd": "itunes",
}
# Other namespaces are known to feedparser by their prefix: these mean something to it, or would hide what it said.
# fmt: off
RESERVED = {
    *SPACES.values(), "created", "date", "description", "gml", "guid", "id", "issued", "link", "modified", "psc",
    "published", "summary", "title", "updated", "xhtml", "xlink", "xml",
}
UNSURE_PARTS = {
    "body", "channel", "content", "content:encoded", "entry", "feed", "fullitem", "item", "itunes:summary", "rss",
    "source", "summary", "svg",
}
# fmt: on
ALIASES = re.compile(
    "backend.userland.com/rss|blogs.law.harvard|example.com|my.netscape.com|opengis|podlove|purl.org/(atom|echo|pie)/|"
    "modules/rss091|uri/of/echo|www.w3.org/(1999/xhtml|1999/xlink)|creativecommons.org"
)
PARTS_WITH_PARTS = {*PEOPLE, "image", "itunes:category", "items", "skipdays", "skiphours", "textinput"}

HEAD_DECLARATION = re.compile(r"<!(?!--)")
FIRST_TAG = re.compile(r"<\w")
BASE = re.compile(r"base\s*=")


def well_formed_entries(text: str, address: str) -> list[dict[str, Any]] | None:
    """The entries of the feed at `address`, each as feedparser would give it; None where feedparser is to be asked.

    An entry has only what items are made of. `text` begins behind the XML declaration and has no DOCTYPE.
    """
    first = FIRST_TAG.search(text)
    if first is None or HEAD_DECLARATION.search(text, 0, first.start()):
        return None
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False, remove_comments=True, remove_pis=True
    )
    try:
        root = etree.fromstring(text.encode("utf-8", "replace"), parser)
        return _Document(root, text, address).entries() or None
    except (Odd, etree.XMLSyntaxError, ValueError, OverflowError):
        return None


class _Document:
    """A parsed feed, and what its tags are called."""

    def __init__(self, root: _Element, text: str, address: str) -> None:
        self._root = root
        self._base = None if BASE.search(text.lower()) else joined(address, address)
        self._names: dict[str, str] = {}
        is_plain = text.count("xmlns") == len(root.nsmap)
        # What is declared on the way counts for all: feedparser does not forget it where it ends.
        self._spaces = _spaces_of(
            {pair for part in ([root] if is_plain else root.iter()) for pair in part.nsmap.items()}
        )

    def entries(self) -> list[dict[str, Any]]:
        """Every entry; raises Odd."""
        is_atom = self._root.tag == "{http://www.w3.org/2005/Atom}feed"
        return [Entry(self.name_of, self._base, is_atom).read(entry) for entry in self._found(is_atom=is_atom)]

    def name_of(self, element: _Element) -> str:
        """The name by which feedparser knows an element: `title`, `dc:date`."""
        tag = str(element.tag)
        name = self._names.get(tag)
        if name is None:
            address, _, local = tag.lower().rpartition("}")
            space = self._spaces.get(address[1:]) if address else ""
            if space is None:
                raise Odd
            self._names[tag] = name = f"{space}:{local}" if space else local
        return name

    def _found(self, *, is_atom: bool) -> list[_Element]:
        root, channels = self._root, [part for part in self._root if self.name_of(part) == "channel"]
        if root.tag == "rss" and len(root) == len(channels) == 1:
            return self._parts(channels[0], "item")
        if is_atom and RSS1 not in self._spaces:
            return self._parts(root, "entry")
        is_rdf = root.tag == f"{{{RDF}}}RDF" and RSS1 in self._spaces and ATOM not in self._spaces
        if is_rdf and len(channels) == 1 and not self._parts(channels[0], "item"):
            root.remove(channels[0])
            return self._parts(root, "item")
        raise Odd

    def _parts(self, whole: _Element, wanted: str) -> list[_Element]:
        """The entries; what stands beside them is looked through for what could change their meaning."""
        if self.name_of(whole) == "channel" and set(whole.attrib) - {ABOUT, LANGUAGE}:
            raise Odd
        found = []
        for part in whole:
            name = self.name_of(part)
            if name == wanted:
                found.append(part)
            elif (len(part) and name not in PARTS_WITH_PARTS) or not UNSURE_PARTS.isdisjoint(
                map(self.name_of, part.iter())
            ):
                raise Odd
        return found


def _spaces_of(declared: set[tuple[str | None, str]]) -> dict[str, str]:
    """The name of each namespace; raises Odd where a prefix would mean another one to feedparser."""
    if len({prefix for prefix, _ in declared}) != len(declared):
        raise Odd
    spaces: dict[str, str] = {}
    for prefix, address in declared:
        key, short = address.lower(), (prefix or "").lower()
        space = SPACES.get(key, {"": "", "media": "media"}.get(short, OTHER))
        is_taken = short in RESERVED and short not in ("", space)
        if is_taken or (key not in SPACES and ALIASES.search(key)) or spaces.get(key, space) != space:
            raise Odd
        spaces[key] = space
    return spaces

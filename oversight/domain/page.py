"""An HTML page as a reader of platforms needs it: a tree without what is not text, words, and absolute links."""

import re
from typing import cast
from urllib.parse import urljoin

from lxml import etree, html
from lxml.html import HtmlElement

from oversight.domain.encoding import decode_document
from oversight.domain.feed import Outcome
from oversight.errors import FeedError

CONTROLS = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
NUMBERED = re.compile(r"&#(?:x([0-9a-f]{1,8})|(\d{1,8}));?", re.I)
SILENT = ("script", "style", "noscript", "template", "svg")
BLOCKS = frozenset(
    [
        "address",
        "article",
        "blockquote",
        "br",
        "div",
        "dd",
        "dl",
        "dt",
        "footer",
        "form",
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "header",
        "hr",
        "li",
        "main",
        "nav",
        "ol",
        "p",
        "pre",
        "section",
        "table",
        "tbody",
        "td",
        "th",
        "thead",
        "tr",
        "ul",
    ]
)


def parse_page(body: bytes, content_type: str = "") -> HtmlElement:
    """The tree of a page; nothing outside of it is ever loaded (SAFETY C1). Raises FeedError where there is none."""
    text = decode_document(body, content_type)
    if not text.strip():
        raise FeedError(Outcome.EMPTY_BODY, "the answer is empty")
    parser = html.HTMLParser(no_network=True, huge_tree=False, remove_comments=True, remove_pis=True, encoding="utf-8")
    try:
        tree = html.document_fromstring(_writable(text).encode("utf-8", "replace"), parser=parser)
    except (etree.ParserError, etree.XMLSyntaxError, ValueError) as error:
        raise FeedError(Outcome.NOT_A_FEED, f"the answer is not a page: {error}") from error
    for element in list(tree.iter(*SILENT)):
        cast(HtmlElement, element).drop_tree()
    return tree


def _writable(text: str) -> str:
    """The text without characters that lxml reads but refuses to write, as it must where a script is taken away."""
    return CONTROLS.sub("", NUMBERED.sub(lambda found: "" if _is_control(found) else found.group(), text))


def _is_control(found: re.Match[str]) -> bool:
    code = int(found.group(1), 16) if found.group(1) else int(found.group(2))
    return code > 0x10FFFF or bool(CONTROLS.match(chr(code)))


def words(element: HtmlElement | None) -> str:
    """The element's text on one line; blocks are apart, inline markup is not."""
    return " ".join(text_of(element).split())


def text_of(element: HtmlElement | None) -> str:
    """The element's text, a line for each block."""
    parts: list[str] = []
    if element is not None:
        _gather(element, parts)
    lines = (" ".join(line.split()) for line in "".join(parts).split("\n"))
    return "\n".join(line for line in lines if line)


def link_in(element: HtmlElement | None, base: str) -> str | None:
    """The element's own address, or the first one inside it, made absolute; None for what is no web address."""
    if element is None:
        return None
    for anchor in element.iter("a"):
        found = absolute(anchor.get("href"), base)
        if found is not None:
            return found
    return None


def absolute(href: str | None, base: str) -> str | None:
    """A link made absolute; None for `javascript:`, `mailto:`, a mere fragment, and what cannot be read."""
    if not href or href.strip().startswith("#"):
        return None
    try:
        address = urljoin(base, " ".join(href.split()).replace(" ", "%20"))
    except ValueError:
        return None
    return address if address.startswith(("http://", "https://")) else None


def _gather(root: HtmlElement, parts: list[str]) -> None:
    """In document order and without recursion: a page may be nested deeper than Python's stack."""
    for event, element in etree.iterwalk(root, events=("start", "end")):
        if not isinstance(element.tag, str):
            continue
        if element.tag in BLOCKS:
            parts.append("\n")
        if event == "start":
            parts.append((element.text or "").replace("\n", " "))
        elif element is not root:
            parts.append((element.tail or "").replace("\n", " "))

"""The text of web pages, of plain text, and of captions."""

import re

from oversight.documents.kinds import HTML, PLAIN
from oversight.documents.paging import fitting, paged
from oversight.documents.result import read, unreadable
from oversight.domain.document import DocumentText
from oversight.domain.encoding import decode_document
from oversight.domain.page import parse_page, text_of
from oversight.errors import FeedError

HTML_BYTES = 10_000_000
TEXT_BYTES = 4_000_000

_CUE = re.compile(r"(?m)^(?:\d{1,6}[ \t]*\r?\n)?\d{1,3}:\d\d(?::\d\d)?[.,]\d{3} --> .{0,200}$")
_BINARY = re.compile(r"[\x00-\x08\x0e-\x1a]")


def read_html(body: bytes, media_type: str) -> DocumentText:
    """The words of a web page, a line for each block."""
    try:
        tree = parse_page(body[:HTML_BYTES], media_type)
    except FeedError as error:
        return unreadable(HTML, f"broken: {error}")
    return read(HTML, paged([text_of(tree)]))


def read_plain(body: bytes, media_type: str) -> DocumentText:
    """The text itself; a form feed begins a page, and captions are read without their numbers and times."""
    text = decode_document(body[:TEXT_BYTES], media_type)
    if len(_BINARY.findall(text[:4096])) + text[:4096].count("\ufffd") > 40:
        return unreadable(PLAIN, "broken: it is not text")
    if len(_CUE.findall(text[:4096])) > 1:
        text = re.sub(r"\n\s*\n", "\n", _CUE.sub("", text.removeprefix("WEBVTT")))
    pages = text.rstrip("\f\r\n").split("\f")
    return read(PLAIN, paged(fitting(pages)), len(pages) if len(pages) > 1 else None)

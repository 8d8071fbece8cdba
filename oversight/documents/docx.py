"""The text of a Word document (.docx): paragraphs, tables, notes, headers, and pages where they are marked."""

import zipfile
from collections.abc import Iterator
from io import BytesIO

from lxml import etree

from oversight.documents.kinds import DOCX, ZIP, Kind
from oversight.documents.paging import fitting, paged
from oversight.documents.result import read, unreadable
from oversight.domain.document import DocumentText
from oversight.domain.encoding import decode_document

MOST_ENTRIES = 5_000
PART_BYTES = 20_000_000
ALL_BYTES = 40_000_000

_WORD = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_STRICT = "{http://purl.oclc.org/ooxml/wordprocessingml/main}"
_FALLBACK = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"
_PAGE = "\f"
_BODY = "word/document.xml"
_OTHERS = (
    ("xl/workbook.xml", Kind("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", "Excel workbook")),
    (
        "ppt/presentation.xml",
        Kind("application/vnd.openxmlformats-officedocument.presentationml.presentation", "PowerPoint presentation"),
    ),
    ("content.xml", Kind("application/vnd.oasis.opendocument.text", "OpenDocument file")),
)
_WRITTEN = {"tab": "\t", "br": "\n", "cr": "\n", "noBreakHyphen": "-", "lastRenderedPageBreak": _PAGE}


class _Broken(Exception):
    """The document breaks a rule of its format or one of ours: it is unreadable, and the message says why."""


def read_zip(body: bytes) -> DocumentText:
    """A Word document; what else comes as a ZIP archive is unreadable and named."""
    try:
        with zipfile.ZipFile(BytesIO(body)) as archive:
            return _read_archive(archive)
    except _Broken as error:
        return unreadable(DOCX, f"broken: {error}")


def _read_archive(archive: zipfile.ZipFile) -> DocumentText:
    names = archive.namelist()
    if len(names) > MOST_ENTRIES:
        return unreadable(ZIP, f"broken: it holds more than {MOST_ENTRIES:,} files")
    if _BODY not in names:
        kind = next((kind for name, kind in _OTHERS if name in names), ZIP)
        return unreadable(kind, f"not read: {kind.name}")
    pages = _pages_of("".join(_texts(archive, _in_order(names))))
    return read(DOCX, paged(fitting(pages)), len(pages) if len(pages) > 1 else None)


def _in_order(names: list[str]) -> list[str]:
    """What stands above the text, the text, what stands below it."""
    above = sorted(name for name in names if name.startswith("word/header") and name.endswith(".xml"))
    below = [name for name in ("word/footnotes.xml", "word/endnotes.xml") if name in names]
    footers = sorted(name for name in names if name.startswith("word/footer") and name.endswith(".xml"))
    return [*above[:20], _BODY, *below, *footers[:20]]


def _pages_of(text: str) -> list[str]:
    """Word marks the same break once where it was asked for and once where it was drawn, so none are empty."""
    pages = text.split(_PAGE)
    return [page for page in pages if page.strip()] or [""]


def _texts(archive: zipfile.ZipFile, names: list[str]) -> Iterator[str]:
    room = ALL_BYTES
    for name in names:
        part = _unpacked(archive, name, min(room, PART_BYTES))
        room -= len(part)
        text = "".join(_written(_tree(part)))
        yield text if name == _BODY else text.replace(_PAGE, "\n")


def _unpacked(archive: zipfile.ZipFile, name: str, limit: int) -> bytes:
    # The size in the archive's own list may be a lie, so what comes out is counted.
    with archive.open(name) as stream:
        part = stream.read(limit + 1)
    if len(part) > limit:
        raise _Broken(f"{name} is larger than {limit:,} bytes")
    return part


def _tree(part: bytes) -> etree._Element:
    text = decode_document(part, "")
    if "<!DOCTYPE" in text:
        raise _Broken("it declares a document type")
    # The text is decoded already, so that what was looked at is what is parsed.
    parser = etree.XMLParser(
        encoding="utf-8", resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False,
        remove_comments=True, remove_pis=True,
    )  # fmt: skip
    return etree.fromstring(text.encode("utf-8", "replace"), parser)


def _written(root: etree._Element) -> list[str]:
    """The text in document order, without recursion; the cells of a row stand on one line."""
    parts: list[str] = []
    walk = etree.iterwalk(root, events=("start", "end"))
    for event, element in walk:
        name = str(element.tag).removeprefix(_WORD).removeprefix(_STRICT)
        if event == "end":
            _close(name, parts)
        elif element.tag == _FALLBACK:
            # The same text once more, for older programs.
            walk.skip_subtree()
        else:
            parts.append(_opening(name, element))
    return parts


def _opening(name: str, element: etree._Element) -> str:
    if name == "t":
        return element.text or ""
    if name == "pageBreakBefore" or (name == "br" and "page" in element.attrib.values()):
        return _PAGE
    return _WRITTEN.get(name, "")


def _close(name: str, parts: list[str]) -> None:
    if name == "p":
        parts.append("\n")
    elif name in ("tc", "tr") and parts:
        parts[-1] = "\t" if name == "tc" else "\n"

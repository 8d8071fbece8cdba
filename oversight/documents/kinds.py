"""What kind of file a document is: its first bytes say it first, its header second, its address last."""

import re
from dataclasses import dataclass
from pathlib import PurePosixPath
from urllib.parse import urlsplit

from oversight.domain.encoding import decode_document


@dataclass(frozen=True)
class Kind:
    """A media type, and how a person calls it."""

    media_type: str
    name: str


PDF = Kind("application/pdf", "PDF")
DOCX = Kind("application/vnd.openxmlformats-officedocument.wordprocessingml.document", "Word document")
HTML = Kind("text/html", "web page")
PLAIN = Kind("text/plain", "plain text")
ZIP = Kind("application/zip", "zip archive")
OLE = Kind("application/x-ole-storage", "old Office file")
UNKNOWN = Kind("application/octet-stream", "unknown kind of file")

_MAGIC = (
    (b"PK\x03\x04", ZIP),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", OLE),
    (b"{\\rtf", Kind("application/rtf", "RTF document")),
    (b"\x89PNG\r\n", Kind("image/png", "PNG image")),
    (b"\xff\xd8\xff", Kind("image/jpeg", "JPEG image")),
    (b"GIF8", Kind("image/gif", "GIF image")),
    (b"II*\x00", Kind("image/tiff", "TIFF image")),
    (b"MM\x00*", Kind("image/tiff", "TIFF image")),
    (b"\x1f\x8b", Kind("application/gzip", "gzip archive")),
    (b"7z\xbc\xaf\x27\x1c", Kind("application/x-7z-compressed", "7-Zip archive")),
    (b"ID3", Kind("audio/mpeg", "sound recording")),
)
# The names of the streams in an old Office file are UTF-16 text.
_STREAMS = (
    ("EncryptedPackage", Kind("application/x-encrypted-office", "encrypted Office document")),
    ("WordDocument", Kind("application/msword", "old Word document (.doc)")),
    ("Workbook", Kind("application/vnd.ms-excel", "old Excel workbook (.xls)")),
    ("PowerPoint Document", Kind("application/vnd.ms-powerpoint", "old PowerPoint presentation (.ppt)")),
    ("__substg1.0_", Kind("application/vnd.ms-outlook", "Outlook message")),
)
_HEADERS = {
    "application/pdf": PDF,
    "text/html": HTML,
    "application/xhtml+xml": HTML,
    "application/json": PLAIN,
    "application/x-subrip": PLAIN,
}
_ENDINGS = {
    ".pdf": PDF,
    ".htm": HTML,
    ".html": HTML,
    **dict.fromkeys((".txt", ".md", ".srt", ".vtt", ".csv", ".ics", ".json"), PLAIN),
}
_MARKUP = re.compile(
    r"\s*(?:<\?xml[^>]{0,500}\?>\s*)?(?:<!--.{0,2000}?-->\s*)*<(?:!doctype\s+html|html|head|body)\b", re.I | re.S
)


def kind_of(body: bytes, media_type: str, url: str) -> Kind:
    """The kind of a document."""
    return _by_its_bytes(body) or _by_its_header(media_type) or _by_its_ending(url) or _by_its_letters(body)


def _by_its_bytes(body: bytes) -> Kind | None:
    # Readers of PDF allow for a kilobyte of something else before it.
    if b"%PDF-" in body[:1024]:
        return PDF
    for magic, kind in _MAGIC:
        if body.startswith(magic):
            return _old_office(body) if kind is OLE else kind
    if body[4:8] == b"ftyp":
        return Kind("video/mp4", "video")
    return HTML if _MARKUP.match(decode_document(body[:4096], "")) else None


def _old_office(body: bytes) -> Kind:
    for name, kind in _STREAMS:
        if name.encode("utf-16-le") in body:
            return kind
    return OLE


def _by_its_header(media_type: str) -> Kind | None:
    stated = media_type.partition(";")[0].strip().lower()
    if stated in _HEADERS:
        return _HEADERS[stated]
    if stated.startswith("text/"):
        return PLAIN
    if stated.startswith(("image/", "video/", "audio/")):
        return Kind(stated[:100], stated.partition("/")[0])
    return None


def _by_its_ending(url: str) -> Kind | None:
    try:
        path = urlsplit(url).path
    except ValueError:
        return None
    return _ENDINGS.get(PurePosixPath(path).suffix.lower())


def _by_its_letters(body: bytes) -> Kind:
    """Text is what decodes strictly and holds no control characters."""
    try:
        text = body[:4096].decode("utf-8")
    except UnicodeDecodeError as error:
        # The cut may fall into a character.
        text = body[: error.start].decode("utf-8") if error.start > 4092 else "\x00"
    return UNKNOWN if re.search(r"[\x00-\x08\x0e-\x1a\x1c-\x1f]", text) else PLAIN

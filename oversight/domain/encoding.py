"""Bytes of a document to text, by a codec from a short list; never an error, never a codec of the sender's choice."""

import codecs
import re

# What real feeds use (SAFETY C4); not what Python decodes and no feed has business naming, such as UTF-7.
CODECS = {
    *("utf-8", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "utf-32-le", "utf-32-be", "ascii", "koi8-r", "koi8-u"),
    *(f"iso8859-{part}" for part in (1, 2, 3, 4, 5, 7, 9, 15)),
    *(f"cp{page}" for page in (1250, 1251, 1252, 1253, 1254, 1257)),
    *("shift_jis", "euc_jp", "gb2312", "gbk", "gb18030", "big5", "euc_kr"),
}
BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
WIDE = ((b"<\0\0\0", "utf-32-le"), (b"\0\0\0<", "utf-32-be"), (b"<\0", "utf-16-le"), (b"\0<", "utf-16-be"))
DECLARED = re.compile(rb"""<\?xml[^>]{0,200}?encoding\s*=\s*["']([A-Za-z0-9._-]{1,40})["']""")
# `<meta charset="...">` and `<meta http-equiv="Content-Type" content="text/html; charset=...">`, but none in a comment.
META = re.compile(rb"""<meta\b[^>]{0,300}?\bcharset\s*=\s*["']?\s*([A-Za-z0-9._-]{1,40})""", re.I)
COMMENT = re.compile(rb"<!--.*?(?:-->|\Z)", re.S)
PRESCANNED = 1024  # bytes in which browsers look for it
CHARSET = re.compile(r"""charset\s*=\s*["']?([A-Za-z0-9._-]{1,40})""", re.I)


def decode_document(body: bytes, content_type: str) -> str:
    """The text of a document: by its byte order mark, declaration, header, meta, or UTF-8; bad bytes are replaced.

    UTF-8 that decodes strictly wins over a label that says otherwise, because wrong labels are common and
    text in another encoding is almost never valid UTF-8.
    """
    for mark, codec in (*BOMS, *WIDE):
        if body.startswith(mark):
            return body.decode(codec, "replace").lstrip("\ufeff")
    try:
        return body.decode("utf-8")
    except UnicodeDecodeError:
        return body.decode(_labelled(body, content_type) or "utf-8", "replace")


def _labelled(body: bytes, content_type: str) -> str | None:
    declared, charset = DECLARED.search(body[:1000]), CHARSET.search(content_type)
    meta = META.search(COMMENT.sub(b"", body[:PRESCANNED]))
    by_meta = _codec(meta[1].decode() if meta else "")
    if by_meta and by_meta.startswith(("utf-16", "utf-32")):
        by_meta = None  # in these, no label could have been read as it stands (WHATWG Encoding)
    return _codec(declared[1].decode() if declared else "") or _codec(charset[1] if charset else "") or by_meta


def _codec(label: str) -> str | None:
    """The codec that a label names, where it is one of the list."""
    try:
        codec = codecs.lookup(label).name
    except LookupError:
        return None
    if codec not in CODECS:
        return None
    # Pages labelled Latin-1 are read as Windows-1252 by every browser (WHATWG Encoding).
    return "cp1252" if codec in ("iso8859-1", "ascii") else codec

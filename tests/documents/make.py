"""Documents that the tests make themselves: PDFs, Word documents and pictures of pages, byte by byte."""

import zipfile
from collections.abc import Iterable, Mapping
from io import BytesIO

import pypdf

W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'


def pdf(*pages: str | bytes) -> bytes:
    """A PDF with a page for each text (lines below each other) or content stream."""
    return assembled([(page if isinstance(page, bytes) else shown(page), b"") for page in pages])


def shown(text: str, size: int = 12) -> bytes:
    """The content stream that shows a text, line by line."""
    lines = b"".join(b"(%s) Tj T*\n" % escaped(line) for line in text.split("\n"))
    return b"BT /F1 %d Tf %d TL 40 740 Td\n%sET" % (size, size + 4, lines)


def escaped(line: str) -> bytes:
    coded = line.encode("cp1252")
    return coded.replace(b"\\", b"\\\\").replace(b"(", b"\\(").replace(b")", b"\\)")


def scan(*stamps: str) -> bytes:
    """A PDF whose pages are one picture each, with a stamp of text on it or none."""
    draw = b"q 612 0 0 792 0 0 cm /Im1 Do Q\n"
    return assembled([(draw + (shown(stamp) if stamp else b""), b"/XObject << /Im1 4 0 R >>") for stamp in stamps])


def assembled(pages: Iterable[tuple[bytes, bytes]]) -> bytes:
    """A PDF out of content streams and what they need beside the font."""
    picture = b"<< /Type /XObject /Subtype /Image /Width 2 /Height 2 /ColorSpace /DeviceGray /BitsPerComponent 8"
    font = b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>"
    objects = [b"<< /Type /Catalog /Pages 2 0 R >>", b"", font, stream(b"\xff\xee\xee\xff", picture)]
    numbers = []
    for content, resources in pages:
        objects.append(stream(content, b"<<"))
        page = b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Contents %d 0 R" % len(objects)
        objects.append(page + b" /Resources << /Font << /F1 3 0 R >> %s >> >>" % resources)
        numbers.append(len(objects))
    kids = b" ".join(b"%d 0 R" % number for number in numbers)
    objects[1] = b"<< /Type /Pages /Kids [%s] /Count %d >>" % (kids, len(numbers))
    return file_of(objects)


def stream(content: bytes, head: bytes) -> bytes:
    return head + b" /Length %d >>\nstream\n%s\nendstream" % (len(content), content)


def file_of(objects: list[bytes]) -> bytes:
    """The objects with their table of contents."""
    body, places = b"%PDF-1.7\n", []
    for number, content in enumerate(objects, 1):
        places.append(len(body))
        body += b"%d 0 obj\n%s\nendobj\n" % (number, content)
    table = b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    table += b"".join(b"%010d 00000 n \n" % place for place in places)
    trailer = b"trailer << /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (len(objects) + 1, len(body))
    return body + table + trailer


def encrypted(plain: bytes, *, password: str) -> bytes:
    """The same PDF under AES-256."""
    writer = pypdf.PdfWriter(clone_from=BytesIO(plain))
    writer.encrypt(password, "of the owner", algorithm="AES-256")
    out = BytesIO()
    writer.write(out)
    return out.getvalue()


def docx(body: str, parts: Mapping[str, str] | None = None) -> bytes:
    """A Word document with this inside of its body, and other parts by name."""
    document = f"<w:document {W}><w:body>{body}</w:body></w:document>"
    return archive({"[Content_Types].xml": "<Types/>", "word/document.xml": document, **(parts or {})})


def archive(parts: Mapping[str, str | bytes]) -> bytes:
    out = BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as made:
        for name, content in parts.items():
            made.writestr(name, content)
    return out.getvalue()


def paragraph(text: str) -> str:
    return f"<w:p><w:r><w:t>{text}</w:t></w:r></w:p>"

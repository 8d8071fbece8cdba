"""The text of a scanned PDF by optical character recognition, where the `tesseract` program is installed.

It takes longer than ordinary reading: a child process that runs it needs more wall time than `OCR_SECONDS`.
"""

import shutil
import subprocess
import time
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace

import pypdfium2 as pdfium

from oversight.documents.kinds import PDF
from oversight.documents.paging import fitting, has_text, paged
from oversight.documents.pdf import Encrypted, open_pdf, page_text
from oversight.documents.result import read, scanned, unreadable
from oversight.domain.document import DocumentText

PROGRAM = "tesseract"
MOST_PAGES = 20
PAGE_SECONDS = 20.0
OCR_SECONDS = 90.0
DOTS_PER_INCH = 200
LONGEST_SIDE = 3_400
"""Pixels: a legal page at 200 dots per inch, and the bound for a page that says it is as large as a house."""


class _NotRead(Exception):
    """The program failed on a page: that page stays without text."""


def read_scanned(body: bytes, *, seconds: float = OCR_SECONDS, program: str = PROGRAM) -> DocumentText:
    """The text of a PDF, recognised on the first pages without any as far as time allows; raises PdfiumError."""
    path = shutil.which(program)
    if path is None:
        return replace(unreadable(PDF, f"scanned, and {program} is not installed"), is_scanned=True)
    try:
        with closing(open_pdf(body)) as pdf:
            texts = fitting(_texts(pdf, path, time.monotonic() + seconds))
            return _told(texts, len(pdf))
    except Encrypted:
        return unreadable(PDF, "encrypted")


def _texts(pdf: pdfium.PdfDocument, program: str, deadline: float) -> Iterator[str]:
    recognised = 0
    for number in range(len(pdf)):
        text = _text_layer(pdf, number)
        if not has_text(text):
            remaining = deadline - time.monotonic()
            if recognised == MOST_PAGES or remaining <= 0:
                return
            recognised += 1
            text = _recognised(pdf, number, program, min(remaining, PAGE_SECONDS))
        yield text


def _text_layer(pdf: pdfium.PdfDocument, number: int) -> str:
    try:
        return page_text(pdf[number])
    except pdfium.PdfiumError:
        return ""


def _told(texts: list[str], page_count: int) -> DocumentText:
    found = paged(texts)
    if found.silent == len(texts):
        without = scanned(PDF, page_count)
        return replace(without, reason=f"{without.reason}, and none was recognised on the first {len(texts)}")
    return replace(read(PDF, found, page_count), is_ocr=True, is_scanned=True)


def _recognised(pdf: pdfium.PdfDocument, number: int, program: str, seconds: float) -> str:
    try:
        return _run(program, _picture(pdf[number]), seconds)
    except (_NotRead, pdfium.PdfiumError):
        return ""


def _picture(page: pdfium.PdfPage) -> bytes:
    """The page as a portable graymap, which needs no library to write."""
    longest = max(1.0, *page.get_size())
    scale = min(DOTS_PER_INCH / 72, LONGEST_SIDE / longest)
    bitmap = page.render(scale=scale, grayscale=True)
    with closing(bitmap):
        rows = bytes(bitmap.buffer)
        width, height, stride = bitmap.width, bitmap.height, bitmap.stride
    pixels = b"".join(rows[start : start + width] for start in range(0, stride * height, stride))
    return b"P5 %d %d 255\n" % (width, height) + pixels


def _run(program: str, picture: bytes, seconds: float) -> str:
    command = [program, "stdin", "stdout", "-l", "eng", "--psm", "3"]
    # One thread a page: the machine has other work, and a limit on processor time counts all threads together.
    settings = {"OMP_THREAD_LIMIT": "1", "LC_ALL": "C.UTF-8"}
    try:
        done = subprocess.run(
            command, input=picture, capture_output=True, timeout=seconds, check=True, env=settings, cwd="/"
        )
    except (subprocess.SubprocessError, OSError) as error:
        raise _NotRead from error
    return done.stdout.decode("utf-8", "replace").replace("\f", "\n")

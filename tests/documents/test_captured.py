"""Documents captured from real councils, in ../shared/captured: each reads as it did, and as another reader says.

What is committed are facts only, keyed by the sha256 of the document. `words` lists the pages on which a word stands
according to pypdf, which is not the reader that gives the text here.
"""

import hashlib
import json
import re
from pathlib import Path
from typing import Any

import pytest

from oversight.children import ChildPool
from oversight.documents import read_document
from oversight.domain.cleaning import TEXT_LENGTH, clean_text
from oversight.domain.document import DocumentText, page_at

FACTS = json.loads((Path(__file__).parents[1] / "data" / "documents.json").read_text("utf-8"))
CAPTURED = Path(__file__).parents[3] / "shared" / "captured"
FILES = sorted([*CAPTURED.glob("council_pdf/*"), *CAPTURED.glob("council_text/*")])

each_file = pytest.mark.parametrize("file", FILES, ids=[file.name for file in FILES])


def facts_about(file: Path) -> dict[str, Any]:
    known: dict[str, Any] = FACTS[hashlib.sha256(file.read_bytes()).hexdigest()]
    return known


def read(file: Path) -> DocumentText:
    return read_document(file.read_bytes(), "", file.name)


def test_the_captured_documents_are_here(shared: Path) -> None:
    assert len(FILES) == len(FACTS) > 60


@each_file
def test_a_captured_document_reads_as_before(file: Path) -> None:
    found = read(file)
    told = {
        "state": str(found.state),
        "media_type": found.media_type,
        "page_count": found.page_count,
        "reason": found.reason,
        "characters": len(found.text),
        "last_page_at": found.pages[-1] if found.pages else None,
    }
    assert told == {name: value for name, value in facts_about(file).items() if name not in ("file", "words")}


@each_file
def test_a_word_is_on_the_pages_where_another_reader_finds_it(file: Path) -> None:
    found = read(file)
    words = facts_about(file).get("words", {})
    assert {word: pages_of(word, found) for word in words} == words


def pages_of(word: str, found: DocumentText) -> list[int]:
    places = re.finditer(r"\s+".join(word.split()), found.text.lower())
    return sorted({page_at(found.pages, place.start()) for place in places})


@each_file
def test_the_text_of_a_captured_document_is_in_normal_form(file: Path) -> None:
    text = read(file).text
    assert clean_text(text, TEXT_LENGTH) == text


def test_captured_documents_are_read_within_the_limits_of_a_child() -> None:
    with ChildPool(1, preload=("oversight.documents",)) as pool:
        read_in_child = [pool.run(read_document, file.read_bytes(), "", file.name) for file in FILES]
    assert [found.state for found in read_in_child] == [facts_about(file)["state"] for file in FILES]

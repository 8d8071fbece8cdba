"""Documents made to do harm: at worst a child dies, and nothing but text or a reason ever comes back."""

import random
from concurrent.futures import ThreadPoolExecutor

import pytest
from hypothesis import given
from hypothesis import strategies as st

from oversight.children import ChildFailed, ChildOutOfMemory, ChildPool, ChildTimeout
from oversight.documents import read_document
from oversight.domain.cleaning import TEXT_LENGTH
from oversight.domain.document import DocumentState, DocumentText

from .make import docx, encrypted, paragraph, pdf, scan

PDF = pdf("The council votes on license plate readers.", "The motion to buy drones was carried.")
DOCX = docx(paragraph("Drones") + '<w:p><w:r><w:br w:type="page"/></w:r></w:p>' + paragraph("Cameras"))
SAMPLES = {"pdf": PDF, "encrypted": encrypted(PDF, password=""), "scan": scan("", "stamp"), "docx": DOCX}
MUTANTS = 60
MAGIC = [b"", b"%PDF-1.4\n", b"PK\x03\x04", b"<html>", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", b"\xff\xfe", b"WEBVTT\n"]


def mutant(body: bytes, chance: random.Random) -> bytes:
    changed = bytearray(body)
    match chance.randrange(4):
        case 0:
            return body[: chance.randrange(len(body))]
        case 1:
            for _ in range(chance.randrange(1, 30)):
                changed[chance.randrange(len(changed))] ^= 1 << chance.randrange(8)
        case 2:
            start = chance.randrange(len(changed))
            del changed[start : start + chance.randrange(1, 200)]
        case _:
            start = chance.randrange(len(changed))
            changed[start:start] = changed[chance.randrange(len(changed)) :][:500]
    return bytes(changed)


def is_sound(found: DocumentText) -> bool:
    """Either text with its pages in order, or a reason."""
    if found.state == DocumentState.UNREADABLE:
        return bool(found.reason) and not found.text and not found.pages
    in_order = list(found.pages) == sorted(found.pages) and all(start <= len(found.text) for start in found.pages)
    return found.state == DocumentState.READ and bool(found.text) and len(found.text) <= TEXT_LENGTH and in_order


@pytest.mark.parametrize("name", SAMPLES)
def test_a_damaged_document_is_read_or_refused(name: str) -> None:
    chance = random.Random(name)
    bodies = [mutant(SAMPLES[name], chance) for _ in range(MUTANTS)]
    with ChildPool(2, preload=("oversight.documents",)) as pool, ThreadPoolExecutor(2) as threads:
        assert all(threads.map(lambda body: survives(pool, body), bodies))


def survives(pool: ChildPool, body: bytes) -> bool:
    try:
        return is_sound(pool.run(read_document, body, "", ""))
    except ChildFailed as error:
        # A parser in C may end its process; an exception of Python's would be ours to catch.
        return "the child process died" in str(error)
    except (ChildTimeout, ChildOutOfMemory):
        return True


@given(
    st.sampled_from(MAGIC), st.binary(max_size=400), st.sampled_from(["", "application/pdf", "text/plain"]), st.text()
)
def test_any_bytes_are_read_or_refused(magic: bytes, rest: bytes, media_type: str, url: str) -> None:
    assert is_sound(read_document(magic + rest, media_type, url))


@given(st.text(max_size=300))
def test_any_text_is_read_or_refused(text: str) -> None:
    assert is_sound(read_document(text.encode("utf-8", "replace"), "text/plain", ""))


def test_a_page_tree_that_bites_its_tail_is_survived() -> None:
    looped = PDF.replace(b"/Kids [6 0 R 8 0 R]", b"/Kids [6 0 R 2 0 R]")
    with ChildPool(1, preload=("oversight.documents",)) as pool:
        assert survives(pool, looped)


def test_a_document_that_says_it_has_millions_of_pages_is_survived() -> None:
    with ChildPool(1, preload=("oversight.documents",)) as pool:
        assert survives(pool, PDF.replace(b"/Count 2", b"/Count 2000000000"))

"""Tests of the reader of Word documents."""

import pytest

from oversight.documents import docx as reader
from oversight.documents import read_document
from oversight.domain.document import DocumentState, DocumentText, page_at

from .make import W, archive, docx, paragraph


def read(body: bytes) -> DocumentText:
    return read_document(body, "", "")


def test_paragraphs_stand_below_each_other() -> None:
    found = read(docx(paragraph("Call to order") + paragraph("Police drones")))
    assert found.text == "Call to order\nPolice drones"
    assert (found.state, found.page_count, found.pages) == (DocumentState.READ, None, ())


def test_a_word_in_pieces_is_one_word() -> None:
    assert read(docx("<w:p><w:r><w:t>surveil</w:t></w:r><w:r><w:t>lance</w:t></w:r></w:p>")).text == "surveillance"


def test_a_row_of_a_table_is_one_line() -> None:
    cells = "".join(f"<w:tc>{paragraph(word)}</w:tc>" for word in ("7.", "Drones", "$90,000"))
    table = f"<w:tbl><w:tr>{cells}</w:tr><w:tr>{cells}</w:tr></w:tbl>"
    assert read(docx(table)).text == "7. Drones $90,000\n7. Drones $90,000"


def test_tabs_breaks_and_hyphens_are_kept() -> None:
    run = "<w:t>Body</w:t><w:noBreakHyphen/><w:t>worn</w:t><w:tab/><w:t>cameras</w:t><w:br/><w:t>approved</w:t>"
    assert read(docx(f"<w:p><w:r>{run}</w:r></w:p>")).text == "Body-worn cameras\napproved"


def test_what_was_deleted_is_not_read_and_what_was_inserted_is() -> None:
    changes = "<w:del><w:r><w:delText>no </w:delText></w:r></w:del><w:ins><w:r><w:t>new</w:t></w:r></w:ins>"
    assert read(docx(f"<w:p>{changes}<w:r><w:t> cameras</w:t></w:r></w:p>")).text == "new cameras"


def test_a_text_for_older_programs_is_not_read_twice() -> None:
    choice = (
        '<mc:AlternateContent xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006">'
        f"<mc:Choice>{paragraph('In a box')}</mc:Choice><mc:Fallback>{paragraph('In a box')}</mc:Fallback>"
        "</mc:AlternateContent>"
    )
    assert read(docx(f"<w:p><w:r>{choice}</w:r></w:p>")).text == "In a box"


def test_headers_stand_above_and_notes_and_footers_below() -> None:
    parts = {
        f"word/{name}.xml": f"<w:root {W}>{paragraph(text)}</w:root>"
        for name, text in (("footer1", "Page of the clerk"), ("header1", "City Council"), ("footnotes", "See policy 4"))
    }
    assert read(docx(paragraph("Drones"), parts)).text == "City Council\nDrones\nSee policy 4\nPage of the clerk"


def test_marked_pages_are_counted_once_each() -> None:
    asked = '<w:p><w:r><w:br w:type="page"/></w:r></w:p>'
    drawn = "<w:p><w:r><w:lastRenderedPageBreak/><w:t>Second page</w:t></w:r></w:p>"
    before = "<w:p><w:pPr><w:pageBreakBefore/></w:pPr><w:r><w:t>Third page</w:t></w:r></w:p>"
    found = read(docx(paragraph("First page") + asked + drawn + before))
    assert found.page_count == 3
    assert [page_at(found.pages, found.text.index(word)) for word in ("First", "Second", "Third")] == [1, 2, 3]


def test_an_empty_document_is_unreadable() -> None:
    found = read(docx(""))
    assert (found.state, found.reason) == (DocumentState.UNREADABLE, "it holds no text")


@pytest.mark.parametrize(
    "entity", ['<!ENTITY x SYSTEM "file:///etc/hostname">', "<!ENTITY a 'b'><!ENTITY x '&a;&a;&a;&a;&a;&a;'>"]
)
@pytest.mark.parametrize("codec", ["utf-8", "utf-16"])
def test_a_document_type_is_refused(entity: str, codec: str) -> None:
    document = f"<!DOCTYPE d [{entity}]><w:document {W}>{paragraph('&x;')}</w:document>"
    found = read(archive({"word/document.xml": document.encode(codec)}))
    assert (found.state, found.reason) == (DocumentState.UNREADABLE, "broken: it declares a document type")


def test_a_bomb_is_refused_before_it_goes_off() -> None:
    bomb = docx("<w:p>" + " " * (reader.PART_BYTES + 1) + "</w:p>")
    assert len(bomb) < 100_000
    assert read(bomb).reason == "broken: word/document.xml is larger than 20,000,000 bytes"


def test_many_large_parts_are_refused_together() -> None:
    part = f"<w:hdr {W}>" + " " * 15_000_000 + "</w:hdr>"
    found = read(docx(paragraph("x"), {f"word/header{number}.xml": part for number in range(4)}))
    assert str(found.reason).startswith("broken: ")


def test_an_archive_of_very_many_files_is_refused() -> None:
    names = {f"{number}": "" for number in range(reader.MOST_ENTRIES)}
    assert read(archive({"word/document.xml": "<d/>", **names})).reason == "broken: it holds more than 5,000 files"


def test_deep_nesting_is_survived() -> None:
    found = read(docx("<w:p>" * 100_000))
    assert found.state == DocumentState.UNREADABLE


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("xl/workbook.xml", "Excel workbook"),
        ("ppt/presentation.xml", "PowerPoint presentation"),
        ("content.xml", "OpenDocument file"),
        ("notes.txt", "zip archive"),
    ],
)
def test_other_archives_are_named(name: str, kind: str) -> None:
    found = read(archive({name: "<x/>"}))
    assert (found.state, found.reason) == (DocumentState.UNREADABLE, f"not read: {kind}")


def test_a_truncated_archive_is_broken() -> None:
    found = read(docx(paragraph("Drones"))[:-40])
    assert found.state == DocumentState.UNREADABLE
    assert str(found.reason).startswith("broken: BadZipFile")

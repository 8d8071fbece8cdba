"""Tests of domain/media_type.py: the ending of a name tells what a file is, or nothing does."""

import pytest

from oversight.domain.media_type import media_type_of


@pytest.mark.parametrize(
    ("names", "told"),
    [
        (("https://a.example.gov/x.PDF?v=1#page=2",), "application/pdf"),
        (
            (None, "Attachment 1", "memo.docx"),
            "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
        ),
        (("https://[x/memo.pdf", "notes.htm"), "text/html"),
        (("https://a.example.gov/View.ashx?file=a.pdf",), None),
        ((), None),
    ],
)
def test_an_ending_tells_what_a_file_is(names: tuple[str | None, ...], told: str | None) -> None:
    assert media_type_of(*names) == told

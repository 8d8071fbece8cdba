"""What a mail says of an event."""

import pytest

from oversight.services.telling import joined

A, B, GAP, SPACE = ("use of", True), ("surveillance", True), (" … ", False), (" ", False)


@pytest.mark.parametrize(
    ("pieces", "expected"),
    [
        ([A, SPACE, B], [("use of surveillance", True)]),
        ([A, B], [("use ofsurveillance", True)]),
        ([A, SPACE, GAP, B], [A, SPACE, GAP, B]),
        ([SPACE, A, SPACE], [SPACE, A, SPACE]),
        ([A, (" the ", False), B], [A, (" the ", False), B]),
        ([], []),
    ],
)
def test_marks_that_only_a_space_parts_are_one(
    pieces: list[tuple[str, bool]], expected: list[tuple[str, bool]]
) -> None:
    assert joined(pieces) == expected

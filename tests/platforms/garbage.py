"""What a platform must never answer, and sometimes does: bytes, and JSON of the right names with the wrong values."""

from hypothesis import strategies as st

from oversight.domain.feed import Outcome
from oversight.errors import FeedError
from oversight.platforms import reader_of
from tests.factories import make_answer, make_council

REFUSALS = set(Outcome)


def json_with(*names: str) -> st.SearchStrategy[object]:
    """JSON whose objects use these names, with values of any type."""
    odd = [
        "",
        "0",
        "x",
        "2026-12-01",
        "0001-01-01T00:00:00",
        "9999-12-31T23:59:59+00:00",
        "/Date(99999999999999)/",
        "{",
    ]
    leaf = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8) | st.sampled_from(odd)
    return st.recursive(
        leaf,
        lambda inside: st.lists(inside, max_size=4) | st.dictionaries(st.sampled_from(names), inside, max_size=8),
        max_leaves=30,
    )


def is_survived(platform: str, body: bytes | str) -> bool:
    """Whether the answer is read or refused, and nothing else happens."""
    try:
        reader_of(platform).read(make_council(platform=platform), make_answer(body))
    except FeedError as error:
        return error.outcome in REFUSALS
    return True

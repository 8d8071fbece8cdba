"""Tests of domain/query.py, query_parser.py, query_match.py and topic.py: one language, one meaning."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from oversight.domain.query import Filter, Narrowing, Phrase, Query, all_of, any_of, leaves, negated, plain_words
from oversight.domain.query_match import Subject, matches
from oversight.domain.query_parser import DEEPEST, EXAMPLES, MOST_CHARACTERS, MOST_PARTS, parse
from oversight.domain.topic import is_settled_by_topic, topics_about, topics_of
from oversight.errors import QueryError

OAKLAND = "ocd-division/country:us/state:ca/place:oakland"
WORDS = ("plate", "reader", "police", "drone", "audit", "straße")
VALUES = {
    Filter.STATE: ("CA", "OR"),
    Filter.PLACE: (OAKLAND, "ocd-division/country:us/district:dc"),
    Filter.TECHNOLOGY: ("alpr", "drones"),
    Filter.VENDOR: ("Flock Safety", "flock", "Axon"),
    Filter.STAGE: ("contract", "pilot"),
    Filter.AGENCY: ("police", "Oakland Police"),
    Filter.MATTER: ("CB 120001", "24-7"),
    Filter.POLICY: ("pol-oakland",),
    Filter.KIND: ("mention",),
}
CIRCLES, POINTS = ("50km@37.80,-122.27", "300km@37.80,-122.27"), ("37.77,-122.42", "32.72,-117.16")
PAPER = Subject.of(
    [
        (Filter.PLACE, OAKLAND),
        (Filter.TECHNOLOGY, "alpr"),
        (Filter.VENDOR, "Flock Safety"),
        (Filter.AGENCY, "Oakland Police Department"),
        (Filter.STAGE, "contract"),
        (Filter.MATTER, "CB 120001"),
        (Filter.KIND, "mention"),
    ],
    ["Contract for licence-plate readers", "The Café’s STRASSE renewal of AT&T lines"],
)

phrases = st.lists(st.sampled_from(WORDS), min_size=1, max_size=3).map(
    lambda words: Phrase(plain_words(" ".join(words)))
)
narrowings = st.sampled_from(
    [Narrowing(name, value) for name, values in (*VALUES.items(), (Filter.NEAR, CIRCLES)) for value in values]
)
known_values = st.sampled_from(
    [(name, value) for name, values in (*VALUES.items(), (Filter.NEAR, POINTS)) for value in values]
)
queries = st.recursive(
    phrases | narrowings,
    lambda inner: st.one_of(
        inner.map(negated),
        st.lists(inner, min_size=1, max_size=3).map(all_of),
        st.lists(inner, min_size=1, max_size=3).map(any_of),
    ),
    max_leaves=10,
)
subjects = st.builds(
    Subject.of,
    st.lists(known_values, max_size=6),
    st.lists(st.lists(st.sampled_from(WORDS), max_size=6).map(" ".join), max_size=2),
)


def read(text: str) -> Query | None:
    try:
        return parse(text)
    except QueryError:
        return None


@given(queries)
def test_what_is_written_is_read_as_it_was_meant(query: Query) -> None:
    again = read(str(query))
    assert again is None or again == query
    if again is None:  # deeper than people may write
        with pytest.raises(QueryError, match="deep"):
            parse(str(query))


@given(
    st.text(max_size=60)
    | st.text(alphabet='ab" :()-OR\x00', max_size=40)
    | st.lists(
        st.sampled_from(
            [
                "(",
                ")",
                "-",
                "NOT",
                "OR",
                "AND",
                '"',
                "tech:",
                "tech:alpr",
                "a",
                "ß",
                "ﷺ",
                "&amp;lt;b",
                "“",
                "-(",
                "\ud800",
            ]
        ),
        max_size=30,
    ).map(" ".join)
)
def test_whatever_is_typed_is_a_query_or_the_one_error(text: str) -> None:
    query = read(text)
    if query is not None:
        assert parse(str(query)) == query
        assert len(str(query)) <= MOST_CHARACTERS
        str(query).encode()
        assert "\x00" not in str(query)


@given(queries, subjects)
def test_a_subject_that_fits_is_found_by_topic(query: Query, subject: Subject) -> None:
    topics = topics_of(query)
    found = topics is None or not topics.isdisjoint(topics_about(subject))
    assert found or not matches(query, subject)
    if topics is not None and is_settled_by_topic(query):
        assert found == matches(query, subject)


@pytest.mark.parametrize(
    "text",
    [
        "tech:alpr",
        "state:CA tech:alpr",
        f"place:{OAKLAND} -drone",
        "vendor:flock stage:contract",
        'vendor:"flock safety"',
        'agency:"police department"',
        'matter:"cb 120001"',
        "matter:CB-120001",
        "kind:mention",
        '"licence plate"',
        "licence-plate",
        "plate READERS",
        "café",
        "straße",
        "at&t",
        "drone OR plate",
        "drone OR (tech:alpr -pilot)",
        "NOT drone AND renewal",
        "-(drone OR pilot)",
        "“licence plate”",
    ],
)
def test_the_paper_is_found(text: str) -> None:
    assert matches(parse(text), PAPER)


@pytest.mark.parametrize(
    "text",
    [
        "tech:drones",
        "state:OR tech:alpr",
        "vendor:floc",
        "matter:120001",
        "plat",
        '"plate licence"',
        "readers-the",
        "-renewal",
        "drone OR -plate",
        "tech:alpr stage:pilot",
        "-(contract plate)",
    ],
)
def test_the_paper_is_not_found(text: str) -> None:
    assert not matches(parse(text), PAPER)


@pytest.mark.parametrize(
    ("text", "at", "words"),
    [
        ("", 1, "nothing to look for"),
        ("   ", 1, "nothing to look for"),
        ("plate (reader", 7, "A \\) is missing"),
        ("plate reader)", 13, "closes nothing"),
        ('plate "reader', 7, 'A " is missing'),
        ("plate OR", 7, "missing here"),
        ("OR plate", 1, "missing here"),
        ("plate OR OR reader", 10, "missing here"),
        ("()", 2, "missing here"),
        ("plate NOT", 7, "missing here"),
        ("plate &", 7, "no letter or digit"),
        ("plate tech:", 7, "a value is missing, such as tech:alpr"),
        ("plate tec:alpr", 7, "Did you mean tech:"),
        ("http://example.org", 1, "There is no filter http: There are state:"),
        ("(" * (DEEPEST + 1) + "a" + ")" * (DEEPEST + 1), DEEPEST + 1, "deep"),
        ("a" * (MOST_CHARACTERS + 1), MOST_CHARACTERS, "at most"),
        (" ".join(f"a{number}" for number in range(MOST_PARTS + 1)), 1, "at most"),
    ],
)
def test_an_error_says_where_and_what_to_do(text: str, at: int, words: str) -> None:
    with pytest.raises(QueryError, match=words) as caught:
        parse(text)
    assert caught.value.at == at


@pytest.mark.parametrize("text", ["NOT " * 400 + "a", "-" * 1_500 + "a", "(" * 1_900, "a " * 900, "a OR " * 390 + "a"])
def test_no_length_of_nonsense_is_too_much(text: str) -> None:
    query = read(text)
    assert query is None or len(list(leaves(query))) == 1


@pytest.mark.parametrize("name", Filter)
def test_each_filter_has_an_example_that_can_be_read(name: Filter) -> None:
    assert [one.filter for one in leaves(parse(EXAMPLES[name])) if isinstance(one, Narrowing)] == [name]


@pytest.mark.parametrize(
    ("text", "names"),
    [
        (f"tech:alpr place:{OAKLAND}", ["place"]),
        ("state:CA OR tech:alpr", ["state", "tech"]),
        ("plate -drone", ["word"]),
        ("tech:alpr (state:CA OR state:OR)", ["state", "state"]),
    ],
)
def test_the_rarest_part_is_what_a_query_is_found_by(text: str, names: list[str]) -> None:
    topics = topics_of(parse(text))
    assert topics
    assert sorted(topic.name for topic in topics) == names


@pytest.mark.parametrize("text", ["-plate", "-plate -tech:alpr", "plate OR -drone"])
def test_a_query_of_what_must_not_be_has_no_topic(text: str) -> None:
    assert topics_of(parse(text)) is None

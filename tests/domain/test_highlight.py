"""A text cut at its evidence: no word is lost, and exactly the words that counted are marked."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from oversight.domain.highlight import CONTEXT, SHORTEST_GAP, Segment, segments
from oversight.domain.mention import Evidence

TEXT = "The council buys plate readers from Flock."


def mark(words: str, *, text: str = TEXT, field: str = "text", weight: float = 1.0) -> Evidence:
    start = text.index(words)
    return Evidence("rule", field, start, start + len(words), words, weight)


def marked(parts: list[Segment]) -> list[str]:
    return [part.text for part in parts if part.evidence]


def whole(parts: list[Segment]) -> str:
    return "".join(part.text for part in parts)


def test_a_text_without_evidence_is_one_plain_part() -> None:
    assert segments(TEXT, [], field="text") == [Segment(TEXT)]


@pytest.mark.parametrize("context", [None, CONTEXT])
def test_an_empty_text_has_no_part(context: int | None) -> None:
    assert segments("", [mark("Flock")], field="text", context=context) == []


@pytest.mark.parametrize("words", ["The council", "plate readers", "Flock.", TEXT])
def test_what_counted_is_marked(words: str) -> None:
    parts = segments(TEXT, [mark(words)], field="text")
    assert (marked(parts), whole(parts)) == ([words], TEXT)


def test_evidence_of_another_field_marks_nothing() -> None:
    assert marked(segments(TEXT, [mark("Flock", field="title")], field="text")) == []


def test_overlapping_evidence_is_cut_where_it_begins_and_ends() -> None:
    first, second = mark("buys plate"), mark("plate readers")
    parts = [part for part in segments(TEXT, [first, second], field="text") if part.evidence]
    assert [(part.text, part.evidence) for part in parts] == [
        ("buys ", (first,)),
        ("plate", (first, second)),
        (" readers", (second,)),
    ]


def test_the_same_words_may_count_twice() -> None:
    parts = segments(TEXT, [mark("Flock"), mark("Flock", weight=-2)], field="text")
    assert [(part.text, len(part.evidence), part.lowers) for part in parts if part.evidence] == [("Flock", 2, True)]


@pytest.mark.parametrize(
    ("start", "end", "words"),
    [(0, 5, "Flock"), (35, 40, "Flock"), (99, 104, "Flock"), (41, 36, ""), (3, 3, "")],
)
def test_evidence_that_does_not_fit_marks_nothing(start: int, end: int, words: str) -> None:
    parts = segments(TEXT, [Evidence("rule", "text", start, end, words, 1.0)], field="text")
    assert (marked(parts), whole(parts)) == ([], TEXT)


def test_positions_are_code_points() -> None:
    text = "\U0001f4f7\u0301 e\u0301t\u00e9 Flock"
    assert marked(segments(text, [mark("Flock", text=text)], field="text")) == ["Flock"]


def test_a_mark_lowers_where_its_weights_add_up_to_less_than_nothing() -> None:
    parts = segments(TEXT, [mark("buys", weight=-0.5), mark("Flock", weight=0.5)], field="text")
    assert [part.lowers for part in parts if part.evidence] == [True, False]


def test_a_gap_keeps_whole_words_on_either_side() -> None:
    text = "begin " + "word " * 400 + "Flock" + " word" * 400 + " end"
    parts = segments(text, [mark("Flock", text=text)], field="text", context=CONTEXT)
    kinds = ["gap" if part.is_gap else "mark" if part.evidence else "text" for part in parts]
    assert kinds == ["gap", "text", "mark", "text", "gap"]
    words = {word for part in parts for word in part.text.split()}
    assert words == {"word", "Flock"}


def test_evidence_far_apart_keeps_its_surroundings() -> None:
    text = "Flock " + "word " * 400 + "Axon"
    parts = segments(text, [mark("Flock", text=text), mark("Axon", text=text)], field="text", context=CONTEXT)
    assert marked(parts) == ["Flock", "Axon"]
    assert [part.is_gap for part in parts].count(True) == 1


def test_a_short_text_is_not_cut() -> None:
    text = "word " * ((CONTEXT + SHORTEST_GAP) // 5 - 1) + "Flock"
    parts = segments(text, [mark("Flock", text=text)], field="text", context=CONTEXT)
    assert whole(parts) == text


def test_a_long_text_without_evidence_shows_its_beginning() -> None:
    text = "word " * 400
    begin, gap = segments(text, [], field="text", context=CONTEXT)
    assert (gap.is_gap, text.startswith(begin.text), len(begin.text) <= 4 * CONTEXT) == (True, True, True)


@given(st.text(max_size=60), st.lists(st.tuples(st.integers(0, 60), st.integers(0, 60)), max_size=6))
def test_no_word_is_lost_and_every_mark_is_evidence(text: str, spans: list[tuple[int, int]]) -> None:
    spans = [(start, min(end, len(text))) for start, end in spans]
    evidence = [Evidence("rule", "text", start, end, text[start:end], 1.0) for start, end in spans]
    parts = segments(text, evidence, field="text")
    inside = {place for start, end in spans for place in range(start, end)}
    assert whole(parts) == text
    assert "".join(marked(parts)) == "".join(text[place] for place in sorted(inside))


@given(st.text(alphabet="ab ", max_size=3000), st.integers(0, 2990))
def test_what_counted_is_never_left_out(text: str, start: int) -> None:
    end = min(start + 5, len(text))
    parts = segments(text, [Evidence("rule", "text", start, end, text[start:end], 1.0)], field="text", context=CONTEXT)
    assert "".join(marked(parts)) == text[start:end]
    assert all(part.text in text for part in parts)

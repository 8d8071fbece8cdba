"""The table of learned words: written and read alike, summed as it says, and told by name where it is wrong."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from oversight.errors import ConfigurationError
from oversight.vocabulary.text_model import TextModel, read_text_model, write_text_model

MODEL = TextModel({"yes": 0.5, "no": -1.0}, {"plate reader": (("no", -0.25), ("yes", 2.0)), "bench": (("yes", -1.5),)})


def test_a_table_is_read_as_it_was_written(tmp_path: Path) -> None:
    write_text_model(tmp_path / "model.tsv", MODEL, ["a remark"])
    assert read_text_model(tmp_path / "model.tsv") == MODEL


def test_sums_start_from_the_biases() -> None:
    assert MODEL.sums({}) == {"yes": 0.5, "no": -1.0}
    assert MODEL.sums({"plate reader": 1.0, "bench": 2.0, "unknown": 9.0}) == {"yes": -0.5, "no": -1.25}


@pytest.mark.parametrize("text", ["*\tyes 0\nword\tyes much\n", "word\tyes\n"])
def test_a_wrong_table_is_told_by_name(tmp_path: Path, text: str) -> None:
    file = tmp_path / "model.tsv"
    file.write_text(text)
    with pytest.raises(ConfigurationError, match=r"model\.tsv"):
        read_text_model(file)


@given(st.dictionaries(st.sampled_from(["plate reader", "bench", "other"]), st.just(1.0)))
def test_an_answer_is_the_sum_of_what_each_word_says(features: dict[str, float]) -> None:
    alone = [MODEL.sums({feature: value}) for feature, value in features.items()]
    expected = MODEL.biases["yes"] + sum(one["yes"] - MODEL.biases["yes"] for one in alone)
    assert MODEL.sums(features)["yes"] == pytest.approx(expected)

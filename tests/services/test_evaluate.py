"""Tests of services/evaluate.py: labelled files in, figures out, and what was published."""

import json
from datetime import date
from pathlib import Path

import pytest

from oversight import labelled
from oversight.errors import InvalidInput
from oversight.services.evaluate import (
    figures,
    judge,
    own_figures,
    publish,
    published,
    read_labelled,
    set_hash,
    shortfalls,
)
from oversight.services.examine import the_detector

SAMPLE = Path(__file__).parents[1] / "data" / "labelled" / "sample.jsonl"


def figures_of(file: Path) -> dict[str, object]:
    detector = the_detector()
    return figures(detector, judge(detector, read_labelled([file])), [file])


def test_the_sample_is_judged_right() -> None:
    found = figures_of(SAMPLE)
    assert found["set"]["documents"] == 9
    assert (found["relevance"]["tp"], found["relevance"]["tn"], found["faults"]) == (4, 5, [])


@pytest.mark.parametrize(
    ("line", "fault"),
    [
        ("{", "broken.jsonl:1"),
        ("[]", "not a JSON object"),
        ('{"id": "x"}', "x: not a labelled document: 'labels'"),
        ('{"id": "x", "labels": {"relevant": "yes"}}', "neither true nor false"),
        ('{"id": "x", "labels": {"relevant": true, "stage": "dreamt"}}', "dreamt"),
        ('{"id": "x", "labels": {"relevant": true}}\n{"id": "x", "labels": {"relevant": true}}', "two documents"),
    ],
)
def test_a_broken_file_is_named(tmp_path: Path, line: str, fault: str) -> None:
    file = tmp_path / "broken.jsonl"
    file.write_text(line + "\n")
    with pytest.raises(InvalidInput, match=fault):
        read_labelled([file])


def test_published_figures_are_read_back(tmp_path: Path) -> None:
    file = tmp_path / "accuracy.json"
    publish(figures_of(SAMPLE), date(2026, 11, 20), file)
    kept = published(file)
    assert kept is not None
    assert (kept["date"], kept["set"]["sha256"], "faults" in kept) == ("2026-11-20", set_hash([SAMPLE]), False)
    assert shortfalls(figures_of(SAMPLE), kept) == []


def test_a_figure_under_the_published_one_is_named() -> None:
    now = figures_of(SAMPLE)
    before = json.loads(json.dumps(now))
    now["relevance"]["recall"], now["technologies"]["macro_f1"] = 0.9, 0.8
    assert shortfalls(now, before) == [
        "recall is 0.9000, published were 1.0000",
        "macro-F1 over technologies is 0.8000, published were 1.0000",
    ]


def test_without_published_figures_nothing_can_be_held() -> None:
    assert "no figures are published" in shortfalls(figures_of(SAMPLE), None)[0]


def test_the_hash_of_a_set_tells_an_edit(tmp_path: Path) -> None:
    file = tmp_path / SAMPLE.name
    file.write_bytes(SAMPLE.read_bytes())
    assert set_hash([file]) == set_hash([SAMPLE])
    file.write_bytes(SAMPLE.read_bytes() + b"\n")
    assert set_hash([file]) != set_hash([SAMPLE])


def test_the_detector_is_no_worse_than_its_published_figures() -> None:
    found, before = own_figures(the_detector()), published()
    assert before is not None
    assert shortfalls(found, before) == []
    assert before["set"]["sha256"] == found["set"]["sha256"], "the set was edited: `flask detector evaluate --publish`"


def test_what_is_promised_is_kept() -> None:
    found = own_figures(the_detector())
    assert found["relevance"]["precision"] >= 0.97
    assert found["relevance"]["recall"] >= 0.97
    assert found["technologies"]["macro_f1"] >= 0.9


def test_nothing_is_learned_from_the_unseen() -> None:
    learned = {document.paper for document in read_labelled([*labelled.files(), *labelled.training_files()])}
    unseen = {document.paper for document in read_labelled(labelled.unseen_files())}
    assert len(unseen) >= 150
    assert not learned & unseen

"""Tests of domain/evaluation.py: what each figure counts."""

import pytest

from oversight.domain.evaluation import Judged, Rate, evaluate, wilson
from oversight.domain.labelled import LabelledDocument, Labels
from oversight.domain.mention import Detection, Paper, Place, Stage
from tests.factories import make_detection

NONE = make_detection(is_relevant=False, score=0.1, technologies=(), vendors=(), places=(), stage=None)


def document(*, title: str = "A title", kind: str = "news", topic: str = "alpr", **labels: object) -> LabelledDocument:
    """A document that is relevant, about licence plate readers of Flock Safety in Seattle, unless told otherwise."""
    valid = {
        "is_relevant": True,
        "is_borderline": False,
        "technologies": frozenset({"alpr"}),
        "modes": None,
        "vendors": frozenset({"Flock Safety"}),
        "jurisdictions": frozenset({"seattle, Washington"}),
        "stage": Stage.CONTRACT,
        "badges": None,
    }
    return LabelledDocument("doc", topic, Paper(kind, title, ""), Labels(**(valid | labels)))  # type: ignore[arg-type]


def plain(**about: object) -> LabelledDocument:
    """A document that is not relevant."""
    nothing = dict.fromkeys(("technologies", "vendors", "jurisdictions"), frozenset())
    return document(**({"is_relevant": False, "stage": None} | nothing | about))  # type: ignore[arg-type]


def judged(*pairs: tuple[LabelledDocument, Detection]):
    return evaluate([Judged(one, found) for one, found in pairs])


def test_relevance_counts_documents() -> None:
    found = judged(
        (document(), make_detection()),
        (document(), NONE),
        (plain(), make_detection()),
        (plain(), NONE),
        (plain(), NONE),
    )
    assert found.relevance == Rate(tp=1, fp=1, fn=1, tn=2)
    assert (found.relevance.precision, found.relevance.recall, found.relevance.f1) == (0.5, 0.5, 0.5)
    assert (found.documents, found.relevant) == (5, 2)


def test_borderline_documents_are_counted_apart() -> None:
    found = judged((document(is_borderline=True), NONE), (document(), make_detection()))
    assert (found.relevance, found.borderline) == (Rate(tp=1), Rate(fn=1))
    assert (found.documents, found.borderline_documents, found.faults) == (1, 1, ())


def test_words_of_what_is_not_found_are_missed() -> None:
    found = judged((document(technologies=frozenset({"alpr", "drones"})), NONE))
    assert (found.technologies, found.vendors) == (Rate(fn=2), Rate(fn=1))


def test_words_of_what_is_wrongly_found_are_wrong() -> None:
    found = judged((plain(), make_detection(technologies=("alpr", "drones"))))
    assert found.technologies == Rate(fp=2)
    assert found.each_technology == {"alpr": Rate(fp=1), "drones": Rate(fp=1)}


def test_macro_f1_is_the_mean_over_labelled_technologies() -> None:
    common = (document(), make_detection())
    rare = (document(technologies=frozenset({"robots"})), make_detection(technologies=("drones",)))
    found = judged(common, common, common, rare)
    assert found.each_technology["alpr"].f1 == 1
    assert found.macro_f1 == 0.5  # robots were missed; that drones were wrongly told lowers precision, not this


def test_places_are_compared_without_capitals() -> None:
    found = judged((document(), make_detection(places=(Place("Seattle, Washington", None),))))
    assert found.jurisdictions == Rate(tp=1)


def test_a_stage_counts_where_it_is_labelled() -> None:
    right, wrong = make_detection(), make_detection(stage=Stage.PILOT)
    found = judged((document(), right), (document(), wrong), (document(), NONE), (document(stage=None), wrong))
    assert (found.stages_right, found.stages, found.stage_accuracy) == (1, 3, pytest.approx(1 / 3))


def test_what_nobody_labelled_has_no_figure() -> None:
    assert judged((document(), make_detection())).badges is None
    labelled = document(badges=frozenset({"grant"}))
    assert judged((labelled, make_detection(badges=("grant", "nda")))).badges == Rate(tp=1, fp=1)


def test_a_stricter_threshold_finds_less() -> None:
    found = judged((document(), make_detection(score=0.7)), (plain(), make_detection(score=0.6)))
    assert found.by_threshold[0.6] == Rate(tp=1, fp=1)
    assert found.by_threshold[0.7] == Rate(tp=1, tn=1)
    assert found.by_threshold[0.9] == Rate(fn=1, tn=1)


def test_groups_are_kinds_and_topics() -> None:
    found = judged((document(kind="notice"), make_detection()), (plain(topic="geese"), NONE))
    assert found.by_kind == {"news": Rate(tn=1), "notice": Rate(tp=1)}
    assert found.by_topic == {"alpr": Rate(tp=1), "geese": Rate(tn=1)}


def test_faults_name_what_is_wrong() -> None:
    found = judged(
        (document(title="missed"), NONE),
        (plain(title="false"), make_detection()),
        (document(vendors=frozenset()), make_detection(stage=Stage.PILOT, technologies=("drones",))),
    )
    told = [(fault.what, fault.detail) for fault in found.faults]
    assert told == [
        ("missed", "score 0.10"),
        ("false", "score 0.90"),
        ("technologies", "-alpr +drones"),
        ("vendors", "+Flock Safety"),
        ("stage", "-contract +pilot"),
    ]


def test_no_find_is_no_precision() -> None:
    empty = Rate()
    assert (empty.precision, empty.recall, empty.f1, wilson(0, 0)) == (None, None, None, None)


@pytest.mark.parametrize(
    ("part", "whole", "interval"),
    [(9, 10, (0.5958, 0.9821)), (10, 10, (0.7225, 1.0)), (0, 10, (0.0, 0.2775)), (190, 200, (0.9104, 0.9726))],
)
def test_the_interval_is_wilsons(part: int, whole: int, interval: tuple[float, float]) -> None:
    assert wilson(part, whole) == pytest.approx(interval, abs=1e-4)

"""Suggested links: no suggestion without a reason, and no status that goes backwards or that nobody said."""

from datetime import date
from typing import Any

import pytest

from oversight.domain.dated_step import with_step
from oversight.domain.mention import Stage
from oversight.domain.next_status import Saying
from oversight.domain.record import LegalStatus, UseStatus
from oversight.domain.suggestion import GENERAL, Candidate, Noun, Subject, missing, suggestions
from oversight.vocabulary.labels import Labels

SEATTLE, TACOMA = "x/seattle", "x/tacoma"
DAY, TOLD = date(2026, 12, 1), date(2026, 11, 19)


def make_saying(**changes: Any) -> Saying:
    valid = {"stage": Stage.CONTRACT, "outcome": None, "body": "City Council", "day": DAY, "told_on": TOLD}
    return Saying(**(valid | changes))


def make_subject(**changes: Any) -> Subject:
    valid = {
        "places": frozenset({SEATTLE}),
        "technologies": ("alpr",),
        "vendors": frozenset({"Flock Safety"}),
        "agencies": ("Seattle Police",),
        "text": "Ordinance 125376 and the cameras of the Seattle Police",
        "matter": 7,
        "file": "CB 7",
        "story": None,
        "saying": make_saying(),
        "is_official": True,
        "names": Labels({"alpr": "Plate readers"}),
    }
    return Subject(**(valid | changes))


def make_candidate(**changes: Any) -> Candidate:
    valid = {
        "noun": Noun.DEPLOYMENT,
        "key": "dep",
        "title": "Seattle Police",
        "place_key": SEATTLE,
        "place": "Seattle",
        "technologies": frozenset({"alpr"}),
        "vendor": "Flock Safety",
        "agency": "Seattle Police",
        "number": None,
        "status": UseStatus.PROPOSED,
        "version": 1,
    }
    return Candidate(**(valid | changes))


def make_rule(**changes: Any) -> Candidate:
    valid = {"noun": Noun.POLICY, "key": "pol", "vendor": None, "agency": None, "status": LegalStatus.INTRODUCED}
    return make_candidate(**(valid | changes))


def test_every_suggestion_says_why() -> None:
    (one,) = suggestions(make_subject(), [make_candidate()])
    assert one.reasons == (
        "same technology: Plate readers",
        "same vendor: Flock Safety",
        "names Seattle Police",
        "“Contract” is a step of a deployment",
        "in Seattle",
    )


@pytest.mark.parametrize(
    "changes",
    [
        {"place_key": TACOMA},
        {"technologies": frozenset({"drones"}), "vendor": None},
        {"technologies": frozenset({"drones"}), "vendor": "Axon"},
        {"noun": Noun.POLICY, "technologies": frozenset({GENERAL}), "vendor": None, "status": LegalStatus.EFFECTIVE},
    ],
)
def test_what_nothing_speaks_for_is_not_suggested(changes: dict[str, Any]) -> None:
    assert suggestions(make_subject(), [make_candidate(**changes)]) == []


def test_a_file_that_is_attached_already_comes_first() -> None:
    found = suggestions(
        make_subject(),
        [make_candidate(), make_rule(key="same-file", technologies=frozenset(), matters=frozenset({7}))],
    )
    assert [one.candidate.key for one in found] == ["same-file", "dep"]
    assert found[0].reasons[0] == "file CB 7 is attached to it already"


def test_a_number_that_the_text_names_speaks_for_a_policy() -> None:
    rules = [make_rule(key=number, technologies=frozenset(), number=number) for number in ("125376", "12537", "53")]
    assert [one.candidate.key for one in suggestions(make_subject(), rules)] == ["125376"]


def test_a_general_rule_is_suggested_to_what_speaks_of_rules() -> None:
    subject = make_subject(saying=make_saying(stage=Stage.POLICY_PROPOSED))
    (one,) = suggestions(subject, [make_rule(technologies=frozenset({GENERAL}))])
    assert "it rules surveillance technology in general" in one.reasons


def use_after(status: UseStatus, **saying: Any) -> UseStatus | None:
    (one,) = suggestions(make_subject(saying=make_saying(**saying)), [make_candidate(status=status)])
    return one.status.status if one.status else None  # type: ignore[return-value]


@pytest.mark.parametrize(
    ("before", "saying", "after"),
    [
        (UseStatus.SUSPECTED, {}, UseStatus.PROPOSED),
        (UseStatus.PROPOSED, {}, None),
        (UseStatus.PROPOSED, {"outcome": "Approved"}, UseStatus.APPROVED_NOT_DEPLOYED),
        (UseStatus.PROPOSED, {"outcome": "Approved", "body": "Public Safety Committee"}, None),
        (UseStatus.PROPOSED, {"outcome": "Failed"}, UseStatus.REJECTED),
        (UseStatus.PROPOSED, {"outcome": "Continued to December"}, None),
        (UseStatus.PROPOSED, {"stage": Stage.PILOT}, UseStatus.PILOT),
        (UseStatus.PILOT, {"stage": Stage.DEPLOYED}, UseStatus.IN_USE),
        (UseStatus.IN_USE, {"outcome": "Approved"}, None),
        (UseStatus.IN_USE, {"outcome": "Failed"}, None),
        (UseStatus.TERMINATED, {}, UseStatus.PROPOSED),
        (UseStatus.PROPOSED, {"stage": Stage.ROLLBACK}, None),
        (UseStatus.PROPOSED, {"stage": Stage.REPORT, "outcome": "Approved"}, None),
        (UseStatus.PROPOSED, {"stage": None}, None),
    ],
)
def test_the_next_use_status(before: UseStatus, saying: dict[str, Any], after: UseStatus | None) -> None:
    assert use_after(before, **saying) is after


def law_after(status: LegalStatus, *, is_official: bool = True, **saying: Any) -> LegalStatus | None:
    subject = make_subject(saying=make_saying(**({"stage": Stage.POLICY_PROPOSED} | saying)), is_official=is_official)
    (one,) = suggestions(subject, [make_rule(status=status)])
    return one.status.status if one.status else None  # type: ignore[return-value]


@pytest.mark.parametrize(
    ("before", "saying", "after"),
    [
        (LegalStatus.PROPOSED, {}, LegalStatus.INTRODUCED),
        (LegalStatus.PROPOSED, {"is_official": False}, None),
        (LegalStatus.INTRODUCED, {"outcome": "Referred to committee"}, LegalStatus.IN_COMMITTEE),
        (LegalStatus.INTRODUCED, {"outcome": "First reading passed"}, LegalStatus.FIRST_READING),
        (LegalStatus.FIRST_READING, {"outcome": "Adopted"}, LegalStatus.ADOPTED),
        (LegalStatus.INTRODUCED, {"outcome": "Approved", "body": "Rules Committee"}, None),
        (LegalStatus.INTRODUCED, {"outcome": "Failed"}, LegalStatus.FAILED),
        (LegalStatus.INTRODUCED, {"outcome": "Vetoed"}, LegalStatus.VETOED),
        (LegalStatus.INTRODUCED, {"stage": Stage.BAN_ADOPTED}, LegalStatus.ADOPTED),
        (LegalStatus.EFFECTIVE, {"stage": Stage.BAN_ADOPTED}, None),
        (LegalStatus.EFFECTIVE, {"outcome": "Failed"}, None),
        (LegalStatus.EFFECTIVE, {"stage": Stage.ROLLBACK}, LegalStatus.REPEALED),
        (LegalStatus.REPEALED, {"stage": Stage.BAN_ADOPTED}, None),
    ],
)
def test_the_next_legal_status(before: LegalStatus, saying: dict[str, Any], after: LegalStatus | None) -> None:
    assert law_after(before, **saying) is after


def test_only_an_outcome_dates_a_status_to_the_day_of_the_meeting() -> None:
    decided, told = (
        suggestions(make_subject(saying=make_saying(**saying)), [make_candidate(status=UseStatus.SUSPECTED)])[0].status
        for saying in ({"outcome": "Approved"}, {})
    )
    assert decided and told
    assert (decided.date, decided.certainty.value, decided.needs_vote) == ("2026-12-01", "stated", True)
    assert (told.date, told.certainty.value, told.needs_vote) == ("2026-11-19", "upper_bound", False)


def test_what_the_record_does_not_have_is_named() -> None:
    names = {SEATTLE: "Seattle"}
    assert missing(make_subject(), [make_candidate()], names) == []
    (one,) = missing(make_subject(), [make_rule()], names)
    assert one.reason == "no deployment on Plate readers is recorded for Seattle"
    assert missing(make_subject(saying=make_saying(stage=Stage.OTHER)), [], names) == []


@pytest.mark.parametrize(
    ("days", "day", "place"),
    [
        (["2019", "2021"], "2020-05-01", 1),
        (["2019", "2021"], "2022", 2),
        (["2019", None, "2021"], "2020", 2),
        ([None, "2021"], "2020", 1),
        (["2021"], "2020", 0),
        (["2019", "2021"], None, 2),
    ],
)
def test_a_step_goes_behind_what_happened_no_later(days: list[str | None], day: str | None, place: int) -> None:
    new = {"status": "new", "date": day}
    assert with_step([{"status": "old", "date": one} for one in days], new).index(new) == place

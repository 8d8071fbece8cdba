"""Tests of domain/request_plan.py: all feeds of a site share what politeness allows."""

import math

import pytest

from oversight.domain.request_plan import AGENDAS_A_DAY, Asking, Pace, SitePlan, request_plan

POLITE = Pace(gap_seconds=2, connections=1)


def asking(**changes: object) -> Asking:
    valid = {"feed": "a-feed", "site": "example.org", "every_minutes": 60, "questions": 1, "has_agendas": False}
    return Asking(**(valid | changes))  # type: ignore[arg-type]


def only(*askings: Asking, pace: Pace = POLITE) -> SitePlan:
    (plan,) = request_plan(askings, pace)
    return plan


def test_questions_are_counted_by_the_hour() -> None:
    plan = only(asking(questions=4, every_minutes=30), asking(feed="other", questions=1, every_minutes=120))
    assert (plan.feeds, plan.questions_an_hour) == (2, 8.5)


def test_agendas_are_an_estimate_of_their_own() -> None:
    plan = only(asking(has_agendas=True), asking(feed="news"))
    assert plan.questions_an_hour == 2
    assert plan.agendas_an_hour == pytest.approx(AGENDAS_A_DAY / 24)


def test_a_round_takes_a_pause_for_each_question() -> None:
    assert only(asking(questions=72)).round_seconds == 144


def test_more_connections_shorten_a_round() -> None:
    assert only(asking(questions=72), pace=Pace(gap_seconds=2, connections=4)).round_seconds == 36


def test_the_site_that_is_asked_most_stands_first() -> None:
    plans = request_plan([asking(), asking(site="example.com", questions=9), asking(site="a.example")], POLITE)
    assert [plan.site for plan in plans] == ["example.com", "a.example", "example.org"]


def test_few_questions_may_be_asked_as_often_as_any_feed_may() -> None:
    assert only(asking()).shortest_minutes == 15


def test_many_questions_need_a_longer_interval() -> None:
    plan = only(asking(questions=3600))  # 1,800 an hour are allowed
    assert (plan.shortest_minutes, plan.is_too_much) == (120, True)


def test_what_agendas_take_is_left_for_no_calendar() -> None:
    few, many = (
        only(*(asking(feed=f"f{n}", questions=4, has_agendas=has) for n in range(300))) for has in (False, True)
    )
    assert few.shortest_minutes == 40
    assert many.shortest_minutes is not None
    assert many.shortest_minutes > 40


def test_agendas_alone_can_be_too_many() -> None:
    plan = only(*(asking(feed=f"f{n}", has_agendas=True) for n in range(4000)))
    assert (plan.shortest_minutes, plan.is_too_much) == (None, True)


def test_no_interval_helps_where_a_day_is_too_short_for_a_round() -> None:
    assert only(asking(questions=50_000)).shortest_minutes is None


def test_without_a_pause_nothing_is_too_much() -> None:
    plan = only(asking(questions=10_000), pace=Pace(gap_seconds=0, connections=64))
    assert (plan.most_an_hour, plan.round_seconds, plan.shortest_minutes, plan.is_too_much) == (math.inf, 0, 15, False)

"""Tests of domain/moves.py: when a redirect is a move, and when a move is believed (SAFETY B5)."""

from datetime import timedelta

import pytest

from oversight.domain.moves import Move, is_other_host, next_move, permanent_target
from tests.factories import NOW

OLD, NEW, NEWER = "https://example.org/old", "https://example.org/new", "https://example.org/newer"
DAY = timedelta(hours=24)


@pytest.mark.parametrize(
    ("hops", "target"),
    [
        ([], None),
        ([(OLD, 200)], None),
        ([(OLD, 301), (NEW, 200)], NEW),
        ([(OLD, 308), (NEW, 200)], NEW),
        ([(OLD, 301), (NEW, 308), (NEWER, 304)], NEWER),
        ([(OLD, 302), (NEW, 200)], None),
        ([(OLD, 307), (NEW, 200)], None),
        ([(OLD, 301), (NEW, 302), (NEWER, 200)], NEW),
        ([(OLD, 302), (NEW, 301), (NEWER, 200)], None),
        ([(OLD, None)], None),
        ([(OLD, 301), (NEW, None)], NEW),
    ],
)
def test_a_move_is_an_unbroken_row_of_permanent_redirects(
    hops: list[tuple[str, int | None]], target: str | None
) -> None:
    assert permanent_target(hops) == target


def test_a_move_is_counted_poll_by_poll_from_the_first() -> None:
    first = next_move(None, NEW, now=NOW)
    second = next_move(first, NEW, now=NOW + DAY)
    assert (first, second) == (Move(NEW, NOW, 1), Move(NEW, NOW, 2))


def test_another_target_starts_the_count_anew() -> None:
    assert next_move(Move(NEW, NOW, 2), NEWER, now=NOW + DAY) == Move(NEWER, NOW + DAY, 1)


def test_a_poll_without_a_redirect_forgets_the_move() -> None:
    assert next_move(Move(NEW, NOW, 2), None, now=NOW) is None


@pytest.mark.parametrize(
    ("polls", "waited", "is_settled"),
    [(3, DAY, True), (2, 2 * DAY, False), (30, DAY - timedelta(seconds=1), False), (1, timedelta(), False)],
)
def test_a_move_is_believed_after_three_polls_and_a_day(polls: int, waited: timedelta, is_settled: bool) -> None:
    assert Move(NEW, NOW, polls).is_settled(NOW + waited) is is_settled


def test_only_another_host_is_another_host() -> None:
    assert is_other_host(OLD, "https://elsewhere.example.com/old")
    assert not is_other_host(OLD, NEW)
    assert not is_other_host(OLD, "http://EXAMPLE.org:8080/old")

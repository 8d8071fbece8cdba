"""Tests of domain/breaker.py and domain/throttle.py: when a message may be tried, and how many at once."""

from oversight.domain.breaker import FAILURES, PROBE_SECONDS, Breaker
from oversight.domain.throttle import Throttle


class Seconds:
    """A clock of seconds that a test moves."""

    def __init__(self) -> None:
        self.now = 1_000.0

    def __call__(self) -> float:
        return self.now


def test_after_five_failures_in_a_row_one_a_minute_is_tried() -> None:
    seconds = Seconds()
    breaker = Breaker(seconds)
    for _ in range(FAILURES):
        assert breaker.lets_pass
        breaker.failed()
    assert (breaker.is_open, breaker.lets_pass) == (True, False)
    seconds.now += PROBE_SECONDS
    assert breaker.lets_pass
    breaker.failed()
    assert not breaker.lets_pass


def test_an_answer_closes_it() -> None:
    breaker = Breaker(Seconds())
    for _ in range(FAILURES):
        breaker.failed()
    breaker.answered()
    assert (breaker.is_open, breaker.lets_pass) == (False, True)


def test_a_domain_gets_so_many_a_minute_and_others_do_not_wait_for_it() -> None:
    seconds = Seconds()
    throttle = Throttle(60, seconds)
    assert [throttle.takes("a@example.org") for _ in range(61)] == [True] * 60 + [False]
    assert throttle.takes("a@example.net")
    seconds.now += 1
    assert [throttle.takes("b@EXAMPLE.org"), throttle.takes("a@example.org")] == [True, False]


def test_without_a_rate_all_may_go() -> None:
    throttle = Throttle(0, Seconds())
    assert all(throttle.takes("a@example.org") for _ in range(1_000))

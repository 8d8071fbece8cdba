"""How many mails tell of what happened."""

from datetime import UTC, datetime, timedelta

import pytest

from oversight.domain.alert import MOST_A_DAY
from oversight.domain.digest import Mails, mails_of
from oversight.domain.subscription import AT_ONCE, Cadence, Rhythm

NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)


def every(pause: timedelta, count: int) -> list[datetime]:
    return [NOON + pause * number for number in range(count)]


@pytest.mark.parametrize(
    ("happened", "expected"),
    [
        ([], Mails(0, 0, 0)),
        (every(HOUR, MOST_A_DAY), Mails(20, 0, 0)),
        (
            every(HOUR, MOST_A_DAY + 4),
            Mails(20, 1, 4),
        ),  # the last four are told at 7:00 of the day after
        (every(2 * HOUR, 100), Mails(100, 0, 0)),
        (every(timedelta(0), 100), Mails(20, 1, 80)),
        ([*every(timedelta(0), 21), NOON + timedelta(days=1)], Mails(21, 1, 1)),
    ],
)
def test_after_twenty_within_a_day_the_rest_is_gathered(happened: list[datetime], expected: Mails) -> None:
    assert mails_of(happened, AT_ONCE) == expected


def test_what_is_gathered_anyway_is_one_mail_a_day_or_a_week() -> None:
    happened = every(HOUR, 24 * 7)
    assert mails_of(happened, Rhythm(Cadence.DAILY, 12, 0, "UTC")) == Mails(0, 7, 168)
    assert mails_of(happened, Rhythm(Cadence.WEEKLY, 13, 4, "UTC")) == Mails(0, 2, 168)

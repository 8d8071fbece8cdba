"""How use spreads is counted by dated steps only, each year at its end."""

from datetime import date

from oversight.domain.record import UseStatus
from oversight.domain.spread import Spread, since, spread
from oversight.domain.use_status import StatusChange


def history(*steps: tuple[UseStatus, str | None]) -> list[StatusChange]:
    return [StatusChange(status, day, None) for status, day in steps]


ENDED = history((UseStatus.PROPOSED, "2017"), (UseStatus.PILOT, "2018-05"), (UseStatus.TERMINATED, "2020-02-01"))
LASTING = history((UseStatus.IN_USE, "2019-10-01"))
UNDATED = history((UseStatus.IN_USE, None))


def test_a_year_counts_what_was_in_use_at_its_end() -> None:
    found = spread([ENDED, LASTING, UNDATED], date(2021, 6, 1))
    assert [(one.year, one.in_use, one.begun) for one in found.years] == [
        (2018, 1, 1),
        (2019, 2, 1),
        (2020, 1, 0),
        (2021, 1, 0),
    ]
    assert (found.undated, found.most) == (1, 2)


def test_what_begins_later_is_not_counted() -> None:
    assert spread([LASTING], date(2018, 1, 1)) == Spread((), 0)


def test_a_proposal_is_no_use() -> None:
    assert since(history((UseStatus.PROPOSED, "2017"))) is None
    assert spread([history((UseStatus.PROPOSED, "2017"))], date(2018, 1, 1)) == Spread((), 0)

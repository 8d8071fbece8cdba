"""The page of the design system shows every part in its states, and the timeline is drawn where the dates say."""

import re
from datetime import date

import pytest

from oversight.domain.lanes import Manner, Step, lane_of
from oversight.domain.record import Posture, UseStatus
from oversight.web.timeline import MARGIN, Named, timeline
from tests.test_house import MACRO, PARTS, TEMPLATES
from tests.web.browse import Visitor

SHOWN = ["badge", "citation", "diff", "empty", "evidence", "figure", "filters", "map", "meeting", "policy", "record"]
SHOWN += ["table", "timeline", "uses"]
# What only leads elsewhere, is for editors, or needs rows that lead to each other.
NOT_SHOWN = ("trail", "table", "add", "uses")
TITLED = re.compile(r"<(\w+)[^<]* title=")
DAY = date(2026, 1, 1)


@pytest.mark.parametrize("part", SHOWN)
def test_every_macro_of_a_component_is_called_on_the_page(part: str) -> None:
    page = (TEMPLATES / "design.html").read_text("utf-8")
    file = (TEMPLATES / PARTS / f"{part}.html").read_text("utf-8")
    calls = page + "".join(line for line in file.splitlines() if "macro" not in line)
    assert [name for name in MACRO.findall(file) if f"{name}(" not in calls and name not in NOT_SHOWN] == []


def test_the_page_shows_every_posture_and_every_use(recorded: Visitor) -> None:
    text = recorded.get("/design/").text
    assert [word.label for word in (*Posture, *UseStatus) if word.label not in text] == []


def test_the_page_stands_on_an_empty_site(visitor: Visitor) -> None:
    assert "This site has no mention." in visitor.get("/design/").text


def test_nothing_is_said_to_a_mouse_alone() -> None:
    """A title is read neither by touch nor on paper; it may only help where something leads elsewhere."""
    found = {
        (file.name, name)
        for file in sorted(TEMPLATES.rglob("*.html"))
        for name in TITLED.findall(file.read_text("utf-8"))
        if name not in ("a", "abbr", "link", "time")
    }
    assert found == set()


def picture(*steps: tuple[str | None, Manner | None]):
    lane = lane_of([Step("A step", day, manner) for day, manner in steps], DAY)
    return timeline([Named("A rule", "policy", "a-rule", lane)], DAY)


def test_a_timeline_without_dates_is_not_drawn() -> None:
    assert picture((None, Manner.HOLDS)) is None


def test_the_axis_reaches_from_the_first_year_to_the_last() -> None:
    found = picture(("2020-01-01", Manner.HOLDS))
    assert found is not None
    assert found.rows[0].points[0].at == MARGIN
    assert [year for _, year in found.ticks] == [2020, 2021, 2022, 2023, 2024, 2025, 2026]
    assert found.rows[0].bars[0].begin + found.rows[0].bars[0].width == pytest.approx(found.today)


def test_a_long_history_has_few_years_on_its_axis() -> None:
    found = picture(("1985", Manner.HOLDS))
    assert found is not None
    assert len(found.ticks) <= 8


def test_a_partial_date_is_drawn_as_wide_as_it_is_open() -> None:
    found = picture(("2020", Manner.HOLDS), ("2022-05-01", None))
    assert found is not None
    open_point, exact = found.rows[0].points
    assert open_point.width > 10
    assert exact.width == 0


def test_a_picture_says_the_same_in_words() -> None:
    found = picture(("2020", Manner.HOLDS), ("2022-05", None))
    assert found is not None
    assert found.rows[0].told == "A step, 2020; A step, May 2022"

"""Circles of `near:`: what they hold, and that what they hold is found by its square."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from oversight.domain.nearness import Circle, Point, distance_km, read_circle, read_point
from oversight.domain.query import Filter
from oversight.domain.query_match import Subject, matches
from oversight.domain.query_parser import parse
from oversight.domain.topic import topics_about, topics_of

OAKLAND, SAN_FRANCISCO, SAN_DIEGO = Point(37.80, -122.27), Point(37.77, -122.42), Point(32.72, -117.16)
POINTS = st.builds(Point, st.floats(-89, 89), st.floats(-180, 179.99))


@pytest.mark.parametrize(
    ("one", "other", "km"),
    [(Point(0, 0), Point(1, 0), 111), (Point(60, 10), Point(60, 11), 56), (OAKLAND, SAN_FRANCISCO, 14)],
)
def test_distances_are_those_of_the_map(one: Point, other: Point, km: int) -> None:
    assert round(distance_km(one, other)) == km


@given(POINTS, st.integers(1, 300))
def test_what_is_written_is_read_as_it_was(point: Point, km: int) -> None:
    circle = read_circle(str(Circle(km, point)))
    assert circle is not None
    assert str(circle) == str(Circle(km, point))


@pytest.mark.parametrize("text", ["", "50km@", "0km@37.80,-122.27", "301km@37.80,-122.27", "50km@99.00,0.00", "x"])
def test_what_is_no_circle_is_none(text: str) -> None:
    assert read_circle(text) is None
    assert read_point(text) is None


@given(POINTS, st.integers(1, 300), st.floats(0, 1), st.floats(0, 2 * math.pi))
def test_everything_near_is_found_by_its_square(centre: Point, km: int, part: float, angle: float) -> None:
    circle = Circle(km, centre)
    north = km * part * math.cos(angle) / 111.2
    east = km * part * math.sin(angle) / (111.2 * max(math.cos(math.radians(centre.latitude)), 0.01))
    near = Point(centre.latitude + north, (centre.longitude + east + 180) % 360 - 180)
    if abs(near.latitude) < 89 and circle.holds(near):
        assert near.square in circle.squares


@pytest.mark.parametrize(("km", "fits"), [(10, False), (50, True)])
def test_an_event_fits_where_one_of_its_places_is_near(km: int, fits: bool) -> None:
    query = parse(f"near:{Circle(km, OAKLAND)}")
    subject = Subject.of([(Filter.NEAR, str(SAN_DIEGO)), (Filter.NEAR, str(SAN_FRANCISCO))], [])
    assert matches(query, subject) is fits
    assert topics_of(query) & set(topics_about(subject))

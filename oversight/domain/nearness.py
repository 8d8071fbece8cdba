"""How near places are: the circle that `near:` of a query draws, and the squares of the map under which it is found."""

import math
import re
from functools import lru_cache
from typing import NamedTuple

EARTH_KM = 6371.0
DEGREE_KM = 110.5  # the shortest a degree of latitude is
MOST_KM = 300
_POINT = re.compile(r"(-?\d{1,2}\.\d{2}),(-?\d{1,3}\.\d{2})")
_CIRCLE = re.compile(r"(\d{1,3})km@(.+)")


class Point(NamedTuple):
    """Degrees north and east; written to a hundredth, which is about a kilometre."""

    latitude: float
    longitude: float

    def __str__(self) -> str:
        """As it stands in a query."""
        return f"{self.latitude:.2f},{self.longitude:.2f}"

    @property
    def square(self) -> str:
        """The square of one degree that it lies in."""
        return f"{math.floor(self.latitude)},{math.floor(self.longitude)}"


class Circle(NamedTuple):
    """What lies within so many kilometres of a point."""

    km: int
    centre: Point

    def __str__(self) -> str:
        """As it stands in a query."""
        return f"{self.km}km@{self.centre}"

    def holds(self, point: Point) -> bool:
        """Whether a point lies within."""
        return distance_km(self.centre, point) <= self.km

    @property
    def squares(self) -> frozenset[str]:
        """Every square that it touches, and perhaps some beside it."""
        latitude, longitude = self.centre
        up = self.km / DEGREE_KM
        farthest = min(abs(latitude) + up, 89.0)
        aside = min(self.km / (DEGREE_KM * math.cos(math.radians(farthest))), 179.0)
        return frozenset(
            f"{north},{(east + 180) % 360 - 180}"
            for north in range(math.floor(latitude - up), math.floor(latitude + up) + 1)
            for east in range(math.floor(longitude - aside), math.floor(longitude + aside) + 1)
        )


@lru_cache(maxsize=10_000)
def read_point(text: str) -> Point | None:
    """The point that is written so; None where none is."""
    match = _POINT.fullmatch(text)
    if match is None:
        return None
    point = Point(float(match[1]), float(match[2]))
    return point if abs(point.latitude) <= 90 and -180 <= point.longitude < 180 else None


@lru_cache(maxsize=10_000)
def read_circle(text: str) -> Circle | None:
    """The circle that is written so; None where none is, or a larger one than anybody is near to."""
    match = _CIRCLE.fullmatch(text)
    centre = read_point(match[2]) if match else None
    if match is None or centre is None or not 1 <= int(match[1]) <= MOST_KM:
        return None
    return Circle(int(match[1]), centre)


def distance_km(one: Point, other: Point) -> float:
    """Along the ground (haversine)."""
    north, east = (math.radians(b - a) for a, b in zip(one, other, strict=True))
    across = math.cos(math.radians(one.latitude)) * math.cos(math.radians(other.latitude))
    half = math.sin(north / 2) ** 2 + across * math.sin(east / 2) ** 2
    return 2 * EARTH_KM * math.asin(min(1.0, math.sqrt(half)))

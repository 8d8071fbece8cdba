"""Places that are like others, with the reasons; and names found by their beginnings."""

from oversight.domain.likeness import Likeness, Place, matching, similar
from oversight.domain.record import Instrument, JurisdictionKind

CITY, COUNTY = JurisdictionKind.CITY, JurisdictionKind.COUNTY
ORDINANCE = frozenset({Instrument.OVERSIGHT_ORDINANCE})


def place(key: str, kind: JurisdictionKind = CITY, **changes: object) -> Place:
    valid = {"state": "CA", "population": 400_000, "instruments": frozenset()}
    return Place(key, key.title(), kind, **(valid | changes))


OAKLAND = place("oakland", instruments=ORDINANCE)


def found(*others: Place) -> list[Likeness]:
    return similar([OAKLAND], others, most=3)


def test_a_place_is_offered_with_all_that_it_shares() -> None:
    assert [one.reasons for one in found(place("other", instruments=ORDINANCE, population=390_000))] == [
        ("about as large as Oakland: 390,000", "has, like Oakland: surveillance oversight ordinance", "same state, CA")
    ]


def test_size_tells_more_than_an_instrument_and_that_more_than_the_state() -> None:
    large = place("large", state="TX")
    ruled = place("ruled", state="TX", population=None, instruments=ORDINANCE)
    assert [one.place.key for one in found(ruled, large)] == ["large", "ruled"]


def test_the_state_alone_makes_no_place_similar() -> None:
    assert found(place("far", population=7_000)) == []


def test_a_county_is_not_like_a_city_and_nothing_is_like_itself() -> None:
    assert found(place("county", COUNTY), OAKLAND) == []


def test_no_more_are_offered_than_asked_for() -> None:
    assert len(found(*(place(f"city-{number}") for number in range(9)))) == 3


def test_names_are_found_by_the_beginnings_of_their_words() -> None:
    named = [("sf", "san francisco, ca"), ("sd", "san diego, ca"), ("fr", "francisco, tx"), ("us", "north san, ca")]
    assert matching("san fran", named, taken=(), most=9) == ["sf"]
    assert matching("san", named, taken={"sd"}, most=9) == ["sf", "us"]
    assert matching("diego ca", named, taken=(), most=9) == ["sd"]
    assert matching("", named, taken=(), most=9) == []

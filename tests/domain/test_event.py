"""Tests of domain/event.py: the kinds of events, and that what is stored comes back."""

from oversight.domain.event import KIND_GROUPS, About, EventKind, Told
from oversight.domain.query import Filter


def test_every_kind_is_offered_in_one_group() -> None:
    assert sorted(kind for _, kinds in KIND_GROUPS for kind in kinds) == sorted(EventKind)


def test_what_is_stored_comes_back() -> None:
    about = About(((Filter.PLACE, "x"), (Filter.STAGE, "contract")), ("words",))
    told = Told("A vote", "Seattle", (("When", "Tuesday"),), "/meetings/1", until="2026-12-01")
    assert (About.from_json(about.as_json()), Told.from_json(told.as_json())) == (about, told)

"""The places, states, feeds, bodies and technologies that an address asks for: those that exist, or have rows."""

from oversight.storage.queries.asked import has_body, has_feed, has_place, has_technology
from oversight.storage.queries.jurisdictions import states_of
from oversight.vocabulary import load_vocabulary
from oversight.vocabulary.places import load_places
from oversight.vocabulary.states import STATE_NAMES
from oversight.web.asked import asked_known
from oversight.web.session import reading


def asked_place(name: str = "jurisdiction") -> str:
    """The key of a place; raises InvalidInput."""
    return asked_known(name, _is_place)


def asked_state_code() -> str:
    """The code of a state; raises InvalidInput."""
    return asked_known("state", _is_state)


def asked_feed() -> str:
    """The key of a feed; raises InvalidInput."""
    return asked_known("feed", _is_feed)


def asked_body() -> str:
    """The name of a body that meets; raises InvalidInput."""
    return asked_known("body", _is_body)


def asked_technology() -> str:
    """The code of a technology, of the vocabulary or of a mention of one that left it; raises InvalidInput."""
    return asked_known("technology", _is_technology)


def _is_place(key: str) -> bool:
    if load_places().by_id(key) is not None:
        return True
    with reading() as session:
        return has_place(session, key)


def _is_state(code: str) -> bool:
    if code in STATE_NAMES or code == "DC":
        return True
    with reading() as session:
        return code in states_of(session)


def _is_feed(key: str) -> bool:
    with reading() as session:
        return has_feed(session, key)


def _is_body(name: str) -> bool:
    with reading() as session:
        return has_body(session, name)


def _is_technology(code: str) -> bool:
    if code in load_vocabulary().technologies:
        return True
    with reading() as session:
        return has_technology(session, code)

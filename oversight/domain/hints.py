"""What an address tells about a place: the outlet's states, the government whose host it is, the words of the path."""

import re
from collections.abc import Iterable
from functools import lru_cache
from itertools import pairwise
from typing import NamedTuple
from urllib.parse import urlsplit

from oversight.domain.naming import PLAIN_CODES, POSTAL, STATES, WORD_NAMES, words
from oversight.domain.world import Gazetteer
from oversight.vocabulary.places import PlaceRow, Places, fold_name

# Sites that host the meetings of many governments, the client's name in front.
_PLATFORMS = re.compile(
    r"^(?:pub-)?(?P<client>[a-z0-9-]+)\.(?:portal\.|api\.|new\.)?(?:legistar\.com|legistar1\.com|granicus\.com|civicweb\.net|novusagenda\.com|"
    r"civicclerk\.com|primegov\.com|iqm2\.com|escribemeetings\.com|civicplus\.com|swagit\.com|diligent\.community|"
    r"agendasuite\.org|municipalcodeonline\.com|onbaseonline\.com|peakagenda\.com|viebit\.com|hylandcloud\.com|databankcloud\.com)$"
)
_STATE_HOST = re.compile(
    r"(?:^|\.)(?:(?P<body>ci|co|city|town|vil|twp)\.)?(?P<name>[a-z0-9-]+)\.(?P<state>[a-z]{2})\.us$"
)
_STATE_GOV = re.compile(r"(?:^|\.)(?P<name>[a-z0-9-]{3,})\.(?P<state>[a-z]{2})\.gov$")  # westlafayette.in.gov
_GOVERNMENT_HOST = re.compile(r"(?:^|\.)(?P<client>[a-z0-9-]+)\.(?P<end>gov|us|org|com|net|info)$")
_BEFORE = re.compile(r"^(?:the)?(?:city|town|village|borough|township)of(?=.{3})")
_BEFORE_GOV = re.compile(r"^(?:city|town|my|go|ci|co)(?=.{4})")
_AFTER = re.compile(r"(?:gov|city|cityhall|police|pd|council|meetings?)$")
_NO_CITY = WORD_NAMES | STATES.keys() | words("news local story article politics crime government community opinion")
_SPELT = {full.replace(" ", ""): code for full, code in STATES.items()} | {"mass": "MA"}
_SMALLEST = 5  # thousand people, of a place that a bare host name may mean
_LEGISTAR_API = "webapi.legistar.com"
_MOST_SEGMENTS = 8
_LONGEST = 2_000


class Address(NamedTuple):
    """`states` are postal codes, the likeliest first; `place` is the government whose host this is."""

    states: tuple[str, ...] = ()
    place: PlaceRow | None = None
    city: PlaceRow | None = None  # the one city of an outlet, or of a segment of the path
    country: str | None = None
    path_states: tuple[str, ...] = ()
    slug: str = ""


def read_address(url: str | None, *, gazetteer: Gazetteer, places: Places) -> Address:
    """What the address tells; nothing where it is broken or says nothing."""
    host, path = _parts(url)
    if not host:
        return Address()
    told = gazetteer.city_of_outlet(host)
    outlet = gazetteer.states_of_outlet(host)
    place = _government(host, _first_segment(path) if host == _LEGISTAR_API else "", places)
    city = places.by_display_name(told) if told else None
    segments = [fold_name(part.replace("-", " ").replace("_", " ")) for part in path.split("/") if part][
        :_MOST_SEGMENTS
    ]
    in_path = [STATES[segment] for segment in segments if segment in STATES]
    sure = [*([place.state] if place else []), *([city.state] if city else []), *outlet, *_state_of(host), *in_path]
    states = tuple(dict.fromkeys(state for state in sure if state))
    return Address(
        states=states,
        place=place,
        city=city or _city_in(segments, states, places),
        country=gazetteer.country_of_host(host),
        path_states=() if states else _path_states(segments),
        slug=max(segments, key=len, default=""),
    )


def _parts(url: str | None) -> tuple[str, str]:
    try:
        split = urlsplit((url or "")[:_LONGEST])
        return (split.hostname or "").removeprefix("www."), split.path
    except ValueError:
        return "", ""


def _first_segment(path: str) -> str:
    return path.split("/")[2] if path.count("/") > 1 else ""


@lru_cache(maxsize=4096)  # a feed's items share a host
def _government(host: str, client: str, places: Places) -> PlaceRow | None:
    """The government whose host this is; `client` is told by the path where many share one."""
    if match := _STATE_HOST.search(host):
        state = match["state"].upper()
        name = match["name"].replace("-", "")
        wanted = f"{name}county" if match["body"] == "co" else name
        return _one(row for row in places.squashed(wanted) if row.state == state)
    if host == _LEGISTAR_API:
        return _client(client, places, is_government=True)
    if match := _PLATFORMS.search(host):
        return _client(match["client"], places, is_government=True)
    if match := _STATE_GOV.search(host):
        return _one(row for row in places.squashed(match["name"]) if row.state == match["state"].upper())
    if match := _GOVERNMENT_HOST.search(host):
        return _client(match["client"], places, is_government=match["end"] == "gov")
    return None


def _client(label: str, places: Places, *, is_government: bool) -> PlaceRow | None:
    """The government that a label of a host names: salemma, cityofsalem, salem-or, harriscountytx, seattle."""
    letters = label.replace("-", "")
    bare = _BEFORE.sub("", letters)
    short = _BEFORE_GOV.sub("", bare) if is_government else bare
    is_named_so = is_government or bare != letters or letters.endswith("gov")
    for name in dict.fromkeys((letters, bare, short, _AFTER.sub("", bare), _AFTER.sub("", short))):
        row = _with_state(name, places) if is_named_so or label[-3:-2] == "-" else None
        if row is None and is_named_so and len(name) > 3 and name not in _SPELT:
            bare_row = places.unmistakable(places.squashed(name))
            row = (
                bare_row
                if bare_row and (bare != letters or bare_row.kind == "K" or bare_row.size >= _SMALLEST)
                else None
            )
        if row:
            return row
    if not is_government:
        return None
    county = () if places.squashed(letters) else places.squashed(f"{letters}county")
    return _front_state(letters, places) or places.unmistakable(county)


def _with_state(name: str, places: Places) -> PlaceRow | None:
    """'salemma', 'daytonohio', 'teanecktownnj'."""
    ends = [(name[-2:], name[-2:].upper())] if name[-2:].upper() in POSTAL and len(name) > 5 else []
    ends += [(full, code) for full, code in _SPELT.items() if name.endswith(full) and len(name) > len(full) + 2]
    for end, state in ends:
        front = name.removesuffix(end)
        for letters in (front, re.sub(r"(?:city|town)$", "", front)):
            if row := _one(row for row in places.squashed(letters) if row.state == state):
                return row
    return None


def _front_state(letters: str, places: Places) -> PlaceRow | None:
    """'ca-berkeley.civicplus.com'."""
    state = letters[:2].upper()
    return _one(row for row in places.squashed(letters[2:]) if row.state == state) if state in POSTAL else None


def _state_of(host: str) -> list[str]:
    """The state of a host such as mass.gov, texas.gov, school.k12.ca.us."""
    labels = host.split(".")
    if labels[-1] == "us" and len(labels) > 2:
        return [labels[-2].upper()] if labels[-2].upper() in POSTAL else []
    if labels[-1] == "gov" and len(labels) > 1:
        name = labels[-2]
        return [_SPELT[name]] if name in _SPELT else [name.upper()] if name.upper() in POSTAL else []
    return []


def _city_in(segments: list[str], states: tuple[str, ...], places: Places) -> PlaceRow | None:
    """The place of a segment such as /ann-arbor/ where the outlet's state is known."""
    telling = (segment for segment in segments if len(segment) > 3 and segment not in _NO_CITY)
    found = (_one(row for row in places.named(segment) if row.state in states[:1]) for segment in telling)
    return next((row for row in found if row), None)


def _path_states(segments: list[str]) -> tuple[str, ...]:
    written = " ".join(segments).split()
    codes = [word.upper() for word in written if word.upper() in PLAIN_CODES]
    pairs = (f"{one} {two}" for one, two in pairwise(written))
    named = [STATES[name] for name in (*pairs, *written) if name in STATES and name != "washington"]
    return tuple(codes[:1] or named[:1])


def _one(rows: Iterable[PlaceRow]) -> PlaceRow | None:
    held = list(rows)
    return held[0] if len(held) == 1 else None

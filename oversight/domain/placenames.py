"""Where a text names places, in which state it puts them, and which of them it names together."""

from collections.abc import Collection, Mapping
from typing import NamedTuple

from oversight.domain import naming
from oversight.domain.placeroles import Role, is_passing, role_of
from oversight.domain.wording import Words
from oversight.vocabulary.places import Places, fold_name

_LONGEST = 5  # words of a name
_STATES_BEGIN = frozenset(name.partition(" ")[0] for name in naming.STATES)
_CITIES_TOO = frozenset({"new york", "washington"})
_SHARED_BODY = naming.words("department attorney office bureau division law bill highway")
_HEADLINE = 30  # words
_REACH = 6  # words between a name and the state that it is said to lie in


class PlaceName(NamedTuple):
    """A name between two words (both included). `within` is the state or country that the text puts it in."""

    key: str
    first: int
    last: int
    role: Role
    within: str = ""
    kind: str = ""

    @property
    def is_state(self) -> bool:
        return not self.within and not self.kind and self.key in naming.STATES


def names_in(words: Words, places: Places, countries: Mapping[int, str], *, taken: Collection[int]) -> list[PlaceName]:
    """Every name of a place in the order of the text.

    `countries` says at which words a country is written, `taken` which words begin or lie in a name of another kind.
    """
    headline = _headline(words)
    found: list[PlaceName] = []
    done = -1
    for index in words.capitals:
        span = _name_at(words, index, places) if index > done and index not in taken else None
        if not span:
            continue
        key, last = span
        within, end = _within(words, last, places, countries)
        role, kind = role_of(words, index, last, is_title_case=index < headline)
        if within and role is not Role.NONE:
            role = max(role, Role.SCENE)
        if key in _CITIES_TOO:
            role, kind = _state_or_city(words, last, role, kind)
        if role is Role.BARE and key in naming.PEOPLE:
            role = Role.NAME
        if key in naming.WORD_NAMES and not _is_surely_named(words, index, role, within):
            role = Role.NONE
        if is_passing(words, index, last, end, role):
            role = Role.NONE
        found.append(PlaceName(key, index, last, role, within, kind))
        done = max(last, end)
    return _coordinated(words, found)


def _name_at(words: Words, first: int, places: Places) -> tuple[str, int] | None:
    """(key, last word) of the longest name that begins here."""
    if not (places.may_begin(words.low[first]) or words.low[first] in _STATES_BEGIN):
        return None
    for last in reversed(words.name_run(first, _LONGEST)):
        name = words.phrase(first, last)
        key = _known_as(words, first, last, fold_name(name), places)
        if key is None and last > first and words.low[last] == "county":
            key = fold_name(name.partition("-")[0])  # "Athens-Clarke County": the city gives it its name
        if key and (key in places or key in naming.STATES):
            return key, last
    head, _, tail = words.plain[first].partition("-based")
    return (fold_name(head), first) if head != words.plain[first] and not tail and fold_name(head) in places else None


def _known_as(words: Words, first: int, last: int, key: str, places: Places) -> str | None:
    """The key under which the table has a name: a county's where its words ask for one, else the name itself."""
    county, after = f"{key} county", words.lower(last + 1)
    if county in places:
        if words.lower(first - 1) == "of" and words.lower(first - 2) == "county":
            return county  # "County of Marin"
        is_own = key in places and (after not in naming.SHERIFF or key in naming.CITY_COUNTIES)
        if after in naming.BODY and not is_own:
            return county  # "Loudoun supervisors", "Miami-Dade police", "the Pasco sheriff"
    return key if key not in naming.NO_PLACE and (key in places or key in naming.STATES) else None


def _state_or_city(words: Words, last: int, role: Role, kind: str) -> tuple[Role, str]:
    """New York and Washington are states where a state's word follows; a bare "Washington" is often just a capital."""
    after = words.lower(last + 1)
    is_state = after == "state" or (after in naming.STATE_BODY and after not in _SHARED_BODY)
    if is_state:
        return max(role, Role.BARE), ""
    is_capital = words.low[last] == "washington" and role is not Role.ACTS
    return (Role.NONE if is_capital else role), kind or "city"


def _within(words: Words, last: int, places: Places, countries: Mapping[int, str]) -> tuple[str, int]:
    """The state or country that follows a name, and the last word of it: at once, or in the words that say who acts."""
    for index in range(last + 1, min(last + 1 + _REACH, len(words))):
        gap = words.gap(index)
        if words.opens(index) and not gap.startswith((" (", ", ")):
            break
        if _is_put(words, index, last):
            if index in countries and (index > last + 1 or gap != " "):
                return countries[index], index
            if state := words.state_at(index):
                return state
        if words.is_capital(index) and fold_name(words.plain[index]) in places:
            break
    return "", last


def _is_put(words: Words, index: int, last: int) -> bool:
    """Whether a state or country written here is where the name before it lies."""
    before, gap = words.lower(index - 1), words.gap(index)
    if before in ("in", "the"):
        return True
    if index == last + 1 and gap == " ":
        return words.low[index] != "washington"  # "George Washington", but "Fort Mitchell Kentucky"
    is_near = index == last + 1 or before in naming.BODY or before in naming.UNIT
    return is_near and gap in (", ", " (", ",\u00a0")


def _is_surely_named(words: Words, first: int, role: Role, within: str) -> bool:
    is_unit = words.lower(first - 1) == "of" and words.lower(first - 2) in naming.UNIT
    return bool(within) or is_unit or (role is Role.ACTS and not words.opens(first))


def _coordinated(words: Words, found: list[PlaceName]) -> list[PlaceName]:
    """Names that "and" or a comma joins share what is said of one of them: its role, and the state after the last."""
    for index in range(len(found) - 1, 0, -1):
        left, right = found[index - 1], found[index]
        if not _are_joined(words, left, right) or left.is_state or right.is_state:
            continue
        if right.role is not Role.NONE and left.role is not Role.NONE:
            found[index - 1] = left._replace(role=max(left.role, right.role), within=left.within or right.within)
    for index in range(1, len(found)):
        left, right = found[index - 1], found[index]
        if not _are_joined(words, left, right) or left.is_state or right.is_state:
            continue
        if left.role is Role.NONE or left.role > right.role > Role.NONE:
            found[index] = right._replace(role=left.role)
    return found


def _are_joined(words: Words, left: PlaceName, right: PlaceName) -> bool:
    end = left.last
    while end + 1 < right.first and (words.state_at(end + 1) or words.lower(end + 1) in ("and", "&", "or", "the")):
        end += 1
    if end + 1 == right.first - 2 and words.lower(right.first - 1) == "of":
        end += 2  # "Alameda County and the City of Oakland"
    gap = words.gap(right.first)
    has_and = words.lower(right.first - 1) in ("and", "&", "or", "the", "of")
    if end + 1 != right.first or not (has_and or gap == ", "):
        return False
    return not any(words.opens(index) for index in range(left.last + 1, right.first + 1))


def _headline(words: Words) -> int:
    """How many words the first line has if it is written With Capitals, so that a capital there tells nothing."""
    length = min(len(words), 1)
    while length < min(len(words), _HEADLINE) and "\n" not in words.gap(length):
        length += 1
    long = [index for index in range(length) if len(words.raw[index]) > 3]
    is_capital = len(long) >= 3 and sum(words.is_capital(index) for index in long) >= 0.75 * len(long)
    return length if is_capital else 0

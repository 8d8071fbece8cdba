"""What a text makes of a place that it names: it acts, is a scene, is only mentioned, or is a home."""

from collections.abc import Iterator
from enum import IntEnum

from oversight.domain import naming
from oversight.domain.wording import Words

_BEFORE = naming.words(
    """the a an in of at on by for from to with and when after as but near outside inside downtown greater while since
    central north south east west northern southern eastern western monday tuesday wednesday thursday friday saturday
    sunday city town village county police how why what who where is are will says ex former new"""
)
_LOOK_BACK = 5  # words before a name that may make it a mere comparison


class Role(IntEnum):
    """How much a text makes of a place."""

    NONE = 0  # a company's seat, a comparison, a person's home
    NAME = 1  # as likely a person
    BARE = 2
    SCENE = 3  # "in Salem", "SALEM, Ore. -", "Salem votes"
    ACTS = 4  # "the Salem City Council", "Salem police", "City of Salem"


def role_of(words: Words, first: int, last: int, *, is_title_case: bool) -> tuple[Role, str]:
    """What a name's neighbours make of it, and the kind of government they call it."""
    before, earlier = words.lower(first - 1), words.lower(first - 2)
    if before == "the":
        before, earlier = earlier, words.lower(first - 3)
    if before == "of" and earlier in naming.UNIT and words.gap(first) == " ":
        return Role.ACTS, earlier if earlier != "state" else ""
    if words.raw[first].endswith("-based"):
        return Role.NONE, ""
    if body_follows(words, last):
        kind = words.lower(last + 1)
        return Role.ACTS, kind if kind in naming.UNIT and kind != "state" else ""
    is_seat = before in ("of", "in", "at") and earlier in naming.SEAT and _is_unowned(words, first)
    is_county = words.low[last] in ("county", "parish") and before != "in" and words.lower(last + 1) != "seat"
    if is_seat or is_county:
        return Role.ACTS, ""
    if before == "of" and words.is_capital(first - 2) and words.is_joined(first - 1):
        return Role.NONE, ""  # "ACLU of Oregon", "University of Chicago"
    return _lesser_role(words, first, last, is_title_case=is_title_case), ""


def _is_unowned(words: Words, first: int) -> bool:
    """Whether the body before a place is its own: not in "Riley County police in Manhattan", "police, in Salem"."""
    seat = first - 2 if words.lower(first - 1) != "the" else first - 3
    return words.is_joined(seat + 1) and (words.opens(seat) or not words.is_capital(seat - 1))


def _lesser_role(words: Words, first: int, last: int, *, is_title_case: bool) -> Role:
    if not is_title_case and _is_part_of_name(words, first, last):
        return Role.NONE
    is_where = words.lower(first - 1) in naming.LOCATIVE
    is_dateline = words.opens(first) and _is_dateline(words, last)
    does = words.lower(last + 1) in naming.SUBJECT_VERB and words.is_joined(last + 1)
    has = words.opens(first) and words.is_possessive(last)
    return Role.SCENE if is_where or is_dateline or does or has else Role.BARE


def body_follows(words: Words, last: int) -> bool:
    """Whether a government's body follows: "Salem City Council", "Salem's new mayor", "Salem, Ore., police"."""
    if words.is_possessive(last):
        return any(words.lower(index) in naming.OWNED for index in _run_after(words, last, 3))
    after = last + 1
    state = words.state_at(after) if words.gap(after) in (" (", ", ") else None
    if state:
        after = state[1] + 1
        if words.lower(after) in naming.BODY and words.gap(after) in (" ", ", ", ") "):
            return True
    elif not words.is_joined(after):
        return False
    return _reaches_body(words, after)


def _reaches_body(words: Words, after: int) -> bool:
    for step in range(after, min(after + 4, len(words))):
        if step > after and not words.is_joined(step):
            return False
        if words.low[step] in naming.BODY:
            return True
        if words.low[step] not in naming.MODIFIER:
            return False
    return False


def _run_after(words: Words, last: int, most: int) -> Iterator[int]:
    for index in range(last + 1, min(last + 1 + most, len(words))):
        if not words.is_joined(index):
            return
        yield index


def _is_dateline(words: Words, last: int) -> bool:
    after = last + 1
    if words.gap(after).startswith(", ") and (state := words.state_at(after)):
        after = state[1] + 1
    gap = words.gap(after)
    return after < len(words) and any(mark in gap for mark in ("—", "–", " - ", " (", "--"))


def _is_part_of_name(words: Words, first: int, last: int) -> bool:
    """Whether capitals beside it make it part of a longer name: "Andrew Jackson", "Denver Broncos", "Mayor Madison"."""
    before = words.lower(first - 1)
    if words.is_joined(first):
        if before in naming.TITLE:
            return True
        if words.is_capital(first - 1) and not words.is_possessive(first - 1) and before not in _BEFORE:
            return not words.opens(first - 1) or len(before) > 2
    if not words.is_joined(last + 1) or words.is_possessive(last) or words.state_at(last + 1):
        return False
    return words.is_capital(last + 1) or words.lower(last + 1) in naming.OUTLET


def is_passing(words: Words, first: int, last: int, end: int, role: Role) -> bool:
    """Whether it is a company's seat, a comparison, or the home of a person; `end` is the last word of its state."""
    near = words.lower(first - 1)
    for distance in range(_LOOK_BACK):
        index = first - 1 - distance
        if words.opens(index + 1):
            break
        if _sets_aside(words, index, distance, near):
            return True
    after = words.lower(end + 1)
    if not words.is_joined(end + 1) or words.is_possessive(last):
        return False
    is_person = after in naming.PERSON and words.raw[end + 1].islower() and role is not Role.ACTS
    return is_person or after in naming.COMPANY


def _sets_aside(words: Words, index: int, distance: int, near: str) -> bool:
    """Whether a word so far before a name says that the name is no actor; `near` is the word just before the name."""
    word, earlier = words.lower(index), words.lower(index - 1)
    if word in naming.COMPANY:
        return distance <= 3 and near in ("in", "from", "of", "at", "near", "to")
    if word in naming.PERSON:
        return distance <= 2 and near in ("from", "of")
    if word in naming.COMPARED:
        return distance <= 4 and words.raw[index].islower()
    if word == "as":
        return (distance <= 3 and earlier in ("such", "same")) or (distance <= 1 and near in ("in", "as"))
    return word == "to" and earlier in ("similar", "compared", "comparable", "moved", "relocated")

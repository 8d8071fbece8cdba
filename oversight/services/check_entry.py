"""Whether what a person typed can be an entry of the record: the form of the files, and every key that it names."""

from typing import Any

from pydantic import ValidationError
from pydantic_core import PydanticUndefined
from sqlalchemy.orm import Session

from oversight.domain.keepable import is_keepable
from oversight.services.record_entries import Entry, SourceEntry
from oversight.services.record_files import unknown_references
from oversight.services.record_kinds import RecordFiles, record_kinds
from oversight.services.record_shape import Place, Shape, is_form, shapes
from oversight.storage.models import JurisdictionRow, PolicyRow, SourceRow
from oversight.storage.record import ids_by_key, name_taken
from oversight.vocabulary import load_vocabulary

ENTRIES = {kind.noun: kind.form for kind in record_kinds()}
UNKEEPABLE = "This holds a number or a character that no database keeps."
WORDS = {
    "string_too_short": "This must not be empty.",
    "string_type": "This must not be empty.",
    "too_short": "At least one is needed.",
    "enum": "Choose one of the list.",
    "int_parsing": "Write a whole number.",
    "int_type": "Write a whole number.",
    "float_parsing": "Write a number.",
    "finite_number": "Write a number.",
    "greater_than_equal": "Write a number that is not below zero.",
    "less_than_equal": "Write a number of at most 2,147,483,647.",
}
Fault = tuple[Place, str]


def checked(
    session: Session, noun: str, values: dict[str, Any], faults: list[Fault], *, also: SourceEntry | None = None
) -> Entry | None:
    """The entry in form, with every key that it names known; what is wrong is added to the faults."""
    faults += [((name,), UNKEEPABLE) for name, value in values.items() if not is_keepable(value)]
    try:
        entry = ENTRIES[noun].model_validate(values)
    except ValidationError as error:
        found = [(fault["loc"], in_words(fault)) for fault in error.errors()]
        # A list is said to be too short as well where its one entry is wrong; the entry is what to look at.
        faults += [one for one in found if not any(one[0] == other[: len(one[0])] != other for other, _ in found)]
        return None
    known = {
        "source": {*ids_by_key(session, SourceRow), *([also.key] if also else [])},
        "jurisdiction": set(ids_by_key(session, JurisdictionRow)),
        "policy": set(ids_by_key(session, PolicyRow)),
        "technology": set(load_vocabulary().technologies),
    }
    for reference in unknown_references(RecordFiles.of([entry]), known):
        faults.append((reference.place, f'The record has no {reference.noun} "{reference.key}".'))
    if taken := name_taken(session, noun, entry.model_dump(mode="json")):
        faults.append(((taken,), f"The record has another {noun} with this already."))
    return entry


def blank(form: type[Entry]) -> dict[str, Any]:
    """An entry in which nothing is filled in; what has a default has it."""
    return {shape.name: _blank(form, shape) for shape in shapes(form)}


def _blank(form: type[Entry], shape: Shape) -> Any:
    default = form.model_fields[shape.name].get_default()
    if shape.is_list:
        return []
    if is_form(shape.holds):
        return blank(shape.holds)
    if shape.holds is dict:
        return {}
    return None if default is PydanticUndefined else default


def in_form(noun: str, held: dict[str, Any]) -> dict[str, Any]:
    """What a revision says in the form of today: a field that came after it has its default."""
    return ENTRIES[noun].model_validate(held).model_dump(mode="json")


def in_words(fault: Any) -> str:
    """What is wrong with a field, for the person who typed it."""
    words = WORDS.get(fault["type"])
    return words or str(fault["msg"]).removeprefix("Value error, ")

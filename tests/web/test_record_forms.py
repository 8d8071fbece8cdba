"""Tests of web/record_forms.py: every entry of the shipped record goes through its form unchanged."""

import json
from pathlib import Path

import pytest

from oversight.domain.record_diff import changes
from oversight.services.check_entry import ENTRIES, in_form
from oversight.services.record_kinds import record_kinds
from oversight.web.headers import MAX_FIELDS_OF_EDITORS
from oversight.web.record_fields import fields_of
from oversight.web.record_forms import faults_by_name, read_form, typed_of
from oversight.web.record_words import in_words, title_of

FILES = {kind.noun: kind.file for kind in record_kinds()}
STARTER = Path(__file__).parents[2] / "oversight" / "starter"
BESIDES = 14  # token, version, reason, sources of the change, the new one, and the vote


@pytest.mark.parametrize("noun", ENTRIES)
def test_the_shipped_record_goes_through_the_form_unchanged(noun: str) -> None:
    fields = fields_of(noun)
    for row in json.loads((STARTER / f"{FILES[noun]}.json").read_text("utf-8")):
        values = in_form(noun, row)
        typed = typed_of(fields, values)
        reading = read_form(fields, typed, values)
        after = ENTRIES[noun].model_validate(reading.values).model_dump(mode="json")
        assert (changes(values, after), reading.faults) == ((), [])
        assert sum(map(len, typed.values())) * 2 + BESIDES <= MAX_FIELDS_OF_EDITORS
        assert title_of(noun, values)


@pytest.mark.parametrize("noun", ENTRIES)
def test_every_field_of_the_shipped_record_has_words(noun: str) -> None:
    for values in json.loads((STARTER / f"{FILES[noun]}.json").read_text("utf-8")):
        for change in changes(None, values):
            told = in_words(noun, change, {})
            assert told.label
            assert all(text for _fate, text in told.pieces)


def test_a_message_about_a_row_stands_beside_the_row_that_was_typed() -> None:
    faults = [(("history", 1, "date"), "no date"), (("agency", "name"), "empty"), (("sources", 0), "x"), (("?",), "y")]
    names = ["history", "agency-name", "sources"]
    assert faults_by_name(faults, names, {"history": [0, 3]}) == {
        "history-3-date": "no date",
        "agency-name": "empty",
        "sources": "x",
        "": "y",
    }

"""Captured answers that a person read beside what our reader makes of them (tests/data/hand-checked/PLATFORM.json).

Keyed by the sha256 of the answer: `counts` are exact, each meeting, item, matter, step and document that is named
must be there with every field that is named. The times are the council's own, with its offset.
"""

import json
from dataclasses import asdict
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest

from oversight.domain.word import Word
from tests.platforms.captured import captured_files, read_captured, sha256

CHECKED = Path(__file__).parents[1] / "data" / "hand-checked"
KINDS = ("meetings", "items", "matters", "steps", "documents")
KEYS = {"meetings": "uid", "items": "uid", "matters": "file", "steps": "uid", "documents": "url"}


def checked() -> list[tuple[str, str, dict[str, Any]]]:
    """Platform, sha256 and what was found by hand."""
    files = sorted(CHECKED.glob("*.json"))
    return [(file.stem, key, facts) for file in files for key, facts in json.loads(file.read_text("utf-8")).items()]


def plain(value: object) -> object:
    """A field as JSON says it."""
    if isinstance(value, Word):
        return value.value
    return value.isoformat() if isinstance(value, date | datetime) else value


ROWS = checked()


@pytest.mark.parametrize(("platform", "key", "facts"), ROWS, ids=[f"{row[0]}/{row[2]['file']}" for row in ROWS])
def test_a_captured_answer_reads_as_a_person_read_it(
    platform: str, key: str, facts: dict[str, Any], shared: Path
) -> None:
    (file,) = [file for name, file in captured_files() if name == platform and sha256(file) == key]
    reading = read_captured(platform, file)
    assert {kind: len(getattr(reading, kind)) for kind in facts["counts"]} == facts["counts"]
    for kind in KINDS:
        found = {
            str(getattr(thing, KEYS[kind])): {name: plain(value) for name, value in asdict(thing).items()}
            for thing in getattr(reading, kind)
        }
        for wanted in facts.get(kind, []):
            got = found[wanted[KEYS[kind]]]
            assert {name: got[name] for name in wanted} == wanted

"""The JSON shapes that commands print: as docs/contracts.md has them, and as schemas beside the project do."""

import json
import re
from pathlib import Path
from typing import Any

import jsonschema
import pytest

CONTRACTS = Path(__file__).parents[3] / "shared" / "contracts"
DOCUMENT = Path(__file__).parents[2] / "docs" / "contracts.md"


def documented() -> dict[str, set[str]]:
    """The fields of every shape in docs/contracts.md, by the heading above its table."""
    _, *parts = re.split(r"^##+ ", DOCUMENT.read_text("utf-8"), flags=re.MULTILINE)
    found = {}
    for part in parts:
        heading, _, words = part.partition("\n")
        found[heading] = set(re.findall(r"^\| `(\w+)` \|", words, re.MULTILINE))
    return found


def assert_fits(name: str, value: object) -> None:
    """Hold a value against its contract; skip where ../shared is not here."""
    faults = [error.message for error in _validator(name).iter_errors(value)]
    assert faults == []


def _validator(name: str) -> Any:
    file = CONTRACTS / f"{name}.schema.json"
    if not file.is_file():
        pytest.skip(f"the contract is not here: {file}")
    return jsonschema.Draft202012Validator(json.loads(file.read_text("utf-8")))

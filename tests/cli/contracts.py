"""The JSON shapes of ../shared/contracts, where that folder is."""

import json
from pathlib import Path
from typing import Any

import jsonschema
import pytest

CONTRACTS = Path(__file__).parents[3] / "shared" / "contracts"


def assert_fits(name: str, value: object) -> None:
    """Hold a value against its contract; skip where ../shared is not here."""
    faults = [error.message for error in _validator(name).iter_errors(value)]
    assert faults == []


def _validator(name: str) -> Any:
    file = CONTRACTS / f"{name}.schema.json"
    if not file.is_file():
        pytest.skip(f"the contract is not here: {file}")
    return jsonschema.Draft202012Validator(json.loads(file.read_text("utf-8")))

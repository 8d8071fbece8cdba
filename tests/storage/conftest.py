"""What tests of the migrations start from."""

from pathlib import Path

import pytest
from sqlalchemy import Engine

from oversight.storage.engine import open_engine
from tests.conftest import BOTH


@pytest.fixture(params=BOTH)
def empty(request: pytest.FixtureRequest, tmp_path: Path) -> Engine:
    """A database without any table."""
    if request.param == "sqlite":
        return open_engine(f"sqlite:///{tmp_path / 'empty.sqlite3'}")
    found: Engine = request.getfixturevalue("empty_postgresql")
    return found

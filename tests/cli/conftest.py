"""A folder and a web site for each test of a command."""

from collections.abc import Iterator
from functools import partial
from pathlib import Path

import pytest

from .commands import run, write_feeds
from .site import Site


@pytest.fixture
def site() -> Iterator[Site]:
    """An empty site."""
    with Site() as site:
        yield site


@pytest.fixture
def flask(tmp_path: Path):
    """Run a command in this process: `flask("feeds", "check")`; its settings are all in this test's folder."""
    return partial(run, tmp_path)


@pytest.fixture
def feeds_toml(tmp_path: Path):
    """Write the feeds.toml that the commands of this test read."""
    return partial(write_feeds, tmp_path / "feeds.toml")

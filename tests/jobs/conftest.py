"""What jobs work with: tools on both databases, a collector of fakes, and a local site."""

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import pytest
from sqlalchemy import Engine

from oversight.jobs.tools import Tools
from oversight.services.collect import Collector
from oversight.settings import Settings
from oversight.storage.engine import Sessions
from tests.cli.commands import kill_family
from tests.cli.site import Site
from tests.fakes import FakeWeb, InlineChildren


@pytest.fixture
def tools(settings: Settings, sessions: Sessions) -> Tools:
    """Tools on an empty database, at the factories' moment."""
    return Tools(settings, sessions.kw["bind"], sessions)


@pytest.fixture
def collector(tools: Tools) -> Collector:
    """A collector whose web answers nothing until it is told to; it lives by the tools' clock."""
    return Collector(tools.sessions, FakeWeb(), InlineChildren(), lambda: now_of(tools), tools.stop)  # type: ignore[arg-type]


def now_of(tools: Tools) -> datetime:
    """The time by the settings that the tools have now: a test may have changed them."""
    return tools.settings.now()


@pytest.fixture
def site() -> Iterator[Site]:
    """An empty site."""
    with Site() as site:
        yield site


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest, instance: Path) -> str:
    """An empty database on each server, for processes."""
    if request.param == "sqlite":
        return f"sqlite:///{instance / 'oversight.sqlite3'}"
    engine: Engine = request.getfixturevalue("empty_postgresql")
    return engine.url.render_as_string(hide_password=False)


@pytest.fixture
def instance(tmp_path: Path) -> Iterator[Path]:
    """An instance folder; every process that a failed test leaves on it is ended."""
    folder = tmp_path / "instance"
    yield folder
    kill_family(folder)

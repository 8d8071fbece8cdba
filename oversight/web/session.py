"""How a request reaches the database: one read session a page, one transaction a change."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime

from flask import current_app
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from oversight.settings import Settings
from oversight.storage import engine as storage
from oversight.storage.engine import Sessions, open_engine, open_sessions


@dataclass(frozen=True)
class Wiring:
    """What every page shares."""

    settings: Settings
    engine: Engine
    sessions: Sessions

    @classmethod
    def open(cls, settings: Settings) -> "Wiring":
        """Wiring on the settings' database; nothing is connected yet."""
        engine = open_engine(settings.database_url)
        return cls(settings, engine, open_sessions(engine))


def wiring() -> Wiring:
    """The wiring of the application that answers this request."""
    found: Wiring = current_app.extensions["oversight"]
    return found


def now() -> datetime:
    """The present moment (UTC), or the demo's."""
    return wiring().settings.now()


@contextmanager
def reading() -> Iterator[Session]:
    """A session that only reads."""
    with storage.reading(wiring().sessions) as session:
        yield session


@contextmanager
def transaction() -> Iterator[Session]:
    """A session that commits at the end of the block, or not at all."""
    with wiring().sessions.begin() as session:
        yield session

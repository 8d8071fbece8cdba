"""One run of the hostile corpus on each database, shared by all workers: it takes a while."""

import fcntl
import json
from collections.abc import Callable
from pathlib import Path

import pytest
from sqlalchemy import Engine

from tests.conftest import ScratchDatabase

from .corpus import manifest
from .run import TIGHT_POLL, poll_the_hostile
from .seen import Facts

EVERY_CATEGORY = {entry["category"] for entry in manifest().values()}
ONLY_TIME = {"cpu", "xml", "slow", "bomb"}  # what these take has nothing to do with the database


@pytest.fixture(scope="session")
def shared_folder(tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> Path:
    """A folder that is the same for every worker of this run of the tests."""
    base = tmp_path_factory.getbasetemp()
    folder = (base if worker_id == "master" else base.parent) / "hostile"
    folder.mkdir(exist_ok=True)
    return folder


@pytest.fixture(scope="session")
def hostile(shared_folder: Path) -> Facts:
    """Every entry, polled into `oversight.sqlite3` in the shared folder."""
    folder = shared_folder / "sqlite"
    return once(folder, lambda: poll_the_hostile(folder, command=TIGHT_POLL, categories=EVERY_CATEGORY))


@pytest.fixture(scope="session")
def hostile_on_postgresql(shared_folder: Path, postgresql_server: Engine) -> Facts:
    """Every entry but those that only burn time, polled into PostgreSQL."""
    folder, name = shared_folder / "postgresql", f"oversight_hostile_{shared_folder.parent.name.replace('-', '_')}"

    def poll() -> Facts:
        with ScratchDatabase(postgresql_server, name) as engine:
            url = engine.url.render_as_string(hide_password=False)
            return poll_the_hostile(folder, command=TIGHT_POLL, categories=EVERY_CATEGORY - ONLY_TIME, database_url=url)

    return once(folder, poll)


def once(folder: Path, make: Callable[[], Facts]) -> Facts:
    """Make the facts in the first process that wants them; the others wait for it and read them."""
    folder.mkdir(exist_ok=True)
    with (folder / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        file = folder / "facts.json"
        if not file.is_file():
            file.write_text(json.dumps(make()), "utf-8")
        facts: Facts = json.loads(file.read_text("utf-8"))
        return facts

"""An application on each database, visitors with and without an account, and a site with the starter record."""

import os
import shutil
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import datetime
from functools import cache
from pathlib import Path

import pytest
from argon2 import PasswordHasher
from flask import Flask
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from oversight.domain.account import Role
from oversight.domain.mention import Decision
from oversight.services.decide import Act, decide_one
from oversight.services.evaluate import figures, judge, publish, read_labelled
from oversight.services.examine import the_detector
from oversight.services.record import load_record
from oversight.services.record_files import read_record
from oversight.settings import Settings
from oversight.storage.engine import Sessions, open_engine, open_sessions
from oversight.storage.models import Base, UserRow
from oversight.storage.schema import upgrade
from oversight.storage.users import get_role
from oversight.vocabulary import load_vocabulary
from oversight.web import create_app
from tests.conftest import BOTH, ScratchDatabase
from tests.factories import (
    NOW,
    add_council,
    add_document,
    add_item,
    add_matter,
    add_meeting,
    add_mention,
    add_subscription,
    add_trouble,
)
from tests.quick import CHEAP, quick
from tests.web.browse import Visitor
from tests.web.crawl import Pages, crawl

PASSWORD = "correct horse battery staple"
SAMPLE = Path(__file__).parents[1] / "data" / "labelled" / "sample.jsonl"
STARTER = Path(__file__).parents[2] / "oversight" / "starter"
SECRET_KEY = "a-secret-of-the-tests-with-enough-bytes"

MakeApp = Callable[..., Flask]
Rows = dict[str, list[tuple[object, ...]]]


@cache
def password_hash() -> str:
    """The hash of PASSWORD, as cheap as the applications of the tests want it."""
    return PasswordHasher(**CHEAP).hash(PASSWORD)


@pytest.fixture
def make_app(settings: Settings, engine: Engine) -> Iterator[MakeApp]:
    """Makes an application on the test's database, with some settings changed."""
    made: list[Flask] = []

    def make(**changes: object) -> Flask:
        url = engine.url.render_as_string(hide_password=False)
        made.append(quick(create_app(replace(settings, **({"database_url": url} | changes)))))
        return made[-1]

    yield make
    for app in made:
        app.extensions["oversight"].engine.dispose()


@pytest.fixture
def app(make_app: MakeApp) -> Flask:
    """The application on an empty database, on SQLite and on PostgreSQL."""
    return make_app()


@pytest.fixture
def visitor(app: Flask) -> Visitor:
    """Someone without an account."""
    return Visitor(app)


@pytest.fixture
def editor(app: Flask, sessions: Sessions) -> Visitor:
    """An editor who is logged in."""
    return logged_in(app, sessions, Role.EDITOR)


@pytest.fixture
def reader(app: Flask, sessions: Sessions) -> Visitor:
    """An account that may only read, logged in."""
    return logged_in(app, sessions, Role.READER)


@pytest.fixture
def admin(app: Flask, sessions: Sessions) -> Visitor:
    """An administrator who is logged in."""
    return logged_in(app, sessions, Role.ADMIN)


def logged_in(app: Flask, sessions: Sessions, role: Role) -> Visitor:
    """A visitor who went through the login form with an account of this role."""
    visitor = Visitor(app)
    assert visitor.log_in(add_account(sessions, role), PASSWORD).status == 302
    return visitor


def add_account(sessions: Sessions, role: Role, *, name: str = "") -> str:
    """An account; its address, which begins with the role unless another name is given."""
    email = f"{name or role}@example.org"
    with sessions.begin() as session:
        roles = [get_role(session, role.value, role.label)]
        values = {"active": True, "fs_uniquifier": email, "created_at": NOW, "roles": roles}
        session.add(UserRow(email=email, password=password_hash(), **values))
    return email


def move_clock(app: Flask, moment: datetime) -> None:
    """From now on the application believes that it is this moment."""
    wiring = app.extensions["oversight"]
    app.extensions["oversight"] = replace(wiring, settings=replace(wiring.settings, test_now=moment))


def rows_of(sessions: Sessions) -> Rows:
    """All that the database holds."""
    with sessions() as session:
        return {
            table.name: sorted((tuple(row) for row in session.execute(select(table))), key=repr)
            for table in Base.metadata.sorted_tables
        }


@pytest.fixture(scope="session")
def recorded_template(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A SQLite file with the starter record and a few mentions, filled once for all tests of this worker."""
    file = tmp_path_factory.mktemp("recorded") / "recorded.sqlite3"
    shutil.copy(sqlite_template, file)
    engine = open_engine(f"sqlite:///{file}")
    fill(open_sessions(engine))
    engine.dispose()
    return file


@pytest.fixture(scope="session")
def recorded_sqlite(recorded_template: Path) -> Iterator[Flask]:
    """The application on the filled SQLite file; tests only read from it."""
    yield from app_on(f"sqlite:///{recorded_template}", recorded_template.parent)


@pytest.fixture(scope="session")
def pages(recorded_sqlite: Flask) -> Pages:
    """Every page of that site, by its address."""
    return crawl(recorded_sqlite)


@pytest.fixture(scope="session")
def recorded_postgresql(postgresql_server: Engine, worker_id: str, tmp_path_factory: pytest.TempPathFactory):
    """The application on a filled PostgreSQL database; tests only read from it."""
    with ScratchDatabase(postgresql_server, f"oversight_web_{worker_id}_{os.getpid()}") as engine:
        upgrade(engine)
        fill(open_sessions(engine))
        yield from app_on(engine.url.render_as_string(hide_password=False), tmp_path_factory.mktemp("recorded"))


@pytest.fixture(params=BOTH)
def recorded(request: pytest.FixtureRequest) -> Visitor:
    """Someone without an account on a site with the starter record; a test must not write to it."""
    return Visitor(request.getfixturevalue(f"recorded_{request.param}"))


def app_on(url: str, instance: Path) -> Iterator[Flask]:
    """An application for as long as its tests last."""
    settings = Settings(instance=instance, database_url=url, secret_key=SECRET_KEY, mode="test", test_now=NOW)
    app = quick(create_app(settings))
    app.config["ACCURACY"] = publish_sample(instance / "accuracy.json")
    yield app
    app.extensions["oversight"].engine.dispose()


def publish_sample(file: Path) -> Path:
    """Publish the detector's figures on the sample of the tests; where they are."""
    detector = the_detector()
    publish(figures(detector, judge(detector, read_labelled([SAMPLE])), [SAMPLE]), NOW.date(), file)
    return file


def fill(sessions: Sessions) -> None:
    """The starter record, and around a council's feed one of everything that its pages can show."""
    with sessions.begin() as session:
        record = read_record(STARTER, load_vocabulary().technologies)
        load_record(session, record, actor="the tests", reason="the starter record", now=NOW)
        add_samples(session)


def add_samples(session: Session) -> list[int]:
    """A council with a meeting to come, and a pending, a confirmed and a dismissed mention on it; their ids.

    The pending one was made by a document of its matter; the feed has brought too many mentions at once.
    """
    feed = add_council(session)
    meeting, matter = add_meeting(session, feed_id=feed.id), add_matter(session)
    items = [add_item(session, feed_id=feed.id, meeting_id=meeting.id, matter_id=matter.id) for _ in range(3)]
    add_trouble(session, feed_id=feed.id)
    found = [add_mention(session, item_id=item.id).id for item in items]
    read = {"state": "read", "read_at": NOW, "page_count": 1, "pages": [0], "mention_id": found[0]}
    add_document(session, feed_id=feed.id, item_id=items[0].id, **read)
    add_subscription(session, unsubscribe_token="the-token-of-a-mail")
    session.expunge_all()  # services load what they need by themselves
    acts = ((Decision.CONFIRM, "on the agenda"), (Decision.DISMISS, "a twin of another"))
    for mention_id, (decision, reason) in zip(found[1:], acts, strict=True):
        act = Act(decision=decision, reviewer="editor@example.org", reason=reason)
        decide_one(session, act, mention_id, now=NOW)
    return found

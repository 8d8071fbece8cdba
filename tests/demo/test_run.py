"""The demo, from nothing to a delivered mail, in a folder of its own and without a network."""

import json
import re
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from oversight.demo.run import CLOCK, EDITOR, Demo, demo_settings, run_demo
from oversight.domain.poll import Poll
from oversight.storage.engine import open_engine, open_sessions, reading
from oversight.storage.models import FeedRow, ItemRow, MentionRow
from oversight.web import create_app
from tests.cli.commands import run, settings_of
from tests.cli.contracts import assert_fits, documented
from tests.hostile.page import Page

BASE_URL = "http://127.0.0.1:8000"
ENOUGH = 25  # pages of a kind: more would show nothing new


@dataclass
class Watch:
    """What a progress bar would be told."""

    total: int = 0
    polls: int = 0

    @contextmanager
    def __call__(self, total: int) -> Iterator[object]:
        self.total = total
        yield self.advance

    def advance(self, _poll: Poll) -> None:
        self.polls += 1


@pytest.fixture(scope="module")
def watch() -> Watch:
    return Watch()


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory, watch: Watch) -> Demo:
    """The demo, once for all tests of this module."""
    settings = settings_of(tmp_path_factory.mktemp("demo"))
    return run_demo(demo_settings(settings, base_url=BASE_URL), watch=watch)


@pytest.fixture(scope="module")
def mails(demo: Demo) -> list[EmailMessage]:
    return [message_from_bytes(file.read_bytes(), policy=policy.default) for file in demo.mails]  # type: ignore[misc]


@pytest.fixture
def visitor(demo: Demo) -> FlaskClient:
    return create_app(demo.settings).test_client()


def alerts(mails: list[EmailMessage]) -> list[EmailMessage]:
    return [mail for mail in mails if mail["List-Unsubscribe"]]


def words(mail: EmailMessage) -> str:
    """The plain text of a mail."""
    body = mail.get_body(("plain",))
    assert body
    return str(body.get_content())


# What it finds


def test_it_finds_enough_to_look_at(demo: Demo) -> None:
    assert demo.contract["feeds"] >= 8
    assert demo.contract["items"] >= 50
    assert demo.contract["mentions"] >= 12
    assert demo.contract["mails_delivered"] >= 1
    assert len(demo.contract["by_technology"]) >= 5
    assert len(demo.contract["by_jurisdiction"]) >= 5


def test_every_feed_is_read(demo: Demo) -> None:
    assert dict(demo.first.outcomes) == {"ok": demo.contract["feeds"]}


def test_the_second_poll_adds_nothing(demo: Demo) -> None:
    assert demo.contract["second_poll"] == {"items_new": 0, "mentions_new": 0}
    assert (demo.second.feeds, demo.second.saved.items_changed) == (demo.first.feeds, 0)
    assert set(demo.second.outcomes) <= {"ok", "not_modified"}


def test_the_summary_fits_the_contract(demo: Demo) -> None:
    assert_fits("demo", json.loads(json.dumps(demo.contract)))


def test_every_field_of_the_summary_is_described(demo: Demo) -> None:
    fields = documented()
    assert set(demo.contract) == fields["`flask demo --json`"]
    assert set(demo.contract["second_poll"]) == fields["second poll"]


def test_whoever_watches_is_told_of_every_poll(demo: Demo, watch: Watch) -> None:
    assert (watch.total, watch.polls) == (demo.contract["feeds"], demo.contract["feeds"])


def test_the_fictional_council_yields_items_and_no_mention(demo: Demo) -> None:
    with reading(open_sessions(open_engine(demo.settings.database_url))) as session:
        own = select(ItemRow.id).join(FeedRow, ItemRow.feed_id == FeedRow.id).where(FeedRow.key == "sample-council")
        items = list(session.scalars(own))
        mentioned = list(session.scalars(select(MentionRow.title).where(MentionRow.item_id.in_(items))))
    assert len(items) > 20
    assert mentioned == []


def test_the_queue_keeps_work_for_whoever_tries_the_demo(demo: Demo) -> None:
    with reading(open_sessions(open_engine(demo.settings.database_url))) as session:
        states = list(session.scalars(select(MentionRow.state)))
    assert states.count("confirmed") >= 1
    assert states.count("pending") >= 10


# What it keeps


def test_it_keeps_everything_in_its_own_folder(demo: Demo) -> None:
    folder = demo.settings.instance
    assert folder.name == "demo"
    assert demo.contract["database"] == f"sqlite:///{folder / 'oversight.sqlite3'}"
    assert [file.name for file in folder.parent.iterdir()] == ["demo"]
    assert (folder / "secret_key").stat().st_mode & 0o777 == 0o600


def test_its_clock_stands_still(demo: Demo) -> None:
    assert demo.contract["clock"] == CLOCK.isoformat()
    assert demo.settings.now() == CLOCK


def test_it_polls_no_host_but_this_machine(demo: Demo) -> None:
    hosts = re.findall(r'^url\s*=\s*"http://([^:/"]+)', demo.settings.feeds.read_text("utf-8"), re.M)
    assert set(hosts) == {"127.0.0.1"}
    assert len(hosts) == demo.contract["feeds"]


# What it mails


def test_one_confirmation_and_at_least_one_alert_lie_in_the_outbox(mails: list[EmailMessage]) -> None:
    confirmations = [mail for mail in mails if "/subscriptions/confirm/" in words(mail)]
    assert len(confirmations) == 1
    assert len(alerts(mails)) == len(mails) - 1 >= 1


def test_an_alert_can_be_left_with_one_click(mails: list[EmailMessage]) -> None:
    for mail in alerts(mails):
        assert re.match(rf"<{BASE_URL}/u/[\w-]+>, <mailto:", mail["List-Unsubscribe"])
        assert mail["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"


def test_the_one_click_works_on_the_site_of_the_demo(mails: list[EmailMessage], visitor: FlaskClient) -> None:
    link = re.match(rf"<{BASE_URL}(/u/[\w-]+)>", alerts(mails)[0]["List-Unsubscribe"])
    assert link
    assert visitor.get(link[1]).status_code == 200
    assert visitor.post(link[1], data={"List-Unsubscribe": "One-Click"}).status_code == 200


def test_an_alert_reads_as_a_letter(mails: list[EmailMessage]) -> None:
    for mail in alerts(mails):
        text = words(mail)
        assert "San Francisco" in mail["Subject"]
        assert "Why it matched" in text
        assert "You get this because you follow San Francisco" in " ".join(text.split())
        assert f"{BASE_URL}/mentions/" in text
        assert "{" not in text


READ_AS = {"text/plain", "text/html", "text/calendar"}


def test_a_mail_loads_nothing(mails: list[EmailMessage]) -> None:
    for mail in mails:
        for part in mail.walk():
            assert part.get_content_type() in {"multipart/mixed", "multipart/alternative", *READ_AS}
            if part.get_content_type() == "text/html":
                assert not re.search(r"<(img|script|link|iframe)|url\(|@import|src=", part.get_content())


def test_a_mail_has_one_recipient(mails: list[EmailMessage]) -> None:
    assert {mail["To"] for mail in mails} == {"subscriber@demo.example"}
    assert {(mail["Cc"], mail["Bcc"]) for mail in mails} == {(None, None)}


# What it shows


def test_its_pages_load_nothing_from_elsewhere(demo: Demo, visitor: FlaskClient) -> None:
    seen = {"/"}
    waiting = ["/"]
    while waiting:
        path = waiting.pop(0)
        answer = visitor.get(path)
        assert answer.status_code in (200, 302), path
        assert Page(answer.text).faults == [], path
        links = re.findall(r'href="(/[^"#?]*)', answer.text)
        kinds = Counter(link.split("/")[1] for link in seen)
        pages = (link for link in links if not link.endswith((".csv", ".json", ".atom", ".ics")))
        others = (link for link in pages if not link.startswith(("/static/", "/login")))
        fresh = {link for link in others if kinds[link.split("/")[1]] < ENOUGH} - seen
        seen |= fresh
        waiting += fresh
    assert len([path for path in seen if path.startswith("/mentions/")]) >= 12
    assert len([path for path in seen if path.startswith("/feeds/")]) >= demo.contract["feeds"]


def test_the_password_that_it_prints_opens_the_queue(demo: Demo, visitor: FlaskClient) -> None:
    token = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', visitor.get("/login").text)
    assert token
    form = {"email": EDITOR, "password": demo.password, "csrf_token": token[1]}
    assert visitor.post("/login", data=form).location == "/review/"
    assert visitor.get("/review/").status_code == 200


# The command


def test_the_command_works_twice_for_a_person_and_for_a_program(demo: Demo, tmp_path: Path) -> None:
    person, program = run(tmp_path, "demo", "--no-serve"), run(tmp_path, "demo", "--no-serve", "--json")
    assert (person.exit_code, program.exit_code) == (0, 0)
    assert "The clock stands at 2019-05-07." in person.stdout
    assert "Why it matched" in person.stdout
    assert "<" not in person.stdout.partition("Why it matched")[2]
    assert json.loads(program.stdout) == demo.contract | {"database": f"sqlite:///{tmp_path}/demo/oversight.sqlite3"}

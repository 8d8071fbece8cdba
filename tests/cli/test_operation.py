"""Tests of the commands of operation: db, alerts, users, and what the secret key must be."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from email import message_from_bytes, policy
from pathlib import Path

import pytest

from oversight.storage.engine import open_engine, open_sessions
from oversight.storage.models import ConfirmationRow
from tests.domain.test_bounce import KEY, dsn
from tests.factories import NOW, add_alert, add_event, add_subscriber, add_subscription

from .commands import finish, free_port, run, start_python

NO_SECRET = {"SECRET_KEY": ""}


# db


def test_a_new_database_fits_once_it_is_upgraded(flask) -> None:
    assert flask("db", "upgrade").exit_code == 0
    result = flask("db", "check")
    assert (result.exit_code, result.stdout) == (0, "the database fits\n")


def test_upgrading_twice_changes_nothing(flask) -> None:
    flask("db", "upgrade")
    assert flask("db", "upgrade").exit_code == 0
    assert flask("db", "check").exit_code == 0


def test_a_database_that_lacks_a_table_does_not_fit(flask, tmp_path: Path) -> None:
    flask("db", "upgrade")
    with open_engine(f"sqlite:///{tmp_path / 'oversight.sqlite3'}").begin() as connection:
        connection.exec_driver_sql("DROP TABLE jobs")
    result = flask("db", "check")
    assert result.exit_code == 1
    assert "jobs" in result.stdout
    assert "flask db upgrade" in result.stderr


@pytest.mark.parametrize("command", ["check", "upgrade"])
def test_a_database_that_does_not_answer_is_told_in_a_sentence(flask, command: str) -> None:
    result = flask("db", command, DATABASE_URL="postgresql://postgres@127.0.0.1:1/none")
    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr.startswith("the database does not answer: ")


# starting


@pytest.mark.parametrize("command", ["up", "demo"])
@pytest.mark.parametrize("port", ["0", "99999"])
def test_a_port_that_can_be_none_is_refused(flask, command: str, port: str) -> None:
    result = flask(command, "--port", port)
    assert (result.exit_code, result.stdout) == (2, "")
    assert f"{port} is not in the range 1<=x<=65535" in result.stderr


@pytest.mark.parametrize("command", ["up", "clock"])
def test_a_mail_server_that_can_be_none_is_told_at_the_start(flask, command: str) -> None:
    flask("db", "upgrade")
    result = flask(command, MAIL="smtp://localhost:70000")
    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr.startswith("OVERSIGHT_MAIL names no mail server: write smtp://host:25")


@pytest.mark.parametrize(
    ("options", "changes", "base_url"),
    [
        (["--port", "{port}"], {}, "http://127.0.0.1:{port}"),
        (["--port", "{port}", "--host", "0.0.0.0"], {}, "http://127.0.0.1:{port}"),
        (["--port", "{port}"], {"BASE_URL": "https://watch.example"}, "https://watch.example"),
    ],
)
def test_mails_lead_to_where_the_site_listens_unless_its_address_is_set(
    flask, monkeypatch: pytest.MonkeyPatch, options: list[str], changes: dict[str, str], base_url: str
) -> None:
    started: list[Mapping[str, str]] = []
    monkeypatch.setattr("oversight.cli.up.prepare", lambda *_: None)
    monkeypatch.setattr("oversight.cli.up.supervise", lambda _commands, environment: started.append(environment))
    port = str(free_port())
    result = flask("up", *(option.format(port=port) for option in options), **changes)
    assert (result.exit_code, result.stderr) == (0, f"Oversight is at http://127.0.0.1:{port}\n")
    assert started[0]["OVERSIGHT_BASE_URL"] == base_url.format(port=port)


# alerts


def test_what_is_due_is_delivered_once(flask, tmp_path: Path) -> None:
    flask("db", "upgrade")
    with open_sessions(open_engine(f"sqlite:///{tmp_path / 'oversight.sqlite3'}")).begin() as session:
        add_alert(session)
    moment = {"MODE": "test", "TEST_NOW": "2026-11-20T12:00:00Z"}
    assert flask("alerts", "deliver", **moment).stdout == "sent: 1\n"
    assert flask("alerts", "deliver", **moment).stdout == "nothing was due\n"
    (mail,) = (tmp_path / "outbox").glob("*.eml")
    parsed = message_from_bytes(mail.read_bytes(), policy=policy.default)
    assert parsed["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"


def test_digests_can_be_made_and_the_ledger_mended_by_hand(flask, tmp_path: Path) -> None:
    flask("db", "upgrade")
    with open_sessions(open_engine(f"sqlite:///{tmp_path / 'oversight.sqlite3'}")).begin() as session:
        add_alert(session, in_digest=True)
        add_subscription(session)
    moment = {"MODE": "test", "TEST_NOW": "2026-11-20T12:00:00Z"}
    assert flask("alerts", "digest", **moment).stdout == "digests made: 1\n"
    for missing in (1, 0):
        said = flask("alerts", "reconcile", **moment).stdout
        assert said == f"left by dead senders: 0, missing: {missing}, unreadable: 0\n"


def test_what_came_back_is_taken_from_a_file_or_standard_input(flask, tmp_path: Path) -> None:
    flask("db", "upgrade")
    with open_sessions(open_engine(f"sqlite:///{tmp_path / 'oversight.sqlite3'}")).begin() as session:
        link = {"subscriber_id": add_subscriber(session, email="reader@example.org").id, "attempts": 1}
        session.add(ConfirmationRow(**link, requested_at=NOW, key=KEY))
    (tmp_path / "stranger.eml").write_bytes(dsn("5.1.1", original="X-Alert-Key: none"))
    assert flask("alerts", "bounce", str(tmp_path / "stranger.eml")).stdout == "about no mail of ours\n"
    assert flask("alerts", "bounce", stdin=dsn("5.1.1")).stdout == "The address takes no mail\n"
    lifted = [flask("alerts", "write-again", "Reader@example.org").stdout for _ in range(2)]
    assert lifted == ["lifted: The address does not exist\n", "nothing kept it from being written to\n"]


def test_delivering_before_the_database_is_made_says_what_to_do(flask) -> None:
    result = flask("alerts", "deliver")
    assert (result.exit_code, result.stdout) == (2, "")
    assert "flask db upgrade" in result.stderr


# users


def create(flask, email: str, password: str, *options: str):
    return flask("users", "create", email, *options, "--password", password)


def test_an_account_is_made_and_listed_with_its_role(flask) -> None:
    result = create(flask, "Ada@Example.org", "a long enough password", "--role", "admin")
    assert result.exit_code == 0
    assert "password" not in result.stdout
    assert flask("users", "list").stdout.split() == ["ada@example.org", "admin"]


def test_a_short_password_is_refused(flask) -> None:
    result = create(flask, "ada@example.org", "eleven char")
    assert (result.exit_code, result.stdout) == (1, "")
    assert "at least 12 characters" in result.stderr
    assert flask("users", "list").stdout == ""


def test_a_password_that_is_guessed_first_is_refused(flask) -> None:
    result = create(flask, "ada@example.org", "password1234")
    assert (result.exit_code, result.stdout) == (1, "")
    assert "too easily guessed" in result.stderr


def test_an_account_is_disabled_and_enabled_again(flask) -> None:
    create(flask, "ada@example.org", "a long enough password")
    assert flask("users", "disable", "Ada@example.org").exit_code == 0
    assert flask("users", "list").stdout.split() == ["ada@example.org", "editor,", "disabled"]
    assert flask("users", "enable", "ada@example.org").exit_code == 0
    assert flask("users", "list").stdout.split() == ["ada@example.org", "editor"]


@pytest.mark.parametrize("word", ["disable", "enable"])
def test_who_has_no_account_is_said_to_have_none(flask, word: str) -> None:
    flask("db", "upgrade")
    result = flask("users", word, "ada@example.org")
    assert (result.exit_code, result.stderr) == (1, "ada@example.org has no account\n")


def test_an_address_has_one_account(flask) -> None:
    create(flask, "ada@example.org", "a long enough password")
    result = create(flask, "ADA@example.org", "another long password")
    assert result.exit_code == 1
    assert "has an account already" in result.stderr


def test_what_is_no_address_is_refused(flask) -> None:
    assert create(flask, "ada", "a long enough password").exit_code == 1


def test_a_password_that_is_not_given_is_asked_for_twice(flask) -> None:
    typed = "a long enough password\n" * 2
    assert flask("users", "create", "ada@example.org", stdin=typed).exit_code == 0


def test_listing_accounts_before_the_database_is_made_says_what_to_do(flask) -> None:
    result = flask("users", "list")
    assert (result.exit_code, result.stdout) == (2, "")
    assert "flask db upgrade" in result.stderr


# The secret key


@pytest.mark.parametrize("command", [["clock"], ["alerts", "deliver"]])
def test_without_a_secret_key_nothing_starts(tmp_path: Path, command: list[str]) -> None:
    run(tmp_path, "db", "upgrade")
    result = run(tmp_path, *command, **NO_SECRET)
    assert (result.exit_code, result.stdout) == (2, "")
    assert "OVERSIGHT_SECRET_KEY" in result.stderr


def test_a_short_secret_key_is_refused_and_not_repeated(tmp_path: Path) -> None:
    result = finish(tmp_path, "db", "upgrade", SECRET_KEY="Zq7pK2")
    assert result.returncode != 0
    assert result.stderr.strip().endswith("OVERSIGHT_SECRET_KEY is a default or shorter than 32 bytes")
    assert "Zq7pK2" not in result.stderr
    assert not (tmp_path / "oversight.sqlite3").exists()


# Importing the app (SAFETY A1)

WATCHED = """
import sys, threading
DEEDS = ("socket.bind", "socket.connect", "subprocess.", "os.fork", "os.posix_spawn", "os.mkdir")
seen = []
def watch(event, arguments):
    is_written = event == "open" and isinstance(arguments[1], str) and set(arguments[1]) & set("wax+")
    if is_written or event.startswith(DEEDS):
        seen.append(f"{event}{arguments}")
sys.dont_write_bytecode = True
sys.addaudithook(watch)
import app
seen += [thread.name for thread in threading.enumerate() if thread is not threading.main_thread()]
sys.exit("\\n".join(seen))
"""


def test_importing_the_app_has_no_side_effect(tmp_path: Path) -> None:
    importing = start_python(tmp_path, "-c", WATCHED, INSTANCE=str(tmp_path / "instance"))
    importing.wait(60)
    assert (tmp_path / "output").read_text().strip() == ""


def test_a_query_is_previewed(flask, tmp_path: Path) -> None:
    flask("db", "upgrade")
    with open_sessions(open_engine(f"sqlite:///{tmp_path / 'oversight.sqlite3'}")).begin() as session:
        add_event(session, at=datetime.now(UTC) - timedelta(days=2))
    result = flask("alerts", "preview", "state:washington tech:alpr")
    assert (result.exit_code, "state:WA tech:alpr\n1 events, 1 mails in 90 days, 0.1 a week" in result.stdout) == (
        0,
        True,
    )


def test_a_query_that_cannot_be_read_is_explained(flask) -> None:
    flask("db", "upgrade")
    result = flask("alerts", "preview", "tec:alpr")
    assert (result.exit_code, "At character 1: There is no filter tec" in result.stderr) == (1, True)

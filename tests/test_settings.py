"""Tests of settings.py: the environment becomes one checked value."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from oversight.errors import ConfigurationError
from oversight.settings import Settings

SECRET = "s" * 32


def read(tmp_path: Path, **variables: str) -> Settings:
    environ = {"OVERSIGHT_INSTANCE": str(tmp_path)} | {f"OVERSIGHT_{name}": value for name, value in variables.items()}
    return Settings.from_environment(environ)


def test_an_empty_environment_gives_the_defaults(tmp_path: Path) -> None:
    settings = read(tmp_path)
    assert settings.database_url == f"sqlite:///{tmp_path / 'oversight.sqlite3'}"
    assert (settings.host_gap_seconds, settings.host_connections, settings.mode) == (2.0, 1, "live")
    assert (settings.secret_key, settings.allow_hosts, settings.mail) == (None, frozenset(), "file:")


@pytest.mark.parametrize("prefix", ["postgres://", "postgresql://", "postgresql+psycopg://"])
def test_every_postgresql_address_uses_our_driver(tmp_path: Path, prefix: str) -> None:
    settings = read(tmp_path, DATABASE_URL=f"{prefix}reader@db.example.org/oversight")
    assert settings.database_url == "postgresql+psycopg://reader@db.example.org/oversight"


def test_allowed_hosts_are_pairs_of_host_and_port(tmp_path: Path) -> None:
    settings = read(tmp_path, ALLOW_HOSTS="127.0.0.1:8001, Localhost:80,[::1]:9000,")
    assert settings.allow_hosts == {("127.0.0.1", 8001), ("localhost", 80), ("::1", 9000)}


def test_the_base_address_has_no_slash_at_its_end(tmp_path: Path) -> None:
    assert read(tmp_path, BASE_URL="https://oversight.example.org/").base_url == "https://oversight.example.org"


@pytest.mark.parametrize("url", ["http://127.0.0.1:8080", "http://[::1]:8080", "https://watch.example.org/oversight"])
def test_the_base_address_is_one_of_the_web(tmp_path: Path, url: str) -> None:
    assert read(tmp_path, BASE_URL=url).base_url == url


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("ALLOW_HOSTS", "127.0.0.1"),
        ("ALLOW_HOSTS", "127.0.0.1:http"),
        ("HOST_GAP_SECONDS", "-1"),
        ("HOST_GAP_SECONDS", "soon"),
        ("HOST_GAP_SECONDS", "nan"),
        ("HOST_CONNECTIONS", "0"),
        ("HOST_CONNECTIONS", "inf"),
        ("HOST_CONNECTIONS", "nan"),
        ("MAIL_PER_MINUTE", "many"),
        ("HOST_CONNECTIONS", "2.9"),
        ("TRUSTED_PROXIES", "0.9"),
        ("LINKS_PER_TICK", "0.5"),
        ("BASE_URL", "oversight.example.org"),
        ("BASE_URL", "javascript:x"),
        ("BASE_URL", "https://"),
        ("BASE_URL", "https:///path"),
        ("BASE_URL", "https://host.example:70000"),
        ("BASE_URL", "https://host.example/a b"),
        ("BASE_URL", "https://user@host.example"),
        ("BOUNCE_DOMAIN", "bounces example org"),
        ("MODE", "production"),
        ("TEST_NOW", "yesterday"),
        ("TEST_NOW", "0001-01-01T00:00:00+14:00"),
        ("SECRET_KEY", "change-me"),
        ("SECRET_KEY", "s" * 31),
    ],
)
def test_a_wrong_value_is_named(tmp_path: Path, name: str, value: str) -> None:
    with pytest.raises(ConfigurationError, match=f"OVERSIGHT_{name}"):
        read(tmp_path, **({"MODE": "test"} | {name: value}))


def test_all_wrong_values_are_named_at_once(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match=r"(?s)ALLOW_HOSTS.*HOST_CONNECTIONS.*MODE"):
        read(tmp_path, ALLOW_HOSTS="x", HOST_CONNECTIONS="x", MODE="x")


def test_a_secret_is_not_repeated_in_the_message(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError) as caught:
        read(tmp_path, SECRET_KEY="short-but-secret")
    assert "short-but-secret" not in str(caught.value)


def test_the_secret_may_stand_in_the_instance_folder(tmp_path: Path) -> None:
    (tmp_path / "secret_key").write_text(f"{SECRET}\n")
    assert read(tmp_path).required_secret_key() == SECRET


def test_without_a_secret_nothing_that_needs_one_starts(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match="OVERSIGHT_SECRET_KEY"):
        read(tmp_path).required_secret_key()


def test_a_fixed_moment_is_refused_when_live(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match="TEST_NOW is refused"):
        read(tmp_path, TEST_NOW="2026-11-20T12:00:00Z")


@pytest.mark.parametrize("text", ["2026-11-20T12:00:00Z", "2026-11-20T12:00:00", "2026-11-20T04:00:00-08:00"])
def test_a_fixed_moment_is_in_utc(tmp_path: Path, text: str) -> None:
    assert read(tmp_path, TEST_NOW=text, MODE="test").now() == datetime(2026, 11, 20, 12, 0, tzinfo=UTC)

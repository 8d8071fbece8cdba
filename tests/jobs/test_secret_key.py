"""Tests of keep_secret_key in jobs/supervise.py: a first start needs no setting, and no start needs a hand."""

from dataclasses import replace
from pathlib import Path

import pytest

from oversight.jobs.supervise import keep_secret_key
from oversight.settings import Settings
from tests.cli.commands import settings_of


@pytest.fixture
def bare(tmp_path: Path) -> Settings:
    """The settings of a first start: no key, and no instance folder."""
    return settings_of(tmp_path / "instance", SECRET_KEY="")


def test_a_key_is_made_and_only_its_owner_may_read_it(bare: Settings) -> None:
    key = keep_secret_key(bare)
    file = bare.instance / "secret_key"
    assert (file.read_text(), file.stat().st_mode & 0o777) == (key, 0o600)
    assert [one.name for one in bare.instance.iterdir()] == ["secret_key"]


def test_the_next_start_reads_the_same_key(bare: Settings) -> None:
    key = keep_secret_key(bare)
    assert settings_of(bare.instance, SECRET_KEY="").secret_key == key


def test_a_key_that_is_set_is_kept_and_not_written(bare: Settings) -> None:
    assert keep_secret_key(replace(bare, secret_key="k" * 32)) == "k" * 32
    assert not bare.instance.exists()


@pytest.mark.parametrize("left", ["secret_key", "secret_key.new"])
def test_what_a_crash_left_does_not_stop_the_next_start(bare: Settings, left: str) -> None:
    bare.instance.mkdir()
    (bare.instance / left).touch(0o644)
    key = keep_secret_key(bare)
    file = bare.instance / "secret_key"
    assert (file.read_text(), file.stat().st_mode & 0o777) == (key, 0o600)

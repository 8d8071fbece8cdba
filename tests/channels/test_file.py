"""Tests of channels/file.py: whole files only, and one for each message."""

from dataclasses import replace
from pathlib import Path

from oversight.channels.file import FileChannel
from oversight.settings import Settings
from tests.factories import make_message

ADDRESS = "reader@example.org"


def test_without_a_folder_mails_go_to_the_instance(settings: Settings) -> None:
    FileChannel(settings).send(ADDRESS, make_message())
    assert [file.name for file in (settings.instance / "outbox").iterdir()] == [f"{make_message().key}.eml"]


def test_the_folder_may_be_named(settings: Settings, tmp_path: Path) -> None:
    FileChannel(replace(settings, mail=f"file:{tmp_path / 'elsewhere'}")).send(ADDRESS, make_message())
    assert len(list((tmp_path / "elsewhere").iterdir())) == 1


def test_a_retry_replaces_its_file(settings: Settings) -> None:
    for text in ("first\n", "second\n"):
        FileChannel(settings).send(ADDRESS, make_message(text=text))
    (file,) = (settings.instance / "outbox").iterdir()
    assert b"second" in file.read_bytes()


def test_two_messages_are_two_files(settings: Settings) -> None:
    for key in ("a" * 40, "b" * 40):
        FileChannel(settings).send(ADDRESS, make_message(key=key))
    assert len(list((settings.instance / "outbox").iterdir())) == 2


def test_nobody_else_can_look_into_the_outbox(settings: Settings) -> None:
    FileChannel(settings).send(ADDRESS, make_message())
    assert (settings.instance / "outbox").stat().st_mode & 0o077 == 0

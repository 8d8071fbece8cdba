"""Adds a `[[feed]]` at the end of feeds.toml; all that stood there before stays as it was, byte for byte."""

import os
import re
import stat
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from tempfile import NamedTemporaryFile
from urllib.parse import urlsplit

import tomlkit

from oversight.catalog import WITHOUT_A_PLACE, Catalog, checked_catalog
from oversight.domain.feed import Feed
from oversight.domain.feed_address import canonical
from oversight.errors import ConfigurationError
from oversight.platforms import GENERIC, reader_of, readers
from oversight.services.recognise import Recognition
from oversight.services.sync_feeds import zone_of
from oversight.vocabulary.places import load_places

KEY_LENGTH = 70
ADDRESS_LENGTH = 40
SHARED_NAMES = ("api", "go", "webapi")  # hosts of a platform that say nothing of the council
NAME_WIDTH = 12
NEW_FILE_MODE = 0o644


@dataclass(frozen=True, kw_only=True)
class Wish:
    """What a person wants to have listed; what is None is guessed or left out."""

    key: str | None = None
    title: str | None = None
    jurisdiction: str | None = None
    timezone: str | None = None
    every: str = "60m"
    is_enabled: bool = True
    note: str | None = None


def add_feed(path: Path, recognition: Recognition, wish: Wish) -> Feed:
    """Write the feed into the file; raises ConfigurationError, and changes nothing, where the file would have a fault.

    An address or a key that is listed already is refused, however the address is written.
    """
    path = path.resolve()  # the file itself is replaced, not a link to it
    text = _text_of(path)
    before = _checked(path, text)
    _require_new(path.name, before, recognition, wish)
    entry = entry_of(recognition, wish, taken={feed.key for feed in before.feeds})
    longer = text + _between(text) + _written(entry, newline="\r\n" if "\r\n" in text else "\n")
    try:
        after = _checked(path, longer)
    except ConfigurationError as error:
        raise ConfigurationError(f"nothing was written, for the new entry would be wrong:\n{error}") from error
    _write(path, longer)
    return after.feeds[-1]


def entry_of(recognition: Recognition, wish: Wish, *, taken: set[str]) -> dict[str, str | bool]:
    """The lines of the new entry, in the order of the file."""
    lines: Mapping[str, str | bool | None] = {
        "key": wish.key or _free(guessed_key(recognition, wish.jurisdiction), taken),
        "platform": recognition.platform,
        "url": recognition.url,
        "title": wish.title or guessed_title(recognition, wish.jurisdiction),
        "jurisdiction": wish.jurisdiction,
        "timezone": wish.timezone,
        "every": wish.every,
        "enabled": None if wish.is_enabled else False,
        "note": wish.note,
    }
    return {name: value for name, value in lines.items() if value is not None}


def guessed_key(recognition: Recognition, jurisdiction: str | None) -> str:
    """A key from the place and the platform, or from the address where there is no place."""
    parts = urlsplit(recognition.url)
    host = (parts.hostname or "").removeprefix("www.")
    if jurisdiction is None and recognition.platform in WITHOUT_A_PLACE:
        return _slug(host)
    place = load_places().by_id(jurisdiction or "")
    tenant = host.split(".")[0] if host.count(".") > 1 else host
    address = f"{host}{parts.path}"[:ADDRESS_LENGTH] if tenant in SHARED_NAMES else tenant
    name = place.name if place else re.split("[:/]", jurisdiction)[-1] if jurisdiction else address
    return f"{_slug(name)}-{_slug(recognition.platform)}"


def guessed_title(recognition: Recognition, jurisdiction: str | None) -> str:
    """What people see: the place where it is known, with the platform, or the host where that says more."""
    host = (urlsplit(recognition.url).hostname or "").removeprefix("www.")
    place = load_places().by_id(jurisdiction or "")
    where = host if recognition.platform in GENERIC else recognition.platform
    return f"{place.name} ({where})" if place else host


def _slug(words: str) -> str:
    return re.sub(r"[^a-z0-9]+", "-", words.lower())[:KEY_LENGTH].strip("-")


def _free(key: str, taken: set[str]) -> str:
    number = 2
    free = key
    while free in taken:
        free, number = f"{key}-{number}", number + 1
    return free


def _text_of(path: Path) -> str:
    """The file as it is, line ends and all; a list that does not exist yet is empty."""
    try:
        return path.read_bytes().decode("utf-8") if path.exists() else ""
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigurationError(f"{path.name}: {error}") from error


def _checked(path: Path, text: str) -> Catalog:
    found = checked_catalog(path.name, text, platforms=readers.names(), zone_of=zone_of)
    if found.faults:
        raise ConfigurationError("\n".join(found.faults))
    return found


def _require_new(name: str, before: Catalog, recognition: Recognition, wish: Wish) -> None:
    if wish.key is not None and any(feed.key == wish.key for feed in before.feeds):
        raise ConfigurationError(f'{name}: a feed "{wish.key}" is there already; choose another --key')
    wanted = canonical(recognition.url)
    for feed in before.feeds:
        if wanted in (canonical(feed.url), canonical(reader_of(feed.platform).recognise(feed.url) or feed.url)):
            state = "" if feed.is_enabled else ", but not enabled"
            raise ConfigurationError(f'{name}: {feed.url} is listed already as "{feed.key}"{state}')


def _between(text: str) -> str:
    """What parts the new entry from the text before it: a blank line."""
    newline = "\r\n" if "\r\n" in text else "\n"
    if not text.strip():
        return ""
    return newline if text.endswith("\n") else newline * 2


def _written(entry: Mapping[str, str | bool], *, newline: str) -> str:
    lines = [f"{name:<{NAME_WIDTH}} = {tomlkit.item(value).as_string()}" for name, value in entry.items()]
    return newline.join(["[[feed]]", *lines, ""])


def _write(path: Path, text: str) -> None:
    """The whole new file takes the old one's place at once: nobody ever reads half of it."""
    try:
        with NamedTemporaryFile("wb", dir=path.parent, prefix=f".{path.name}.", delete=False) as file:
            new = Path(file.name)
            file.write(text.encode("utf-8"))
            file.flush()
            os.fsync(file.fileno())
        try:
            new.chmod(stat.S_IMODE(path.stat().st_mode) if path.exists() else NEW_FILE_MODE)
            new.replace(path)
        finally:
            new.unlink(missing_ok=True)
    except OSError as error:
        raise ConfigurationError(f"{path.name} cannot be written: {error.strerror}") from error

"""Reads feeds.toml, and reports everything that is wrong with it at once, by line."""

import re
import tomllib
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import BaseModel, ConfigDict, Field, StrictBool, ValidationError, field_validator

from oversight.domain.feed import Feed
from oversight.domain.schedule import MAXIMUM_MINUTES, MINIMUM_MINUTES
from oversight.errors import ConfigurationError

HEADER = re.compile(r"^\s*\[\[\s*feed\s*\]\]\s*(#.*)?$")
ZoneOf = Callable[[str], str | None]
EVERY = re.compile(r"(\d{1,5})\s*(m|h)")
OCD_ID = re.compile(r"(ocd-division/country:[a-z]{2}(/[a-z_]+:[^/\s:]+)*|x-oversight/[a-z0-9/-]+)")
# News, searches and registers of the nation: they state no local times.
WITHOUT_A_PLACE = frozenset(("federal_register", "gdelt", "google_news", "legiscan", "open_states", "rss", "sam_gov"))
COUNCIL_PLATFORMS_NEED = (
    'a council platform states local times: add timezone = "America/...", or a jurisdiction in one zone'
)


class FeedEntry(BaseModel):
    """One `[[feed]]` as written."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    key: str = Field(pattern=r"^[a-z0-9][a-z0-9-]{1,79}$")
    platform: str
    url: str = Field(max_length=2000)
    title: str | None = Field(default=None, max_length=200)
    jurisdiction: str | None = None
    timezone: str | None = None
    every: str = "60m"
    enabled: StrictBool = True
    note: str | None = Field(default=None, max_length=500)
    evidence: Literal["captured", "code", "page_only", "derived"] | None = None

    @field_validator("url")
    @classmethod
    def _is_web_address(cls, value: str) -> str:
        parts = urlsplit(value)
        if parts.scheme not in ("http", "https") or not parts.hostname:
            raise ValueError("must be an absolute http or https address")
        return value

    @field_validator("jurisdiction")
    @classmethod
    def _is_ocd_id(cls, value: str | None) -> str | None:
        if value is not None and not OCD_ID.fullmatch(value):
            raise ValueError("must be an Open Civic Data id such as ocd-division/country:us/state:wa/place:seattle")
        return value

    @field_validator("timezone")
    @classmethod
    def _is_zone(cls, value: str | None) -> str | None:
        try:
            ZoneInfo(value or "UTC")
        except (ZoneInfoNotFoundError, ValueError, OSError):
            raise ValueError("must be an IANA name such as America/Los_Angeles") from None
        return value

    @field_validator("every")
    @classmethod
    def _is_interval(cls, value: str) -> str:
        if not MINIMUM_MINUTES <= minutes_of(value) <= MAXIMUM_MINUTES:
            raise ValueError("must be between 15m and 24h, written 60m or 6h")
        return value


@dataclass(frozen=True)
class Catalog:
    """What a feeds.toml says, and the faults found in it, each with its line."""

    feeds: tuple[Feed, ...]
    faults: tuple[str, ...]


def minutes_of(every: str) -> int:
    """The minutes in `60m` or `6h`; 0 for what is neither."""
    match = EVERY.fullmatch(every.strip())
    return int(match[1]) * (60 if match[2] == "h" else 1) if match else 0


def load_feeds(path: Path, *, platforms: list[str], zone_of: ZoneOf) -> list[Feed]:
    """The feeds of a file without fault; raises ConfigurationError with every fault, one a line."""
    catalog = read_catalog(path, platforms=platforms, zone_of=zone_of)
    if not catalog.feeds and not catalog.faults:
        raise ConfigurationError(f"{path.name}:1: no feed is named; write at least one [[feed]]")
    if catalog.faults:
        raise ConfigurationError("\n".join(catalog.faults))
    return list(catalog.feeds)


def read_catalog(path: Path, *, platforms: list[str], zone_of: ZoneOf) -> Catalog:
    """Read and check a feeds.toml. `zone_of` gives the time zone of a jurisdiction where it is known."""
    try:
        text = path.read_text("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        return Catalog((), (f"{path.name}: {error}",))
    return checked_catalog(path.name, text, platforms=platforms, zone_of=zone_of)


def checked_catalog(name: str, text: str, *, platforms: list[str], zone_of: ZoneOf) -> Catalog:
    """What a text says as a feeds.toml of this name."""
    try:
        parsed = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        return Catalog((), (f"{name}: {error}",))
    places = _Lines(name, text)
    extra = [f"{name}:1: unknown table {other!r}; only [[feed]] is read" for other in parsed if other != "feed"]
    rows = parsed.get("feed", [])
    if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
        return Catalog((), (f"{name}:1: write [[feed]], with two brackets",))
    counted = Counter(str(row["key"]) for row in rows if "key" in row)
    feeds: list[Feed] = []
    faults: list[str] = extra
    for number, row in enumerate(rows):
        found = _check(row, platforms=platforms, zone_of=zone_of, is_double=counted[str(row.get("key"))] > 1)
        faults += [places.fault(number, row, field, message) for field, message in found.faults]
        feeds += [found.feed] if found.feed else []
    return Catalog(tuple(feeds), tuple(faults))


@dataclass(frozen=True)
class _Checked:
    feed: Feed | None
    faults: list[tuple[str, str]]


def _check(row: dict[str, Any], *, platforms: list[str], zone_of: ZoneOf, is_double: bool) -> _Checked:
    entry: FeedEntry | None = None
    faults: list[tuple[str, str]] = []
    platform = row.get("platform")
    try:
        entry = FeedEntry.model_validate(row)
    except ValidationError as error:
        faults = [(str(fault["loc"][0]), fault["msg"].removeprefix("Value error, ")) for fault in error.errors()]
    if is_double:
        faults.append(("key", "is used by another feed too"))
    if isinstance(platform, str) and platform not in platforms:
        faults.append(("platform", f"{platform!r} is not known; known: {', '.join(platforms)}"))
    if entry is None:
        return _Checked(None, faults)
    timezone = entry.timezone or zone_of(entry.jurisdiction or "")
    if platform in platforms and platform not in WITHOUT_A_PLACE and timezone is None:
        faults.append(("jurisdiction", COUNCIL_PLATFORMS_NEED))
    feed = Feed(
        key=entry.key,
        platform=entry.platform,
        url=entry.url,
        title=entry.title or entry.key,
        jurisdiction=entry.jurisdiction,
        timezone=timezone,
        every_minutes=minutes_of(entry.every),
        is_enabled=entry.enabled,
        note=entry.note,
        evidence=entry.evidence,
    )
    return _Checked(None if faults else feed, faults)


class _Lines:
    """Where each entry and each of its keys stands in the file."""

    def __init__(self, name: str, text: str) -> None:
        self._name = name
        self._lines = text.split("\n")
        self._headers = [number for number, line in enumerate(self._lines) if HEADER.match(line)]

    def fault(self, number: int, row: dict[str, Any], field: str, message: str) -> str:
        label = f'feed "{row["key"]}"' if row.get("key") else f"feed {number + 1}"
        return f"{self._name}:{self._line(number, field)}: {label}: {field}: {message}"

    def _line(self, number: int, field: str) -> int:
        if number >= len(self._headers):
            return 1
        start = self._headers[number]
        end = self._headers[number + 1] if number + 1 < len(self._headers) else len(self._lines)
        for line in range(start, end):
            if re.match(rf"\s*{re.escape(field)}\s*=", self._lines[line]):
                return line + 1
        return start + 1

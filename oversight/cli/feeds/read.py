"""`flask feeds read`: stored answers through the readers, without a network."""

import json
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import click

from oversight.cli.failing import plain_failures
from oversight.domain.feed import Answer, Feed
from oversight.errors import ConfigurationError, FeedError
from oversight.platforms import readers
from oversight.services.read_stored import read_stored, row_of, table_of
from oversight.services.show import reading_as_contract
from oversight.services.sync_feeds import zone_of
from oversight.settings import Settings

NOT_TOLD = "which platform gave it? name it with --platform, or keep the file in a folder of the platform's name"
# Links are written without their host: below this name, which no host may have (RFC 2606), they are still told.
NOWHERE = "https://unknown.invalid/"


@dataclass(frozen=True)
class Stored:
    """A file with an answer, its name in what is printed, and the platform that gave it."""

    path: Path
    name: str
    platform: str

    def feed(self, url: str, jurisdiction: str | None, timezone: str | None) -> Feed:
        """A feed that could have given the answer."""
        zone = timezone or zone_of(jurisdiction or "")
        return Feed("stored-answer", self.platform, url or NOWHERE, self.name, jurisdiction, zone, 60, True)


def command(settings: Settings) -> click.Command:
    """The command."""

    @click.command("read")
    @click.argument("paths", nargs=-1, required=True, type=click.Path(exists=True, path_type=Path), metavar="PATH...")
    @click.option("--platform", "platforms", multiple=True, metavar="P | WHAT=P",
                  help="the platform that gave the answers; WHAT=P names it for a folder or a file only")  # fmt: skip
    @click.option("--skip", multiple=True, metavar="GLOB", help="files of a folder that are no answers: '*.md'")
    @click.option("--jurisdiction", default=None, help="Open Civic Data id; gives local times their zone")
    @click.option("--timezone", default=None, help="IANA name, where the jurisdiction does not tell")
    @click.option(
        "--url",
        default="",
        help="the address that the answer came from; else links without a host stand below unknown.invalid",
    )
    @click.option("--json", "as_json", is_flag=True, help="print JSON: of several answers, one object a line")
    def read(
        paths: tuple[Path, ...],
        platforms: tuple[str, ...],
        skip: tuple[str, ...],
        jurisdiction: str | None,
        timezone: str | None,
        url: str,
        as_json: bool,
    ) -> None:
        """Run stored answers through their platforms' readers, without a network.

        One file is summed up, several files or a folder make a table. Exits with 1 where an answer was refused.
        """
        with plain_failures():
            files = list(stored_in(paths, platforms_named(platforms), skip))
            # One after the other: a folder may hold more than fits into memory.
            feeds = ((one.feed(url, jurisdiction, timezone), Answer(url, {}, one.path.read_bytes())) for one in files)
            if len(paths) == 1 and paths[0].is_file():
                contract = contract_of(*next(feeds), now=settings.now())
                click.echo(json.dumps(contract, ensure_ascii=False, indent=1) if as_json else summarised(contract))
                return
        sys.exit(print_lines(feeds, now=settings.now()) if as_json else print_table(feeds, now=settings.now()))

    return read


def stored_in(paths: Sequence[Path], named: Mapping[str, str], skip: Sequence[str]) -> Iterator[Stored]:
    """Every answer in files and folders; raises ConfigurationError for one whose platform nobody tells."""
    for path in paths:
        if path.is_file():
            yield _stored(path, path.name, named)
        else:
            files = sorted(file for file in path.rglob("*") if file.is_file())
            shown = [file for file in files if not _is_left_out(file.relative_to(path), skip)]
            yield from (_stored(file, file.relative_to(path).as_posix(), named) for file in shown)


def _stored(path: Path, name: str, named: Mapping[str, str]) -> Stored:
    platform = named.get(name) or named.get(path.parent.name) or named.get("")
    if platform is None and path.resolve().parent.name in readers.names():
        platform = path.resolve().parent.name
    if platform is None:
        raise ConfigurationError(f"{name}: {NOT_TOLD}")
    return Stored(path, name, platform)


def _is_left_out(path: Path, skip: Sequence[str]) -> bool:
    return any(part.startswith(".") for part in path.parts) or any(path.match(pattern) for pattern in skip)


def platforms_named(texts: Sequence[str]) -> dict[str, str]:
    """The platform of every folder or file that was named with one; under the empty name, of all others."""
    named = {what: platform for what, _, platform in (text.rpartition("=") for text in texts)}
    for platform in named.values():
        readers.get(platform)
    return named


def contract_of(feed: Feed, answer: Answer, *, now: datetime) -> dict[str, Any]:
    """A stored answer as its reader sees it; raises FeedError."""
    return reading_as_contract(feed.platform, read_stored(feed, answer, now=now))


def print_table(feeds: Iterable[tuple[Feed, Answer]], *, now: datetime) -> int:
    """A line for each answer; the exit code."""
    rows = [row_of(feed, answer, now=now) for feed, answer in feeds]
    for line in table_of(rows):
        click.echo(line)
    return int(any(row.reason is not None for row in rows))


def print_lines(feeds: Iterable[tuple[Feed, Answer]], *, now: datetime) -> int:
    """An object for each answer, or for its refusal; the exit code."""
    code = 0
    for feed, answer in feeds:
        told: dict[str, Any] = {"file": feed.title, "platform": feed.platform}
        try:
            told |= contract_of(feed, answer, now=now)
        except FeedError as error:
            told |= {"refused": str(error.outcome), "reason": str(error)}
            code = 1
        click.echo(json.dumps(told, ensure_ascii=False))
    return code


def summarised(contract: dict[str, Any]) -> str:
    """A line for each kind of thing in a reading."""
    counts = [f"{len(contract[name])} {name}" for name in ("items", "meetings", "matters", "documents", "next")]
    return "\n".join([", ".join(counts), *(f"warning: {warning}" for warning in contract["warnings"])])

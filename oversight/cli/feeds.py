"""`flask feeds`: what is polled, and what a stored answer says."""

import json
from collections import defaultdict
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import click

from oversight.cli.failing import plain_failures
from oversight.domain.cleaning import clean_reading
from oversight.domain.feed import Answer, Feed, FeedState, Outcome
from oversight.errors import FeedError
from oversight.jobs.tools import Tools
from oversight.platforms import reader_of
from oversight.services.follow import known_timezones, read_feeds
from oversight.services.show import reading_as_contract
from oversight.settings import Settings
from oversight.storage.engine import reading
from oversight.storage.queries.feeds import feed_health
from oversight.storage.schema import require_current


def command(settings: Settings) -> click.Group:
    """The group."""

    @click.group("feeds")
    def group() -> None:
        """The feeds that are polled."""

    @group.command()
    @click.option("--feeds", "path", type=click.Path(path_type=Path), default=settings.feeds, help="another feeds.toml")
    def check(path: Path) -> None:
        """Check feeds.toml and print how many questions an hour each host will get."""
        with plain_failures():
            feeds = read_feeds(path)
        click.echo(f"{path.name}: {len(feeds)} feeds, no fault")
        print_plan(feeds, settings)

    @group.command("list")
    def list_feeds() -> None:
        """Print every feed with its health."""
        tools = Tools.open(settings)
        with plain_failures():
            require_current(tools.engine)
            with reading(tools.sessions) as session:
                rows = feed_health(session)
            for row in rows:
                checked = f"{row.last_ok_at:%Y-%m-%d %H:%M}Z" if row.last_ok_at else "never"
                state = row.outcome_label if row.is_enabled else "disabled"
                click.echo(f"{row.key:<40} {row.platform:<10} {state:<26} last checked {checked}")

    @group.command()
    @click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
    @click.option("--platform", required=True, help="the platform that gave the answer")
    @click.option("--jurisdiction", default=None, help="Open Civic Data id; gives local times their zone")
    @click.option("--timezone", default=None, help="IANA name, where the jurisdiction does not tell")
    @click.option("--url", default="", help="the address that the answer came from")
    @click.option("--json", "as_json", is_flag=True, help="print the reading as JSON")
    def read(file: Path, platform: str, jurisdiction: str, timezone: str, url: str, as_json: bool) -> None:
        """Run a stored answer through a platform's reader, without a network."""
        zone = timezone or known_timezones().get(jurisdiction or "")
        feed = Feed("stored-answer", platform, url, file.name, jurisdiction, zone, 60, True)
        with plain_failures():
            contract = contract_of(feed, Answer(url, {}, file.read_bytes()), now=settings.now())
        click.echo(json.dumps(contract, ensure_ascii=False, indent=1) if as_json else summarised(contract))

    return group


def contract_of(feed: Feed, answer: Answer, *, now: datetime) -> dict[str, Any]:
    """A stored answer as its reader sees it; the error names the file and the outcome that a poll would have had."""
    reader = reader_of(feed.platform)
    try:
        found = reader.read(feed, answer)
    except FeedError as error:
        raise FeedError(error.outcome, f"{feed.title}: {error.outcome}: {error}") from error
    except Exception as error:  # a parser may raise anything (SAFETY C2)
        outcome, cause = Outcome.PARSE_ERROR, type(error).__name__
        raise FeedError(outcome, f"{feed.title}: {outcome}: {cause}: {error}") from error
    return reading_as_contract(feed.platform, clean_reading(found, now=now).reading)


def summarised(contract: dict[str, Any]) -> str:
    """A line for each kind of thing in a reading."""
    counts = [f"{len(contract[name])} {name}" for name in ("items", "meetings", "matters", "documents", "next")]
    return "\n".join([", ".join(counts), *(f"warning: {warning}" for warning in contract["warnings"])])


def print_plan(feeds: list[Feed], settings: Settings) -> None:
    """Questions an hour for each host, and the shortest interval that politeness allows its feeds."""
    state = FeedState(now=settings.now(), last_ok_at=settings.now() - timedelta(hours=1))
    asked: defaultdict[str, float] = defaultdict(float)
    each: defaultdict[str, int] = defaultdict(int)
    for feed in feeds:
        if feed.is_enabled:
            questions = len(reader_of(feed.platform).start(feed, state))
            host = urlsplit(feed.url).hostname or ""
            asked[host] += questions * 60 / feed.every_minutes
            each[host] += questions
    for host, hourly in sorted(asked.items(), key=lambda pair: -pair[1]):
        seconds = each[host] * settings.host_gap_seconds / settings.host_connections
        click.echo(f"{host:<40} {hourly:>6.1f} questions an hour, one round takes at least {seconds:.0f} s")

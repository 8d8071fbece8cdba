"""`flask poll`: one pass over the feeds."""

import json
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import click
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

from oversight.cli.failing import plain_failures
from oversight.domain.poll import Poll
from oversight.jobs.polling import PollingTools
from oversight.services.collect import collect
from oversight.services.show import summary_as_contract
from oversight.services.sync_feeds import read_feeds, sync_feeds
from oversight.settings import Settings
from oversight.storage.engine import reading
from oversight.storage.leases import Wanted, wanted_feeds
from oversight.storage.schema import schema_of, upgrade


def command(settings: Settings) -> click.Command:
    """The command."""

    @click.command("poll")
    @click.option("--feed", "keys", multiple=True, help="poll this feed, due or not; may be repeated")
    @click.option("--feeds", "path", type=click.Path(path_type=Path), default=settings.feeds, help="another feeds.toml")
    @click.option("--all", "everything", is_flag=True, help="poll every enabled feed, due or not")
    @click.option("--json", "as_json", is_flag=True, help="print a summary as JSON")
    def poll(keys: tuple[str, ...], path: Path, everything: bool, as_json: bool) -> None:
        """Poll what is due, once. Exits with 0 when every poll has its outcome, with 2 for a bad configuration."""
        tools = PollingTools.open(settings)
        with plain_failures(), tools.collector() as collector:
            feeds = read_feeds(path)
            if schema_of(tools.engine) is None:  # all feeds are new: what reads them is loaded while tables are made
                collector.children.warm_up()
            upgrade(tools.engine)
            # Another file adds feeds and is polled alone; it does not say which others there are.
            is_whole = path == settings.feeds
            with tools.sessions.begin() as session:
                sync_feeds(session, feeds, now=settings.now(), is_whole=is_whole)
            among = None if is_whole or keys else {feed.key for feed in feeds}
            wanted = Wanted(keys=keys, everything=everything, among=among)
            with reading(tools.sessions) as session:
                count = len(wanted_feeds(session, wanted, now=settings.now()))
            with progress(count) as on_poll:
                started = time.monotonic()
                summary = collect(collector, wanted, on_poll=on_poll)
                seconds = time.monotonic() - started
        contract = summary_as_contract(summary, seconds=seconds)
        click.echo(json.dumps(contract, indent=1) if as_json else sentence(contract))

    return poll


def sentence(contract: dict[str, object]) -> str:
    """The summary for a person."""
    outcomes = contract["outcomes"]
    listed = ", ".join(f"{count} {name}" for name, count in outcomes.items()) if isinstance(outcomes, dict) else ""
    return (
        f"{contract['feeds']} feeds polled in {contract['seconds']} s ({listed or 'nothing was due'}): "
        f"{contract['items_new']} new items, {contract['items_changed']} changed, "
        f"{contract['mentions_new']} new mentions"
    )


@contextmanager
def progress(total: int) -> Iterator[Callable[[Poll], None]]:
    """A bar on a terminal; nothing where the output is not one."""
    console = Console(file=sys.stderr)
    columns = (TextColumn("polling"), BarColumn(), MofNCompleteColumn(), TextColumn("{task.description}"))
    with Progress(*columns, console=console, transient=True, disable=not console.is_terminal) as bar:
        task = bar.add_task("", total=total)
        found = 0

        def advance(result: Poll) -> None:
            nonlocal found
            found += result.mentions_new
            bar.update(task, advance=1, description=f"{found} mentions")

        yield advance

"""`flask record check-links`: a look at the addresses of sources that are due."""

import json

import click

from oversight.cli.failing import plain_failures
from oversight.jobs.tools import Tools
from oversight.services.check_links import Looked, check_links
from oversight.settings import Settings
from oversight.storage.schema import require_current


def command(settings: Settings) -> click.Command:
    """The command."""

    @click.command("check-links")
    @click.option("--limit", type=click.IntRange(1), default=20, show_default=True, help="How many, at most.")
    @click.option("--json", "as_json", is_flag=True, help="print JSON")
    def command(limit: int, as_json: bool) -> None:
        """Look at the addresses of sources that are due, as the clock does. A link that fails is not dead at once."""
        tools = Tools.open(settings)
        with plain_failures():
            require_current(tools.engine)
            with tools.collector() as collector:
                looked = check_links(collector, most=limit)
        click.echo(json.dumps([as_object(one) for one in looked], indent=1) if as_json else sentences(looked))

    return command


def as_object(one: Looked) -> dict[str, object]:
    """One look for a program."""
    return {
        "key": one.due.key,
        "url": one.due.url,
        "state": one.link.state,
        "reason": one.link.reason,
        "moved_to": one.link.moved_to,
        "failing_since": one.link.failing_since.isoformat() if one.link.failing_since else None,
    }


def sentences(looked: list[Looked]) -> str:
    """All looks for a person."""
    lines = [f"{one.due.key} {one.due.url}: {words(one)}" for one in looked]
    return "\n".join([*lines, f"{len(looked)} addresses looked at"])


def words(one: Looked) -> str:
    """What is known of one address."""
    told = [one.link.state.label.lower() if one.link.state else "not checked", one.link.reason, one.link.moved_to]
    return ", ".join(part for part in told if part)

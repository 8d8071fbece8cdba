"""`flask feeds list`: every feed with its state and the reason for it."""

import json
from datetime import datetime
from typing import Any

import click

from oversight.cli.failing import plain_failures
from oversight.domain.health import Health
from oversight.jobs.tools import Tools
from oversight.settings import Settings
from oversight.storage.engine import reading
from oversight.storage.queries.feeds import FeedLine, feed_lines
from oversight.storage.schema import require_current


def command(settings: Settings) -> click.Command:
    """The command."""

    @click.command("list")
    @click.option("--state", type=click.Choice([health.value for health in Health]), help="only feeds in this state")
    @click.option("--platform", help="only feeds of this platform")
    @click.option("--json", "as_json", is_flag=True, help="print JSON")
    def list_feeds(state: str | None, platform: str | None, as_json: bool) -> None:
        """Print every feed with its state, why, and when it was last really checked; what needs a look comes first."""
        tools = Tools.open(settings)
        with plain_failures():
            require_current(tools.engine)
            with reading(tools.sessions) as session:
                lines = feed_lines(session, now=settings.now())
        shown = [
            line for line in lines if state in (None, line.finding.health.value) and platform in (None, line.platform)
        ]
        if as_json:
            click.echo(json.dumps([as_object(line) for line in shown], indent=1))
        else:
            click.echo("".join(f"{sentence(line)}\n" for line in shown), nl=False)

    return list_feeds


def sentence(line: FeedLine) -> str:
    """One feed for a person."""
    checked = f"{line.last_ok_at:%Y-%m-%d %H:%M}Z" if line.last_ok_at else "never"
    state = line.finding.health.label
    return f"{line.key:<40} {line.platform:<16} {state:<16} last checked {checked:<17}  {line.finding.reason}"


def as_object(line: FeedLine) -> dict[str, Any]:
    """One feed for a program; times are ISO 8601 in UTC."""
    return {
        "key": line.key,
        "title": line.title,
        "platform": line.platform,
        "jurisdiction": line.jurisdiction,
        "state": line.finding.health.value,
        "reason": line.finding.reason,
        "last_ok_at": _iso(line.last_ok_at),
        "last_item_at": _iso(line.last_item_at),
        "next_due_at": _iso(line.next_due_at) if line.is_enabled else None,
        "failures": line.failures,
        "mentions": line.mentions,
        "note": line.note,
        "evidence": line.evidence,
    }


def _iso(moment: datetime | None) -> str | None:
    return moment.isoformat() if moment else None

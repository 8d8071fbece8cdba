"""`flask alerts`: what leaves."""

import click

from oversight.cli.failing import plain_failures
from oversight.jobs.tools import Tools
from oversight.services.deliver import deliver
from oversight.settings import Settings
from oversight.storage.schema import require_current


def command(settings: Settings) -> click.Group:
    """The group."""

    @click.group("alerts")
    def group() -> None:
        """Alerts to subscribers."""

    @group.command("deliver")
    def deliver_now() -> None:
        """Send every confirmation and alert that is due, once."""
        tools = Tools.open(settings)
        with plain_failures():
            require_current(tools.engine)
            results = deliver(tools.courier())
        click.echo(", ".join(f"{state}: {count}" for state, count in results.items() if count) or "nothing was due")

    return group

"""`flask alerts digest` and `reconcile`: what the clock does with the ledger by itself, done now."""

import click

from oversight.cli.failing import plain_failures
from oversight.jobs.tools import Tools
from oversight.services.deliver import gather_digests
from oversight.services.reconcile import reconcile
from oversight.settings import Settings
from oversight.storage.schema import require_current


def digest(settings: Settings) -> click.Command:
    """The command that makes digests."""

    @click.command("digest")
    def command() -> None:
        """Make the digests and heartbeats that are due, without sending them."""
        tools = Tools.open(settings)
        with plain_failures():
            require_current(tools.engine)
            made = gather_digests(tools.courier())
        click.echo(f"digests made: {made}")

    return command


def mend(settings: Settings) -> click.Command:
    """The command that mends the ledger."""

    @click.command("reconcile")
    def command() -> None:
        """Mend what a crash or a fault left undone in the ledger; twice in a row changes nothing."""
        tools = Tools.open(settings)
        with plain_failures():
            require_current(tools.engine)
            mended = reconcile(tools.sessions, now=settings.now())
        click.echo(f"left by dead senders: {mended.left}, missing: {mended.missing}, unreadable: {mended.unreadable}")

    return command

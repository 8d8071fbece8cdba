"""`flask clock`: the one process that ticks."""

import click

from oversight.cli.failing import plain_failures
from oversight.jobs.clock import run_clock
from oversight.jobs.tools import Tools
from oversight.services.sync_feeds import read_feeds, sync_feeds
from oversight.settings import Settings
from oversight.storage.schema import require_current


def command(settings: Settings) -> click.Command:
    """The command."""

    @click.command("clock")
    def clock() -> None:
        """Poll and deliver when it is time, until SIGTERM."""
        tools = Tools.open(settings)
        with plain_failures():
            settings.required_secret_key()
            tools.courier()  # a channel that cannot be opened is told now, not with the first mail
            require_current(tools.engine)
            feeds = read_feeds(settings.feeds)
            with tools.sessions.begin() as session:
                sync_feeds(session, feeds, now=settings.now())
            run_clock(tools)

    return clock

"""`flask feeds keep-address`: a feed is asked at its own address again, whatever its redirects or "gone" said."""

import getpass

import click

from oversight.cli.failing import plain_failures
from oversight.jobs.tools import Tools
from oversight.services import keep_address
from oversight.settings import Settings
from oversight.storage.schema import require_current


def command(settings: Settings) -> click.Command:
    """The command."""

    @click.command("keep-address")
    @click.argument("key")
    @click.option("--by", default=None, help="who decided, for the history; the name of your account if left out")
    def keep(key: str, by: str | None) -> None:
        """Undo a redirect that was followed, or a "gone": ask the feed KEY at the address in feeds.toml again."""
        tools = Tools.open(settings)
        with plain_failures():
            require_current(tools.engine)
            with tools.sessions.begin() as session:
                row = keep_address.keep_address(session, key, actor=by or account(), now=settings.now())
                address = row.address
        click.echo(f"{key} is asked at {address} again, with the next poll")

    return keep


def account() -> str:
    """Who runs this command, as far as the system tells."""
    try:
        return f"{getpass.getuser()} (command line)"
    except (OSError, KeyError, ImportError):
        return "command line"

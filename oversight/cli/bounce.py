"""`flask alerts bounce` and `write-again`: what came back of our mails, and whom it keeps from being written to."""

from typing import BinaryIO

import click

from oversight.cli.failing import plain_failures
from oversight.jobs.tools import Tools
from oversight.services import bounce
from oversight.settings import Settings
from oversight.storage.schema import require_current

LONGEST_REPORT = 1_000_000


def take(settings: Settings) -> click.Command:
    """The command that takes what came back."""

    @click.command("bounce")
    @click.argument("file", type=click.File("rb"), default="-")
    def command(file: BinaryIO) -> None:
        """Take a mail that came back (RFC 3464) or a complaint (RFC 5965): who is dead or unwilling is left alone."""
        tools = Tools.open(settings)
        with plain_failures():
            require_current(tools.engine)
            raw, secret = file.read(LONGEST_REPORT), settings.required_secret_key()
            with tools.sessions.begin() as session:
                verdict = bounce.take_bounce(session, raw, secret_key=secret, now=settings.now())
        click.echo(verdict.label if verdict else "about no mail of ours")

    return command


def lift(settings: Settings) -> click.Command:
    """The command that lifts what keeps an address from being written to."""

    @click.command("write-again")
    @click.argument("address")
    def command(address: str) -> None:
        """Let ADDRESS be written to again, after it bounced or somebody complained; they must subscribe anew."""
        tools = Tools.open(settings)
        with plain_failures():
            require_current(tools.engine)
            with tools.sessions.begin() as session:
                reason = bounce.write_again(session, address, secret_key=settings.required_secret_key())
        click.echo(f"lifted: {reason.label}" if reason else "nothing kept it from being written to")

    return command

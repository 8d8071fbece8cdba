"""`flask feeds`: what is polled, how it is, and what an address or a stored answer would give."""

import click

from oversight.cli.feeds import add, check, keep_address, listing, read, trying
from oversight.settings import Settings


def command(settings: Settings) -> click.Group:
    """The group."""
    group = click.Group("feeds", help="The feeds that are polled.")
    for module in (add, check, listing, read, keep_address, trying):
        group.add_command(module.command(settings))
    return group

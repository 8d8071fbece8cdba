"""`flask db`: the schema."""

import sys

import click

from oversight.cli.failing import plain_failures
from oversight.jobs.tools import Tools
from oversight.settings import Settings
from oversight.storage import migrating, schema


def command(settings: Settings) -> click.Group:
    """The group."""

    @click.group("db")
    def group() -> None:
        """The database's schema."""

    @group.command()
    def upgrade() -> None:
        """Bring the database to the newest schema."""
        with plain_failures():
            schema.upgrade(Tools.open(settings).engine)
        click.echo("the database is up to date")

    @group.command()
    def check() -> None:
        """Say where the database differs from this version's models; exit with 1 if it does."""
        with plain_failures():
            differences = migrating.differences(Tools.open(settings).engine)
        for difference in differences:
            click.echo(difference)
        click.echo("the database fits" if not differences else "run `flask db upgrade`", err=bool(differences))
        sys.exit(bool(differences))

    return group

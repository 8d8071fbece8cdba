"""`flask detector export`: editors' decisions as labelled documents."""

from pathlib import Path

import click

from oversight.cli.failing import plain_failures
from oversight.errors import InvalidInput
from oversight.jobs.tools import Tools
from oversight.services.export_decisions import decisions, write_private
from oversight.settings import Settings
from oversight.storage.schema import require_current


def command(settings: Settings) -> click.Command:
    """The command."""

    @click.command("export")
    @click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
    def export(file: Path) -> None:
        """Write every confirmed and dismissed mention into FILE, one labelled document a line.

        Only its owner may read the file: it holds the texts of others. Who decided is not in it, nor any e-mail
        address.
        """
        tools = Tools.open(settings)
        with plain_failures():
            require_current(tools.engine)
            try:
                count = write_private(file, decisions(tools.sessions))
            except OSError as error:
                raise InvalidInput(f"{file} cannot be written: {error.strerror}") from error
        click.echo(f"{count} decisions in {file}")

    return export

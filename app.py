"""The product as a whole: settings, the web application, the commands."""

import sys

import click
from flask import Flask

from oversight.cli import register_commands
from oversight.errors import ConfigurationError
from oversight.settings import Settings


def application_for(settings: Settings) -> Flask:
    """The web application; without its pages while `flask` looks for a command of ours, which would wait for them.

    Where `flask` serves pages or lists them, it loads us within a command of its own, below the group of all commands.
    """
    context = click.get_current_context(silent=True)
    if context is not None and context.parent is None:
        return Flask("oversight")
    from oversight.web import create_app  # noqa: PLC0415 - importing every page takes longer than a command

    return create_app(settings)


try:
    settings = Settings.from_environment()
    app = application_for(settings)
except ConfigurationError as error:
    sys.stderr.write(f"{error}\n")
    sys.exit(2)
register_commands(app, settings)

"""How a command fails: one clear sentence on standard error and the right exit code."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager

import click
from sqlalchemy.exc import OperationalError

from oversight.errors import ConfigurationError, OversightError


@contextmanager
def plain_failures() -> Iterator[None]:
    """Exit with 2 for a bad configuration and with 1 for any other expected failure."""
    try:
        yield
    except OperationalError as error:
        click.echo(f"the database does not answer: {str(error.orig).splitlines()[0]}", err=True)
        sys.exit(2)
    except OversightError as error:
        click.echo(str(error), err=True)
        sys.exit(2 if isinstance(error, ConfigurationError) else 1)

"""`flask detector`: make, judge and apply a version of the detector."""

import click

from oversight.cli.detector import evaluate, export, rerun, train
from oversight.settings import Settings


def command(settings: Settings) -> click.Group:
    """The group."""

    @click.group("detector")
    def group() -> None:
        """The detector: make, judge and apply a version of it."""

    for module in (evaluate, export, rerun, train):
        group.add_command(module.command(settings))
    return group

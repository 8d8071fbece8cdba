"""`flask detector`: make, judge and apply a version of the detector."""

import click

from oversight.cli.detector import evaluate, rerun
from oversight.settings import Settings


def command(settings: Settings) -> click.Group:
    """The group."""

    @click.group("detector")
    def group() -> None:
        """The detector: make, judge and apply a version of it."""

    for module in (evaluate, rerun):
        group.add_command(module.command(settings))
    return group

"""The commands of `flask`: each module holds one group and calls the services that the pages and the clock call."""

import logging

from flask import Flask

from oversight.cli import alerts, audit, clock, db, demo, detector, feeds, match, poll, record, up, users
from oversight.settings import Settings


def register_commands(app: Flask, settings: Settings) -> None:
    """Give `flask` every command. Log lines go to standard error, so that --json prints nothing but JSON."""
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(name)s: %(message)s")
    for talkative in ("apscheduler", "alembic"):
        logging.getLogger(talkative).setLevel(logging.WARNING)
    for module in (alerts, audit, clock, db, demo, detector, feeds, match, poll, record, up, users):
        app.cli.add_command(module.command(settings))

"""The commands of `flask`: each module holds one group and calls the services that the pages and the clock call."""

import logging
from importlib import import_module

import click
from flask import Flask
from flask.cli import AppGroup

from oversight.services.calm import collect_seldom
from oversight.settings import Settings

NAMES = ("alerts", "audit", "clock", "db", "demo", "detector", "feeds", "match", "poll", "record", "up", "users")
TALKATIVE = ("apscheduler", "alembic")


class Commands(AppGroup):
    """Every command by the name of its module, which is imported when it is asked for: few commands need much."""

    def __init__(self, settings: Settings) -> None:
        super().__init__()
        self._settings = settings

    def list_commands(self, ctx: click.Context) -> list[str]:
        return sorted(NAMES)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in NAMES:
            return None
        collect_seldom()
        command: click.Command = import_module(f"{__name__}.{cmd_name}").command(self._settings)
        return command


def register_commands(app: Flask, settings: Settings) -> None:
    """Give `flask` every command. Log lines go to standard error, so that --json prints nothing but JSON."""
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(name)s: %(message)s")
    for talkative in TALKATIVE:
        logging.getLogger(talkative).setLevel(logging.WARNING)
    app.cli = Commands(settings)

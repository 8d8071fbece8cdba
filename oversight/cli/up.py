"""`flask up`: one command that prepares the database and supervises the web and the clock."""

from dataclasses import replace

import click

from oversight.cli.failing import plain_failures
from oversight.cli.record import STARTER
from oversight.jobs.supervise import address_of, gunicorn_command, keep_secret_key, require_free, supervise
from oversight.jobs.tools import Tools
from oversight.services.record import load_record
from oversight.services.record_files import read_record
from oversight.services.sync_feeds import read_feeds, sync_feeds
from oversight.settings import Settings
from oversight.storage.engine import reading
from oversight.storage.models import JurisdictionRow
from oversight.storage.record import ids_by_key
from oversight.storage.schema import upgrade
from oversight.vocabulary import load_vocabulary


def command(settings: Settings) -> click.Command:
    """The command."""

    @click.command("up")
    @click.option("--host", default="127.0.0.1", help="address to listen on")
    @click.option("--port", type=click.IntRange(1, 65_535), default=8000, help="port to listen on")
    def up(host: str, port: int) -> None:
        """Prepare the database, then run the web and the clock until SIGTERM."""
        with plain_failures():
            require_free(host, port)
            own = replace(settings, secret_key=keep_secret_key(settings))
            if own.base_url == Settings.base_url:  # nobody set one: mailed links lead to where the site is
                own = replace(own, base_url=address_of(host, port))
            tools = Tools.open(own)
            tools.courier()  # a channel that cannot be opened is told now, not with the first mail
            prepare(tools, own)
        click.echo(f"Oversight is at {address_of(host, port)}", err=True)
        supervise(
            {"web": gunicorn_command(host, port), "clock": ["-m", "flask", "--app", "app", "clock"]}, own.for_child()
        )

    return up


def prepare(tools: Tools, settings: Settings) -> None:
    """Migrate, load the starter record where there is none, and take up feeds.toml."""
    feeds = read_feeds(settings.feeds)
    upgrade(tools.engine)
    with reading(tools.sessions) as session:
        is_first_run = not ids_by_key(session, JurisdictionRow)
    now = settings.now()
    with tools.sessions.begin() as session:
        if is_first_run:
            files = read_record(STARTER, load_vocabulary().technologies)
            load_record(session, files, actor="flask up", reason="the starter record, at the first run", now=now)
        sync_feeds(session, feeds, now=now)

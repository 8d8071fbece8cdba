"""`flask feeds add`: writes a `[[feed]]` into feeds.toml."""

import sys
from pathlib import Path
from typing import Any

import click

from oversight.cli.failing import plain_failures
from oversight.cli.feeds.trying import print_trial, tried
from oversight.services.add_feed import Wish, add_feed
from oversight.services.recognise import Recognition, recognise
from oversight.settings import Settings


def command(settings: Settings) -> click.Command:
    """The command."""

    @click.command("add")
    @click.argument("url")
    @click.option("--feeds", "path", type=click.Path(path_type=Path), default=settings.feeds, help="another feeds.toml")
    @click.option("--platform", default=None, help="the platform, where the address does not tell, or tells wrongly")
    @click.option("--key", default=None, help="the feed's name for good; guessed from place and platform if left out")
    @click.option("--title", default=None, help="what people see; guessed if left out")
    @click.option("--jurisdiction", default=None, help="Open Civic Data id of the government it belongs to")
    @click.option("--timezone", default=None, help="IANA name, where the jurisdiction does not tell")
    @click.option("--every", default="60m", show_default=True, help="how often, from 15m to 24h")
    @click.option("--note", default=None, help="what people should know of the feed")
    @click.option("--disabled", is_flag=True, help="list it, but do not poll it; say why with --note")
    @click.option("--test", "is_tested", is_flag=True, help="try the address first, and add nothing if it is refused")
    def add(url: str, path: Path, platform: str | None, disabled: bool, is_tested: bool, **words: Any) -> None:
        """Write a feed for URL at the end of feeds.toml. Nothing is fetched, unless --test is given."""
        wish = Wish(**words, is_enabled=not disabled)
        if disabled and not wish.note:
            raise click.UsageError("say with --note why the feed is not polled")
        with plain_failures():
            recognition = recognise(url, platform)
            if is_tested:
                recognition = tested(settings, recognition, wish)
            feed = add_feed(path, recognition, wish)
        click.echo(f'added "{feed.key}" to {path.name}: {feed.title}, {feed.platform}, {feed.url}')
        if recognition.is_guess and not is_tested:
            click.echo(f"{recognition.why}; `flask feeds test {url}` shows what it gives")

    return add


def tested(settings: Settings, recognition: Recognition, wish: Wish) -> Recognition:
    """What the trial says that the address is; the command ends here where the answer is refused."""
    trial = tried(settings, recognition, wish.jurisdiction, wish.timezone)
    print_trial(trial)
    if trial.is_refused:
        sys.exit(1)
    return trial.recognition

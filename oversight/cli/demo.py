"""`flask demo`: a first look with no network."""

import json
from pathlib import Path

import click
from rich.console import Console
from rich.table import Table

from oversight.cli.failing import plain_failures
from oversight.cli.poll import progress
from oversight.demo.run import EDITOR, Demo, demo_settings, run_demo, text_of
from oversight.jobs.supervise import address_of, gunicorn_command, require_free, supervise
from oversight.settings import Settings
from oversight.vocabulary import load_vocabulary


def command(settings: Settings) -> click.Command:
    """The command."""

    @click.command("demo")
    @click.option("--no-serve", is_flag=True, help="end after the second poll instead of serving the dashboard")
    @click.option("--json", "as_json", is_flag=True, help="print the summary as JSON")
    @click.option("--port", type=click.IntRange(1, 65_535), default=8000, help="port of the dashboard")
    def demo(no_serve: bool, as_json: bool, port: int) -> None:
        """Poll the bundled sample feeds on a past day, show what was found, and serve the dashboard."""
        with plain_failures():
            if not no_serve:
                require_free("127.0.0.1", port)
            own = demo_settings(settings, base_url=address_of("127.0.0.1", port))
            done = run_demo(own, watch=progress)
            click.echo(json.dumps(done.contract, ensure_ascii=False, indent=1)) if as_json else show(done)
        if not no_serve:
            click.echo(f"\nDashboard: {own.base_url}    Log in as {EDITOR} / {done.password}    Stop: Ctrl-C", err=True)
            supervise({"web": gunicorn_command("127.0.0.1", port)}, own.for_child())

    return demo


def show(done: Demo) -> None:
    """The summary for a person."""
    console = Console(highlight=False)
    found = done.contract
    console.print(
        f"\nThe clock stands at {found['clock'][:10]}. {found['feeds']} feeds, {found['items']} items, "
        f"[bold]{found['mentions']} mentions[/bold]; second poll: {found['second_poll']['items_new']} new items, "
        f"{found['second_poll']['mentions_new']} new mentions."
    )
    labels = load_vocabulary().technology_labels
    table = Table("Technology", "Mentions", "Jurisdiction", "Mentions", box=None, padding=(0, 2))
    left = [(labels[code], str(count)) for code, count in list(found["by_technology"].items())[:8]]
    right = [(name, str(count)) for name, count in list(found["by_jurisdiction"].items())[:8]]
    for number in range(max(len(left), len(right))):
        row = [
            *(left[number] if number < len(left) else ("", "")),
            *(right[number] if number < len(right) else ("", "")),
        ]
        table.add_row(*row)
    console.print(table)
    console.print(
        f"Alerts delivered: {found['mails_delivered']}. Mails lie in {done.mails[0].parent if done.mails else '-'}"
    )
    show_mail(console, list(done.mails))


def show_mail(console: Console, mails: list[Path]) -> None:
    """The alert, as its reader sees it."""
    for mail in mails:
        text = text_of(mail)
        if "Why it matched" in text:
            console.print(f"\n[dim]--- {mail.name} ---[/dim]")
            console.print(text.strip(), markup=False)
            return

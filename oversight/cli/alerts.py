"""`flask alerts`: what leaves."""

import click

from oversight.cli import bounce
from oversight.cli.failing import plain_failures
from oversight.cli.ledger import digest, mend
from oversight.domain.alert import MOST_A_DAY
from oversight.domain.query_parser import parse
from oversight.domain.subscription import Wish
from oversight.jobs.tools import Tools
from oversight.services.deliver import deliver
from oversight.services.notify import notify
from oversight.services.preview import preview
from oversight.settings import Settings
from oversight.storage.engine import reading
from oversight.storage.queries.names import known_names
from oversight.storage.schema import require_current


def command(settings: Settings) -> click.Group:
    """The group."""

    @click.group("alerts")
    def group() -> None:
        """Alerts to subscribers."""

    @group.command("deliver")
    def deliver_now() -> None:
        """Send every mailed link, alert and digest that is due, once, and tell webhooks and rooms."""
        tools = Tools.open(settings)
        with plain_failures():
            require_current(tools.engine)
            results = deliver(tools.courier())
            results["endpoints"] = notify(tools.herald())
            tools.lanes.wait()
        click.echo(", ".join(f"{state}: {count}" for state, count in results.items() if count) or "nothing was due")

    @group.command("preview")
    @click.argument("query")
    @click.option("--all", "everything", is_flag=True, help="Also what no editor has reviewed.")
    def preview_query(query: str, *, everything: bool) -> None:
        """Say what QUERY would have sent in the last 90 days, such as 'tech:alpr state:CA -"parking"'."""
        tools = Tools.open(settings)
        with plain_failures():
            require_current(tools.engine)
            with reading(tools.sessions) as session:
                names = known_names(session)
                wish = Wish(names.settled(parse(query)), reviewed_only=not everything)
                seen = preview(session, wish, now=settings.now())
        click.echo(f"{names.said(wish.query)}\n{wish.query}")
        of = "" if seen.is_whole else f" (of the newest {seen.days:.0f})"
        click.echo(f"{seen.count} events, {seen.mails} mails in 90 days{of}, {seen.mails_a_week:.1f} a week")
        if seen.over:
            click.echo(f"after {MOST_A_DAY} mails within a day the rest is gathered: {seen.over} events in digests")
        for sample in seen.samples:
            click.echo(f"{sample.at:%Y-%m-%d}  {sample.place or 'no place'}: {sample.title}")

    group.add_command(bounce.take(settings))
    group.add_command(digest(settings))
    group.add_command(mend(settings))
    group.add_command(bounce.lift(settings))
    return group

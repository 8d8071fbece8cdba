"""`flask feeds check`: every fault of feeds.toml, and the plan of requests."""

from pathlib import Path

import click

from oversight.cli.failing import plain_failures
from oversight.domain.request_plan import AGENDAS_A_DAY, Pace, SitePlan
from oversight.services.plan import Plan, plan
from oversight.services.sync_feeds import read_feeds
from oversight.settings import Settings


def command(settings: Settings) -> click.Command:
    """The command."""

    @click.command("check")
    @click.option("--feeds", "path", type=click.Path(path_type=Path), default=settings.feeds, help="another feeds.toml")
    def check(path: Path) -> None:
        """Check feeds.toml and print how many questions an hour each site will get, and how often it may be asked."""
        with plain_failures():
            feeds = read_feeds(path)
            pace = Pace(settings.host_gap_seconds, settings.host_connections)
            found = plan(feeds, pace, keys=settings.feed_keys, now=settings.now())
        enabled = sum(feed.is_enabled for feed in feeds)
        click.echo(f"{path.name}: {len(feeds)} feeds ({enabled} enabled), no fault")
        for line in plan_lines(found, pace):
            click.echo(line)
        for warning in found.warnings:
            click.echo(f"warning: {warning}")

    return check


def plan_lines(found: Plan, pace: Pace) -> list[str]:
    """The plan for a person."""
    width = max([len(site.site) for site in found.sites] + [4])
    head = (
        f"{'site':<{width}} {'feeds':>6} {'questions/h':>12} {'agendas/h':>10} {'one round':>10} {'shortest every':>15}"
    )
    lines = [head, *(_line(site, width) for site in found.sites)]
    if pace.gap_seconds > 0:
        lines.append(
            f"Politeness: {pace.connections} at a time, {pace.gap_seconds:g} s after each answer, so at most "
            f"{pace.most_an_hour:.0f} questions an hour for each site; feeds of one site share them."
        )
    lines.append(
        f"agendas/h is an estimate: {AGENDAS_A_DAY:.0f} questions a day for each council (every meeting in sight once "
        "a night, and again when its row changes and on its day)."
    )
    if found.disabled:
        lines.append(f"{sum(found.disabled.values())} feeds are disabled:")
        lines += [f"{count:>5}  {reason}" for reason, count in found.disabled.items()]
    return lines


def _line(site: SitePlan, width: int) -> str:
    shortest = f"{site.shortest_minutes}m" if site.shortest_minutes else "none"
    return (
        f"{site.site:<{width}} {site.feeds:>6} {site.questions_an_hour:>12.1f} {site.agendas_an_hour:>10.1f} "
        f"{_span(site.round_seconds):>10} {shortest:>15}"
    )


def _span(seconds: float) -> str:
    return f"{seconds:.0f} s" if seconds < 120 else f"{seconds / 60:.0f} min"

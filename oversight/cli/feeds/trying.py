"""`flask feeds test`: what an address would give as a feed; nothing is stored."""

import json
import sys
from collections.abc import Iterator

import click

from oversight.cli.failing import plain_failures
from oversight.domain.feed import Feed, Outcome
from oversight.domain.mention import Detection
from oversight.domain.reading import Item, Meeting
from oversight.jobs.tools import Tools
from oversight.services.recognise import PAGE, Recognition, recognise
from oversight.services.show import trial_as_json
from oversight.services.sync_feeds import zone_of
from oversight.services.try_feed import Trial, try_feed
from oversight.settings import Settings

SHOWN = 10  # of each kind; --json prints all


def command(settings: Settings) -> click.Command:
    """The command."""

    @click.command("test")
    @click.argument("url")
    @click.option("--platform", default=None, help="the platform, where the address does not tell, or tells wrongly")
    @click.option("--jurisdiction", default=None, help="Open Civic Data id of the government it belongs to")
    @click.option("--timezone", default=None, help="IANA name, where the jurisdiction does not tell")
    @click.option("--json", "as_json", is_flag=True, help="print everything as JSON")
    def test(url: str, platform: str | None, jurisdiction: str | None, timezone: str | None, as_json: bool) -> None:
        """Ask URL as a first poll would, with a few questions, and print what would be stored. Nothing is stored.

        Exits with 1 where the answer was refused, with 2 where no platform knows the address.
        """
        with plain_failures():
            recognition = recognise(url, platform)
            trial = tried(settings, recognition, jurisdiction, timezone)
        if as_json:
            click.echo(json.dumps(trial_as_json(trial), ensure_ascii=False, indent=1))
        else:
            print_trial(trial)
        sys.exit(int(trial.is_refused))

    return test


def tried(settings: Settings, recognition: Recognition, jurisdiction: str | None, timezone: str | None) -> Trial:
    """The trial of an address through the guarded client."""
    zone = timezone or zone_of(jurisdiction or "")
    feed = Feed("trial", recognition.platform, recognition.url, recognition.url, jurisdiction, zone, 60, True)
    with Tools.open(settings).collector() as collector:
        return try_feed(collector, feed, recognition)


def print_trial(trial: Trial) -> None:
    """What was found, for a person; what went wrong, and what to do, on standard error."""
    recognition = trial.recognition
    click.echo(f"Platform: {recognition.platform} ({recognition.why})")
    click.echo(f"Address of the feed: {recognition.url}")
    for asked in trial.asked:
        click.echo(f"  asked {asked.url}: {asked.status or 'no answer'}, {asked.bytes} bytes")
    for line in found_lines(trial):
        click.echo(line)
    for warning in trial.reading.warnings:
        click.echo(f"warning: {warning}")
    if trial.is_refused:
        click.echo(f"refused: {trial.outcome.value}: {trial.detail}", err=True)
    for line in advice(trial):
        click.echo(line, err=trial.is_refused)


def found_lines(trial: Trial) -> Iterator[str]:
    """What would be stored; nothing where everything was refused."""
    reading = trial.reading
    if trial.is_refused and not (reading.items or reading.meetings):
        return
    kinds = ("meetings", "items", "matters", "documents")
    counts = ", ".join(f"{len(getattr(reading, kind))} {kind}" for kind in kinds)
    yield f"Would be stored: {counts}, {len(trial.mentions)} mentions; {trial.left} questions more would follow."
    yield from _some("Meetings", [meeting_line(meeting) for meeting in reading.meetings])
    yield from _some("Items", [item.title or item.uid for item in reading.items])
    yield from _some("Matters", [f"{matter.file}  {matter.title}" for matter in reading.matters])
    yield from _some(
        "Documents", [f"{document.title or '(no title)'}  {document.url}" for document in reading.documents]
    )
    yield from _some("Mentions", [mention_text(item, detection) for item, detection in trial.mentions])


def meeting_line(meeting: Meeting) -> str:
    """When, who, and where it stands."""
    when = f"{meeting.starts_at:%Y-%m-%d %H:%M}" if meeting.starts_at else str(meeting.date or "no day told")
    return f"{when}  {meeting.body or '(no body told)'}  {meeting.status.label}"


def mention_text(item: Item, detection: Detection) -> str:
    """One mention with its evidence."""
    about = ", ".join((*detection.technologies, *detection.vendors))
    reasons = [
        f"      {reason.weight:+.2f} {reason.signal} in the {reason.field}: {reason.text!r}"
        for reason in detection.evidence
    ]
    return "\n".join([f"{detection.score:.2f}  {item.title}  [{about}]", *reasons])


def advice(trial: Trial) -> Iterator[str]:
    """What a person can do next."""
    for feed in trial.feeds:
        yield f"The page names a feed: try `flask feeds test {feed}`"
    if not trial.is_refused:
        return
    if trial.outcome is Outcome.ROBOTS_DISALLOWED:
        yield "Without leave from robots.txt nothing is fetched. If you may poll it, name the platform with --platform."
    elif trial.recognition.platform != PAGE:
        yield "Where the council has a plain page of its agendas, try that page's address with --platform page."
    else:
        yield "Look for another address of the council: a calendar's RSS link, or the site of its agenda system."


def _some(name: str, lines: list[str]) -> Iterator[str]:
    if lines:
        yield f"{name}:"
        yield from (f"  {line}" for line in lines[:SHOWN])
        if len(lines) > SHOWN:
            yield f"  ... and {len(lines) - SHOWN} more"

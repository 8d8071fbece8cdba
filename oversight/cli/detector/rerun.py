"""`flask detector rerun`: what this version of the detector would change about what is stored; then change it."""

import json
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any

import click
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

from oversight.cli.failing import plain_failures
from oversight.domain.rerun import ChangeKind, RunState
from oversight.jobs.tools import Tools
from oversight.services.apply_rerun import apply
from oversight.services.examine import the_detector
from oversight.services.rerun import BATCH, Rerun, begin, give_back, preview, resume, summary
from oversight.settings import Settings
from oversight.storage.engine import reading
from oversight.storage.models import DetectorRunRow
from oversight.storage.queries.reruns import ChangeLine, change_lines
from oversight.storage.schema import upgrade

SHOWN = 20  # changes of a kind that a person is shown; the page has them all


def command(settings: Settings) -> click.Command:
    """The command."""

    @click.command("rerun")
    @click.option("--since", type=click.DateTime(["%Y-%m-%d"]), help="items that were first seen on this day or later")
    @click.option("--feed", "feed", help="items of this feed")
    @click.option("--batch", type=click.IntRange(1, 5_000), default=BATCH, show_default=True, help="items at a time")
    @click.option("--apply", "is_applied", is_flag=True, help="change the mentions too, once everything is looked at")
    @click.option("--resume", "is_resumed", is_flag=True, help="continue or apply the newest run that is not applied")
    @click.option("--run", "run_id", type=click.IntRange(1), help="continue or apply this run")
    @click.option("--json", "as_json", is_flag=True, help="print the run and every change as JSON")
    def rerun(
        since: datetime | None, feed: str | None, batch: int, is_applied: bool, is_resumed: bool, run_id: int | None,
        as_json: bool,
    ) -> None:  # fmt: skip
        """Match what is stored with this version of the detector, and show what would change: new, lost, changed.

        Nothing is changed without --apply, and what an editor decided never is. A run that was interrupted goes on
        where it was, with --resume. Exits with 1 while another run is at work.
        """
        tools = Tools.open(settings)
        with plain_failures():
            if (is_resumed or run_id) and (since or feed):
                raise click.UsageError("a run keeps the items that it began with: leave out --since and --feed")
            upgrade(tools.engine)
            version = the_detector().version
            with tools.children() as children:
                work = Rerun(tools.sessions, children, version, settings.now, batch=batch, stop=tools.stop)
                moment = since.replace(tzinfo=UTC) if since else None
                is_old = is_resumed or run_id is not None
                run = resume(work, run_id) if is_old else begin(work, feed=feed, since=moment)
                try:
                    run = carry_out(work, run, is_applied=is_applied)
                finally:
                    give_back(work)
            with reading(tools.sessions) as session:
                changes = change_lines(session, run.id)
        click.echo(json.dumps(as_contract(run, changes), indent=1) if as_json else report(run, changes))

    return rerun


def carry_out(work: Rerun, run: DetectorRunRow, *, is_applied: bool) -> DetectorRunRow:
    """Look at what is left to look at; then, where it is wanted, apply what was found."""
    if run.state == RunState.PREVIEWING:
        with progress("looking", run.total - run.counts.get("items", 0)) as on_batch:
            run = preview(work, run, on_batch)
    if is_applied and run.state in (RunState.PREVIEWED, RunState.APPLYING):
        with progress("applying", None) as on_batch:
            run = apply(work, run, on_batch)
    return run


def as_contract(run: DetectorRunRow, changes: list[ChangeLine]) -> dict[str, Any]:
    """The run with every change, for programs."""
    return {**summary(run), "changes": [change.as_contract() for change in changes]}


def report(run: DetectorRunRow, changes: list[ChangeLine]) -> str:
    """The run for a person."""
    counts = run.counts
    kinds = ", ".join(f"{counts.get(kind.value, 0)} {kind.label.lower()}" for kind in ChangeKind)
    lines = [
        f"run {run.id}, detector {run.version}: {counts.get('items', 0)} of {run.total} items looked at, "
        f"{counts.get('mentions', 0)} of them mentions: {kinds}",
    ]
    if counts.get("failed"):
        lines.append(f"{counts['failed']} could not be judged within the limits; nothing changes about them")
    if counts.get("cut"):
        lines.append(f"of {counts['cut']} only the first 4,000 characters were kept")
    for kind in ChangeKind:
        found = [change for change in changes if change.kind is kind]
        lines += [f"  {change.sentence}" for change in found[:SHOWN]]
        if len(found) > SHOWN:
            lines.append(f"  ... and {len(found) - SHOWN} more: /review/reruns/{run.id}")
    lines.append(what_next(run, has_changes=bool(changes)))
    return "\n".join(lines)


def what_next(run: DetectorRunRow, *, has_changes: bool) -> str:
    """What a person may do now."""
    state = RunState(run.state)
    if state is RunState.APPLIED:
        return "applied"
    if state is RunState.PREVIEWED and not has_changes:
        return "nothing would change"
    if state is RunState.PREVIEWED:
        return f"nothing is changed yet: `flask detector rerun --run {run.id} --apply` does it"
    return f"stopped in between: `flask detector rerun --run {run.id}` goes on"


@contextmanager
def progress(what: str, total: int | None) -> Iterator[Callable[[int], None]]:
    """A bar on a terminal; nothing where the output is not one."""
    console = Console(file=sys.stderr)
    columns = (TextColumn(what), BarColumn(), MofNCompleteColumn())
    with Progress(*columns, console=console, transient=True, disable=not console.is_terminal) as bar:
        task = bar.add_task("", total=total)
        yield lambda count: bar.update(task, advance=count)

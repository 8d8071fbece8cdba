"""`flask audit`: whether the history is as it was written."""

import json
import re
import sys
from dataclasses import asdict

import click

from oversight.cli.failing import plain_failures
from oversight.domain.audit import Fault, Head
from oversight.jobs.tools import Tools
from oversight.services.audit import Verdict
from oversight.services.audit import verify as verify_history
from oversight.settings import Settings
from oversight.storage.engine import one_moment
from oversight.storage.schema import require_current


def command(settings: Settings) -> click.Group:
    """The group."""

    @click.group("audit")
    def group() -> None:
        """The history of every change."""

    @group.command()
    @click.option("--json", "as_json", is_flag=True, help="print JSON")
    @click.option("--checkpoint", callback=checkpoint_of, help="NUMBER:HASH, as an earlier run printed it")
    def verify(as_json: bool, checkpoint: Head | None) -> None:
        """Check that no revision was altered, removed, added or moved; exit with 1 where one was."""
        tools = Tools.open(settings)
        with plain_failures():
            require_current(tools.engine)
            with one_moment(tools.sessions) as session:
                verdict = verify_history(session, checkpoint)
        click.echo(json.dumps(as_object(verdict), indent=1) if as_json else sentences(verdict))
        sys.exit(1 if verdict.faults else 0)

    return group


def checkpoint_of(_context: click.Context, _option: click.Parameter, text: str | None) -> Head | None:
    """The checkpoint that was written down; the command ends with 2 where it is none."""
    found = re.fullmatch(r"(\d{1,9}):([0-9a-f]{64})", text.strip()) if text else None
    if text and not found:
        raise click.BadParameter("write it as NUMBER:HASH, as `flask audit verify` prints it")
    return Head(int(found[1]), found[2]) if found else None


def sentences(verdict: Verdict) -> str:
    """The verdict for a person."""
    lines = [f"{verdict.revisions} revisions and {verdict.entries} entries of the journal checked"]
    if verdict.head.sequence:
        lines.append(f"the journal ends with {verdict.head.sequence}:{verdict.head.hash}")
    lines += [f"FAULT {name_of(fault)}: {fault.fault}" for fault in verdict.faults]
    lines.append(f"{len(verdict.faults)} faults" if verdict.faults else "no fault: nothing was altered or removed")
    return "\n".join(lines)


def name_of(fault: Fault) -> str:
    """What a fault is about."""
    if not fault.entity:
        return "journal"
    return f"{fault.entity} {fault.key}" + (f" version {fault.version}" if fault.version else "")


def as_object(verdict: Verdict) -> dict[str, object]:
    """The verdict for a program."""
    return {
        "ok": not verdict.faults,
        "revisions": verdict.revisions,
        "entries": verdict.entries,
        "head": asdict(verdict.head),
        "faults": [asdict(fault) for fault in verdict.faults],
    }

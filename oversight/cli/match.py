"""`flask match`: what the detector says of documents."""

import json
from collections.abc import Iterable, Iterator
from typing import Any, BinaryIO

import click

from oversight.cli.failing import plain_failures
from oversight.domain.contract_line import as_contract
from oversight.domain.earlier_copy import EarlierCopies
from oversight.domain.mention import Paper
from oversight.domain.printable import printable
from oversight.errors import InvalidInput
from oversight.services.examine import the_detector
from oversight.settings import Settings


def command(settings: Settings) -> click.Command:
    """The command."""

    @click.command("match")
    @click.argument("file", type=click.File("rb"), default="-")
    @click.option("--jsonl", "as_jsonl", is_flag=True, help="one JSON object a line, for programs")
    def match(file: BinaryIO, as_jsonl: bool) -> None:
        """Match documents, one JSON object a line: id, kind, title, text, and if known url, date, feed_jurisdiction.

        Of relevant ones it says of which earlier one each is a copy (`dup_of`).
        """
        with plain_failures():
            detector = the_detector()
            earlier = EarlierCopies()
            for identifier, paper, date in papers(file):
                detection = detector.detect(paper)
                copy = earlier.note(identifier, paper, detection.places, date=date) if detection.is_relevant else None
                found = as_contract(identifier, detection)
                found |= {"dup_of": copy.id if copy else None, "dup_type": copy.sameness.value if copy else None}
                click.echo(json.dumps(found) if as_jsonl else line_of(found))

    return match


def papers(lines: Iterable[bytes]) -> Iterator[tuple[str, Paper, str | None]]:
    """Each document with its id and its date. Keys that are not named here, such as labels, are never read."""
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        try:
            document = json.loads(line)
            identifier = str(document["id"])
        except (ValueError, KeyError, TypeError, RecursionError) as error:
            raise InvalidInput(f"line {number}: not a JSON object with an id: {error}") from error
        yield identifier, paper_of(document), known(document.get("date"))


def paper_of(document: dict[str, Any]) -> Paper:
    """One document as the detector reads it."""
    return Paper(
        kind=str(document.get("kind") or ""),
        title=str(document.get("title") or ""),
        text=str(document.get("text") or ""),
        url=known(document.get("url")),
        feed_jurisdiction=known(document.get("feed_jurisdiction")),
    )


def known(value: object) -> str | None:
    """The value if it is text that says something."""
    return value if isinstance(value, str) and value else None


def line_of(found: dict[str, Any]) -> str:
    """One result for a person."""
    mark = "relevant" if found["relevant"] else "-"
    words = [", ".join(found[name]) for name in ("technologies", "vendors", "jurisdictions") if found[name]]
    said = f"{found['id']:<24} {mark:<9} {found['score']:.2f}  {found['stage'] or '':<16} {' | '.join(words)}"
    return printable(said)  # half a character of an id is no reason to end

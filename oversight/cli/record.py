"""`flask record`: the curated, cited facts."""

from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

import click
from sqlalchemy.orm import Session

from oversight.cli import check_links
from oversight.cli.failing import plain_failures
from oversight.errors import ConfigurationError
from oversight.jobs.tools import Tools
from oversight.services.export_record import record_texts, write_folder
from oversight.services.import_atlas import AtlasReport, import_atlas
from oversight.services.import_gazetteer import GazetteerReport, import_gazetteer
from oversight.services.record import load_record
from oversight.services.record_doubts import record_doubts
from oversight.services.record_files import read_record
from oversight.settings import Settings
from oversight.storage.engine import reading
from oversight.storage.schema import upgrade
from oversight.vocabulary import load_vocabulary

Report = TypeVar("Report", AtlasReport, GazetteerReport)
STARTER = Path(__file__).parents[1] / "starter"


def command(settings: Settings) -> click.Group:
    """The group."""

    @click.group("record")
    def group() -> None:
        """The record."""

    @group.command()
    @click.argument("folder", type=click.Path(exists=True, file_okay=False, path_type=Path), default=STARTER)
    @click.option("--strict", is_flag=True, help="Refuse a folder with an approval that no government document says.")
    def load(folder: Path, strict: bool) -> None:
        """Load the shipped starter record, or a folder in the same form. What is there and the same is left alone."""
        tools = Tools.open(settings)
        with plain_failures():
            files = read_record(folder, load_vocabulary().technologies)
            doubts = list(record_doubts(files, settings.now().date()))
            if strict and doubts:
                raise ConfigurationError("\n".join(doubts))
            upgrade(tools.engine)
            with tools.sessions.begin() as session:
                written = load_record(
                    session, files, actor="flask record load", reason=f"loaded from {folder.name}/", now=settings.now()
                )
        for doubt in doubts:
            click.echo(f"warning: {doubt}", err=True)
        click.echo(", ".join(f"{noun}: {count}" for noun, count in written.items()) or "nothing new")

    @group.command()
    @click.argument("folder", type=click.Path(file_okay=False, path_type=Path))
    def export(folder: Path) -> None:
        """Write the record into a folder, one file a kind, in the form that `flask record load` reads."""
        tools = Tools.open(settings)
        with plain_failures():
            upgrade(tools.engine)
            with reading(tools.sessions) as session:
                texts = record_texts(session)
            write_folder(folder, texts)
        click.echo(f"{len(texts)} files in {folder}")

    group.add_command(import_atlas_command(settings))
    group.add_command(import_gazetteer_command(settings))
    group.add_command(check_links.command(settings))
    return group


def import_atlas_command(settings: Settings) -> click.Command:
    """`flask record import-atlas`."""

    @click.command("import-atlas")
    @click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
    @click.option("--dry-run", is_flag=True, help="Say what would be written, and write nothing.")
    def command(file: Path, dry_run: bool) -> None:
        """Import the EFF Atlas of Surveillance's table (CC BY 4.0); rows that cannot be taken are named by line."""
        report = imported(
            settings, file, lambda session: import_atlas(session, file, now=settings.now()), is_trial=dry_run
        )
        told = [f"{noun}: {count}" for noun, count in report.written.items()] or ["nothing new"]
        click.echo(("would write " if dry_run else "") + ", ".join(told))
        click.echo(f"{report.rows} rows taken, {report.beside} of them beside an account of our own")
        click.echo(f"{len(report.refused)} rows refused, {report.gone} of earlier imports no longer in the file")

    return command


def import_gazetteer_command(settings: Settings) -> click.Command:
    """`flask record import-gazetteer`."""

    @click.command("import-gazetteer")
    @click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
    @click.option("--replace", is_flag=True, help="Take the file's figures where the record has others.")
    def command(file: Path, replace: bool) -> None:
        """Fill centre and area of the record's governments, by GEOID, from a Census Gazetteer file."""
        report = imported(
            settings, file, lambda session: import_gazetteer(session, file, replace=replace, now=settings.now())
        )
        click.echo(f"jurisdiction: {report.written}" if report.written else "nothing new")
        click.echo(f"{report.unknown} rows are of places that the record does not hold by their GEOID")
        click.echo(f"{report.without_geoid} jurisdictions of the record have no GEOID")

    return command


def imported(settings: Settings, file: Path, take: Callable[[Session], Report], *, is_trial: bool = False) -> Report:
    """Import a file in one transaction, which a trial takes back, and say what is to be said of its lines."""
    tools = Tools.open(settings)
    with plain_failures():
        upgrade(tools.engine)
        with tools.sessions.begin() as session:
            report = take(session)
            if is_trial:
                session.rollback()
    for remark in report.remarks:
        click.echo(f"{file.name}:{remark.line}: {remark.text}", err=True)
    return report

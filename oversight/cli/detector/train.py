"""`flask detector train`: learns how much each word says, and how words and named signals add up."""

from pathlib import Path

import click

import oversight.labelled
from oversight.cli.failing import plain_failures
from oversight.domain.evaluation import Rate
from oversight.services.evaluate import read_labelled
from oversight.services.examine import the_detector
from oversight.services.examples import examples_of
from oversight.services.held_out import HeldOut, held_out
from oversight.services.train import train, write_trained
from oversight.settings import Settings
from oversight.vocabulary import load_vocabulary

FILE = click.Path(exists=True, dir_okay=False, path_type=Path)


def command(settings: Settings) -> click.Command:
    """The command."""

    @click.command("train")
    @click.argument("files", nargs=-1, type=FILE)
    @click.option("--plain", type=FILE, help="items of feeds with nothing relevant among them; they count half")
    @click.option("--out", type=click.Path(file_okay=False, path_type=Path), help="write what was learned here")
    @click.option("--version", "version", help="the version that the written files name")
    def train_detector(files: tuple[Path, ...], plain: Path | None, out: Path | None, version: str | None) -> None:
        """Learn from the shipped documents, and from FILES of labelled ones beside them, such as exported decisions.

        Prints what named signals alone and what was learned come to on documents that were held out. Nothing is
        written without --out. Needs scikit-learn: pip install --require-hashes -r requirements-train.txt
        """
        with plain_failures():
            own = read_labelled(oversight.labelled.files())
            more = read_labelled([*oversight.labelled.training_files(), *files])
            vocabulary = load_vocabulary()
            examples = examples_of([*own, *more], the_detector(), vocabulary)
            business = examples_of(read_labelled([plain]) if plain else [], the_detector(), vocabulary)
            trained = train([*examples, *business], halved=len(business))
            found = held_out(trained, {document.id for document in own})
            if out is not None:
                name = version or f"{vocabulary.learned.balance.version}-trained"
                write_trained(out, trained, found, version=name)
        click.echo(report(found, len(examples) + len(business)))
        click.echo(f"written to {out}" if out else "nothing is written: --out FOLDER does that")

    return train_detector


def report(found: HeldOut, count: int) -> str:
    """What training came to, for a person."""
    lines = [
        f"{count} documents; of the shipped labelled set, each judged by what was learned from others:",
        line("  relevance by named signals alone", found.named_relevance),
        line("  relevance with learned words", found.relevance),
        line("  technologies by name alone", found.named_technologies),
        line("  technologies with learned words", found.technologies),
        f"  stages right                      {found.stages_right} of {found.stages}",
    ]
    return "\n".join(lines)


def line(name: str, rate: Rate) -> str:
    """One line of figures."""
    figures = f"P={rate.precision or 0:.3f} R={rate.recall or 0:.3f} F1={rate.f1 or 0:.3f}"
    return f"{name:<35} {figures} (tp={rate.tp} fp={rate.fp} fn={rate.fn})"

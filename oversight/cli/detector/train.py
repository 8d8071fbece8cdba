"""`flask detector train`: fits the weights of named signals to labelled documents."""

from pathlib import Path

import click

from oversight.cli.failing import plain_failures
from oversight.domain.evaluation import Evaluation, Rate
from oversight.services.evaluate import judge, own_files, read_labelled
from oversight.services.examine import the_detector
from oversight.services.train import STRENGTH, Trained, judge_with, train, weights_toml
from oversight.settings import Settings
from oversight.vocabulary import load_vocabulary
from oversight.vocabulary.places import load_places

SHOWN = 30


def command(settings: Settings) -> click.Command:
    """The command."""

    @click.command("train")
    @click.argument("files", nargs=-1, type=click.Path(exists=True, dir_okay=False, path_type=Path))
    @click.option(
        "--strength",
        type=click.FloatRange(0, min_open=True),
        default=STRENGTH,
        show_default=True,
        help="how strongly a weight is held where it is",
    )
    @click.option("--out", type=click.Path(dir_okay=False, path_type=Path), help="write the learned weights file here")
    @click.option("--version", "version", help="the version that the written file names")
    def train_weights(files: tuple[Path, ...], strength: float, out: Path | None, version: str | None) -> None:
        """Fit the weights to labelled files, such as exported decisions; by the shipped set if no file is named.

        Prints the present weights beside the learned ones, cross-validated. Nothing is written without --out. Needs
        scikit-learn: pip install --require-hashes -r requirements-train.txt
        """
        with plain_failures():
            documents = read_labelled(list(files) or own_files())
            vocabulary = load_vocabulary()
            trained = train(the_detector(), vocabulary.weights, documents, strength=strength)
            before = judge(the_detector(), documents)
            after = judge_with(vocabulary, load_places(), trained.model, documents)
            if out is not None:
                name = version or f"{vocabulary.weights.version}-trained"
                out.write_text(weights_toml(trained.model, name), "utf-8")
        click.echo(report(trained, before, after))
        click.echo(f"written to {out}" if out else "nothing is written: --out FILE does that")

    return train_weights


def report(trained: Trained, before: Evaluation, after: Evaluation) -> str:
    """What training came to, for a person."""
    lines = [
        f"{trained.examples} documents with a signal; in {trained.silent} others none was found, "
        "and no weight can change that",
        f"the score is the sum of its signals in {trained.is_explained:.0%} of them",
        "held out, cross-validated:",
        line("  present weights", *trained.present),
        line("  learned weights", *trained.learned),
        "the whole detector on all of these documents, learned from and so too kindly:",
        line("  present weights", before.relevance),
        line("  learned weights", after.relevance),
        f"{len(trained.changed)} weights would change:",
    ]
    moved = list(trained.changed.items())
    lines += (
        f"  {name:<44} {old:+.2f} -> {new:+.2f}  ({count} documents)" for name, (old, new, count) in moved[:SHOWN]
    )
    if len(moved) > SHOWN:
        lines.append(f"  ... and {len(moved) - SHOWN} more")
    return "\n".join(lines)


def line(name: str, rate: Rate, loss: float | None = None) -> str:
    """One line of figures."""
    figures = f"P={rate.precision or 0:.3f} R={rate.recall or 0:.3f} F1={rate.f1 or 0:.3f}"
    counts = f"(tp={rate.tp} fp={rate.fp} fn={rate.fn} tn={rate.tn})"
    return f"{name:<20} {figures} {counts}" + ("" if loss is None else f" log-loss={loss:.4f}")

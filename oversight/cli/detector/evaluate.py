"""`flask detector evaluate`: how well the detector does on labelled documents."""

import json
import sys
from collections.abc import Iterable, Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

import click

from oversight.cli.failing import plain_failures
from oversight.services.evaluate import (
    PUBLISHED,
    figures,
    judge,
    own_figures,
    publish,
    published,
    read_labelled,
    shortfalls,
)
from oversight.services.examine import the_detector
from oversight.settings import Settings


def command(settings: Settings) -> click.Command:
    """The command."""

    @click.command("evaluate")
    @click.argument("files", nargs=-1, type=click.Path(exists=True, dir_okay=False, path_type=Path))
    @click.option("--show-errors", type=click.IntRange(0), default=0, help="print so many of what is wrong")
    @click.option("--json", "as_json", is_flag=True, help="print every figure and every fault as JSON")
    @click.option("--check", "is_checked", is_flag=True, help="exit with 1 where a figure is under the published one")
    @click.option("--publish", "is_published", is_flag=True, help="write the figures down as the published ones")
    @click.option(
        "--date", "on", type=click.DateTime(["%Y-%m-%d"]), help="the day to publish them with; today if not given"
    )
    @click.option(
        "--published", "path", type=click.Path(dir_okay=False, path_type=Path), default=PUBLISHED, hidden=True
    )
    def evaluate(
        files: tuple[Path, ...], show_errors: int, as_json: bool, is_checked: bool, is_published: bool,
        on: datetime | None, path: Path,
    ) -> None:  # fmt: skip
        """Judge the detector by labelled documents, one JSON object a line; by the shipped set if no file is named."""
        with plain_failures():
            detector = the_detector()
            found = figures(detector, judge(detector, read_labelled(files)), files) if files else own_figures(detector)
            faults = shortfalls(found, published(path)) if is_checked else []
            if is_published:
                publish(found, (on or settings.now()).date(), path)
        click.echo(json.dumps(found, indent=1, ensure_ascii=False) if as_json else report(found, show_errors))
        for fault in faults:
            click.echo(fault, err=True)
        sys.exit(1 if faults else 0)

    return evaluate


def report(found: Mapping[str, Any], show_errors: int) -> str:
    """The figures for a person."""
    known, stage = found["set"], found["stage"]
    lines = [
        f"detector {found['detector']}: {known['documents']} documents, {known['relevant']} relevant; "
        f"{known['borderline']} borderline ones are counted apart",
        line(f"relevant (score >= {found['relevance']['threshold']:g})", found["relevance"]),
        line(f"high precision (score >= {found['high_precision']['threshold']:g})", found["high_precision"]),
        line("borderline", found["borderline"]),
        *(line(name, found[name]) for name in ("technologies", "vendors", "jurisdictions", "badges", "modes")),
        f"{'technologies, macro-F1':<36}{found['technologies']['macro_f1']:.3f}",
        f"{'stage, accuracy':<36}{plain(stage['accuracy'])}  ({stage['right']}/{stage['total']})",
        *apart(found),
        *section("by kind", found["by_kind"]),
        *section("by technology", found["each_technology"]),
        *section("by topic", found["by_topic"]),
    ]
    lines += (
        f"{fault['what']:<14} {fault['id']:<16} {fault['detail']}  {fault['title']}"
        for fault in by_weight(found["faults"])[:show_errors]
    )
    return "\n".join(line for line in lines if line)


def apart(found: Mapping[str, Any]) -> list[str]:
    """The figures of documents that the detector did not learn from, where the shipped set was judged."""
    if "unseen" not in found:
        return []
    held, unseen = found["held_out"], found["unseen"]
    return [
        "the same set, each part judged by what was learned from the rest:",
        line("  relevant", held["relevance"]),
        line("  technologies", held["technologies"]),
        f"{'  stages right':<36}{held['stages_right']} of {held['stages']}",
        f"{unseen['set']['documents']} documents that nothing was learned from:",
        *(line(f"  {name}", unseen[name]) for name in ("relevance", "technologies", "vendors", "jurisdictions")),
        f"{'  stages right':<36}{unseen['stage']['right']} of {unseen['stage']['total']}",
    ]


def section(name: str, rates: Mapping[str, Any]) -> list[str]:
    """A heading and a line for each group."""
    return [f"{name}:", *(line(f"  {key}", rate) for key, rate in rates.items())]


def line(name: str, rate: Mapping[str, Any] | None) -> str:
    """One rate in one line; nothing for a class that this detector does not tell."""
    if rate is None:
        return ""
    return (
        f"{name:<36}P={plain(rate['precision'])}{span(rate['precision_interval'])} "
        f"R={plain(rate['recall'])}{span(rate['recall_interval'])} F1={plain(rate['f1'])} "
        f"(tp={rate['tp']} fp={rate['fp']} fn={rate['fn']}{f' tn={tn}' if (tn := rate['tn']) else ''})"
    )


def plain(value: float | None) -> str:
    """A share, or that there is none."""
    return "  -  " if value is None else f"{value:.3f}"


def span(interval: Iterable[float] | None) -> str:
    """A 95 % interval."""
    return "" if interval is None else " [{:.2f}, {:.2f}]".format(*interval)


def by_weight(faults: Iterable[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    """What was missed or found wrongly first."""
    return sorted(faults, key=lambda fault: fault["what"] not in ("missed", "false"))

"""python -m bench.matching: the detector on one core, on items and on long text, with ten times the vocabulary too."""

import json
import random
import time
from collections.abc import Iterable, Sequence
from dataclasses import replace
from itertools import cycle, islice
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table

from bench import feeds
from oversight import labelled
from oversight.domain.detection import OFFICIAL_KINDS, Detector
from oversight.domain.mention import Paper
from oversight.vocabulary import Technology, Vocabulary, load_vocabulary
from oversight.vocabulary.places import load_places

ITEM = 200  # characters
LONG = 200_000
ITEMS = 4_000
TIMES = 10
REPEATS = 3
TELLING = 0.05


def main() -> None:
    """Print the table."""
    vocabulary = load_vocabulary()
    detectors = {
        "shipped": Detector(vocabulary, load_places()),
        f"{TIMES} x": Detector(larger(vocabulary), load_places()),
    }
    papers = list(islice(cycle(items()), ITEMS))
    table = Table(title="Detector, one core", title_justify="left", box=None, pad_edge=False)
    for name in ("vocabulary", "input", "items/s", "MB/s", "relevant", "ratio"):
        table.add_column(name, justify="left" if name in {"vocabulary", "input"} else "right")
    first: dict[str, float] = {}
    for name, detector in detectors.items():
        for what, some in (
            ("items, half of them relevant", papers),
            ("items as in feeds", feed_items()),
            *((f"packets of {size:,} characters", packets(size)) for size in (LONG // 4, LONG // 2, LONG)),
            (f"minutes of {LONG:,} characters", minutes()),
        ):
            seconds, relevant = measured(detector, some)
            size = sum(len(paper.title) + len(paper.text) for paper in some)
            ratio = seconds / first.setdefault(what, seconds)
            table.add_row(
                name,
                what,
                f"{len(some) / seconds:,.0f}",
                f"{size / seconds / 1e6:.1f}",
                f"{relevant / len(some):.0%}",
                f"{ratio:.2f}",
            )
    Console().print(table)


def items() -> list[Paper]:
    """Documents of the labelled set, cut to the length of an item: half of them are relevant."""
    papers = []
    for document in documents(labelled.files()):
        title = (document["title"] or "")[: ITEM // 2]
        text = (document["text"] or "")[: ITEM - len(title)]
        papers.append(Paper(document["kind"], title, text, document.get("url"), document.get("feed_jurisdiction")))
    return papers


def packets(size: int) -> list[Paper]:
    """The hardest long papers: labelled documents of governments one after the other, most of them look-alikes."""
    chance = random.Random(1)
    every = [one for one in documents([*labelled.files(), *labelled.training_files()]) if one["kind"] in OFFICIAL_KINDS]
    said = [(f"{one['title']}\n{one['text']}", one["labels"]["relevant"]) for one in every]
    plain, telling = ([text for text, is_relevant in said if is_relevant == wanted] for wanted in (False, True))
    papers = []
    for _ in range(2 * LONG // size):
        parts: list[str] = []
        while sum(map(len, parts)) < size:
            parts.append(chance.choice(telling if chance.random() < TELLING else plain))
        papers.append(Paper("agenda_item", "Packet", "\n".join(parts)[:size]))
    return papers


def feed_items() -> list[Paper]:
    """Entries of the imagined councils, cut to the length of an item: one in 25 is relevant."""
    chance = random.Random(3)
    entries = [feeds.entry_text(chance) for _ in range(ITEMS)]
    return [Paper("agenda_item", title, text[: ITEM - len(title)]) for title, text in entries]


def minutes() -> list[Paper]:
    """What a council's minutes are like: such entries one after the other."""
    chance = random.Random(4)
    papers = []
    for _ in range(2):
        parts: list[str] = []
        while sum(map(len, parts)) < LONG:
            parts += feeds.entry_text(chance)
        papers.append(Paper("agenda_item", "Minutes", "\n".join(parts)[:LONG]))
    return papers


def documents(files: Iterable[Path]) -> list[dict[str, Any]]:
    """The documents of labelled files."""
    return [json.loads(line) for file in files for line in file.read_text("utf-8").splitlines()]


def measured(detector: Detector, papers: Sequence[Paper]) -> tuple[float, int]:
    """The best processor time of a few repeats, and how many papers are relevant: proof that the work was done."""
    relevant = sum(detector.detect(paper).is_relevant for paper in papers)
    best = float("inf")
    for _ in range(REPEATS):
        began = time.process_time()
        for paper in papers:
            detector.detect(paper)
        best = min(best, time.process_time() - began)
    return best, relevant


def larger(vocabulary: Vocabulary) -> Vocabulary:
    """The vocabulary with nine more technologies for each, in words of their own that look like words."""
    chance = random.Random(2)
    more = {
        f"{code}_{turn}": made_up(technology, f"{code}_{turn}", chance)
        for code, technology in vocabulary.technologies.items()
        for turn in range(TIMES - 1)
    }
    return replace(vocabulary, technologies={**vocabulary.technologies, **more})


def made_up(technology: Technology, code: str, chance: random.Random) -> Technology:
    """As many terms as the technology has, each of two words that nobody uses."""

    def word() -> str:
        return "".join(chance.choice("bcdfglmnprst") + chance.choice("aeiou") for _ in range(chance.randint(2, 4)))

    count = sum(1 for _ in technology.terms) + sum(1 for _ in technology.weak)
    terms = tuple(f"{{{word()},{word()},{word()}}} {{{word()},{word()}}}" for _ in range(4 * count))
    return technology.model_copy(update={"code": code, "terms": terms, "weak": (), "careful": (), "unless": ()})


if __name__ == "__main__":
    main()

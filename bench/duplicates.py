"""Near-duplicates: planted copies among many items, found by signature and bands; ours beside datasketch's."""

import gc
import random
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from importlib import import_module
from importlib.util import find_spec
from itertools import pairwise

from rich.console import Console
from rich.table import Table

from bench.feeds import BODIES, CITIES, DOINGS, FILLING, MATTERS, WATCHED_MATTERS
from oversight.domain.near_duplicate import Copies, signature_of

SYLLABLES = ("ba", "ne", "to", "ri", "ka", "sol", "ven", "mar", "dim", "per", "on", "al", "er", "st", "ing", "ly")
COPIED = 0.1  # the share of items that are an earlier one with some words changed
CHANGED = (3, 6)  # so many words
NUM_PERM, SHARED, OURS, PEER = 128, 0.5, "oversight", "datasketch"
MOST_OF_PEER = 10_000  # it takes its time

Finder = Callable[[list[str]], list[set[int]]]


@dataclass(frozen=True)
class Planted:
    """Texts, and for each that is a copy the earlier one that it was made of."""

    texts: list[str]
    origin: Mapping[int, int]

    def recall(self, found: list[set[int]]) -> float:
        """The share of the copies that were found to be of their origins."""
        return sum(one in found[copy] for copy, one in self.origin.items()) / len(self.origin)

    def false_pairs(self, found: list[set[int]]) -> int:
        """How many pairs were found that have nothing to do with one another."""
        root = {number: self.origin.get(number, number) for number in range(len(self.texts))}
        return sum(root[one] != root[other] for one, others in enumerate(found) for other in others)


def planted(count: int, *, seed: int = 1) -> Planted:
    """So many items of some 70 words, one in ten a copy with three to six words changed."""
    chance, texts, origin = random.Random(seed), list[str](), dict[int, int]()
    while len(texts) < count:
        if len(texts) > 100 and chance.random() < COPIED:
            of = chance.randrange(len(texts))
            of = origin.get(of, of)
            origin[len(texts)] = of
            texts.append(edited(texts[of], chance, words=chance.randint(*CHANGED)))
        else:
            texts.append(_item(chance))
    return Planted(texts, origin)


def edited(text: str, chance: random.Random, *, words: int) -> str:
    """The text with so many of its words replaced."""
    parts = text.split()
    for place in chance.sample(range(len(parts)), words):
        parts[place] = _name(chance)
    return " ".join(parts)


def compare(count: int, console: Console) -> None:
    """Find the copies among so many items, and print how fast and how well."""
    table = Table(title=f"near-duplicates among {count} items", title_justify="left", box=None, pad_edge=False)
    for name in ("finder", "items", "items/s", "recall", "false pairs", "x datasketch"):
        table.add_column(name, justify="left" if name == "finder" else "right")
    peer, finders = None, {PEER: _datasketch(), OURS: ours}
    rows = []
    for name, finder in finders.items():
        if finder is None:
            console.print(f"left out: {name} (pip install {name}, in an environment of its own)")
            continue
        task = planted(min(count, MOST_OF_PEER) if name == PEER else count)
        speed, found = _timed(finder, task.texts)
        peer = speed if name == PEER else peer
        figures = f"{speed:.0f}", f"{task.recall(found):.4f}", f"{task.false_pairs(found)}"
        rows.append((name, f"{len(task.texts)}", *figures, f"{speed / peer:.1f}" if peer else ""))
    for row in reversed(rows):
        table.add_row(*row)
    console.print(table, "")


def ours(texts: list[str]) -> list[set[int]]:
    """By our signatures, with an index in memory."""
    copies, found = Copies(), list[set[int]]()
    for number, text in enumerate(texts):
        signature = signature_of("", text, scope="news")
        found.append({int(name) for name in copies.of(signature)})
        copies.add(str(number), signature)
    return found


def _datasketch() -> Finder | None:
    """By datasketch's index, with pairs of words as ours; None where it is not installed."""
    if find_spec(PEER) is None:
        return None
    peer = import_module(PEER)

    def find(texts: list[str]) -> list[set[int]]:
        index, found = peer.MinHashLSH(threshold=SHARED, num_perm=NUM_PERM), list[set[int]]()
        for number, text in enumerate(texts):
            words = text.casefold().split()
            minima = peer.MinHash(num_perm=NUM_PERM)
            minima.update_batch([f"{one} {two}".encode() for one, two in pairwise(words)])
            found.append(set(index.query(minima)))
            index.insert(number, minima)
        return found

    return find


def _timed(finder: Finder, texts: list[str]) -> tuple[float, list[set[int]]]:
    """Items a second of processor time, and what was found."""
    gc.collect()
    start = time.process_time()
    found = finder(texts)
    return len(texts) / (time.process_time() - start), found


def _item(chance: random.Random) -> str:
    matter = chance.choice(WATCHED_MATTERS if chance.random() < 0.25 else MATTERS)
    said = f"{chance.choice(list(CITIES))} {chance.choice(BODIES)} {chance.choice(DOINGS)} {matter}."
    names = " ".join(_name(chance) for _ in range(36))
    return f"{said} {chance.choice(FILLING)} {_name(chance).title()} of {names}."


def _name(chance: random.Random) -> str:
    return "".join(chance.choices(SYLLABLES, k=chance.randint(2, 4)))

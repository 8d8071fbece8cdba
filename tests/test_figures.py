"""What README and CHANGELOG count is what is shipped, so that no figure grows old unseen."""

import json
import tomllib
from collections.abc import Callable
from pathlib import Path

import pytest

from oversight import platforms
from oversight.domain.event import EventKind
from oversight.services.record_files import read_record
from oversight.vocabulary import load_vocabulary

ROOT = Path(__file__).parents[1]
STARTER = ROOT / "oversight" / "starter"
IN_WORDS = {15: "fifteen", 17: "Seventeen"}


def words_of(name: str) -> str:
    """A file on one line, however it is wrapped."""
    return " ".join((ROOT / name).read_text("utf-8").split())


def feeds_of(path: Path) -> list[dict[str, object]]:
    """Every `[[feed]]` of a file."""
    return list(tomllib.loads(path.read_text("utf-8"))["feed"])


def record() -> str:
    files = read_record(STARTER, load_vocabulary().technologies)
    counts = [len(getattr(files, kind)) for kind in ("jurisdictions", "policies", "deployments", "actions", "vendors")]
    placed, ruled, used, acted, sold = counts
    return (
        f"{placed} jurisdictions, {ruled} policies, {used} deployments, {acted} actions and {sold} vendors "
        f"with {len(files.sources)} sources"
    )


def feeds() -> str:
    every = feeds_of(ROOT / "feeds.toml")
    return f"{len(every)} feeds, {sum(one.get('enabled', True) is True for one in every)} of them enabled"


def unseen() -> str:
    figures = json.loads((ROOT / "oversight" / "labelled" / "accuracy.json").read_text("utf-8"))["unseen"]
    found, right = (round(100 * figures["relevance"][name]) for name in ("recall", "precision"))
    return (
        f"Of {figures['set']['documents']} documents written when its rules stood, and never learned from, it found "
        f"{found} in 100 relevant ones, and {right} in 100 that it found were relevant; "
        f"the stage was right in {round(100 * figures['stage']['accuracy'])} of 100"
    )


def samples() -> str:
    count = len(feeds_of(STARTER / "samples" / "feeds.toml"))
    return f"{IN_WORDS.get(count, count)} sample feeds"


FIGURES: list[tuple[str, Callable[[], str]]] = [
    ("README.md", feeds),
    ("README.md", samples),
    ("README.md", lambda: f"each of the {len(platforms.readers.names())} platforms"),
    ("README.md", unseen),
    ("CHANGELOG.md", record),
    ("CHANGELOG.md", lambda: f"{len(feeds_of(ROOT / 'feeds.toml'))} feeds"),
    ("CHANGELOG.md", lambda: f"{len(platforms.readers.names()) - 2} new readers beside Legistar and RSS"),
    ("CHANGELOG.md", lambda: f"{len(load_vocabulary().technologies)} kinds of technology"),
    ("CHANGELOG.md", lambda: f"{IN_WORDS.get(len(EventKind), len(EventKind))} kinds of events"),
]


@pytest.mark.parametrize(("name", "count"), FIGURES)
def test_a_figure_is_that_of_what_is_shipped(name: str, count: Callable[[], str]) -> None:
    assert count() in words_of(name)

"""Holds what came of polling the corpus against what the manifest expects of each entry."""

from collections.abc import Iterable
from dataclasses import dataclass

from oversight.domain.feed import Outcome

from .corpus import Entry
from .expected_files import FILES, FILES_BY_CATEGORY, Expected
from .expected_http import HTTP, HTTP_BY_CATEGORY
from .seen import Facts
from .view import View

HEALTHY, CLOSED = ["ok", "ok"], ["robots_disallowed", "robots_disallowed"]
# What a feed that heeds robots.txt ends in, and the pace that it was told to keep, for each robots.txt of the corpus.
ROBOTS: dict[str, tuple[str, list[str], float]] = {
    "robots_disallow": ("feeds go on, or heed it where told", CLOSED, 5.0),
    "robots_s500": ("closed while it fails", CLOSED, 0.0),
    "robots_s404": ("no restriction", HEALTHY, 0.0),
    "robots_huge": ("no more than 500 KiB of it", CLOSED, 0.0),
    "robots_redirect": ("canary 0, as if there were none", HEALTHY, 0.0),
    "robots_garbage": ("allows", HEALTHY, 0.0),
}


@dataclass(frozen=True)
class Verdict:
    """One entry's line of the table."""

    name: str
    kind: str
    category: str
    words: str
    outcome: str
    is_met: bool


def verdict_on(key: str, entry: Entry, facts: Facts) -> Verdict:
    """Whether what is expected of an entry came true; its poll ends once, in an outcome of the closed list."""
    if entry["kind"] == "robots":
        return _verdict_on_robots(key, entry, facts)
    view = View(key, entry, facts)
    words, check = expected_of(entry)
    ended = facts["polls"].get(key, [])
    is_met = len(ended) == 1 and ended[0] in set(Outcome) and facts["canary"] == [] and check(view)
    return Verdict(entry["name"], entry["kind"], entry["category"], words, _rounds_of(view), is_met)


def expected_of(entry: Entry) -> Expected:
    """The expectation in a few words, and its check."""
    name, category = entry["name"], entry["category"]
    found = FILES.get(name) or HTTP.get(name)
    if found is None:
        found = (FILES_BY_CATEGORY if entry["kind"] == "file" else HTTP_BY_CATEGORY).get(category)
    assert found, f"nothing is expected of {name}"
    return found


def verdicts(entries: Iterable[tuple[str, Entry]], facts: Facts) -> list[Verdict]:
    """Every entry's verdict, in the manifest's order."""
    return [verdict_on(key, entry, facts) for key, entry in entries]


def _verdict_on_robots(key: str, entry: Entry, facts: Facts) -> Verdict:
    words, heeded, pace = ROBOTS[entry["name"]]
    found = facts["robots"][key]
    usual = set(found["usual"]) <= {"ok", "not_modified"}
    heeds = [("ok" if one == "not_modified" else one) for one in found["heeded"]] == heeded
    is_met = usual and heeds and found["pace"] == pace and facts["canary"] == []
    outcome = f"{found['usual'][0]}; heeded: {found['heeded'][0]}"
    return Verdict(entry["name"], entry["kind"], entry["category"], words, outcome, is_met)


def _rounds_of(view: View) -> str:
    """The outcomes of all polls, the same ones in a row counted."""
    told: list[list[str]] = []
    for outcome in view.told("outcome"):
        if told and told[-1][0] == outcome:
            told[-1].append(outcome)
        else:
            told.append([outcome])
    return ", ".join(one[0] if len(one) == 1 else f"{one[0]} x{len(one)}" for one in told)

"""One entry's facts as its expectation reads them, and the checks that expectations are made of."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from .corpus import Entry
from .seen import Facts

# SAFETY C4: controls but tab and newline, lone surrogates, noncharacters, bidi controls.
UNCLEAN = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff\u202a-\u202e\u2066-\u2069]")
EARLIEST = datetime(1990, 1, 1, tzinfo=UTC)
VALIDATORS = {"if-none-match", "if-modified-since"}


@dataclass(frozen=True)
class View:
    """What came of one entry."""

    key: str
    entry: Entry
    facts: Facts

    @property
    def first(self) -> Facts:
        """The feed after the pass over everything."""
        found: Facts = self.facts["first"][self.key]
        return found

    @property
    def outcome(self) -> str:
        return str(self.first["outcome"])

    @property
    def each(self) -> list[Facts]:
        """The feed after every poll of it, in their order."""
        rounds = [one[self.key] for one in self.facts["rounds"].values() if self.key in one]
        polls = {one["at"]: one for one in (self.first, *rounds)}
        return list(polls.values())

    def after(self, name: str) -> Facts:
        """The feed after one of the later rounds."""
        found: Facts = self.facts["rounds"][name][self.key]
        return found

    @property
    def items(self) -> list[Facts]:
        found: list[Facts] = self.facts["items"].get(self.key, [])
        return found

    @property
    def mentions(self) -> list[str]:
        found: list[str] = self.facts["mentions"].get(self.key, [])
        return found

    @property
    def mails(self) -> list[Facts]:
        found: list[Facts] = self.facts["mails"].get(self.key, [])
        return found

    @property
    def sent(self) -> list[dict[str, str]]:
        """The headers of every request to the entry's own address."""
        hits = self.facts["hits"]
        return [hit["headers"] for hit in hits if hit["path"].partition("?")[0] == self.entry["path"]]

    def told(self, name: str) -> list[Any]:
        """One column of the feed after every poll."""
        return [one[name] for one in self.each]


Check = Callable[[View], bool]


def ends(*outcomes: str) -> Check:
    """The first poll ends in one of these."""
    return lambda view: view.outcome in outcomes


def every(*checks: Check) -> Check:
    return lambda view: all(check(view) for check in checks)


def holds(items: int, mentions: int | None = None) -> Check:
    """So many items are stored, and so many of them are mentions, in the end as after the first poll."""
    return lambda view: (
        {len(view.items), view.first["items"]} == {items}
        and (mentions is None or {len(view.mentions), view.first["mentions"]} == {mentions})
    )


def is_clean(view: View) -> bool:
    """Whether all that is stored of it is clean text."""
    return not any(value and UNCLEAN.search(value) for item in view.items for value in item.values())


def is_undated(view: View) -> bool:
    return [item["published"] for item in view.items] == [None]


def can_be_true(view: View) -> bool:
    """Whether no date lies before 1990 or after tomorrow (SAFETY C5)."""
    dates = [datetime.fromisoformat(item["published"]) for item in view.items if item["published"]]
    return all(EARLIEST <= date <= datetime.now(UTC) + timedelta(hours=24) for date in dates)


def waits(least: float, most: float) -> Check:
    """After the first poll it is due in so many seconds."""
    return lambda view: least <= view.first["wait"] <= most


def never_fails(view: View) -> bool:
    """Whether no poll was counted as a failure of the feed."""
    return set(view.told("failures")) == {0}


def sends_no_validators(view: View) -> bool:
    return not any(VALIDATORS & set(headers) for headers in view.sent)

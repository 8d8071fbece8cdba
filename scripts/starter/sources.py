"""Sources: their keys, how their dates are known, and how close each is to the act itself."""

from collections import defaultdict
from hashlib import sha256
from typing import Any

from starter.curated import curated, sentences

ARTICLES = {article["given_title"]: article for article in curated("articles")}
TIERS = curated("tiers")
CERTAINTY = {"url": "derived"}
GUESSES = ("-style ", "law-firm alert")
PARTS = ("policies", "deployments", "actions", "vendors")


class Sources:
    """Every source of the starter, found again by address, by title (where there is none), or as a row cites it."""

    def __init__(self, starter: dict[str, Any], added: list[dict[str, Any]]) -> None:
        self.rows: list[dict[str, Any]] = []
        self.keys: dict[str, str] = {}
        self.others = other_titles(starter)
        for source in [*starter["sources"], *added]:
            self.add(source)

    def add(self, source: dict[str, Any]) -> None:
        """Keep one source, under a key made of what identifies it."""
        article = ARTICLES.get(source["title"])
        row = article_row(article) if article else self.page_row(source)
        row["key"] = "src-" + sha256((row["url"] or f"{row['title']}|{row['date']}").encode()).hexdigest()[:12]
        self.rows.append(row)
        self.keys[source["url"]] = self.keys[row["title"] if article else source["url"]] = row["key"]

    def page_row(self, source: dict[str, Any]) -> dict[str, Any]:
        """A source with an address."""
        publisher = source["publisher"]
        if any(guess in publisher for guess in GUESSES):
            publisher = None
        read_off = "The date is read from the address" if source["date_basis"] == "url" else None
        others = [f"Also cited as: {other}" for other in sorted(self.others[source["url"]] - {cited_as(source)})]
        return {
            "url": source["url"],
            "title": source["title"],
            "publisher": publisher,
            "date": source["date"],
            "date_certainty": CERTAINTY.get(source["date_basis"]),
            "tier": tier_of(source["url"], publisher),
            "note": sentences(read_off, *others),
        }

    def key_of(self, reference: str) -> str:
        """The key of a source, by its address or, without one, by its title."""
        return self.keys[reference]


def article_row(article: dict[str, Any]) -> dict[str, Any]:
    """A source without address."""
    kept = {name: article[name] for name in ("title", "publisher", "date", "date_certainty", "note")}
    return {**kept, "url": None, "tier": tier_of("", article["publisher"])}


def cited_as(source: dict[str, Any]) -> str:
    """Title, publisher and date, as one text."""
    return f"{source['title']} ({source['publisher']}, {source['date'] or 'no date'})"


def other_titles(starter: dict[str, Any]) -> dict[str, set[str]]:
    """How the rows themselves cite each address."""
    titles: dict[str, set[str]] = defaultdict(set)
    for row in (row for part in PARTS for row in starter[part]):
        for source in row["sources"]:
            titles[source["url"]].add(cited_as(source))
    return titles


def tier_of(url: str, publisher: str | None) -> str | None:
    """T1 codes, statutes, judgments; T2 council and bill files; T3 agencies; T4 news at first hand; else not rated."""
    address = url.rsplit("://", maxsplit=1)[-1]
    for tier, prefixes in TIERS["addresses"].items():
        if address.startswith(tuple(prefixes)):
            return tier
    return "T4" if publisher in TIERS["news"] else None

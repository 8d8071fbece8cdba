"""Provisions, duties and claims of policies, from the hand-kept files."""

from typing import Any

from starter.curated import curated
from starter.sources import Sources

PROVISIONS = curated("provisions")
CLAIMS = curated("policy_claims")


def parts_of(key: str, sources: Sources) -> dict[str, list[dict[str, Any]]]:
    """The parts of one policy, each with the key of its source."""
    given = PROVISIONS.get(key, {})
    return {
        "provisions": sourced(given.get("provisions", []), sources),
        "duties": sourced(given.get("duties", []), sources),
        "claims": sourced(CLAIMS.get(key, []), sources),
    }


def sourced(rows: list[dict[str, Any]], sources: Sources) -> list[dict[str, Any]]:
    """The rows, with the key of the source instead of its address."""
    return [
        {name: value for name, value in row.items() if name != "source"}
        | {"source_key": sources.key_of(row["source"]) if row["source"] else None}
        for row in rows
    ]


def cited_by(key: str) -> list[str]:
    """Every address that the parts of a policy name."""
    given = PROVISIONS.get(key, {})
    rows = [*given.get("provisions", []), *given.get("duties", []), *CLAIMS.get(key, [])]
    return [row["source"] for row in rows if row["source"]]

"""Turn the team's starter data into the record files that the product ships (`oversight/starter/`).

    python scripts/convert_starter.py FOLDER [--into DIR]

FOLDER holds the starter data. What a person decided by hand (claims, effects, wording, tiers, additions from the five
articles) is in `scripts/starter/*.json`. The output depends on these inputs only.
"""

import argparse
import json
import sys
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parents[1]))

from starter.curated import Doubts, curated, load, worded
from starter.deployments import deployment_rows
from starter.places import jurisdiction_key, jurisdiction_rows, slug
from starter.policies import TECHNOLOGIES, policy_rows
from starter.provisions import sourced
from starter.sources import Sources

SHIPPED = Path(__file__).parent.parent / "oversight" / "starter"
FILES = ("jurisdictions", "policies", "deployments", "actions", "vendors", "sources", "checks")
ADDED = curated("additions")


def main() -> None:
    """Read the folder named on the command line and write the record files."""
    parser = argparse.ArgumentParser(description="Turn the team's starter data into the shipped record files.")
    parser.add_argument("folder", type=Path, help="where the starter data is")
    parser.add_argument("--into", type=Path, default=SHIPPED, help="where to write (default: oversight/starter)")
    options = parser.parse_args()
    record = convert({name: load(options.folder / f"{name}.json") for name in FILES})
    for name, rows in record.items():
        write(options.into / f"{name}.json", rows)
        print(f"{name}: {len(rows)}")


def convert(starter: dict[str, Any]) -> dict[str, list[dict[str, Any]]]:
    """The whole record in our form."""
    doubts = Doubts(starter["checks"])
    sources = Sources(starter, ADDED["sources"])
    keys = {row["name"]: jurisdiction_key(row) for row in starter["jurisdictions"]}
    return {
        "sources": sources.rows,
        "jurisdictions": jurisdiction_rows(starter),
        "vendors": [vendor_row(row, sources) for row in starter["vendors"]],
        "policies": policy_rows(starter, keys, sources, doubts),
        "deployments": deployment_rows(starter, keys, sources, doubts),
        "actions": action_rows(starter, keys, sources, doubts),
    }


def vendor_row(row: dict[str, Any], sources: Sources) -> dict[str, Any]:
    """One vendor in our form."""
    named = ADDED["former_names"].get(row["name"], [])
    key = f"vendor-{slug(row['name'])}"
    added = [*ADDED["citations"].get(key, []), *(name["source"] for name in named)]
    cited = dict.fromkeys([*(source["url"] for source in row["sources"]), *added])
    return {
        "key": key,
        "name": row["name"],
        "aliases": row["aliases"],
        "products": [product(row["name"], given) for given in row["products"]],
        "sources": [sources.key_of(given) for given in cited],
        "former_names": sourced(named, sources),
    }


def product(vendor: str, given: dict[str, Any]) -> dict[str, Any]:
    """One product; the starter knows of some vendors only what kind of thing they sell."""
    name = given["name"] or "Product not named"
    facts = {key: value for key, value in given.items() if key not in ("name", "technology", "claims")}
    facts.update({f"claimed_{key}": value for key, value in given.get("claims", {}).items()})
    facts.update(ADDED["products"].get(vendor, {}).get(name, {}))
    return {"name": name, "technology": TECHNOLOGIES.get(given["technology"], [given["technology"]])[0], "facts": facts}


def action_rows(
    starter: dict[str, Any], keys: dict[str, str], sources: Sources, doubts: Doubts
) -> list[dict[str, Any]]:
    """Every action in our form, with those that only the articles tell of."""
    rows = [
        action_row(row, [source["url"] for source in row["sources"]], keys, sources, doubts)
        for row in starter["actions"]
    ]
    added = [action_row(row, row["sources"], keys, sources, doubts) for row in ADDED["actions"]]
    return rows + [{**row, "verification": "cited_source_only"} for row in added]


def action_row(
    row: dict[str, Any], cited: list[str], keys: dict[str, str], sources: Sources, doubts: Doubts
) -> dict[str, Any]:
    """One action in our form."""
    return {
        "key": row["id"],
        "kind": row["kind"],
        "date": row["date"],
        "actors": row["actors"],
        "target": row["target"],
        "jurisdiction_key": keys[row["jurisdiction"]] if row["jurisdiction"] else None,
        "signatories": row["signatories"],
        **worded(row, doubts),
        "confidence": row["confidence"],
        "verification": doubts.level(row["id"]),
        "sources": [sources.key_of(given) for given in [*cited, *ADDED["citations"].get(row["id"], [])]],
        "due": row.get("due"),
        "answered": row.get("answered"),
    }


def write(path: Path, rows: list[dict[str, Any]]) -> None:
    """One file: rows by key, the same bytes for the same rows."""
    ordered = [{"key": row["key"], **row} for row in sorted(rows, key=lambda row: str(row["key"]))]
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(ordered, ensure_ascii=False, indent=1) + "\n", encoding="utf-8", newline="\n")


if __name__ == "__main__":
    main()

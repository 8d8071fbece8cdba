"""Deployments: agency, technology, dated history, facts and claims."""

from typing import Any

from starter.curated import Doubts, curated, worded
from starter.places import operator_kind
from starter.policies import TECHNOLOGIES, step
from starter.sources import Sources

CURATED = curated("deployments")
CLAIMS = curated("claims")
ADDED = curated("additions")
# What each stage says came first, and how it stands now.
STAGES = {
    "rumoured": ("suspected", None),
    "proposed": ("proposed", None),
    "pilot": ("pilot", "terminated"),
    "deployed": ("in_use", None),
    "paused": ("in_use", "paused"),
    "ended": ("in_use", "terminated"),
    "rejected": ("proposed", "rejected"),
    "prohibited": ("in_use", "terminated"),
}
CAMERA_KINDS = {
    "cctv": "fixed cameras",
    "private_camera_network": "private camera network",
    "smart_streetlights": "smart streetlights",
}


def deployment_rows(
    starter: dict[str, Any], keys: dict[str, str], sources: Sources, doubts: Doubts
) -> list[dict[str, Any]]:
    """Every deployment in our form."""
    return [deployment_row(row, keys, sources, doubts) for row in starter["deployments"]]


def deployment_row(row: dict[str, Any], keys: dict[str, str], sources: Sources, doubts: Doubts) -> dict[str, Any]:
    """One deployment in our form."""
    chosen, technology = CURATED.get(row["id"], {}), row["technology"]
    agency = row["agency"] if row["agency"] != "not named in source" else "Agency not named in the source"
    cited = [source["url"] for source in row["sources"]] + ADDED["citations"].get(row["id"], [])
    return {
        "key": row["id"],
        "jurisdiction_key": keys[row["jurisdiction"]],
        "agency": {"name": agency, "operator_kind": operator_kind(row["agency"])},
        "technology": TECHNOLOGIES.get(technology, [technology])[0],
        "mode": "mobile" if technology == "mobile_face_search" else chosen.get("mode"),
        "vendor": row["vendor"],
        "product": row["product"],
        "history": history(row, chosen),
        **worded(row, doubts),
        "facts": facts(row),
        "claims": [claim(given, sources) for given in CLAIMS.get(row["id"], [])],
        "confidence": row["confidence"],
        "verification": doubts.level(row["id"]),
        "sources": [sources.key_of(reference) for reference in cited],
        **terms(row, chosen),
    }


def terms(row: dict[str, Any], chosen: dict[str, Any]) -> dict[str, Any]:
    """What deployments are compared by, as far as the facts or a person tell."""
    facts, by_month = row["facts"], row["facts"].get("cost_usd_per_month")
    contract = facts.get("contract_usd")
    is_through = chosen.get("first") == "access_only"
    given = {
        "seller": facts.get("reseller"),
        "access_through": row["vendor"] if is_through else None,
        "database_searched": facts.get("database") or facts.get("data_source"),
        "cost_usd": facts.get("cost_usd", contract),
        "cost_terms": f"${by_month} a month" if by_month else "contract" if contract else None,
        "retention_days": facts.get("retention_days"),
        "retention_terms": None,
        "shared_with": [facts["recipient"]] if "recipient" in facts else [],
        "required_policy": "not_researched",
    }
    return given | chosen.get("terms", {})


def history(row: dict[str, Any], chosen: dict[str, Any]) -> list[dict[str, Any]]:
    """What came first, and what it became, where the stage or an end date tells of both."""
    if "history" in chosen:
        return [step(*given) for given in chosen["history"]]
    first, last = STAGES[row["stage"]]
    certainty = chosen.get("certainty", {})
    steps = [step(chosen.get("first", first), row["start"], certainty.get("start"))]
    if last and (row["end"] or row["stage"] != "pilot"):
        steps.append(step(last, row["end"], certainty.get("end")))
    return steps


def facts(row: dict[str, Any]) -> list[dict[str, Any]]:
    """The facts of the row, what its technology code loses, and what the articles add."""
    kept = dict(row["facts"])
    if row["technology"] in CAMERA_KINDS:
        kept["camera_network_kind"] = CAMERA_KINDS[row["technology"]]
    if row["technology"] == "cloud_infrastructure":
        kept["cloud_hosting"] = True
    kept.update(ADDED["facts"].get(row["id"], {}))
    return [{"name": name, "value": value} for name, value in kept.items()]


def claim(given: dict[str, Any], sources: Sources) -> dict[str, Any]:
    """One claim, with the key of its source."""
    reference = given["source"]
    kept = {name: value for name, value in given.items() if name != "source"}
    return {**kept, "source_key": sources.key_of(reference) if reference else None}

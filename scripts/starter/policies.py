"""Policies: instrument, effect, who is bound, and the dated history."""

from typing import Any

from starter.curated import Doubts, curated, worded
from starter.provisions import cited_by, parts_of
from starter.sources import Sources

CURATED = curated("policies")
INSTRUMENTS = {"ccops_ordinance": "oversight_ordinance", "state_law": "statute"}
EFFECTS = {
    "ban": "prohibits",
    "moratorium": "prohibits",
    "oversight_ordinance": "requires_process",
    "reporting_law": "requires_disclosure",
    "use_policy": "conditionally_permits",
    "restriction": "conditionally_permits",
    "warrant_requirement": "conditionally_permits",
}
TECHNOLOGIES = {
    "cctv": ["camera_network"],
    "private_camera_network": ["camera_network"],
    "smart_streetlights": ["camera_network"],
    "all_surveillance_technology": ["surveillance_general"],
    "biometric_surveillance": ["face_recognition", "biometrics_other"],
    "body_worn_cameras": ["body_worn_camera"],
    "police_databases": ["data_fusion"],
    "mobile_face_search": ["face_recognition"],
    "ground_robot": ["robots"],
    "cloud_infrastructure": ["data_fusion"],
}
WAS_IN_FORCE = ("in_force", "amended", "expired", "repealed")
ENDS = ("expired", "repealed")


def policy_rows(
    starter: dict[str, Any], keys: dict[str, str], sources: Sources, doubts: Doubts
) -> list[dict[str, Any]]:
    """Every policy in our form."""
    return [policy_row(row, keys, sources, doubts) for row in starter["policies"]]


def policy_row(row: dict[str, Any], keys: dict[str, str], sources: Sources, doubts: Doubts) -> dict[str, Any]:
    """One policy in our form."""
    chosen = CURATED.get(row["id"], {})
    cited = [*(source["url"] for source in row["sources"]), *cited_by(row["id"])]
    instrument = chosen.get("instrument") or INSTRUMENTS.get(row["instrument"], row["instrument"])
    return {
        "key": row["id"],
        "jurisdiction_key": keys[row["jurisdiction"]],
        "instrument": instrument,
        "effect": chosen["effect"] if "effect" in chosen else EFFECTS[instrument],
        "title": row["title"],
        "number": row["bill_or_ordinance_no"],
        "direction": row.get("direction", "tightens"),
        "amends_key": chosen.get("amends"),
        "binds": row.get("applies_to") or chosen.get("binds"),
        "technologies": technologies(row["scope_technologies"]),
        "modes": chosen.get("modes", []),
        "history": history(row, chosen),
        **worded(row, doubts),
        "facts": facts(row),
        "confidence": row["confidence"],
        "verification": doubts.level(row["id"]),
        "sources": list(dict.fromkeys(sources.key_of(url) for url in cited)),
        "repeals": chosen.get("repeals", False),
        "exempts": chosen.get("exempts", []),
        **parts_of(row["id"], sources),
    }


def technologies(scope: list[str]) -> list[str]:
    """Our codes, each once, in their order."""
    return list(dict.fromkeys(code for name in scope for code in TECHNOLOGIES.get(name, [name])))


def facts(row: dict[str, Any]) -> dict[str, Any]:
    """The facts of the row, the day of signature, the scope as filed, and the end that its own text sets."""
    kept = dict(row.get("facts", {}))
    if row.get("signed"):
        kept["signed"] = row["signed"]
    if row["expires"] and row["status"] not in ENDS:
        kept["expires"] = row["expires"]
    if technologies(row["scope_technologies"]) != row["scope_technologies"]:
        kept["scope_as_recorded"] = row["scope_technologies"]
    return kept


def history(row: dict[str, Any], chosen: dict[str, Any]) -> list[dict[str, Any]]:
    """The steps that the dates and the status of the row tell of, in their order."""
    if "history" in chosen:
        return [step(*given) for given in chosen["history"]]
    certainty, status = chosen.get("certainty", {}), row["status"]
    steps = [step("introduced", row["introduced"], certainty.get("introduced"))] if row["introduced"] else []
    if row["passed"]:
        steps.append(step("adopted", row["passed"], certainty.get("adopted")))
    if status in WAS_IN_FORCE:
        steps.append(step("effective", row["effective"], certainty.get("effective")))
    if status == "amended":
        steps.extend(step("amended", day, "derived" if day else None) for day in chosen.get("amended", [None]))
    if status in ENDS:
        steps.append(step(status, row["expires"], certainty.get(status)))
    if status in ("failed", "vetoed"):
        steps.append(step(status, chosen.get(status), None))
    return steps


def step(status: str, day: str | None, certainty: str | None) -> dict[str, Any]:
    """One step of a history."""
    return {"status": status, "date": day, "certainty": certainty}

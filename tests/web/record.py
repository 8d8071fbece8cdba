"""A small record for tests of editing: a place, two sources, a policy and a deployment, loaded as files are."""

from typing import Any

from sqlalchemy.orm import Session

from oversight.services.record import load_record
from oversight.services.record_entries import (
    DeploymentEntry,
    JurisdictionEntry,
    PolicyEntry,
    SourceEntry,
)
from oversight.services.record_kinds import RecordFiles
from tests.factories import NOW, SEATTLE

POLICY, DEPLOYMENT = "pol-seattle", "dep-seattle"
MINUTES, NEWS = "src-minutes", "src-news"


def make_source(key: str, **changes: Any) -> SourceEntry:
    """A newspaper's article."""
    valid = {"url": f"https://example.org/{key}", "title": f"About {key}", "publisher": "The Paper", "date": "2020"}
    valid |= {"date_certainty": None, "tier": "T4", "note": None, "key": key}
    return SourceEntry.model_validate(valid | changes)


def make_place(**changes: Any) -> JurisdictionEntry:
    """Seattle."""
    valid = {"key": SEATTLE, "ocd_id": SEATTLE, "name": "Seattle", "kind": "city", "state": "WA", "parent_key": None}
    valid |= {"population": 737015, "population_source": None, "note": None}
    return JurisdictionEntry.model_validate(valid | changes)


def make_policy(**changes: Any) -> PolicyEntry:
    """An ordinance that was introduced."""
    valid: dict[str, Any] = {
        "key": POLICY,
        "jurisdiction_key": SEATTLE,
        "instrument": "oversight_ordinance",
        "effect": "requires_process",
        "title": "Surveillance Ordinance",
        "number": "125376",
        "direction": "tightens",
        "amends_key": None,
        "binds": "government",
        "technologies": ["surveillance_general"],
        "modes": [],
        "history": [{"status": "introduced", "date": "2017-05", "certainty": "stated"}],
        "summary": "Council approval before any surveillance technology is bought.",
        "note": None,
        "facts": {"reports_a_year": 1},
        "confidence": "high",
        "verification": "verified",
        "sources": [NEWS],
    }
    return PolicyEntry.model_validate(valid | changes)


def make_deployment(**changes: Any) -> DeploymentEntry:
    """Plate readers of the police."""
    valid: dict[str, Any] = {
        "key": DEPLOYMENT,
        "jurisdiction_key": SEATTLE,
        "agency": {"name": "Seattle Police", "operator_kind": "police"},
        "technology": "alpr",
        "mode": None,
        "vendor": None,
        "product": None,
        "history": [{"status": "pilot", "date": "2019", "certainty": None}],
        "summary": "Cars with plate readers.",
        "note": None,
        "facts": [{"name": "cars", "value": 8}, {"name": "is_live", "value": True}],
        "claims": [
            {
                "field": "cars",
                "party": "Police",
                "party_kind": "agency",
                "claim_type": "agency_statement",
                "value": "8",
                "paraphrase": "Eight cars.",
                "date": None,
                "source_key": None,
            }
        ],
        "confidence": "high",
        "verification": "verified",
        "sources": [NEWS],
    }
    return DeploymentEntry.model_validate(valid | changes)


def add_record(session: Session) -> None:
    """Write all of it."""
    files = RecordFiles(
        sources=(make_source(NEWS), make_source(MINUTES, tier="T1", title="Adopted minutes", publisher="City Clerk")),
        jurisdictions=(make_place(),),
        vendors=(),
        policies=(make_policy(),),
        deployments=(make_deployment(),),
        actions=(),
    )
    load_record(session, files, actor="flask record load", reason="loaded", now=NOW)

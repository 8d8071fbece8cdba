"""A detection as the JSON line that `flask match --jsonl` prints (docs/contracts.md)."""

from dataclasses import asdict
from typing import Any

from oversight.domain.mention import Detection


def as_contract(paper_id: str, detection: Detection) -> dict[str, Any]:
    """The line of one paper. Fields are only ever added, and programs read them by name."""
    return {
        "id": paper_id,
        "relevant": detection.is_relevant,
        "score": detection.score,
        "technologies": list(detection.technologies),
        "vendors": list(detection.vendors),
        "products": list(detection.products),
        "jurisdictions": [place.name for place in detection.places],
        "jurisdiction_ids": [place.ocd_id for place in detection.places],
        "agencies": list(detection.agencies),
        "stage": detection.stage.value if detection.stage else None,
        "badges": list(detection.badges),
        "amount": asdict(detection.amount) if detection.amount else None,
        "evidence": [asdict(reason) for reason in detection.evidence],
        "detector": detection.detector,
        "modes": list(detection.modes),
        "seller": detection.seller,
        "placement": detection.placement,
        "dates": [asdict(named) for named in detection.dates],
    }

"""Editors' decisions as labelled documents: what the detector can be judged by and trained with."""

import json
import os
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from sqlalchemy.orm import Session

from oversight.domain.mention import MentionState
from oversight.domain.redaction import without_addresses
from oversight.storage.archive import Archived, archived_items
from oversight.storage.engine import Sessions, reading
from oversight.storage.mentions import Decided, decided_after

BATCH = 500


def decisions(sessions: Sessions) -> Iterator[dict[str, Any]]:
    """Every decided mention as a labelled document, the oldest item first; who decided is left out."""
    cursor = 0
    while True:
        with reading(sessions) as session:
            decided = decided_after(session, cursor, most=BATCH)
            yield from _documents(session, decided)
        if not decided:
            return
        cursor = max(decided)


def write_private(path: Path, lines: Iterator[dict[str, Any]]) -> int:
    """Write one JSON object a line into a file that only its owner may read, whole or not at all; how many."""
    unfinished = path.with_name(f".{path.name}.{os.getpid()}.new")
    count = 0
    try:
        descriptor = os.open(unfinished, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
        with open(descriptor, "w", encoding="utf-8") as file:  # noqa: PTH123 - a descriptor with the right mode
            for line in lines:
                file.write(json.dumps(line, ensure_ascii=False) + "\n")
                count += 1
        unfinished.replace(path)
    finally:
        unfinished.unlink(missing_ok=True)
    return count


def _documents(session: Session, decided: Mapping[int, Decided]) -> Iterator[dict[str, Any]]:
    items = archived_items(session, list(decided))
    for item_id, decision in decided.items():
        yield _document(items[item_id], decision)


def _document(item: Archived, decision: Decided) -> dict[str, Any]:
    values = item.standing.values if item.standing else {}
    is_relevant = decision.state is MentionState.CONFIRMED
    technologies = values.get("technologies", [])
    return {
        "id": f"mention-{decision.mention_id}",
        "kind": item.paper.kind,
        "title": without_addresses(item.paper.title),
        "text": without_addresses(item.paper.text),
        "url": without_addresses(item.paper.url) if item.paper.url else None,
        "feed_jurisdiction": item.paper.feed_jurisdiction,
        "basis": "decision of an editor",
        "twin": None,
        "topic": technologies[0] if technologies else "other",
        "labels": _labels(values, is_relevant=is_relevant, reason=without_addresses(decision.reason or "")),
    }


def _labels(values: Mapping[str, Any], *, is_relevant: bool, reason: str) -> dict[str, Any]:
    """The decision is an editor's; the classes are the detector's, which the editor saw and let stand."""
    lists = ("technologies", "vendors", "products", "agencies", "badges")
    told = {name: list(values[name]) if is_relevant else [] for name in lists}
    places = [place["name"] for place in values["places"]] if is_relevant else []
    return told | {
        "relevant": is_relevant,
        "borderline": False,
        "jurisdictions": places,
        "stage": values["stage"] if is_relevant else None,
        "seller": values["seller"] if is_relevant else None,
        "amount": values["amount"] if is_relevant else None,
        "notes": reason,
    }

"""The hand-kept files beside this one, and the small helpers that every step shares."""

import json
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent


def curated(name: str) -> Any:
    """One hand-kept file."""
    return load(HERE / f"{name}.json")


def load(path: Path) -> Any:
    """One JSON file."""
    return json.loads(path.read_text(encoding="utf-8"))


def sentences(*parts: str | None) -> str | None:
    """The parts that exist, as one text; each ends with a stop."""
    given = [part.strip() for part in parts if part and part.strip()]
    return " ".join(part if part[-1] in ".!?" else f"{part}." for part in given) or None


class Doubts:
    """How far each row was checked, and which question is open on it."""

    def __init__(self, checks: dict[str, Any]) -> None:
        self.questions = {row["id"]: row["what"] for row in checks["open"]}
        self.levels = {
            key: level for level in ("verified", "cited_source_only", "not_rechecked") for key in checks[level]
        }

    def level(self, key: str) -> str:
        """The weakest true word: an open question beats a check, and no mention at all is no check."""
        return "open" if key in self.questions else self.levels.get(key, "not_rechecked")

    def question(self, key: str) -> str | None:
        """The open question, as a sentence for the note."""
        return f"Open: {self.questions[key]}" if key in self.questions else None


WORDING = curated("wording")
ADDED_NOTES = curated("additions")["notes"]
# Words of the starter's form that mean nothing to a reader of the record.
PLAIN = {"'passed' is": "The adoption date is", "'effective' is": "The effective date is"}


def worded(row: dict[str, Any], doubts: Doubts) -> dict[str, str | None]:
    """Summary and note of a row: reworded where needed, with what we added and what is open."""
    given = {**row, **WORDING.get(row["id"], {})}
    note = given.get("note") or ""
    for old, new in PLAIN.items():
        note = note.replace(old, new)
    said = given.get("conflicts", []) if row["id"].startswith("act-") else []
    unsure = [f"Not verified: {name}" for name in row.get("unverified_fields", [])]
    extra = ADDED_NOTES.get(row["id"])
    return {"summary": given["summary"], "note": sentences(note, *said, *unsure, extra, doubts.question(row["id"]))}

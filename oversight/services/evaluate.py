"""Judges the detector by labelled files, and keeps the figures that were published."""

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict
from datetime import date
from pathlib import Path
from typing import Any

from oversight import labelled
from oversight.domain.detection import Detector
from oversight.domain.evaluation import Evaluation, Judged, Rate, evaluate, wilson
from oversight.domain.labelled import LabelledDocument, labelled_document
from oversight.errors import InvalidInput

PUBLISHED = labelled.HERE / "accuracy.json"
HELD_OUT = Path(__file__).parents[1] / "vocabulary" / "learned" / "held_out.json"
PLACES = 4


def read_labelled(files: Iterable[Path]) -> list[LabelledDocument]:
    """Every document of these files, one JSON object a line; raises InvalidInput naming file and line."""
    documents = [document for file in files for document in _documents(file)]
    seen: set[str] = set()
    for document in documents:
        if document.id in seen:
            raise InvalidInput(f"{document.id}: two documents have this id")
        seen.add(document.id)
    return documents


def judge(detector: Detector, documents: Sequence[LabelledDocument]) -> Evaluation:
    """The figures of a detector on these documents."""
    judged = [Judged(document, detector.detect(document.paper)) for document in documents]
    return evaluate(judged, thresholds=(detector.threshold, detector.high_precision))


def figures(detector: Detector, evaluation: Evaluation, files: Sequence[Path]) -> dict[str, Any]:
    """The figures as they are printed and published, without a date."""
    strict = detector.high_precision
    return {
        "detector": detector.version,
        "set": {
            "files": [file.name for file in files],
            "sha256": set_hash(files),
            "documents": evaluation.documents,
            "relevant": evaluation.relevant,
            "borderline": evaluation.borderline_documents,
        },
        "relevance": rate_of(evaluation.relevance) | {"threshold": detector.threshold},
        "high_precision": rate_of(evaluation.by_threshold[strict]) | {"threshold": strict},
        "by_threshold": {f"{score:g}": rate_of(rate) for score, rate in evaluation.by_threshold.items()},
        "borderline": rate_of(evaluation.borderline),
        "technologies": rate_of(evaluation.technologies) | {"macro_f1": rounded(evaluation.macro_f1)},
        "each_technology": _rates(evaluation.each_technology),
        "vendors": rate_of(evaluation.vendors),
        "jurisdictions": rate_of(evaluation.jurisdictions),
        "badges": rate_of(evaluation.badges) if evaluation.badges else None,
        "modes": rate_of(evaluation.modes) if evaluation.modes else None,
        "stage": {
            "accuracy": rounded(evaluation.stage_accuracy),
            "right": evaluation.stages_right,
            "total": evaluation.stages,
            "interval": _interval(evaluation.stages_right, evaluation.stages),
        },
        "by_kind": _rates(evaluation.by_kind),
        "by_topic": _rates(evaluation.by_topic),
        "faults": [asdict(fault) for fault in evaluation.faults],
    }


def own_figures(detector: Detector) -> dict[str, Any]:
    """The figures of the shipped set; beside them those of documents that it did not learn from.

    `held_out` are parts of the same set, each judged by what was learned from the rest; `unseen` were written apart.
    """
    files, unseen = labelled.files(), labelled.unseen_files()
    found = figures(detector, judge(detector, read_labelled(files)), files)
    apart = figures(detector, judge(detector, read_labelled(unseen)), unseen)
    kept = ("set", "relevance", "high_precision", "technologies", "vendors", "jurisdictions", "stage")
    return found | {"held_out": held_out(), "unseen": {name: apart[name] for name in kept}}


def held_out() -> dict[str, Any]:
    """What training wrote down of documents that it held out."""
    told: dict[str, Any] = json.loads(HELD_OUT.read_text("utf-8"))
    rates = ("relevance", "named_relevance", "technologies", "named_technologies")
    return told | {name: rate_of(Rate(**told[name])) for name in rates}


def publish(found: Mapping[str, Any], on: date, path: Path = PUBLISHED) -> None:
    """Write the figures down, without the list of faults, as those that may not be fallen short of."""
    kept = {name: value for name, value in found.items() if name != "faults"} | {"date": on.isoformat()}
    path.write_text(json.dumps(kept, indent=1, ensure_ascii=False) + "\n", "utf-8")


def published(path: Path = PUBLISHED) -> Mapping[str, Any] | None:
    """The published figures; None where there are none."""
    if not path.is_file():
        return None
    found: Mapping[str, Any] = json.loads(path.read_text("utf-8"))
    return found


def shortfalls(found: Mapping[str, Any], before: Mapping[str, Any] | None) -> list[str]:
    """Where figures fall under the published ones, a sentence each."""
    if before is None:
        return ["no figures are published: `flask detector evaluate --publish` writes them"]
    compared = (
        ("precision", "relevance", "precision"),
        ("recall", "relevance", "recall"),
        ("macro-F1 over technologies", "technologies", "macro_f1"),
    )
    values = ((name, found[group][key] or 0.0, before[group][key] or 0.0) for name, group, key in compared)
    return [f"{name} is {now:.4f}, published were {then:.4f}" for name, now, then in values if now < then]


def set_hash(files: Sequence[Path]) -> str:
    """One SHA-256 over the files, by name and content."""
    every = hashlib.sha256()
    for file in sorted(files, key=lambda one: one.name):
        every.update(f"{file.name}\0{hashlib.sha256(file.read_bytes()).hexdigest()}\n".encode())
    return every.hexdigest()


def rate_of(rate: Rate) -> dict[str, Any]:
    """A rate with its intervals, for JSON."""
    return {
        "tp": rate.tp,
        "fp": rate.fp,
        "fn": rate.fn,
        "tn": rate.tn,
        "precision": rounded(rate.precision),
        "precision_interval": _interval(rate.tp, rate.tp + rate.fp),
        "recall": rounded(rate.recall),
        "recall_interval": _interval(rate.tp, rate.tp + rate.fn),
        "f1": rounded(rate.f1),
    }


def rounded(value: float | None) -> float | None:
    """To as many places as are published."""
    return None if value is None else round(value, PLACES)


def _rates(rates: Mapping[str, Rate]) -> dict[str, Any]:
    return {name: rate_of(rate) for name, rate in rates.items()}


def _interval(part: int, whole: int) -> list[float] | None:
    found = wilson(part, whole)
    return None if found is None else [round(end, PLACES) for end in found]


def _documents(file: Path) -> Iterator[LabelledDocument]:
    try:
        lines = file.read_text("utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise InvalidInput(f"{file}: {error}") from error
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        try:
            fields = json.loads(line)
            if not isinstance(fields, dict):
                raise InvalidInput("not a JSON object")
            yield labelled_document(fields)
        except (ValueError, RecursionError, InvalidInput) as error:
            raise InvalidInput(f"{file.name}:{number}: {error}") from error

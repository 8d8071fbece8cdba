"""Documents that a person labelled: what the detector is measured by, and what it is trained with."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from oversight.domain.mention import Paper, Stage
from oversight.errors import InvalidInput


@dataclass(frozen=True)
class Labels:
    """What a careful reader says of a document. Lists are empty and `stage` is None where it is not relevant.

    Modes and badges are None where nobody labelled them.
    """

    is_relevant: bool
    is_borderline: bool
    technologies: frozenset[str]
    modes: frozenset[str] | None
    vendors: frozenset[str]
    jurisdictions: frozenset[str]
    stage: Stage | None
    badges: frozenset[str] | None


@dataclass(frozen=True)
class LabelledDocument:
    """One document with its labels; `topic` is the technology, false friend or gap that it is there for."""

    id: str
    topic: str
    paper: Paper
    labels: Labels


def labelled_document(fields: Mapping[str, Any]) -> LabelledDocument:
    """A document from its JSON; raises InvalidInput naming what is wrong with it."""
    try:
        labels = fields["labels"]
        return LabelledDocument(
            id=str(fields["id"]),
            topic=str(fields.get("topic") or "other"),
            paper=Paper(
                kind=str(fields.get("kind") or ""),
                title=str(fields.get("title") or ""),
                text=str(fields.get("text") or ""),
                url=fields.get("url") or None,
                feed_jurisdiction=fields.get("feed_jurisdiction") or None,
            ),
            labels=_labels(labels),
        )
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise InvalidInput(
            f"{fields.get('id', 'a document without an id')}: not a labelled document: {error}"
        ) from error


def _labels(labels: Mapping[str, Any]) -> Labels:
    if not isinstance(labels["relevant"], bool):
        raise TypeError("labels.relevant is neither true nor false")
    return Labels(
        is_relevant=labels["relevant"],
        is_borderline=bool(labels.get("borderline")),
        technologies=_words(labels, "technologies"),
        modes=_words(labels, "modes") if "modes" in labels else None,
        vendors=_words(labels, "vendors"),
        jurisdictions=_words(labels, "jurisdictions"),
        stage=Stage(labels["stage"]) if labels.get("stage") else None,
        badges=_words(labels, "badges") if "badges" in labels else None,
    )


def _words(labels: Mapping[str, Any], name: str) -> frozenset[str]:
    return frozenset(str(word) for word in labels.get(name) or ())

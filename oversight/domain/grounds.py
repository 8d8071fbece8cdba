"""What a recorded approval rests on: a document of the government, or only what others report of it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Protocol

from oversight.domain.adoption import OF_GOVERNMENT, saying_approved
from oversight.domain.partial_date import span_of
from oversight.domain.record import EvidenceTier, LegalStatus, UseStatus
from oversight.domain.timeline import Dated, last_step
from oversight.domain.word import Word


class Basis(Word):
    """The best that is cited for it."""

    GOVERNMENT = "government", "a government document is cited"
    STATEMENTS = "statements", "by statements of the agency or the vendor"
    PRESS = "press", "by press reports"
    UNRATED = "unrated", "by sources whose kind is not rated"


@dataclass(frozen=True)
class Cited:
    """What a citation weighs: the tier of the source, None where nobody rated it, and its partial date."""

    tier: EvidenceTier | None
    date: str | None


class Told(Dated, Protocol):
    """A step with what it says."""

    @property
    def status(self) -> LegalStatus | UseStatus: ...


@dataclass(frozen=True)
class Grounds:
    """What the last approval rests on, and the words for it."""

    basis: Basis
    text: str

    @property
    def is_doubtful(self) -> bool:
        """Whether no document of the government is cited for it."""
        return self.basis is not Basis.GOVERNMENT


def grounds(history: Sequence[Told], cited: Sequence[Cited], as_of: date) -> Grounds | None:
    """What the last step until that day rests on that says that a body approved; None where no step says so.

    A document that is older than the step, or than the one before it where its day is not known, does not say that the
    body voted yes.
    """
    reached = last_step(history, as_of, is_early=True)
    steps = list(history[: reached + 1]) if reached is not None else []
    approved = saying_approved([step.status.value for step in steps])
    if not approved:
        return None
    step = steps[approved[-1]]
    words = step.status.label.lower()
    documents = [one for one in cited if one.tier in OF_GOVERNMENT]
    since = next((one.date for one in reversed(steps[: approved[-1] + 1]) if one.date), None)
    if any(is_late_enough(one, since) for one in documents):
        return Grounds(Basis.GOVERNMENT, f"{words}; {Basis.GOVERNMENT.label}")
    basis = best(cited)
    none = "the government documents cited are older" if documents else "no government document cited"
    return Grounds(basis, f"{words}, {basis.label}; {none}")


def is_late_enough(document: Cited, since: str | None) -> bool:
    """Whether a document may be of that day or later; a date that is not known may be any."""
    if document.date is None or since is None:
        return True
    return span_of(document.date).last >= span_of(since).first


def best(cited: Sequence[Cited]) -> Basis:
    """The best that is cited beside documents of the government."""
    tiers = {one.tier for one in cited}
    if EvidenceTier.T3 in tiers:
        return Basis.STATEMENTS
    return Basis.PRESS if EvidenceTier.T4 in tiers else Basis.UNRATED

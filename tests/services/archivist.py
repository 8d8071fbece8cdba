"""A rerun whose detector says what a test wants, over a database that a test fills."""

from collections.abc import Callable, Sequence
from typing import Any

from sqlalchemy import select

from oversight.children import ChildFailed
from oversight.domain.mention import Detection, Paper
from oversight.services.apply_rerun import apply
from oversight.services.rerun import Rerun, begin, give_back, preview, resume
from oversight.storage.engine import Sessions, reading
from oversight.storage.models import DetectorChangeRow, DetectorRunRow
from tests.factories import make_detection
from tests.fakes import FixedClock


class Oracle:
    """Stands in for the children: finds what it was told to find, by title; everything else is not relevant.

    `meanwhile` is called once, when the next papers are matched: what others do at that time.
    """

    def __init__(self) -> None:
        self.found: dict[str, Detection] = {}
        self.seen: list[Paper] = []
        self.breaks_at: set[str] = set()
        self.meanwhile: Callable[[], None] | None = None

    def finds(self, title: str, **changes: Any) -> None:
        """From now on this title is relevant."""
        self.found[title] = make_detection(**({"detector": "test-2"} | changes))

    def run(self, _function: Callable[..., Any], papers: Sequence[Paper], **_limits: Any) -> list[Detection]:
        """What the pool would return."""
        if any(paper.title in self.breaks_at for paper in papers):
            raise ChildFailed("the fake child fails")
        self.seen += papers
        meanwhile, self.meanwhile = self.meanwhile, None
        if meanwhile is not None:
            meanwhile()
        return [self.found.get(paper.title, NOTHING) for paper in papers]

    def texts(self) -> list[str]:
        """The texts that were matched."""
        return [paper.text for paper in self.seen]


NOTHING = make_detection(
    is_relevant=False, score=0.1, technologies=(), vendors=(), places=(), stage=None, evidence=(), detector="test-2"
)


class Archivist:
    """Runs a rerun in steps, as the command does."""

    def __init__(self, sessions: Sessions, clock: FixedClock, *, version: str = "test-2", batch: int = 2) -> None:
        self.sessions, self.oracle = sessions, Oracle()
        self.work = Rerun(sessions, self.oracle, version, clock, batch=batch)  # type: ignore[arg-type]

    def look(self, **scope: Any) -> DetectorRunRow:
        """A new run, looked at to its end and given back."""
        run = preview(self.work, begin(self.work, **scope))
        give_back(self.work)
        return run

    def apply(self, run_id: int | None = None) -> DetectorRunRow:
        """Apply a run and give it back."""
        run = apply(self.work, resume(self.work, run_id))
        give_back(self.work)
        return run

    def rerun(self, **scope: Any) -> DetectorRunRow:
        """Look and apply."""
        return self.apply(self.look(**scope).id)

    @property
    def changes(self) -> list[DetectorChangeRow]:
        """Every change of every run."""
        return self.rows(DetectorChangeRow)

    @property
    def kinds(self) -> list[str]:
        """The kinds of every change, in the order of the items."""
        return [change.kind for change in self.changes]

    def rows(self, entity: Any) -> list[Any]:
        """All rows of a table."""
        with reading(self.sessions) as session:
            return list(session.scalars(select(entity).order_by(*entity.__table__.primary_key)))

"""Several editors at once: each mention is decided once, each act is undone once, and nothing is lost."""

import threading
from collections.abc import Callable

from sqlalchemy import func, select

from oversight.domain.mention import Decision
from oversight.errors import NotAllowed
from oversight.services.audit import verify
from oversight.services.decide import Act, decide_many
from oversight.services.undo import undo
from oversight.storage.engine import Sessions
from oversight.storage.models import DecisionRow, DecisionStepRow, MentionRow, RevisionRow
from tests.factories import NOW, add_mention

EDITORS = ("ann@example.org", "bob@example.org")


def together(work: Callable[[str], object]) -> list[object]:
    """What each editor's work gave, or the refusal, of two who begin at the same moment."""
    barrier = threading.Barrier(2, timeout=20)
    found: list[object] = []

    def run(editor: str) -> None:
        barrier.wait()
        try:
            found.append(work(editor))
        except NotAllowed as error:
            found.append(error)

    threads = [threading.Thread(target=run, args=(editor,)) for editor in EDITORS]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return found


def waiting(sessions: Sessions) -> list[int]:
    with sessions.begin() as session:
        return [add_mention(session).id for _ in range(10)]


def dismissal(editor: str) -> Act:
    return Act(decision=Decision.DISMISS, reviewer=editor, reason="Private use only")


def test_of_two_batches_at_once_each_mention_is_in_one(sessions: Sessions) -> None:
    chosen = waiting(sessions)

    def decide(editor: str) -> int:
        with sessions.begin() as session:
            return len(decide_many(session, dismissal(editor), chosen, now=NOW).refused)

    assert sum(map(int, together(decide))) == len(chosen)  # type: ignore[call-overload]
    with sessions() as session:
        assert set(session.scalars(select(MentionRow.state))) == {"dismissed"}
        counts = [session.scalar(select(func.count()).select_from(row)) for row in (RevisionRow, DecisionStepRow)]
        assert counts == [len(chosen), len(chosen)]
        assert verify(session).faults == ()


def test_of_two_who_undo_at_once_one_does(sessions: Sessions) -> None:
    chosen = waiting(sessions)
    with sessions.begin() as session:
        decision_id = decide_many(session, dismissal(EDITORS[0]), chosen, now=NOW).id

    def take_back(editor: str) -> int:
        with sessions.begin() as session:
            return undo(session, decision_id, reviewer=editor, now=NOW).restored

    found = together(take_back)
    assert sorted(one for one in found if isinstance(one, int)) == [len(chosen)]
    with sessions() as session:
        assert set(session.scalars(select(MentionRow.state))) == {"pending"}
        assert session.scalars(select(DecisionRow.undone_by)).one() in EDITORS
        assert verify(session).faults == ()

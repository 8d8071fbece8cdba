"""Tests of services/apply_rerun.py: what is applied, what editors decided, and that nobody is told of the past."""

from datetime import timedelta

import pytest
from sqlalchemy import delete, select, update

from oversight.domain.mention import MentionState, Place
from oversight.services.review import confirm, dismiss
from oversight.storage.engine import Sessions, reading
from oversight.storage.models import (
    AlertRow,
    BandRow,
    DetectorChangeRow,
    DocumentRow,
    EventRow,
    ItemRow,
    MentionRow,
    MentionTechnologyRow,
)
from oversight.storage.revisions import history
from tests.factories import ALPR_TITLE, NOW, add_document, add_item, add_mention, add_subscription
from tests.fakes import FixedClock
from tests.services.archivist import Archivist
from tests.web.conftest import rows_of

WEEK_AGO = NOW - timedelta(days=7)
WHO = {"reviewer": "editor@example.org", "now": NOW}


@pytest.fixture
def archivist(sessions: Sessions, clock: FixedClock) -> Archivist:
    """A rerun of version test-2 that finds nothing until it is told to."""
    return Archivist(sessions, clock)


@pytest.fixture
def new(archivist: Archivist, sessions: Sessions) -> int:
    """An item that nobody found until now; somebody follows its place."""
    with sessions.begin() as session:
        add_subscription(session)
        item = add_item(session, title="Cameras", excerpt="Ten plate readers", first_seen_at=WEEK_AGO)
    archivist.oracle.finds("Cameras")
    return item.id


@pytest.fixture
def waiting(sessions: Sessions) -> int:
    """A mention that waits."""
    with sessions.begin() as session:
        return add_mention(session).id


def mention_of(archivist: Archivist) -> MentionRow:
    (mention,) = archivist.rows(MentionRow)
    return mention


def technologies(archivist: Archivist) -> list[str]:
    return [row.technology for row in archivist.rows(MentionTechnologyRow)]


def test_a_new_mention_waits_as_of_when_its_item_was_seen(archivist: Archivist, new: int) -> None:
    run = archivist.rerun()
    mention = mention_of(archivist)
    assert (mention.item_id, mention.state, mention.first_matched_at) == (new, "pending", WEEK_AGO)
    assert (mention.title, mention.text, mention.detector) == ("Cameras", "Ten plate readers", "test-2")
    assert (technologies(archivist), run.state) == (["alpr"], "applied")
    assert [change.mention_id for change in archivist.changes] == [mention.id]


@pytest.mark.usefixtures("new")
def test_a_new_mention_tells_nobody(archivist: Archivist) -> None:
    archivist.rerun()
    assert (archivist.rows(EventRow), archivist.rows(AlertRow)) == ([], [])


def test_the_documents_of_a_new_mention_are_read(archivist: Archivist, sessions: Sessions, new: int) -> None:
    with sessions.begin() as session:
        feed_id = session.get_one(ItemRow, new).feed_id
        add_document(session, feed_id=feed_id, item_id=new, wanted=None)
    archivist.rerun()
    assert [row.wanted for row in archivist.rows(DocumentRow)] == ["belongs to a mention"]


@pytest.mark.usefixtures("waiting")
def test_a_lost_mention_is_withdrawn_and_keeps_what_it_was(archivist: Archivist) -> None:
    before = mention_of(archivist)
    archivist.rerun()
    after = mention_of(archivist)
    assert (after.state, after.decided_by) == ("withdrawn", None)
    assert (after.score, after.detector, after.text) == (before.score, before.detector, before.text)


def test_a_withdrawal_is_in_the_history(archivist: Archivist, sessions: Sessions, waiting: int) -> None:
    archivist.rerun()
    with reading(sessions) as session:
        (revision,) = history(session, "mention", str(waiting))
    assert (revision.before, revision.after) == ({"state": "pending"}, {"state": "withdrawn"})
    assert (revision.actor, revision.reason) == ("detector test-2", "no longer found: its score is 0.10 now")


@pytest.mark.usefixtures("waiting")
def test_a_changed_mention_has_the_new_findings(archivist: Archivist) -> None:
    archivist.oracle.finds(ALPR_TITLE, technologies=("drones", "alpr"), score=0.7)
    archivist.rerun()
    mention = mention_of(archivist)
    assert (mention.state, mention.score, mention.detector) == ("pending", 0.7, "test-2")
    assert technologies(archivist) == ["alpr", "drones"]
    assert (mention.first_matched_at, len(mention.evidence)) == (NOW, 1)


@pytest.mark.usefixtures("waiting")
def test_a_withdrawn_mention_that_is_found_again_waits_again(archivist: Archivist, sessions: Sessions) -> None:
    archivist.rerun()
    archivist.oracle.finds(ALPR_TITLE, score=0.6)
    archivist.rerun()
    mention = mention_of(archivist)
    with reading(sessions) as session:
        moves = [revision.after["state"] for revision in history(session, "mention", str(mention.id))]
    assert (mention.state, mention.score, moves) == ("pending", 0.6, ["withdrawn", "pending"])


@pytest.mark.parametrize("state", ["confirmed", "dismissed", "merged"])
@pytest.mark.parametrize("is_found", [True, False])
def test_a_rerun_ends_whatever_was_decided(
    archivist: Archivist, sessions: Sessions, waiting: int, state: str, is_found: bool
) -> None:
    with sessions.begin() as session:
        session.get_one(MentionRow, waiting).state = state
    if is_found:
        archivist.oracle.finds(ALPR_TITLE, technologies=("drones",))
    assert (archivist.rerun().state, mention_of(archivist).state) == ("applied", state)


# Stories


PORTLAND = Place("Portland, Oregon", "ocd-division/country:us/state:or/place:portland")


def add_news(sessions: Sessions, *titles: str) -> None:
    """News of as many feeds, with one text."""
    with sessions.begin() as session:
        for title in titles:
            add_item(session, title=title, excerpt="The council votes on ten plate readers on Tuesday at noon.")


def stories(archivist: Archivist) -> list[int | None]:
    return [mention.story_id for mention in archivist.rows(MentionRow)]


def test_copies_that_a_rerun_finds_join_one_story(archivist: Archivist, sessions: Sessions) -> None:
    add_news(sessions, "Cameras", "Cameras - The Daily News", "Cameras")
    archivist.oracle.finds("Cameras"), archivist.oracle.finds("Cameras - The Daily News")
    archivist.rerun()
    assert stories(archivist) == [1, 1, 1]


def test_a_copy_joins_the_story_of_what_was_found_before(archivist: Archivist, sessions: Sessions) -> None:
    add_news(sessions, "Cameras")
    archivist.oracle.finds("Cameras")
    archivist.rerun()
    add_news(sessions, "Cameras")
    archivist.rerun()
    assert stories(archivist) == [1, 1]


def test_one_of_another_place_leaves_its_story_and_comes_back(archivist: Archivist, sessions: Sessions) -> None:
    add_news(sessions, "Cameras", "Cameras", "Cameras - The Daily News")
    archivist.oracle.finds("Cameras"), archivist.oracle.finds("Cameras - The Daily News")
    archivist.rerun()
    for changes, expected in (({"places": (PORTLAND,)}, [1, 1, None]), ({"places": ()}, [1, 1, 1])):
        archivist.oracle.finds("Cameras - The Daily News", **changes)
        archivist.rerun()
        assert stories(archivist) == expected


def test_other_findings_about_the_same_place_leave_a_story_alone(archivist: Archivist, sessions: Sessions) -> None:
    add_news(sessions, "Cameras", "Cameras")
    archivist.oracle.finds("Cameras")
    archivist.rerun()
    with sessions.begin() as session:
        session.execute(delete(BandRow))  # of an old story nothing is left to find it by
    archivist.oracle.finds("Cameras", places=(), score=0.7)
    archivist.rerun()
    assert stories(archivist) == [1, 1]


def test_a_withdrawn_mention_keeps_its_story(archivist: Archivist, sessions: Sessions) -> None:
    add_news(sessions, "Cameras", "Cameras - The Daily News")
    archivist.oracle.finds("Cameras"), archivist.oracle.finds("Cameras - The Daily News")
    archivist.rerun()
    del archivist.oracle.found["Cameras"]
    archivist.rerun()
    states = [mention.state for mention in archivist.rows(MentionRow)]
    assert (stories(archivist), states) == ([1, 1], ["withdrawn", "pending"])


@pytest.mark.parametrize("decide", [confirm, dismiss])
@pytest.mark.parametrize("is_found", [True, False])
def test_what_an_editor_decided_stays(
    archivist: Archivist, sessions: Sessions, waiting: int, decide: object, is_found: bool
) -> None:
    with sessions.begin() as session:
        decide(session, waiting, reason="for a reason", **WHO)
    before = row_of(sessions)
    if is_found:
        archivist.oracle.finds(ALPR_TITLE, technologies=("drones",), score=0.6)
    archivist.rerun()
    assert row_of(sessions) | {"opinion": None} == before
    assert technologies(archivist) == ["alpr"]


def row_of(sessions: Sessions) -> dict[str, object]:
    with reading(sessions) as session:
        return dict(session.execute(select(MentionRow.__table__)).mappings().one())


def test_a_confirmed_mention_that_is_not_found_is_a_disagreement(
    archivist: Archivist, sessions: Sessions, waiting: int
) -> None:
    with sessions.begin() as session:
        confirm(session, waiting, reason="", **WHO)
    archivist.rerun()
    opinion = {"detector": "test-2", "is_relevant": False, "score": 0.1, "differs": ["relevant"]}
    assert (archivist.kinds, mention_of(archivist).opinion) == (["disagreement"], opinion)


def test_a_disagreement_is_noted_once_and_taken_away_when_it_is_over(
    archivist: Archivist, sessions: Sessions, waiting: int
) -> None:
    with sessions.begin() as session:
        confirm(session, waiting, reason="", **WHO)
    archivist.rerun()
    assert archivist.look().counts.get("disagreement") is None
    archivist.oracle.finds(ALPR_TITLE)
    archivist.rerun()
    assert (archivist.kinds, mention_of(archivist).opinion) == (["disagreement", "agreement"], None)


@pytest.mark.usefixtures("new", "waiting")
def test_applying_twice_changes_nothing_more(archivist: Archivist, sessions: Sessions) -> None:
    run = archivist.rerun()
    before = {name: rows for name, rows in rows_of(sessions).items() if name != "detector_runs"}
    archivist.apply(run.id)
    after = {name: rows for name, rows in rows_of(sessions).items() if name != "detector_runs"}
    assert after == before


def test_what_an_editor_decides_between_looking_and_applying_stays(
    archivist: Archivist, sessions: Sessions, waiting: int
) -> None:
    archivist.look()
    with sessions.begin() as session:
        confirm(session, waiting, reason="", **WHO)
    archivist.apply()
    assert (mention_of(archivist).state, archivist.kinds) == ("confirmed", ["disagreement"])


def test_an_item_that_was_edited_meanwhile_is_judged_in_its_new_words(
    archivist: Archivist, sessions: Sessions, new: int
) -> None:
    archivist.look()
    with sessions.begin() as session:
        session.execute(update(ItemRow).where(ItemRow.id == new).values(excerpt="Twenty plate readers"))
    archivist.apply()
    assert mention_of(archivist).text == "Twenty plate readers"


def test_an_edit_that_takes_the_words_away_leaves_nothing_to_apply(
    archivist: Archivist, sessions: Sessions, new: int
) -> None:
    archivist.look()
    with sessions.begin() as session:
        session.execute(update(ItemRow).where(ItemRow.id == new).values(title="Benches"))
    archivist.apply()
    assert (archivist.rows(MentionRow), [change.state for change in archivist.changes]) == ([], ["overtaken"])


def test_an_item_that_became_a_mention_meanwhile_gets_no_second_one(
    archivist: Archivist, sessions: Sessions, new: int
) -> None:
    archivist.look()
    with sessions.begin() as session:
        add_mention(session, item_id=new, title="Cameras")
    archivist.apply()
    assert mention_of(archivist).detector == "test-2"  # it waited, so it has what this version found
    assert archivist.kinds == ["changed"]


def test_an_item_that_is_gone_takes_its_change_along(archivist: Archivist, sessions: Sessions, new: int) -> None:
    archivist.look()
    with sessions.begin() as session:
        session.delete(session.get_one(ItemRow, new))
    assert archivist.apply().state == "applied"
    assert archivist.rows(DetectorChangeRow) == []


def test_a_withdrawn_mention_may_still_be_confirmed(archivist: Archivist, sessions: Sessions, waiting: int) -> None:
    archivist.rerun()
    with sessions.begin() as session:
        confirm(session, waiting, reason="it is about plate readers", **WHO)
    assert mention_of(archivist).state == MentionState.CONFIRMED

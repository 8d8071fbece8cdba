"""Tests of services/rerun.py: what another version would change, and that looking changes nothing."""

from datetime import timedelta

import pytest
from sqlalchemy import update

from oversight.domain.cleaning import EXCERPT_LENGTH
from oversight.domain.mention import MentionState, Place, Stage
from oversight.errors import NotAllowed, NotFound
from oversight.services.rerun import begin, give_back, preview, resume
from oversight.storage.engine import Sessions
from oversight.storage.models import DetectorRunRow, ItemTextRow, MentionRow
from tests.factories import ALPR_TITLE, NOW, PLAIN_TITLE, SEATTLE, add_document, add_feed, add_item, add_mention
from tests.fakes import FixedClock
from tests.services.archivist import Archivist
from tests.web.conftest import rows_of

SAME = {"evidence": ()}  # what a mention of the factories was found with


@pytest.fixture
def archivist(sessions: Sessions, clock: FixedClock) -> Archivist:
    """A rerun of version test-2 that finds nothing until it is told to."""
    return Archivist(sessions, clock)


def add_items(sessions: Sessions, *titles: str, **changes: object) -> list[int]:
    with sessions.begin() as session:
        return [add_item(session, title=title, **changes).id for title in titles]


def add_one(sessions: Sessions, **changes: object) -> int:
    with sessions.begin() as session:
        return add_mention(session, **changes).id


def test_an_item_that_is_found_now_is_new(archivist: Archivist, sessions: Sessions) -> None:
    plain, cameras = add_items(sessions, PLAIN_TITLE, "Cameras")
    archivist.oracle.finds("Cameras")
    run = archivist.look()
    (change,) = archivist.changes
    assert (change.item_id, change.kind, change.mention_id) == (cameras, "new", None)
    assert (change.before, change.after["technologies"]) == (None, ["alpr"])
    assert (run.state, run.counts["items"], run.counts["new"]) == ("previewed", 2, 1)
    assert plain < cameras


def test_a_mention_that_is_not_found_any_more_is_lost(archivist: Archivist, sessions: Sessions) -> None:
    mention_id = add_one(sessions)
    archivist.look()
    (change,) = archivist.changes
    assert (change.kind, change.mention_id, change.differs) == ("lost", mention_id, ["relevant"])
    assert (change.before["score"], change.after["score"]) == (0.9, 0.1)


@pytest.mark.parametrize(
    ("change", "differs"),
    [
        ({"technologies": ("alpr", "drones")}, ["technologies"]),
        ({"stage": Stage.PILOT}, ["stage"]),
        ({"vendors": ()}, ["vendors"]),
        ({"places": (Place("Kent, Washington", None),)}, ["places"]),
        ({"score": 0.8}, ["score"]),
        ({"badges": ("grant",), "score": 0.8}, ["badges", "score"]),
    ],
)
def test_a_change_names_what_differs(
    archivist: Archivist, sessions: Sessions, change: dict[str, object], differs: list[str]
) -> None:
    add_one(sessions)
    archivist.oracle.finds(ALPR_TITLE, **(SAME | change))
    archivist.look()
    assert [(one.kind, one.differs) for one in archivist.changes] == [("changed", differs)]


def test_the_same_finding_of_another_version_is_no_change(archivist: Archivist, sessions: Sessions) -> None:
    add_one(sessions)
    archivist.oracle.finds(ALPR_TITLE, **SAME)
    archivist.look()
    assert archivist.changes == []


def test_looking_changes_no_mention(archivist: Archivist, sessions: Sessions) -> None:
    add_items(sessions, "Cameras")
    add_one(sessions)
    archivist.oracle.finds("Cameras")
    before = rows_of(sessions)
    archivist.look()
    after = rows_of(sessions)
    changed = {name for name in before if before[name] != after[name]}
    assert changed == {"detector_runs", "detector_changes"}


def test_a_long_item_is_matched_in_all_its_words(archivist: Archivist, sessions: Sessions) -> None:
    whole = "word " * EXCERPT_LENGTH
    (item_id,) = add_items(sessions, "Long", excerpt=whole[:EXCERPT_LENGTH])
    with sessions.begin() as session:
        session.add(ItemTextRow(item_id=item_id, text=whole))
    run = archivist.look()
    assert archivist.oracle.texts() == [whole]
    assert "cut" not in run.counts


def test_an_item_of_which_only_an_excerpt_was_kept_is_counted(archivist: Archivist, sessions: Sessions) -> None:
    add_items(sessions, "Long", excerpt="x" * EXCERPT_LENGTH)
    assert archivist.look().counts["cut"] == 1


def test_a_mention_is_matched_in_the_words_that_its_evidence_points_into(
    archivist: Archivist, sessions: Sessions
) -> None:
    add_one(sessions, text="as it was matched")
    archivist.look()
    assert archivist.oracle.texts() == ["as it was matched"]


def test_a_mention_of_a_document_is_matched_in_the_documents_words(archivist: Archivist, sessions: Sessions) -> None:
    with sessions.begin() as session:
        item = add_item(session, excerpt="Nothing of note", url="https://city.example.org/item")
        mention = add_mention(session, item_id=item.id, text="page one\npage two: plate readers")
        add_document(
            session, feed_id=item.feed_id, item_id=item.id, mention_id=mention.id, url="https://x.example/1.pdf"
        )
    archivist.look()
    (paper,) = archivist.oracle.seen
    assert (paper.text, paper.url) == ("page one\npage two: plate readers", "https://x.example/1.pdf")
    assert paper.kind == "agenda_item"


def test_only_the_asked_feed_and_days_are_looked_at(archivist: Archivist, sessions: Sessions) -> None:
    with sessions.begin() as session:
        feed = add_feed(session, key="asked")
        add_item(session, feed_id=feed.id, title="old", first_seen_at=NOW - timedelta(days=9))
        add_item(session, feed_id=feed.id, title="asked")
        add_item(session, title="another feed's")
    run = archivist.look(feed="asked", since=NOW - timedelta(days=1))
    assert ([paper.title for paper in archivist.oracle.seen], run.total) == (["asked"], 1)


def test_the_place_of_the_feed_goes_with_its_items(archivist: Archivist, sessions: Sessions) -> None:
    with sessions.begin() as session:
        add_item(session, feed_id=add_feed(session, jurisdiction=SEATTLE).id)
    archivist.look()
    assert [paper.feed_jurisdiction for paper in archivist.oracle.seen] == [SEATTLE]


def test_an_unknown_feed_is_named(archivist: Archivist) -> None:
    with pytest.raises(NotFound, match="no such feed: nowhere"):
        archivist.look(feed="nowhere")


def test_what_is_polled_after_the_start_is_not_old(archivist: Archivist, sessions: Sessions) -> None:
    add_items(sessions, "one", "two", "three")
    archivist.oracle.meanwhile = lambda: add_items(sessions, "four") and None
    archivist.look()
    assert [paper.title for paper in archivist.oracle.seen] == ["one", "two", "three"]


def test_one_item_that_breaks_the_limits_does_not_take_others_along(archivist: Archivist, sessions: Sessions) -> None:
    add_items(sessions, "bad", "Cameras", "good")
    archivist.oracle.breaks_at = {"bad"}
    archivist.oracle.finds("Cameras")
    run = archivist.look()
    assert (archivist.kinds, run.counts["failed"], run.counts["items"]) == (["new"], 1, 3)


def test_a_mention_that_cannot_be_judged_is_not_lost(archivist: Archivist, sessions: Sessions) -> None:
    add_one(sessions)
    archivist.oracle.breaks_at = {ALPR_TITLE}
    archivist.look()
    assert archivist.changes == []


def test_a_run_goes_on_where_it_was_left(archivist: Archivist, sessions: Sessions) -> None:
    add_items(sessions, "one", "two", "three", "four")
    run = begin(archivist.work)
    archivist.oracle.meanwhile = archivist.work.stop.set
    stopped = preview(archivist.work, run)
    give_back(archivist.work)
    assert (stopped.state, stopped.counts["items"]) == ("previewing", 2)

    archivist.work.stop.clear()
    archivist.oracle.seen.clear()
    ended = preview(archivist.work, resume(archivist.work))
    assert [paper.title for paper in archivist.oracle.seen] == ["three", "four"]
    assert (ended.id, ended.state, ended.counts["items"]) == (run.id, "previewed", 4)


def test_two_runs_at_once_are_refused(archivist: Archivist, sessions: Sessions, clock: FixedClock) -> None:
    begin(archivist.work)
    with pytest.raises(NotAllowed, match=r"run 1 .* is at work"):
        begin(Archivist(sessions, clock).work)
    with pytest.raises(NotAllowed, match="is at work"):
        resume(Archivist(sessions, clock).work, 1)


def test_the_run_of_a_dead_process_is_free_at_once(archivist: Archivist, sessions: Sessions) -> None:
    begin(archivist.work)
    with sessions.begin() as session:
        session.execute(update(DetectorRunRow).values(lease_owner=archivist.work.lease.owner + "0"))
    assert resume(archivist.work).id == 1


def test_a_run_that_was_taken_over_writes_nothing_more(
    archivist: Archivist, sessions: Sessions, clock: FixedClock
) -> None:
    add_items(sessions, "Cameras")
    archivist.oracle.finds("Cameras")
    run = begin(archivist.work)
    clock.advance(minutes=11)  # the lease is over
    resume(Archivist(sessions, clock).work, run.id)
    with pytest.raises(NotAllowed, match="another process has taken run"):
        preview(archivist.work, run)
    assert archivist.changes == []


def test_a_run_of_another_version_is_not_continued(archivist: Archivist, sessions: Sessions, clock: FixedClock) -> None:
    archivist.look()
    with pytest.raises(NotAllowed, match="detector test-2, this is test-3"):
        resume(Archivist(sessions, clock, version="test-3").work)


def test_how_editors_dismissals_are_judged_is_counted(archivist: Archivist, sessions: Sessions) -> None:
    add_one(sessions, title="still", state=MentionState.DISMISSED.value)
    add_one(sessions, title="no longer", state=MentionState.DISMISSED.value)
    archivist.oracle.finds("still")
    run = archivist.look()
    assert (run.counts["dismissed_still_found"], run.counts["dismissed_not_found"]) == (1, 1)
    assert archivist.changes == []


def test_without_anything_to_continue_it_says_so(archivist: Archivist) -> None:
    with pytest.raises(NotFound, match="no run waits"):
        resume(archivist.work)


def test_the_mention_keeps_its_words_where_only_its_item_was_edited(archivist: Archivist, sessions: Sessions) -> None:
    mention_id = add_one(sessions)
    archivist.oracle.finds(ALPR_TITLE, **SAME)
    archivist.rerun()
    assert [row.id for row in archivist.rows(MentionRow)] == [mention_id]

"""Tests of what becomes of agendas from poll to poll: versions, what alerts, and when an agenda is read again."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import update

from oversight.domain.fingerprint import digest
from oversight.domain.mention import MentionState
from oversight.services.visit import REQUESTS_PER_POLL
from oversight.storage.models import AgendaVersionRow, FeedRow, MentionRow
from tests.factories import ALPR_TITLE, NOW, PLAIN_TITLE
from tests.services.townhall import Townhall, entry

HOUR = timedelta(hours=1)
ROADS, PARKS, CAMERAS = entry(1, "Roads", "Mend the road."), entry(2, "Parks"), entry(3, ALPR_TITLE, "Ten cameras.")
MORNING = datetime(2026, 11, 30, 18, 0, tzinfo=UTC)  # ten in the morning in Seattle, the day before the meeting


def said(entries: list[dict[str, str]]) -> list[tuple[str, str]]:
    return [(one["title"], one["text"]) for one in entries]


def numbers(townhall: Townhall, meeting: int = 1) -> list[int]:
    return [version.number for version in townhall.versions(meeting)]


# Versions


def test_the_first_agenda_is_version_one_and_adds_nothing(townhall: Townhall) -> None:
    townhall.meet(1, "2026-12-01", ROADS, PARKS)
    townhall.poll()
    (version,) = townhall.versions(1)
    assert (version.number, version.seen_at, version.added, version.removed) == (1, NOW + HOUR, [], [])
    assert said(version.entries) == [("Roads", "Mend the road."), ("Parks", "")]
    assert version.entries[0]["identity"] == digest("eventitem-1")


def test_a_revision_is_version_two_with_exactly_what_came_and_what_went(townhall: Townhall) -> None:
    townhall.meet(1, "2026-12-01", ROADS, PARKS)
    townhall.poll()
    townhall.agenda(1, entry(1, "Roads", "Mend the road.\nAnd the bridge."), CAMERAS)
    townhall.poll()
    version = townhall.versions(1)[1]
    assert (version.number, version.seen_at) == (2, NOW + 2 * HOUR)
    assert said(version.added) == [("", "And the bridge."), (ALPR_TITLE, "Ten cameras.")]
    assert said(version.removed) == [("Parks", "")]


def test_the_same_agenda_again_is_no_version(townhall: Townhall) -> None:
    townhall.meet(1, "2026-12-01", ROADS, PARKS)
    townhall.poll()
    townhall.agenda(1, ROADS, PARKS | {"EventItemMatterStatus": "Filed"})
    townhall.poll()
    assert (townhall.asked, numbers(townhall)) == ([1], [1])


def test_another_order_is_a_version_with_nothing_added(townhall: Townhall) -> None:
    townhall.meet(1, "2026-12-01", ROADS, CAMERAS, PARKS)
    townhall.poll()
    townhall.agenda(1, CAMERAS, PARKS, ROADS)
    townhall.poll()
    assert numbers(townhall) == [1, 2]
    assert (townhall.versions(1)[1].added, townhall.versions(1)[1].removed) == ([], [])
    assert len(townhall.mentions) == 1


def test_a_revision_that_is_taken_back_is_a_third_version(townhall: Townhall) -> None:
    for agenda in ((ROADS,), (ROADS, CAMERAS), (ROADS,)):
        townhall.meet(1, "2026-12-01", *agenda)
        townhall.poll()
    assert numbers(townhall) == [1, 2, 3]
    assert said(townhall.versions(1)[2].removed) == [(ALPR_TITLE, "Ten cameras.")]


def test_each_meeting_has_versions_of_its_own(townhall: Townhall) -> None:
    townhall.meet(1, "2026-12-01", ROADS)
    townhall.meet(2, "2026-12-08", entry(9, "Roads"))
    townhall.poll()
    townhall.agenda(2, entry(9, "Roads"), CAMERAS)
    townhall.poll()
    assert (numbers(townhall, 1), numbers(townhall, 2)) == ([1], [1, 2])


def test_a_meeting_without_an_agenda_has_no_version_yet(townhall: Townhall) -> None:
    townhall.meet(1)
    townhall.poll()
    assert townhall.rows(AgendaVersionRow) == []
    townhall.agenda(1, ROADS)
    townhall.poll()
    assert numbers(townhall) == [1]


# Only added text alerts


def test_an_item_that_is_added_to_an_agenda_makes_one_new_mention(townhall: Townhall) -> None:
    townhall.meet(1, "2026-12-01", ROADS)
    assert townhall.poll().saved.mentions_new == 0
    townhall.agenda(1, ROADS, CAMERAS)
    assert townhall.poll().saved.mentions_new == 1
    townhall.agenda(1, CAMERAS, ROADS, PARKS)
    assert townhall.poll().saved.mentions_new == 0
    assert [mention.title for mention in townhall.mentions] == [ALPR_TITLE]


def test_a_line_that_is_added_to_an_item_makes_a_mention_of_it(townhall: Townhall) -> None:
    townhall.meet(1, "2026-12-01", ROADS)
    townhall.poll()
    townhall.agenda(1, entry(1, "Roads", f"Mend the road.\n{ALPR_TITLE}."))
    assert townhall.poll().saved.mentions_new == 1
    assert [mention.item_id for mention in townhall.mentions] == [townhall.item(1).id]


@pytest.mark.parametrize("state", MentionState)
def test_an_edit_of_an_item_that_is_a_mention_makes_none(townhall: Townhall, state: MentionState) -> None:
    townhall.meet(1, "2026-12-01", CAMERAS)
    townhall.poll()
    with townhall.poller.sessions.begin() as session:
        session.execute(update(MentionRow).values(state=state.value))
    townhall.agenda(1, entry(3, ALPR_TITLE, "Ten cameras.\nAnd twenty more license plate readers."))
    summary = townhall.poll()
    assert (summary.saved.items_changed, summary.saved.mentions_new) == (1, 0)
    # What a detector had withdrawn waits for an editor again; what an editor decided stays.
    expected = MentionState.PENDING if state is MentionState.WITHDRAWN else state
    assert [mention.state for mention in townhall.mentions] == [expected]
    assert said(townhall.versions(1)[1].added) == [("", "And twenty more license plate readers.")]


def test_an_item_that_is_taken_off_and_put_on_again_makes_no_second_mention(townhall: Townhall) -> None:
    for agenda in ((ROADS, CAMERAS), (ROADS,), (ROADS, CAMERAS)):
        townhall.meet(1, "2026-12-01", *agenda)
        townhall.poll()
    assert len(townhall.mentions) == 1


# When an agenda is read again although its meeting's row says nothing new


def test_an_agenda_is_read_again_on_the_local_day_of_its_meeting_and_once(townhall: Townhall) -> None:
    townhall.meet(1, "2026-12-01", ROADS)
    townhall.poll(MORNING)
    townhall.amend(1, ROADS, CAMERAS)
    asked = []
    for hour in range(15, 30):  # from one in the morning in UTC to eight in the morning in Seattle
        townhall.poll(datetime(2026, 11, 30, 10, tzinfo=UTC) + hour * HOUR)
        asked += [hour] if townhall.asked else []
    # The day begins at eight in UTC, on the first of December, and the night's re-read falls on it too.
    assert (asked, numbers(townhall), len(townhall.mentions)) == ([22], [1, 2], 1)


def test_a_poll_that_missed_the_night_still_reads_the_agenda_on_the_meeting_s_day(townhall: Townhall) -> None:
    townhall.meet(1, "2026-12-01", ROADS)
    townhall.meet(2, "2026-12-02", PARKS)
    townhall.poll(MORNING)
    townhall.amend(1, ROADS, CAMERAS)
    for hours in (6, 7, 8):  # the first of December in UTC, and not yet in Seattle
        townhall.poll(MORNING + hours * HOUR)
        assert townhall.asked == []
    townhall.poll(MORNING + 21 * HOUR)
    assert (townhall.asked, len(townhall.mentions)) == ([1], 1)
    townhall.poll(MORNING + 22 * HOUR)
    assert townhall.asked == []


def test_everything_in_the_window_is_read_again_once_a_night(townhall: Townhall) -> None:
    townhall.meet(1, "2026-12-08", ROADS)
    townhall.meet(2, "2026-12-09", PARKS)
    townhall.poll(MORNING)
    townhall.amend(1, ROADS, CAMERAS)
    asked = []
    for hour in range(1, 49):
        townhall.poll(MORNING + hour * HOUR)
        asked += [(hour, townhall.asked)] if townhall.asked else []
    assert [(hour, sorted(who)) for hour, who in asked] == [(14, [1, 2]), (38, [1, 2])]
    assert (numbers(townhall), len(townhall.mentions)) == ([1, 2], 1)


def test_a_re_read_goes_on_in_the_next_poll_where_the_last_one_stopped(townhall: Townhall) -> None:
    meetings = range(1, REQUESTS_PER_POLL + 21)
    for number in meetings:
        townhall.meet(number, "2026-12-08", entry(number, f"Road {number}"))
    townhall.poll(MORNING)
    townhall.poll(MORNING + HOUR)
    townhall.poll(MORNING + 14 * HOUR)
    first = townhall.asked
    townhall.poll(MORNING + 15 * HOUR)
    second = townhall.asked
    assert (len(first) > REQUESTS_PER_POLL // 2, sorted(first + second)) == (True, list(meetings))
    townhall.poll(MORNING + 16 * HOUR)
    assert townhall.asked == []


def test_a_re_read_of_what_did_not_change_writes_nothing_new(townhall: Townhall) -> None:
    townhall.meet(1, "2026-12-08", ROADS)
    townhall.poll(MORNING)
    summary = townhall.poll(MORNING + 14 * HOUR)
    assert (townhall.asked, summary.saved.items_new, summary.saved.items_changed) == ([1], 0, 0)
    assert (numbers(townhall), townhall.changes(1)) == ([1], [])


def test_a_feed_without_a_zone_is_not_read_again_at_night(townhall: Townhall) -> None:
    with townhall.poller.sessions.begin() as session:
        session.execute(update(FeedRow).values(timezone=None))
    townhall.meet(1, "2026-12-08", entry(1, PLAIN_TITLE))
    townhall.poll(MORNING)
    for hour in range(1, 25):
        townhall.poll(MORNING + hour * HOUR)
        assert townhall.asked == []

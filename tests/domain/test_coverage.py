"""What is watched and what is not, in the words that stand beside every "nothing found"."""

from datetime import UTC, datetime
from typing import Any

import pytest

from oversight.domain.coverage import Coverage, GapKind, Watched, coverage_of, coverage_of_all
from oversight.domain.document import DocumentState
from oversight.domain.health import Finding, Health

THEN = datetime(2026, 11, 20, 11, 0, tzinfo=UTC)
LATER = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)


def make_watched(**changes: Any) -> Watched:
    """A council's feed that was checked a moment ago."""
    valid: dict[str, Any] = {
        "title": "City Council",
        "platform": "legistar",
        "finding": Finding(Health.HEALTHY, "last news 2 hours ago"),
        "is_enabled": True,
        "note": None,
        "evidence": "captured",
        "first_ok_at": THEN,
        "last_ok_at": THEN,
        "records_outcomes": True,
    }
    return Watched(**(valid | changes))


def texts(coverage: Coverage) -> list[str]:
    return [gap.text for gap in coverage.gaps]


def test_a_feed_that_is_well_leaves_no_gap() -> None:
    coverage = coverage_of([make_watched(), make_watched(last_ok_at=LATER)], {})
    assert (coverage.is_watched, coverage.polled, coverage.last_ok_at, coverage.gaps) == (True, 2, LATER, ())


def test_a_place_without_feed_is_not_watched() -> None:
    coverage = coverage_of([], {})
    assert (coverage.is_watched, texts(coverage)) == (False, ["no feed is known"])


def test_a_feed_that_is_not_polled_says_why() -> None:
    off = Finding(Health.DISABLED, "needs a token")
    coverage = coverage_of([make_watched(is_enabled=False, finding=off)], {})
    assert (coverage.is_watched, coverage.known, coverage.last_ok_at) == (False, 1, None)
    assert texts(coverage) == ["City Council: not polled (needs a token)"]


@pytest.mark.parametrize("evidence", ["derived", "page_only"])
def test_an_address_that_nobody_saw_answer_is_unproven(evidence: str) -> None:
    off = Finding(Health.DISABLED, "guessed from the city's name")
    feed = make_watched(
        is_enabled=False, finding=off, evidence=evidence, first_ok_at=None, note="guessed from the city's name."
    )
    assert texts(coverage_of([feed], {})) == ["City Council: address unproven (guessed from the city's name)"]


def test_an_answer_of_its_own_proves_an_address() -> None:
    assert coverage_of([make_watched(evidence="derived")], {}).gaps == ()


@pytest.mark.parametrize("health", [one for one in Health if not one.is_checked and one is not Health.DISABLED])
def test_a_feed_that_was_not_really_checked_is_a_gap(health: Health) -> None:
    coverage = coverage_of([make_watched(finding=Finding(health, "why"))], {})
    assert [(gap.kind, gap.text) for gap in coverage.gaps] == [
        (GapKind.UNCHECKED, f"City Council: {health.label.lower()} (why)")
    ]


def test_a_platform_that_never_records_outcomes_is_named_once() -> None:
    feeds = [make_watched(platform="civicplus", records_outcomes=False) for _ in range(2)]
    assert texts(coverage_of(feeds, {})) == ["civicplus never records outcomes"]


def test_documents_that_were_not_read_are_counted() -> None:
    unread = {DocumentState.WAITING: 3, DocumentState.UNREADABLE: 1, DocumentState.REFUSED: 2}
    assert texts(coverage_of([make_watched()], unread)) == [
        "1 document unreadable",
        "2 documents could not be fetched",
        "3 documents still to be read",
    ]


def test_a_long_note_is_cut_short() -> None:
    feed = make_watched(evidence="derived", first_ok_at=None, note="word " * 100)
    (gap,) = coverage_of([feed], {}).gaps
    assert len(gap.text) < 200
    assert gap.text.endswith(" …)")


def test_all_feeds_together_are_counted_by_state() -> None:
    failing = make_watched(finding=Finding(Health.FAILING, "no answer"))
    off = make_watched(is_enabled=False, finding=Finding(Health.DISABLED, "frozen"))
    coverage = coverage_of_all([make_watched(), failing, failing, off], {}, unwatched=1)
    assert (coverage.polled, coverage.known) == (3, 4)
    assert texts(coverage) == [
        "2 feeds: failing",
        "1 more known, not polled",
        "1 place with a policy on record not watched",
    ]

"""What one poll means for its feed: the outcome, the schedule, and how the feed is from now on."""

import random
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

from oversight.domain.cleaning import clean_line
from oversight.domain.feed import Outcome
from oversight.domain.health import usual_gap
from oversight.domain.moves import Move, is_other_host, next_move
from oversight.domain.schedule import (
    GONE,
    GONE_FOR,
    GONE_POLLS,
    LONGEST_PAUSE,
    Rhythm,
    after_failure,
    is_late,
    next_due,
)
from oversight.platforms import reader_of
from oversight.services.visit import Visit
from oversight.storage.models import FeedRow

DETAIL_LENGTH = 500
EMPTY = "the feed used to have items, and this answer has none"


def outcome_of(visit: Visit) -> tuple[Outcome, str | None]:
    """The first failure decides; an answer with nothing in it, where there was something before, is a failure too."""
    if visit.failures:
        outcome, message = visit.failures[0]
        return Outcome(outcome), clean_line(message, DETAIL_LENGTH)
    if not visit.examined:
        return Outcome.NOT_MODIFIED, None
    had_items = visit.row.last_item_at is not None
    if is_empty(visit) and had_items and not reader_of(visit.feed.platform).may_be_empty:
        return Outcome.EMPTY_BODY, EMPTY
    return Outcome.OK, None


def is_empty(visit: Visit) -> bool:
    """Whether what was read holds neither an item nor a meeting."""
    return not any(examined.clean.reading.items or examined.clean.reading.meetings for examined in visit.examined)


def pulse_values(
    visit: Visit, outcome: Outcome, detail: str | None, *, has_news: bool, next_meeting_at: datetime | None
) -> dict[str, Any]:
    """The columns of the feed after this poll, without its lease; `has_news`: whether an item or a meeting was new."""
    row, now = visit.row, visit.started_at
    is_refused = visit.pause is not None
    is_good = outcome.is_healthy
    failures = 0 if is_good else row.failures + (0 if is_refused else 1)
    values: dict[str, Any] = {
        "last_polled_at": now,
        "last_outcome": outcome.value,
        "last_status": visit.status,
        "last_detail": detail,
        "failures": failures,
        "late_polls": row.late_polls + is_late(due_at=row.next_due_at, now=now),
        "first_ok_at": row.first_ok_at or (now if is_good else None),
        # Its reader asks only for what is newer than the last time that all was answered.
        "last_ok_at": now if is_good and not visit.waiting else row.last_ok_at,
        "reread_at": now if visit.is_reread and is_good and not visit.waiting else row.reread_at,
        "empty_polls": _empty_polls(visit, outcome),
        "last_item_at": now if has_news else row.last_item_at,
        "usual_gap_hours": _gap_hours(row, now) if has_news else row.usual_gap_hours,
        "wished_minutes": _wish(visit, row),
        "next_meeting_at": next_meeting_at,
    }
    rhythm = Rhythm(row.every_minutes, values["wished_minutes"], next_meeting_at)
    return values | _gone(visit) | _moved(visit) | {"next_due_at": _due(visit, rhythm, failures, is_good=is_good)}


def _due(visit: Visit, rhythm: Rhythm, failures: int, *, is_good: bool) -> datetime:
    now, chance = visit.started_at, random.random()
    if visit.pause is not None:
        return next_due(now=visit.pause, interval=timedelta(minutes=1), chance=chance)
    if not is_good:
        return after_failure(now=now, failures=failures, chance=chance)
    return next_due(now=now, interval=rhythm.interval(now), chance=chance)


def _wish(visit: Visit, row: FeedRow) -> int | None:
    wishes = [examined.clean.reading.every_minutes for examined in visit.examined]
    if not wishes:
        return row.wished_minutes
    longest = max((wish for wish in wishes if wish), default=None)
    return min(longest, int(LONGEST_PAUSE.total_seconds() // 60)) if longest else None


def _gap_hours(row: FeedRow, now: datetime) -> float | None:
    """The first items of all say nothing of how often news comes, nor do two polls at one moment."""
    if row.last_item_at is None or row.last_item_at >= now:
        return row.usual_gap_hours
    before = timedelta(hours=row.usual_gap_hours) if row.usual_gap_hours is not None else None
    return usual_gap(before, now - row.last_item_at).total_seconds() / 3600


def _empty_polls(visit: Visit, outcome: Outcome) -> int:
    if not visit.examined:
        return visit.row.empty_polls
    return visit.row.empty_polls + 1 if is_empty(visit) or outcome is Outcome.EMPTY_BODY else 0


def _gone(visit: Visit) -> dict[str, Any]:
    """Three times gone, over a day and more, and it is polled no longer (SAFETY B11)."""
    row, now = visit.row, visit.started_at
    if visit.status != GONE:
        return {"gone_since": None, "gone_polls": 0}
    since, polls = row.gone_since or now, row.gone_polls + 1
    is_over = polls >= GONE_POLLS and now - since >= GONE_FOR
    return {"gone_since": since, "gone_polls": polls} | ({"gone_at": now, "is_enabled": False} if is_over else {})


def _moved(visit: Visit) -> dict[str, Any]:
    """A new address is believed after three polls over a day and more (SAFETY B5); another host is always shown."""
    row, now = visit.row, visit.started_at
    if visit.requests == 0 or visit.failures:
        return {}
    before = Move(row.moved_to, row.moved_since, row.moved_polls) if row.moved_to and row.moved_since else None
    target = visit.moved_to if visit.moved_to != row.refused_url else None
    move = next_move(before, target, now=now)
    if move is not None and move.is_settled(now):
        return {"moved_url": move.to, "moved_to": None, "moved_since": None, "moved_polls": 0}
    if move is not None:
        return {"moved_to": move.to, "moved_since": move.since, "moved_polls": move.polls}
    led_to = visit.led_to if visit.led_to and _is_elsewhere(row.address, visit.led_to) else None
    return {"moved_to": led_to, "moved_since": None, "moved_polls": 0}


def _is_elsewhere(url: str, led_to: str) -> bool:
    """Whether the answer came from another site: `www.` and the platform's own file hosts are the same one."""
    first, second = (str(urlsplit(one).hostname or "").removeprefix("www.") for one in (url, led_to))
    return (
        is_other_host(url, led_to)
        and not (first.endswith("." + second) or second.endswith("." + first))
        and (first != second)
    )

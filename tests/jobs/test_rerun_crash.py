"""`kill -9` in the middle of `flask detector rerun`: continued, it ends where an undisturbed one does (SAFETY A6)."""

import signal
from collections.abc import Callable
from pathlib import Path

from sqlalchemy import func, select

from oversight.storage.engine import Sessions, open_engine, open_sessions, reading
from oversight.storage.models import DetectorChangeRow, DetectorRunRow, ItemRow, MentionRow, MentionTechnologyRow
from oversight.storage.schema import upgrade
from tests.cli.commands import family_of, run, start, wait_until
from tests.factories import ALPR_TITLE, PLAIN_TITLE, add_feed, add_item, add_mention

ITEMS = 90
LOOKS = (1, 20, 55)  # so many items are looked at before a look is killed
APPLIES = (1, 30)  # so many changes are applied before the applying is killed


def fill(url: str) -> Sessions:
    """Items that would be new, mentions that would be lost, changed or stay, and what no editor will hear of."""
    engine = open_engine(url)
    upgrade(engine)
    sessions = open_sessions(engine)
    with sessions.begin() as session:
        feed = add_feed(session)
        for place in range(ITEMS):
            title = f"{ALPR_TITLE} {place}"
            item = add_item(session, feed_id=feed.id, title=title, uid=f"item-{place}", identity=f"item-{place}")
            if place % 3:
                state = ("pending", "confirmed")[place % 2]
                words = title if place % 4 else PLAIN_TITLE
                add_mention(session, item_id=item.id, title=words, text="", state=state, technologies=("drones",))
    return sessions


def ended(sessions: Sessions) -> list[tuple[object, ...]]:
    """Every item with its mention, and what the rerun says of it; what is there twice is listed twice."""
    query = (
        select(
            ItemRow.uid, MentionRow.state, MentionRow.score, MentionRow.detector, MentionTechnologyRow.technology,
            DetectorChangeRow.kind, DetectorChangeRow.state,
        )
        .outerjoin(MentionRow, MentionRow.item_id == ItemRow.id)
        .outerjoin(MentionTechnologyRow, MentionTechnologyRow.mention_id == MentionRow.id)
        .outerjoin(DetectorChangeRow, DetectorChangeRow.item_id == ItemRow.id)
    )  # fmt: skip
    with reading(sessions) as session:
        return sorted((tuple(row) for row in session.execute(query)), key=repr)


def looked_at(sessions: Sessions) -> int:
    with reading(sessions) as session:
        counts = session.scalar(select(DetectorRunRow.counts))
    return (counts or {}).get("items", 0)


def applied(sessions: Sessions) -> int:
    with reading(sessions) as session:
        query = select(func.count(DetectorChangeRow.id)).where(DetectorChangeRow.state == "applied")
        return session.scalar(query) or 0


def kill_when(instance: Path, is_time: Callable[[], bool], *arguments: str, **settings: str) -> None:
    command = start(instance, "detector", "rerun", *arguments, **settings)
    wait_until(lambda: is_time() or command.poll() is not None, "it is far enough")
    command.send_signal(signal.SIGKILL)
    assert command.wait() == -signal.SIGKILL, "it had ended before it could be killed"
    wait_until(lambda: family_of(instance) == {}, "no child process is left", seconds=10)


def test_after_kills_a_rerun_ends_like_an_undisturbed_one(instance: Path, database_url: str, tmp_path: Path) -> None:
    sessions = fill(database_url)
    settings = {"DATABASE_URL": database_url}
    for place, count in enumerate(LOOKS):
        how = ("--resume",) if place else ()
        kill_when(instance, lambda: looked_at(sessions) >= count, *how, "--batch", "1", **settings)  # noqa: B023
    result = run(instance, "detector", "rerun", "--resume", **settings)
    assert result.exit_code == 0, result.output
    assert looked_at(sessions) == ITEMS
    for count in APPLIES:
        kill_when(instance, lambda: applied(sessions) >= count, "--run", "1", "--apply", "--batch", "1", **settings)  # noqa: B023
    result = run(instance, "detector", "rerun", "--run", "1", "--apply", **settings)
    assert (result.exit_code, result.output.splitlines()[-1]) == (0, "applied")

    undisturbed = f"sqlite:///{tmp_path / 'undisturbed.sqlite3'}"
    others = fill(undisturbed)
    assert run(instance, "detector", "rerun", "--apply", DATABASE_URL=undisturbed).exit_code == 0
    assert ended(sessions) == ended(others)
    assert {row[5] for row in ended(others)} >= {"new", "lost", "changed", "disagreement"}
    for one in (sessions, others):
        one.kw["bind"].dispose()

"""`kill -9` in the middle of `flask poll`: the next poll ends where an undisturbed one would have (SAFETY A6)."""

import signal
from pathlib import Path

import pytest
from sqlalchemy import select

from oversight.storage.engine import open_engine, open_sessions, reading
from oversight.storage.models import FeedRow, ItemRow, MentionRow
from tests.cli.commands import family_of, run, start, wait_until, write_feeds
from tests.cli.site import Site
from tests.factories import ALPR_TITLE, PLAIN_TITLE, rss

FEEDS = 30
MOMENTS = (0, 1, 5, 11, 19)  # so many answers are given before a poll is killed
PATIENCE_SECONDS = 60


@pytest.fixture
def many(site: Site, instance: Path) -> Site:
    """A site with many feeds of three items each, one of them relevant."""
    for number in range(FEEDS):
        titles = [(f"{number}-a", ALPR_TITLE), (f"{number}-b", PLAIN_TITLE), (f"{number}-c", f"{PLAIN_TITLE} {number}")]
        site.pages[f"/{number}"] = rss(*titles).encode()
    write_feeds(instance / "feeds.toml", {f"feed-{number}": site.url(f"/{number}") for number in range(FEEDS)})
    return site


def stored(url: str) -> list[tuple[str, str, str, str, str | None]]:
    """Every item with its feed and the state of its mention; what is there twice is listed twice."""
    query = (
        select(FeedRow.key, ItemRow.uid, ItemRow.title, ItemRow.content_hash, MentionRow.state)
        .join(ItemRow, ItemRow.feed_id == FeedRow.id)
        .outerjoin(MentionRow, MentionRow.item_id == ItemRow.id)
    )
    engine = open_engine(url)
    with reading(open_sessions(engine)) as session:
        rows = sorted(tuple(row) for row in session.execute(query))
    engine.dispose()
    return rows  # type: ignore[return-value]


def test_after_kills_the_next_poll_finds_what_an_undisturbed_one_finds(
    instance: Path, many: Site, database_url: str, tmp_path: Path
) -> None:
    settings = {"ALLOW_HOSTS": many.host, "DATABASE_URL": database_url}
    for moment in MOMENTS:
        many.forget()
        many.hold_after = moment
        poll = start(instance, "poll", **settings)
        wait_until(lambda: many.held, f"the poll hangs after {moment} answers", seconds=PATIENCE_SECONDS)
        poll.send_signal(signal.SIGKILL)
        poll.wait()
        wait_until(lambda: family_of(instance) == {}, "no child process is left", seconds=10)
    many.forget()
    assert run(instance, "poll", **settings).exit_code == 0

    undisturbed = f"sqlite:///{tmp_path / 'undisturbed.sqlite3'}"
    run(instance, "poll", ALLOW_HOSTS=many.host, DATABASE_URL=undisturbed)
    assert stored(database_url) == stored(undisturbed)
    assert len(stored(undisturbed)) == FEEDS * 3

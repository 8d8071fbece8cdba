"""What is too large on the wire comes packed: of very many entries the newest are kept, of a very long one a little."""

import gzip
import re
from dataclasses import replace

import pytest
from sqlalchemy import select

from oversight.children import ChildPool
from oversight.outbound.client import Client
from oversight.services.collect import collect
from oversight.services.examine import PRELOAD
from oversight.services.visit import Collector
from oversight.settings import Settings
from oversight.storage.engine import Sessions, open_engine, open_sessions, reading
from oversight.storage.models import ItemRow, MentionRow, PollRow
from oversight.storage.schema import upgrade
from tests.factories import ALPR_TITLE, add_feed, rss
from tests.outbound.servers import Server, ok

from .corpus import HOSTILE

MANY = HOSTILE / "feeds" / "entries_50k.xml"


@pytest.fixture
def sessions(settings: Settings) -> Sessions:
    """Sessions on an empty SQLite file: what is kept of a feed is the same on both databases."""
    engine = open_engine(settings.database_url)
    upgrade(engine)
    return open_sessions(engine)


def poll(settings: Settings, sessions: Sessions, document: bytes) -> PollRow:
    """Poll a feed with the real client and real children, with everything in the poll as it is by default."""
    server = Server(ok(gzip.compress(document), "Content-Type: application/rss+xml", "Content-Encoding: gzip"))
    with sessions.begin() as session:
        add_feed(session, url=server.url("/feed"))
    allowed = replace(settings, allow_hosts=frozenset({("127.0.0.1", server.port)}))
    with ChildPool(1, preload=PRELOAD) as children:
        collect(Collector(sessions, Client(allowed), children, allowed.now))
    server.close()
    with reading(sessions) as session:
        return session.scalars(select(PollRow)).one()


@pytest.mark.skipif(not MANY.is_file(), reason="the hostile corpus is not at ../shared/hostile")
def test_of_fifty_thousand_entries_the_newest_two_thousand_are_kept_and_the_rest_counted(
    settings: Settings, sessions: Sessions
) -> None:
    ended = poll(settings, sessions, MANY.read_bytes())
    assert (ended.outcome, ended.items_new, ended.items_dropped) == ("ok", 2_000, 48_000)


def test_of_one_entry_of_nine_megabytes_little_is_kept(settings: Settings, sessions: Sessions) -> None:
    document = rss(("1", ALPR_TITLE)).replace(
        "<link>", f"<description>{'word surveillance ' * 500_000}</description><link>"
    )
    assert poll(settings, sessions, document.encode()).outcome == "ok"
    with reading(sessions) as session:
        item, mention = session.scalars(select(ItemRow)).one(), session.scalars(select(MentionRow)).one()
    assert len(item.excerpt or "") <= 4_096
    assert len(mention.text or "") <= 200_000
    assert re.match("word surveillance word", item.excerpt or "")

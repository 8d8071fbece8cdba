"""Polls every hostile entry once with the real client and the real children, and keeps what came of it."""

import json
import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any

from sqlalchemy import Engine, delete, select
from sqlalchemy.orm import Session

from oversight.children import ChildLimits, ChildPool
from oversight.outbound.client import Client
from oversight.outbound.limits import Limits
from oversight.services.collect import Collector, Summary, collect
from oversight.services.examine import PRELOAD
from oversight.services.follow import follow_feeds, read_feeds
from oversight.settings import Settings
from oversight.storage.engine import open_sessions, reading
from oversight.storage.models import AnswerRow, FeedRow, ItemRow, MentionRow, PollRow
from oversight.storage.schema import upgrade
from tests.cli.commands import free_port, settings_of

HOSTILE = Path(__file__).parents[3] / "shared" / "hostile"
CANARY = b"127.0.0.1:8999"  # where the files of the corpus expect the internal service
HTTP_CATEGORIES = {"ssrf", "redirect"}
CONTROL = "control-good"
LIMITS = Limits(total_seconds=10, connect_seconds=5, first_byte_seconds=5)
CHILD_LIMITS = ChildLimits(cpu_seconds=3)

Facts = dict[str, Any]


def key_of(name: str) -> str:
    """The key of an entry's feed."""
    return re.sub(r"[^a-z0-9]+", "-", name.lower())


def manifest() -> dict[str, dict[str, str]]:
    """Every entry that a feed can be made of, by the key of its feed; none where ../shared is not here."""
    file = HOSTILE / "manifest.json"
    listed = json.loads(file.read_text("utf-8")) if file.is_file() else []
    wanted = [one for one in listed if one["kind"] == "file" or one["category"] in HTTP_CATEGORIES]
    return {key_of(one["name"]): one for one in wanted}


@contextmanager
def serve(folder: Path) -> Iterator[tuple[int, int]]:
    """The hostile server and its canary on free ports; the files name that canary."""
    port, canary = free_port(), free_port()
    shutil.copy(HOSTILE / "hostile_server.py", folder)
    for file in (HOSTILE / "feeds").rglob("*"):
        if file.is_file():
            copy = folder / file.relative_to(HOSTILE)
            copy.parent.mkdir(parents=True, exist_ok=True)
            copy.write_bytes(file.read_bytes().replace(CANARY, f"127.0.0.1:{canary}".encode()))
    command = [sys.executable, str(folder / "hostile_server.py"), "--port", str(port), "--canary-port", str(canary)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL) as server:
        try:
            assert server.stdout is not None
            assert server.stdout.readline().startswith(b"hostile on")
            yield port, canary
        finally:
            server.kill()


def poll_the_hostile(folder: Path, open_engine: Callable[[Settings], Engine], categories: set[str]) -> Facts:
    """Poll every entry of these categories, then again what could be read, then the good feed alone."""
    entries = {key: entry for key, entry in manifest().items() if entry["category"] in categories}
    with serve(folder) as (port, _):
        settings = settings_of(folder, ALLOW_HOSTS=f"127.0.0.1:{port}")
        settings.feeds.write_text(
            "\n".join(
                f'[[feed]]\nkey = "{key}"\nplatform = "rss"\nurl = "http://127.0.0.1:{port}{entry["path"]}"\n'
                for key, entry in entries.items()
            )
        )
        engine = open_engine(settings)
        facts = poll_thrice(settings, engine)
        facts |= seen_by(settings, port)
    engine.dispose()
    return facts


def poll_thrice(settings: Settings, engine: Engine) -> Facts:
    upgrade(engine)
    sessions = open_sessions(engine)
    with sessions.begin() as session:
        follow_feeds(session, read_feeds(settings.feeds), now=settings.now())
    client = Client(settings, resolve=resolve_nothing, limits=LIMITS)
    with ChildPool(2, CHILD_LIMITS, preload=PRELOAD) as children:
        collector = Collector(sessions, client, children, settings.now)
        first = collect(collector, everything=True)
        with reading(sessions) as session:
            facts = {"polls": polls_of(session), "items": items_of(session), "mentions": mentions_of(session)}
        with sessions.begin() as session:
            session.execute(delete(AnswerRow))  # so that every body is read again, not recognised
            good = list(session.scalars(select(FeedRow.key).where(FeedRow.last_outcome == "ok")))
        second = collect(collector, keys=good)
        with sessions.begin() as session:
            session.execute(delete(AnswerRow))
        last = collect(collector, keys=[CONTROL])
    return facts | {"first": told(first), "second": told(second), "last": told(last)}


def resolve_nothing(host: str, _port: int) -> list[str]:
    """A name server that knows this machine only."""
    if host != "localhost":
        raise OSError(f"{host} is unknown")
    return ["127.0.0.1"]


def told(summary: Summary) -> Facts:
    saved = summary.saved
    return {
        "feeds": summary.feeds,
        "outcomes": dict(summary.outcomes),
        "new": [saved.items_new, saved.items_changed, saved.mentions_new],
    }


def polls_of(session: Session) -> dict[str, list[str]]:
    """The outcome of every poll of each feed."""
    rows = session.execute(select(FeedRow.key, PollRow.outcome).outerjoin(PollRow, PollRow.feed_id == FeedRow.id))
    found: dict[str, list[str]] = {}
    for key, outcome in rows:
        found.setdefault(key, []).extend([outcome] if outcome else [])
    return found


def items_of(session: Session) -> dict[str, list[Facts]]:
    """What is stored of each feed, in the order of its identities."""
    columns = (ItemRow.identity, ItemRow.uid, ItemRow.title, ItemRow.excerpt, ItemRow.url, ItemRow.published_at)
    rows = session.execute(select(FeedRow.key, *columns).join(FeedRow, ItemRow.feed_id == FeedRow.id))
    found: dict[str, list[Facts]] = {}
    for key, *values in sorted(rows, key=lambda row: (row[0], row[1])):
        item = dict(zip(("identity", "uid", "title", "excerpt", "url", "published"), values, strict=True))
        published = item["published"]
        item["published"] = published.isoformat() if isinstance(published, datetime) else None
        found.setdefault(key, []).append(item)
    return found


def mentions_of(session: Session) -> dict[str, int]:
    """How many mentions each feed has."""
    query = select(FeedRow.key).join(ItemRow, ItemRow.feed_id == FeedRow.id)
    keys = list(session.scalars(query.join(MentionRow, MentionRow.item_id == ItemRow.id)))
    return {key: keys.count(key) for key in keys}


def seen_by(settings: Settings, port: int) -> Facts:
    """What the server and its canary were asked, and with which headers."""
    patient = Client(settings, resolve=resolve_nothing, limits=Limits(wire_bytes=50_000_000, decoded_bytes=50_000_000))
    seen = json.loads(patient.fetch(f"http://127.0.0.1:{port}/__hits").body)
    headers = {name for hit in seen["hits"] for name in hit["headers"]}
    return {
        "canary": seen["canary"],
        "paths": [hit["path"] for hit in seen["hits"]],
        "headers": sorted(headers),
    }

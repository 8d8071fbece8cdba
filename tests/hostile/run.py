"""Polls the corpus beside good feeds: once by a process whose memory is measured, then again as the days go by."""

import json
import re
import subprocess
import time
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from oversight.children import ChildPool
from oversight.outbound.client import Client
from oversight.outbound.robots import RobotsCache
from oversight.services.collect import collect
from oversight.services.examine import PRELOAD
from oversight.services.visit import Collector
from oversight.settings import Settings
from oversight.storage.engine import Sessions, open_engine, open_sessions, reading
from oversight.storage.leases import Wanted
from oversight.storage.models import AnswerRow, FeedRow, PollRow
from tests.cli.commands import settings_of, start_python
from tests.fakes import FixedClock

from .corpus import CONTROL, Server, feeds_of, good_feeds, manifest, serve
from .mails import mails_of
from .seen import Facts, feeds_in, hits_at, items_in, matched_in

FLASK_POLL = ("-m", "flask", "--app", "app", "poll", "--all", "--json")
TIGHT_POLL = ("-m", "tests.hostile.tight")
# What the manifest says of these takes several polls to show.
AGAIN = ("status", "politeness", "conditional", "flood", "control")
AGAIN_NAMES = ("redir-301", "redir-308", "redir-307", "cookie-flood")
ROUNDS = {
    "1h": timedelta(hours=1),
    "9h": timedelta(hours=9),
    "25h": timedelta(hours=25),
    "33h": timedelta(hours=33),
    "8d": timedelta(days=8),
    "8d1h": timedelta(days=8, hours=1),
}
ROBOTS_FEEDS = (CONTROL, "echo-ok")
LOOK_SECONDS = 0.02


def poll_the_hostile(
    folder: Path, *, command: Sequence[str], categories: Collection[str], database_url: str | None = None
) -> Facts:
    """Poll every entry of these categories, and say all that came of it."""
    entries = feeds_of(categories)
    with serve(folder) as server:
        changes = {"DATABASE_URL": database_url} if database_url else {}
        settings = settings_of(folder, ALLOW_HOSTS=server.host, **changes)
        server.write_feeds(settings.feeds, {key: one["path"] for key, one in entries.items()} | good_feeds())
        if command is FLASK_POLL:
            command = (*FLASK_POLL, "--feeds", str(settings.feeds))
        facts: Facts = {"process": measured(folder, command, ALLOW_HOSTS=server.host, **changes)}
        engine = open_engine(settings.database_url)
        facts |= Rounds(settings, open_sessions(engine), server).run()
        facts |= hits_at(server, settings)
        engine.dispose()
    return facts


def measured(folder: Path, command: Sequence[str], **changes: str) -> Facts:
    """Run a poll in a process of its own: what it printed and logged, and the most memory it held at once."""
    peak, began = 0, time.monotonic()
    process = start_python(folder, *command, **changes)
    while process.poll() is None:
        peak = max(peak, peak_kilobytes(process))
        time.sleep(LOOK_SECONDS)
    said = (folder / "output").read_text("utf-8", "replace")
    assert process.returncode == 0, said[-5000:]
    start = said.index("{\n") if "{\n" in said else said.rindex('{"feeds"')
    summary, end = json.JSONDecoder().raw_decode(said[start:])
    log = said[:start] + said[start + end :]
    return {"peak_kb": peak, "seconds": time.monotonic() - began, "summary": summary, "log": log}


def peak_kilobytes(process: subprocess.Popen[bytes]) -> int:
    """The most memory that a process has held so far, its children not counted; 0 where the system does not tell."""
    try:
        status = Path(f"/proc/{process.pid}/status").read_text()
    except OSError:
        return 0
    found = re.search(r"VmHWM:\s+(\d+) kB", status)
    return int(found[1]) if found else 0


@dataclass
class Rounds:
    """The polls after the first pass, by a clock that is set forward."""

    settings: Settings
    sessions: Sessions
    server: Server

    def run(self) -> Facts:
        """Every round, and what is stored in the end."""
        with reading(self.sessions) as session:
            first = feeds_in(session)
            polls = polls_in(session)
            began = min(session.scalars(select(PollRow.started_at)))
        clock = FixedClock(began)
        with ChildPool(2, preload=PRELOAD) as children:
            collector = Collector(self.sessions, Client(self.settings), children, clock, is_polite=False)
            collector = replace(collector, host_connections=8)
            facts = {"first": first, "polls": polls, "at_once": self._at_once(collector, clock)}
            facts |= {"rounds": {name: self._round(collector, clock, began + span) for name, span in ROUNDS.items()}}
            facts |= self._read_again(collector, clock) | self._robots(collector)
        with reading(self.sessions) as session:
            facts |= {"items": items_in(session), "mentions": matched_in(session)}
        return facts | {"mails": mails_of(self.settings, self.sessions)}

    def _at_once(self, collector: Collector, clock: FixedClock) -> int:
        """How many feeds are due within a minute of the first poll of all."""
        clock.advance(seconds=59)
        return collect(collector).feeds

    def _round(self, collector: Collector, clock: FixedClock, moment: datetime) -> dict[str, Facts]:
        clock.moment = moment
        chosen = {key for key, one in manifest().items() if one["category"] in AGAIN} | set(AGAIN_NAMES)
        collect(collector, Wanted(everything=True, among=chosen))
        with reading(self.sessions) as session:
            return {key: one for key, one in feeds_in(session).items() if key in chosen}

    def _read_again(self, collector: Collector, clock: FixedClock) -> Facts:
        """Read every file anew that could be read, as if no answer were known: what is new or changed then."""
        clock.advance(hours=1)
        files = {key for key, one in manifest().items() if one["kind"] == "file"}
        with self.sessions.begin() as session:
            session.execute(delete(AnswerRow))
            readable = {row.key for row in session.scalars(select(FeedRow).where(FeedRow.last_outcome == "ok"))}
            readable |= {row.key for row in session.scalars(select(FeedRow)) if row.last_outcome == "not_modified"}
        summary = collect(collector, Wanted(everything=True, among=files & readable))
        saved = summary.saved
        return {
            "again": {
                "feeds": summary.feeds,
                "new": [saved.items_new, saved.items_changed, saved.mentions_new],
            }
        }

    def _robots(self, collector: Collector) -> Facts:
        """What two feeds end in for each robots.txt, where feeds heed it and where, as usual, they do not."""
        found: dict[str, Facts] = {}
        for key, one in manifest().items():
            if one["kind"] == "robots":
                self.server.ask(self.settings, one["path"])
                found[key] = {"usual": self._outcomes(collector)}
                web = PacedClient(self.settings)
                heeding = replace(collector, web=web, robots=RobotsCache(web.fetch), asks_robots_for_feeds=True)
                found[key] |= {"heeded": self._outcomes(heeding), "pace": web.pace}
        self.server.ask(self.settings, "/__robots?mode=allow")
        return {"robots": found}

    def _outcomes(self, collector: Collector) -> list[str]:
        collect(collector, Wanted(keys=ROBOTS_FEEDS))
        with reading(self.sessions) as session:
            rows = session.scalars(select(FeedRow).where(FeedRow.key.in_(ROBOTS_FEEDS)).order_by(FeedRow.key))
            return [str(row.last_outcome) for row in rows]


class PacedClient(Client):
    """The real client, which notes the slowest pace that it was told to keep, and does not keep it."""

    pace = 0.0

    def slow_down(self, url: str, seconds: float) -> None:
        self.pace = max(self.pace, seconds)


def polls_in(session: Session) -> dict[str, list[str]]:
    """The outcome of every poll of each feed."""
    rows = session.execute(select(FeedRow.key, PollRow.outcome).outerjoin(PollRow, PollRow.feed_id == FeedRow.id))
    found: dict[str, list[str]] = {}
    for key, outcome in rows:
        found.setdefault(key, []).extend([outcome] if outcome else [])
    return found

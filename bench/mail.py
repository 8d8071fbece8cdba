"""python -m bench.mail [--messages 2000] [--runs 3] [--postgresql URL]: our sender beside Django's, into one sink.

Ours claims, commits, sends and commits every message; Django opens a connection for each, which is what it does by
itself, and writes nothing down. The same words go through both. PostgreSQL, an empty database there, with 4 senders.
"""

import argparse
import importlib.util
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime
from pathlib import Path
from statistics import median

from rich.console import Console
from rich.table import Table
from sqlalchemy import delete, func, insert, select, update
from sqlalchemy.orm import Session

from bench.mail_ours import courier_to
from oversight.domain.query_parser import parse
from oversight.services.pen import take_pen
from oversight.storage.engine import open_engine, open_sessions, reading
from oversight.storage.events import raise_mention
from oversight.storage.letters import load_alerts
from oversight.storage.models import (
    AlertRow,
    DeliveryRow,
    FeedRow,
    ItemRow,
    MeetingRow,
    MentionRow,
    MentionTechnologyRow,
    SubscriberRow,
    SubscriptionRow,
)
from oversight.storage.schema import upgrade
from oversight.storage.stored_queries import keep_query

NOW = datetime(2026, 11, 29, 12, tzinfo=UTC)
PLACE = "ocd-division/country:us/state:wa/place:seattle"
SENDERS = 4
EVENTS = 20  # so many different things are told
PEER = "Django, a connection a message"
Worker = subprocess.Popen[str]


def main() -> None:
    """Measure in turn, so that what else runs on the machine meets all alike, and print the medians."""
    parser = argparse.ArgumentParser(prog="python -m bench.mail", description=__doc__)
    parser.add_argument("--messages", type=int, default=2_000)
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--postgresql", metavar="URL", help="an empty database")
    asked = parser.parse_args()
    console = Console(width=120, highlight=False)
    with tempfile.TemporaryDirectory(prefix="oversight-bench-") as folder, sink() as port:
        ledgers = {"SQLite, 1 sender": (f"sqlite:///{Path(folder) / 'mail.sqlite3'}", 1)}
        if asked.postgresql:
            ledgers[f"PostgreSQL, {SENDERS} senders"] = (asked.postgresql, SENDERS)
        for url, _ in ledgers.values():
            prepare(url, asked.messages)
        words = sample(ledgers["SQLite, 1 sender"][0], Path(folder))
        if importlib.util.find_spec("django") is None:
            console.print("left out: Django (pip install django)")
        speeds = measure(port, ledgers, words, asked)
        console.print(f"{asked.messages} messages of {words_size(words):.1f} KB; median of {asked.runs} runs")
    console.print(table(speeds))


@contextmanager
def sink() -> Iterator[int]:
    """A mail server, and its port."""
    with subprocess.Popen([sys.executable, "-m", "bench.sink"], stdout=subprocess.PIPE, text=True) as server:
        assert server.stdout
        try:
            yield int(server.stdout.readline())
        finally:
            server.terminate()


def measure(
    port: int, ledgers: dict[str, tuple[str, int]], words: tuple[Path, Path], asked: argparse.Namespace
) -> dict[str, list[float]]:
    """Messages a second of each in every run. The first run is left out: a sender that runs already knows its way."""
    with ExitStack() as stack:
        teams = {
            name: [stack.enter_context(worker("bench.mail_ours", port, url)) for _ in range(senders)]
            for name, (url, senders) in ledgers.items()
        }
        if importlib.util.find_spec("django") is not None:
            teams = {PEER: [stack.enter_context(worker("bench.mail_django", port, *words, asked.messages))], **teams}
        speeds: dict[str, list[float]] = {name: [] for name in teams}
        for _ in range(asked.runs + 1):
            for name, team in teams.items():
                url, _ = ledgers.get(name, (None, 1))
                if url:
                    queue(url)
                speeds[name].append(asked.messages / seconds(team))
                if url:
                    require_sent(url, asked.messages)
        return {name: runs[1:] for name, runs in speeds.items()}


@contextmanager
def worker(module: str, port: int, *arguments: object) -> Iterator[Worker]:
    """A process that works once for each line that it is given, and says how many seconds it took."""
    command = [sys.executable, "-m", module, str(port), *map(str, arguments)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        if heard(process) != "ready":
            raise RuntimeError(f"{module} did not start")
        yield process


def heard(process: Worker) -> str:
    """The next line that a process says."""
    assert process.stdout
    return process.stdout.readline().strip()


def seconds(team: list[Worker]) -> float:
    """How long the slowest of several processes took, that begin together."""
    for process in team:
        assert process.stdin
        process.stdin.write("go\n")
        process.stdin.flush()
    return max(float(heard(process)) for process in team)


def prepare(url: str, messages: int) -> None:
    """A database with so many alerts, of a few events; each for a subscriber of its own."""
    engine = open_engine(url)
    upgrade(engine)
    with open_sessions(engine).begin() as session:
        fill(session, messages)
    engine.dispose()


def fill(session: Session, messages: int) -> None:
    """Mentions on an agenda, their events, and an alert of one of them for each of many subscribers."""
    feed = FeedRow(key="f", platform="rss", url="https://f.example", title="F", every_minutes=60, is_enabled=True)
    feed.next_due_at = NOW
    session.add(feed)
    session.flush()
    meeting = MeetingRow(feed_id=feed.id, uid="m", jurisdiction=PLACE, body="City Council", status="confirmed")
    meeting.date, meeting.how_to_comment = NOW.date(), "Sign up at the door or write to the clerk by noon."
    meeting.starts_at, meeting.timezone = NOW, "America/Los_Angeles"
    session.add(meeting)
    session.flush()
    events = [
        raise_mention(session, add_mention(session, feed, meeting, one), is_reviewed=True, at=NOW)
        for one in range(EVENTS)
    ]
    query_id = keep_query(session, parse("tech:alpr state:WA"))
    numbers = range(1, messages + 1)
    people = [{"id": one, "email": f"{one}@example.org", "created_at": NOW} for one in numbers]
    session.execute(insert(SubscriberRow), people)
    wish = {"query_id": query_id, "state": "active", "created_at": NOW, "timezone": "America/New_York"}
    follows = [wish | {"id": one, "subscriber_id": one, "unsubscribe_token": f"{one:043}"} for one in numbers]
    session.execute(insert(SubscriptionRow), follows)
    waits = {"state": "pending", "attempts": 0, "due_at": NOW, "created_at": NOW}
    alerts = [waits | {"subscription_id": one, "event_id": events[one % EVENTS]} for one in numbers]
    session.execute(insert(AlertRow), alerts)


def add_mention(session: Session, feed: FeedRow, meeting: MeetingRow, number: int) -> int:
    """A mention with words that made it one."""
    title = f"Contract {number} with Flock Safety for automated license plate readers"
    item = ItemRow(
        feed_id=feed.id, identity=f"i{number}", uid=f"i{number}", kind="agenda_item", title=title, excerpt=""
    )
    item.first_seen_at, item.content_hash, item.meeting_id, item.url = NOW, "h", meeting.id, "https://f.example/agenda"
    session.add(item)
    session.flush()
    words = "automated license plate readers"
    seen = {"signal": "technology:alpr", "field": "title", "start": title.index(words), "text": words, "weight": 0.9}
    mention = MentionRow(item_id=item.id, state="confirmed", score=0.9, detector="d", title=title, stage="contract")
    mention.text, mention.first_matched_at, mention.jurisdiction = title, NOW, PLACE
    mention.places, mention.evidence = (
        [{"name": "Seattle, WA", "ocd_id": PLACE}],
        [seen | {"end": title.index(words) + len(words)}],
    )
    mention.vendors, mention.products, mention.agencies, mention.badges = ["Flock Safety"], [], [], []
    mention.technologies = [MentionTechnologyRow(technology="alpr")]
    session.add(mention)
    session.flush()
    return mention.id


def queue(url: str) -> None:
    """Make every alert wait again, as if none had been sent."""
    engine = open_engine(url)
    with open_sessions(engine).begin() as session:
        session.execute(delete(DeliveryRow))
        session.execute(update(AlertRow).values(state="pending", attempts=0, due_at=NOW, ended_at=None))
    engine.dispose()


def require_sent(url: str, messages: int) -> None:
    """Raise RuntimeError unless every alert was sent, and every attempt written down."""
    engine = open_engine(url)
    with reading(open_sessions(engine)) as session:
        sent = session.scalar(select(func.count()).where(AlertRow.state == "sent"))
        noted = session.scalar(select(func.count()).where(DeliveryRow.outcome == "sent"))
    engine.dispose()
    if (sent, noted) != (messages, messages):
        raise RuntimeError(f"{sent} of {messages} alerts were sent, {noted} attempts noted")


def sample(url: str, folder: Path) -> tuple[Path, Path]:
    """Files with the text and the HTML of one of our mails."""
    engine = open_engine(url)
    courier = courier_to(25, url)
    with reading(open_sessions(engine)) as session:
        alerts = load_alerts(session, [1])
        message = take_pen(session, courier, list(alerts.values())).alert(alerts[1], key="k" * 40)
    engine.dispose()
    text, html = folder / "text", folder / "html"
    text.write_text(message.text, "utf-8")
    html.write_text(message.html or "", "utf-8")
    return text, html


def words_size(words: tuple[Path, Path]) -> float:
    """How many kilobytes text and HTML have."""
    return sum(file.stat().st_size for file in words) / 1000


def table(speeds: dict[str, list[float]]) -> Table:
    """Messages a second, and how many times the peer's."""
    shown = Table(title=f"mails into one sink (load {os.getloadavg()[0]:.1f})", title_justify="left", box=None)
    for name in ("sender", "messages/s", "x Django", "each run"):
        shown.add_column(name)
    peer = median(speeds[PEER]) if PEER in speeds else None
    for name, runs in speeds.items():
        ratio = f"{median(runs) / peer:.2f}" if peer else ""
        shown.add_row(name, f"{median(runs):.0f}", ratio, ", ".join(f"{one:.0f}" for one in runs))
    return shown


if __name__ == "__main__":
    main()

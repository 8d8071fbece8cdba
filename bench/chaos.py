"""python -m bench.chaos TOOLS [--postgresql URL] [--messages 200] [--kills 10] [--only 4 9]: the sender under faults.

TOOLS is a folder with smtp_chaos.py, a mail server that fails on purpose, and chaos_kill.py, which kills a command
again and again. Each scenario gets a new database, of SQLite and, where a server's address is given, of PostgreSQL.
Nothing may be lost, copies are at most kills and ambiguous endings, and every header is as it must be.
"""

import argparse
import json
import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table
from sqlalchemy import create_engine, delete, func, select, text

from bench.mail import NOW, prepare
from oversight.services.subscribe import unsubscribe
from oversight.storage.engine import open_engine, open_sessions
from oversight.storage.models import AlertRow, DeliveryRow, EventRow, SubscriptionRow

WORKER = [sys.executable, "-m", "bench.chaos_worker"]
# Until every retry is over: leases end after 5 minutes, doubts after 15 more, refusals after longer and longer.
MOMENTS = ("0", "6", "22", "30", "50", "120", "330", "720", "1500", "3000", "4300")
FAULTS = ("after_claim", "after_data_before_ack", "after_ack_before_commit")
GREYLIST = ("--p450", ".3", "--p421", ".1", "--p-data-450", ".1", "--p452", ".05")


@dataclass
class Stage:
    """Where one scenario plays: the tools, a database with alerts that wait, the log of a mail server."""

    tools: Path
    folder: Path
    url: str
    messages: int
    kills: int
    port: int = 0
    killed: int = 0
    notes: list[str] = field(default_factory=list)

    @contextmanager
    def sink(self, *faults: str) -> Iterator[subprocess.Popen[bytes]]:
        """The mail server with such faults."""
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = probe.getsockname()[1]
        command = [sys.executable, str(self.tools / "smtp_chaos.py"), "--port", str(self.port), "--log", str(self.log)]
        with subprocess.Popen([*command, *faults], stdout=subprocess.DEVNULL) as server:
            try:
                wait_for(lambda: not socket.socket().connect_ex(("127.0.0.1", self.port)))
                yield server
            finally:
                server.terminate()

    @property
    def log(self) -> Path:
        """What the mail server wrote down."""
        return self.folder / "sink.jsonl"

    def command(self, *moments: str, work: str = "deliver") -> list[str]:
        """Our sender, at these minutes."""
        return [*WORKER, self.url, str(self.port), work, *moments]

    def run(self, *moments: str, work: str = "deliver", fault: str = "") -> int:
        """Run the sender to its end; its exit code."""
        command = ["env", f"FAULT_POINT={fault}", *self.command(*moments, work=work)]
        return subprocess.run(command, check=False, stderr=subprocess.DEVNULL).returncode

    def seen(self, event: str) -> list[dict[str, Any]]:
        """What the mail server saw of this kind."""
        lines = self.log.read_text("utf-8").splitlines() if self.log.exists() else []
        return [one for one in map(json.loads, lines) if one["ev"] == event]

    def expect(self, is_so: bool, words: str) -> None:
        """Note what is not as it should be."""
        if not is_so:
            self.notes.append(words)


def fan_out(stage: Stage) -> None:
    """Killed in the midst of writing alerts: all are written once, and sent once."""
    sessions = open_sessions(open_engine(stage.url))
    with sessions.begin() as session:
        session.execute(delete(AlertRow))
        session.execute(delete(EventRow))
    with stage.sink():
        stage.expect(stage.run("0", work="fan-out", fault="mid_fanout") == 137, "did not die")
        stage.run("0", work="fan-out")
        stage.run(*MOMENTS)
    stage.expect(len(stage.seen("accept")) == stage.messages, "not everybody was told")


def windows(stage: Stage) -> None:
    """Killed once at each point of the way of a message."""
    with stage.sink():
        for fault in FAULTS:
            stage.expect(stage.run("0", fault=fault) == 137, f"did not die {fault}")
            stage.killed += 1
        stage.run(*MOMENTS)


def kill_again_and_again(stage: Stage) -> None:
    """Killed at any moment, many times."""
    with stage.sink("--delay", ".02"):
        kill = [sys.executable, str(stage.tools / "chaos_kill.py"), "--kills", str(stage.kills), "--min", "1.5"]
        options = ["--max", "5", "--final", "300", "--log", str(stage.folder / "kill.log"), "--"]
        done = subprocess.run([*kill, *options, *stage.command(*MOMENTS)], check=False, capture_output=True, text=True)
        stage.expect(done.returncode == 0, done.stdout)
        stage.killed = stage.kills - int(json.loads(done.stdout)["ended_before_kill"])


def refused_for_now(stage: Stage) -> None:
    """Many answers of 4xx, then none."""
    with stage.sink(*GREYLIST) as server:
        stage.run("0", "2", "8")
        server.send_signal(signal.SIGUSR2)
        stage.run(*MOMENTS)
    stage.expect(states(stage) == {"sent": stage.messages}, "not all were sent in the end")


def refused_for_good(stage: Stage) -> None:
    """Dead addresses, and contents that are not wanted."""
    with stage.sink("--hard", "^1", "--p-data-554", ".02"):
        stage.run(*MOMENTS)
    tries = Counter(one["rcpt"][0] for one in stage.seen("reject") if one["code"] == 550)
    stage.expect(set(tries.values()) == {1}, "a dead address was tried again")


def ambiguous(stage: Stage) -> None:
    """Taken, and no answer."""
    with stage.sink("--p-drop-after", ".05"):
        stage.run(*MOMENTS)
    copies = Counter((one["alert_key"], one["rcpt"][0]) for one in stage.seen("accept"))
    stage.expect(max(copies.values()) <= 2, "a third copy")
    stage.expect(all(one["message_id"].startswith(f"<{one['alert_key']}@") for one in stage.seen("accept")), "ids")


def dropped_before(stage: Stage) -> None:
    """Broken off before anything was taken."""
    with stage.sink("--p-drop-before", ".2"):
        stage.run(*MOMENTS)


def outage(stage: Stage) -> None:
    """A server that takes nothing for a while: five tries, then one a minute; afterwards the oldest goes first."""
    with stage.sink() as server:
        server.send_signal(signal.SIGUSR1)
        time.sleep(0.5)
        stage.run("0", "0.5")
        stage.expect(len(stage.seen("reject")) == 5, f"{len(stage.seen('reject'))} tries while nobody answered")
        server.send_signal(signal.SIGUSR1)
        time.sleep(0.5)
        stage.run("2", *MOMENTS[1:])
    stage.expect(states(stage) == {"sent": stage.messages}, "not all were sent in the end")


def unsubscribed(stage: Stage) -> None:
    """Refused for now; who leaves meanwhile gets nothing afterwards."""
    with stage.sink("--p450", "1") as server:
        stage.run("0")
        with open_sessions(open_engine(stage.url)).begin() as session:
            tokens = select(SubscriptionRow.unsubscribe_token).where(SubscriptionRow.id <= stage.messages // 2)
            for token in session.scalars(tokens).all():
                unsubscribe(session, token, everything=False, now=NOW)
        server.send_signal(signal.SIGUSR2)
        stage.run(*MOMENTS[1:])
    left = [one for one in stage.seen("accept") if int(one["rcpt"][0].partition("@")[0]) <= stage.messages // 2]
    stage.expect(not left, f"{len(left)} mails to who had left")


def suspended(stage: Stage) -> None:
    """A sender that stands still while another takes over, and wakes up late."""
    with stage.sink("--delay", ".05"):
        with subprocess.Popen(stage.command("0")) as first:
            wait_for(lambda: len(stage.seen("accept")) > 2)
            first.send_signal(signal.SIGSTOP)
            stage.run("10", "30", "60")
            first.send_signal(signal.SIGCONT)
        stage.killed = 1
        stage.run(*MOMENTS)


def poison(stage: Stage) -> None:
    """One event that cannot be put into words: it is given up, and the rest goes out."""
    with open_sessions(open_engine(stage.url)).begin() as session:
        event = EventRow(kind="duty_due", subject="duty:1", occurrence="", is_reviewed=True, at=NOW, told={"bad": 1})
        session.add(event)
        session.flush()
        session.execute(AlertRow.__table__.update().where(AlertRow.id == 1).values(event_id=event.id))
    with stage.sink():
        stage.run(*MOMENTS)
    with open_sessions(open_engine(stage.url))() as session:
        tries = session.scalar(select(func.count()).where(DeliveryRow.alert_id == 1))
    stage.expect(tries == 3, f"tried {tries} times")
    stage.expect(states(stage) == {"sent": stage.messages - 1, "failed": 1}, "the rest did not go out")


SCENARIOS: dict[int, Callable[[Stage], None]] = {
    2: fan_out,
    3: windows,
    4: kill_again_and_again,
    7: refused_for_now,
    8: refused_for_good,
    9: ambiguous,
    10: dropped_before,
    11: outage,
    12: unsubscribed,
    19: suspended,
    32: poison,
}


def states(stage: Stage) -> dict[str, int]:
    """How many alerts stand where."""
    with open_sessions(open_engine(stage.url))() as session:
        query = select(AlertRow.state, func.count()).group_by(AlertRow.state)
        return {state: count for state, count in session.execute(query)}


def judge(stage: Stage) -> list[str]:
    """One line of the table: what was lost, the copies, the headers, the states, and what else is wrong."""
    report = [sys.executable, str(stage.tools / "smtp_chaos.py"), "--report", str(stage.log)]
    found = json.loads(subprocess.run(report, check=False, capture_output=True, text=True).stdout)
    taken = {one["alert_key"] for one in stage.seen("accept")}
    with open_sessions(open_engine(stage.url))() as session:
        sent = session.scalars(select(DeliveryRow.key).where(DeliveryRow.outcome == "sent")).all()
        pair = (AlertRow.subscription_id, AlertRow.event_id)
        again = session.execute(select(*pair).group_by(*pair).having(func.count() > 1)).all()
    ended = states(stage)
    lost = len(set(sent) - taken) + sum(ended.get(state, 0) for state in ("pending", "sending", "gathered"))
    extra, ambiguity, headers = found["extra_copies"], found["ambiguous_accepts"], found["header_problems"]
    stage.expect(lost == 0, "lost")
    stage.expect(extra <= stage.killed + ambiguity, "too many copies")
    stage.expect(headers == 0, f"headers {found['example_problems'][:1]}")
    stage.expect(not again, "an alert twice")
    figures = (lost, extra, stage.killed, ambiguity, headers)
    told = ", ".join(f"{state} {count}" for state, count in sorted(ended.items()))
    return [*map(str, figures), told, "; ".join(stage.notes) or "pass"]


def wait_for(is_so: Callable[[], object], seconds: float = 30) -> None:
    """Look until it is so; raises TimeoutError."""
    end = time.monotonic() + seconds
    while not is_so():
        if time.monotonic() > end:
            raise TimeoutError("waited in vain")
        time.sleep(0.05)


@contextmanager
def databases(server: str | None, folder: Path) -> Iterator[list[tuple[str, str]]]:
    """A new database of each kind."""
    found = [("SQLite", f"sqlite:///{folder / 'chaos.sqlite3'}")]
    if server is None:
        yield found
        return
    engine = create_engine(server, isolation_level="AUTOCOMMIT")
    name = f"oversight_chaos_{os.getpid()}"
    with engine.connect() as connection:
        connection.execute(text(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)"))
        connection.execute(text(f"CREATE DATABASE {name}"))
    try:
        yield [*found, ("PostgreSQL", engine.url.set(database=name).render_as_string(hide_password=False))]
    finally:
        with engine.connect() as connection:
            connection.execute(text(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)"))


def play(tools: Path, numbers: Sequence[int], server: str | None, *, messages: int, kills: int) -> Table:
    """Every scenario on every database."""
    table = Table(title=f"{messages} alerts each", title_justify="left", box=None, pad_edge=False)
    for name in ("scenario", "database", "lost", "extra", "kills", "ambiguous", "headers", "ledger", "verdict"):
        table.add_column(name)
    for number in numbers:
        with tempfile.TemporaryDirectory(prefix="oversight-chaos-") as place, databases(server, Path(place)) as found:
            for name, url in found:
                folder = Path(place) / name
                folder.mkdir()
                prepare(url, messages)
                stage = Stage(tools, folder, url, messages, kills)
                SCENARIOS[number](stage)
                table.add_row(f"{number} {SCENARIOS[number].__name__.replace('_', ' ')}", name, *judge(stage))
    return table


def main() -> None:
    """Play what is asked for."""
    parser = argparse.ArgumentParser(prog="python -m bench.chaos", description=__doc__)
    parser.add_argument("tools", type=Path, help="the folder of smtp_chaos.py and chaos_kill.py")
    parser.add_argument("--postgresql", metavar="URL", help="a server on which databases may be made")
    parser.add_argument("--messages", type=int, default=200)
    parser.add_argument("--kills", type=int, default=10)
    parser.add_argument("--only", type=int, nargs="+", choices=sorted(SCENARIOS), default=sorted(SCENARIOS))
    asked = parser.parse_args()
    table = play(asked.tools, asked.only, asked.postgresql, messages=asked.messages, kills=asked.kills)
    Console(width=170, highlight=False).print(table)


if __name__ == "__main__":
    main()

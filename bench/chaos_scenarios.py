"""The scenarios of `bench.chaos`: each a mail server with its faults, our sender, and what must not happen."""

import json
import signal
import socket
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from sqlalchemy import delete, func, select

from bench.mail import NOW
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
    """Killed in the midst of writing alerts, and again and again while they are sent: all are written and sent once."""
    sessions = open_sessions(open_engine(stage.url))
    with sessions.begin() as session:
        session.execute(delete(AlertRow))
        session.execute(delete(EventRow))
    with stage.sink():
        stage.expect(stage.run("0", work="fan-out", fault="mid_fanout") == 137, "did not die")
        stage.run("0", work="fan-out")
        kill_repeatedly(stage)
    stage.expect(len({one["rcpt"][0] for one in stage.seen("accept")}) == stage.messages, "not everybody was told")


def windows(stage: Stage) -> None:
    """Killed once at each point of the way of a message, each time when the lease of the last is over."""
    with stage.sink():
        for minute, fault in zip(("0", "6", "12"), FAULTS, strict=True):
            stage.expect(stage.run(minute, fault=fault) == 137, f"did not die {fault}")
            stage.killed += 1
        stage.run(*MOMENTS)


def kill_again_and_again(stage: Stage) -> None:
    """Killed at any moment, many times."""
    with stage.sink("--delay", ".05"):
        kill_repeatedly(stage)


def kill_repeatedly(stage: Stage) -> None:
    """Start the sender, kill it after some seconds, and so on; the last time it may work to its end."""
    kill = [sys.executable, str(stage.tools / "chaos_kill.py"), "--kills", str(stage.kills), "--min", "1.5"]
    options = ["--max", "5", "--final", "600", "--log", str(stage.folder / "kill.log"), "--"]
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
    """Taken, and no answer, or one that comes when nobody waits for it any more."""
    with stage.sink("--p-drop-after", ".05", "--p-slow", ".02", "--slow-s", "90"):
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


def black_hole(stage: Stage) -> None:
    """A server that takes connections and never says a word: it is given up soon, and left alone."""
    with socket.create_server(("127.0.0.1", 0)) as hole:
        stage.port = hole.getsockname()[1]
        stage.run("0", "0.5")
    stage.expect(states(stage) == {"pending": stage.messages}, "something changed while nobody answered")
    with stage.sink():
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


SCENARIOS: dict[int, tuple[Callable[[Stage], None], ...]] = {
    2: (fan_out,),
    3: (windows,),
    4: (kill_again_and_again,),
    7: (refused_for_now,),
    8: (refused_for_good,),
    9: (ambiguous,),
    10: (dropped_before,),
    11: (outage, black_hole),
    12: (unsubscribed,),
    19: (suspended,),
    32: (poison,),
}


def states(stage: Stage) -> dict[str, int]:
    """How many alerts stand where."""
    with open_sessions(open_engine(stage.url))() as session:
        query = select(AlertRow.state, func.count()).group_by(AlertRow.state)
        return {state: count for state, count in session.execute(query)}


def wait_for(is_so: Callable[[], object], seconds: float = 30) -> None:
    """Look until it is so; raises TimeoutError."""
    end = time.monotonic() + seconds
    while not is_so():
        if time.monotonic() > end:
            raise TimeoutError("waited in vain")
        time.sleep(0.05)

"""python -m bench.chaos TOOLS [--postgresql URL] [--messages 200] [--kills 10] [--only 4 9]: the sender under faults.

TOOLS is a folder with smtp_chaos.py, a mail server that fails on purpose, and chaos_kill.py, which kills a command
again and again. Each scenario gets a new database, of SQLite and, where a server's address is given, of PostgreSQL.
Nothing may be lost, copies are at most kills and ambiguous endings, and every header is as it must be.
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from rich.console import Console
from rich.table import Table
from sqlalchemy import create_engine, func, select, text

from bench.chaos_scenarios import SCENARIOS, Stage, states
from bench.mail import prepare
from oversight.storage.engine import open_engine, open_sessions
from oversight.storage.models import AlertRow, DeliveryRow


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
    for number, play_one in ((one, scenario) for one in numbers for scenario in SCENARIOS[one]):
        with tempfile.TemporaryDirectory(prefix="oversight-chaos-") as place, databases(server, Path(place)) as found:
            for name, url in found:
                folder = Path(place) / name
                folder.mkdir()
                prepare(url, messages)
                stage = Stage(tools, folder, url, messages, kills)
                play_one(stage)
                table.add_row(f"{number} {play_one.__name__.replace('_', ' ')}", name, *judge(stage))
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

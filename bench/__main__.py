"""python -m bench [--feeds 300 2000] [--runs 3]: first and unchanged polls of ours and of peers, with ratios.

With --duplicates N nothing is polled: copies are looked for among N items. With --pages N every page is asked for N
times on the starter record.
"""

import argparse
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median

from rich.console import Console
from rich.table import Table

from bench.duplicates import compare
from bench.feeds import write_feeds
from bench.pages import time_pages
from bench.readers import Council, Newsboat, Ours, Reader, Rss2email
from bench.servers import Server, nginx, slow

LATENCY = 0.2
SECONDS = re.compile(r'"seconds": ([0-9.]+)')
PATIENT = 300  # with more feeds the peers take minutes: one run only, and none of rss2email
NEWSBOAT_THREADS = 32  # its best: more threads are no faster, fewer are slower where answers take their time


@dataclass(frozen=True)
class Row:
    """The median of several runs of one poll."""

    what: str
    poll: str
    feeds: int
    wall: float
    cpu: float
    rss_mb: float
    proof: str

    @property
    def speed(self) -> float:
        """Feeds a second."""
        return self.feeds / self.wall


@dataclass
class Bench:
    """Where the bench works, how often it repeats, and what our start-up alone costs in processor time."""

    work: Path
    runs: int
    console: Console
    start_up: float = 0.0

    def compare(self, title: str, readers: Sequence[Reader], server: Server, feeds: Sequence[Council]) -> None:
        """Measure each reader that is installed on the same feeds, and print the table."""
        rows: list[Row] = []
        for reader in readers:
            missing = reader.missing()
            if missing is None:
                rows += self._polls(reader, server, feeds)
            else:
                self.console.print(f"left out: {missing}")
        # Whatever else ran in that time makes the figures worse: ratios hold, absolutes do not.
        self.console.print(_table(f"{title} (load {os.getloadavg()[0]:.1f})", rows), "")

    def _polls(self, reader: Reader, server: Server, feeds: Sequence[Council]) -> Iterator[Row]:
        measured: dict[str, list[dict[str, float]]] = {"first": [], "second": [], "unchanged": []}
        proofs = {}
        for _ in range(self.runs if len(feeds) <= PATIENT else 1):
            folder = self.work / reader.name
            shutil.rmtree(folder, ignore_errors=True)
            reader.prepare(folder, server.port, feeds)
            for poll, figures in measured.items():
                server.statuses()
                figures.append(self._measure(reader.command(folder, server.port)))
                said = ", ".join(f"{count} x {status}" for status, count in sorted(server.statuses().items()))
                proofs[poll] = f"{said or 'nothing asked'}; {reader.items(folder)} items"
        measured.pop("second")  # newsboat keeps the validators of the second answer, not of the first
        for poll, figures in measured.items():
            wall, cpu, rss = (median(one[name] for one in figures) for name in ("wall", "cpu", "rss_mb"))
            yield Row(reader.name, poll, len(feeds), wall, cpu, rss, proofs[poll])
            if not feeds:
                self.start_up = cpu
            elif "seconds" in figures[0]:
                # In the clock's process nothing is started for a pass: its own time, and no start-up's processor time.
                own = median(one["seconds"] for one in figures)
                yield Row("  its pass", poll, len(feeds), own, max(cpu - self.start_up, 0), rss, "")

    def _measure(self, command: list[str]) -> dict[str, float]:
        result, said = self.work / "result.json", self.work / "said.txt"
        with said.open("w", encoding="utf-8") as out:
            measuring = [sys.executable, "-m", "bench.measure", str(result), "--", *command]
            done = subprocess.run(measuring, stdout=out, stderr=subprocess.STDOUT, check=False)
        if done.returncode != 0:
            raise RuntimeError(f"{' '.join(command)} ended with {done.returncode}:\n{said.read_text('utf-8')[-2000:]}")
        figures: dict[str, float] = json.loads(result.read_text("utf-8"))
        seconds = SECONDS.search(said.read_text("utf-8"))
        return figures | ({"seconds": float(seconds.group(1))} if seconds else {})


def _table(title: str, rows: Sequence[Row]) -> Table:
    table = Table(title=title, title_justify="left", box=None, pad_edge=False)
    for name in ("reader", "poll"):
        table.add_column(name)
    for name in ("wall s", "feeds/s", "CPU s/1,000", "RSS MB", "x newsboat"):
        table.add_column(name, justify="right")
    table.add_column("proof")
    peers = {row.poll: row.speed for row in rows if row.what == Newsboat.name}
    for row in rows:
        figures = (f"{row.wall:.2f}", "", "", f"{row.rss_mb:.0f}", "")
        if row.feeds:
            ratio = f"{row.speed / peers[row.poll]:.2f}" if row.poll in peers else ""
            cpu = f"{row.cpu / row.feeds * 1000:.2f}"
            figures = (f"{row.wall:.2f}", f"{row.speed:.0f}", cpu, f"{row.rss_mb:.0f}", ratio)
        table.add_row(row.what, row.poll, *figures, row.proof)
    return table


def main() -> None:
    """What is asked for; polls work in a temporary folder."""
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("--feeds", type=int, nargs="+", default=[300, 2000], help="how many feeds, once for each")
    parser.add_argument("--runs", type=int, default=3, help="so many runs, of which the median is told")
    parser.add_argument("--ours-only", action="store_true", help="leave the peers out")
    parser.add_argument("--duplicates", type=int, metavar="N", help="only look for copies among so many items")
    parser.add_argument("--pages", type=int, metavar="N", help="only time every page, N times each")
    asked = parser.parse_args()
    console = Console(width=120, highlight=False)
    if asked.pages:
        time_pages(asked.pages, console)
    elif asked.duplicates:
        compare(asked.duplicates, console)
    else:
        compare_polls(asked, console)


def compare_polls(asked: argparse.Namespace, console: Console) -> None:
    """First and unchanged polls of ours and of peers."""
    peers: list[Reader] = [] if asked.ours_only else [Newsboat(NEWSBOAT_THREADS), Rss2email()]
    with tempfile.TemporaryDirectory(prefix="oversight-bench-") as place:
        bench, folder = Bench(Path(place), asked.runs, console), Path(place) / "feeds"
        feeds = write_feeds(folder, max(asked.feeds))
        weight = sum(path.stat().st_size for path in folder.iterdir()) / len(feeds) / 1000
        console.print(
            f"feeds of {weight:.1f} KB on the average; median of {asked.runs} runs, one run above {PATIENT} feeds\n"
        )
        if shutil.which("nginx") or Path("/usr/sbin/nginx").exists():
            with nginx(bench.work, folder) as server:
                bench.compare("our start-up alone: no feed to poll", [Ours()], server, [])
                for count in asked.feeds:
                    readers = [Ours(), *(one for one in peers if count <= PATIENT or one.name == Newsboat.name)]
                    bench.compare(f"{count} feeds, nginx on loopback", readers, server, feeds[:count])
        else:
            console.print("left out: nginx (apt-get install nginx-light)")
        with slow(bench.work, folder, LATENCY) as server:
            few = feeds[: min(asked.feeds)]
            bench.compare(f"{len(few)} feeds, each answer after 200 ms", [Ours(), *peers[:1]], server, few)


if __name__ == "__main__":
    main()

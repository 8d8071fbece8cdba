"""Who is measured: our poll, and the peers that are installed. Each says how it is run and what it holds afterwards."""

import json
import shutil
import sqlite3
import sys
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path
from typing import Protocol

ROOT = Path(__file__).parents[1]
Council = tuple[str, str | None]


class Reader(Protocol):
    """A feed reader with a folder of its own, where it keeps what it knows between two polls."""

    name: str

    def missing(self) -> str | None:
        """What must be installed first; None where it is there."""
        ...

    def prepare(self, folder: Path, port: int, feeds: Sequence[Council]) -> None:
        """Write the configuration for these feeds."""
        ...

    def command(self, folder: Path, port: int) -> list[str]:
        """One poll of all feeds."""
        ...

    def items(self, folder: Path) -> int:
        """How many items it holds: the proof that it did the work."""
        ...


class Ours:
    """`flask poll --all` on SQLite, guard and limits on, politeness off."""

    name = "oversight"

    def missing(self) -> str | None:
        return None

    def prepare(self, folder: Path, port: int, feeds: Sequence[Council]) -> None:
        folder.mkdir()
        entries = [
            f'[[feed]]\nkey = "{name[:-4]}"\nplatform = "rss"\nurl = "http://127.0.0.1:{port}/{name}"\n'
            + (f'jurisdiction = "{jurisdiction}"\n' if jurisdiction else "")
            for name, jurisdiction in feeds
        ]
        disabled = '[[feed]]\nkey = "nothing"\nplatform = "rss"\nurl = "http://127.0.0.1/"\nenabled = false\n'
        (folder / "feeds.toml").write_text("\n".join(entries) or disabled, "utf-8")

    def command(self, folder: Path, port: int) -> list[str]:
        own = {
            "INSTANCE": str(folder / "instance"),
            "ALLOW_HOSTS": f"127.0.0.1:{port}",
            "HOST_GAP_SECONDS": "0",
            "HOST_CONNECTIONS": "64",
        }
        # The program env adds to the environment without our reading it, which is the settings' own affair.
        # Where Python is told not to keep what it compiled, every start would compile all of it again.
        compiled = ["-u", "PYTHONDONTWRITEBYTECODE"]
        environment = ["/usr/bin/env", *compiled, *(f"OVERSIGHT_{name}={value}" for name, value in own.items())]
        flask = [sys.executable, "-m", "flask", "--app", str(ROOT / "app.py"), "poll"]
        return [*environment, *flask, "--all", "--feeds", str(folder / "feeds.toml"), "--json"]

    def items(self, folder: Path) -> int:
        return _count(folder / "instance" / "oversight.sqlite3", "items")


class Newsboat:
    """newsboat -x reload: C++, its cache is SQLite too."""

    name = "newsboat"

    def __init__(self, threads: int) -> None:
        self._threads = threads

    def missing(self) -> str | None:
        return None if shutil.which("newsboat") else "newsboat (apt-get install newsboat)"

    def prepare(self, folder: Path, port: int, feeds: Sequence[Council]) -> None:
        folder.mkdir()
        settings = {"reload-threads": self._threads, "auto-reload": "no", "cleanup-on-quit": "no", "max-items": 0}
        lines = [f"{name} {value}\n" for name, value in settings.items()]
        (folder / "config").write_text("".join(lines), "utf-8")
        urls = [f"http://127.0.0.1:{port}/{name}\n" for name, _ in feeds]
        (folder / "urls").write_text("".join(urls), "utf-8")

    def command(self, folder: Path, port: int) -> list[str]:
        files = ["-u", f"{folder}/urls", "-c", f"{folder}/cache.db", "-C", f"{folder}/config"]
        return ["/usr/bin/env", f"HOME={folder}", "newsboat", *files, "-x", "reload"]

    def items(self, folder: Path) -> int:
        return _count(folder / "cache.db", "rss_item")


class Rss2email:
    """r2e run --no-send: feedparser, one feed after the other."""

    name = "rss2email"

    def missing(self) -> str | None:
        return None if shutil.which("r2e") else "rss2email (apt-get install rss2email)"

    def prepare(self, folder: Path, port: int, feeds: Sequence[Council]) -> None:
        folder.mkdir()
        entries = [f"[feed.f{name[:-4]}]\nurl = http://127.0.0.1:{port}/{name}\n" for name, _ in feeds]
        head = "[DEFAULT]\nfrom = a@example.org\nto = b@example.org\nverbose = error\n"
        (folder / "config").write_text(head + "".join(entries), "utf-8")

    def command(self, folder: Path, port: int) -> list[str]:
        return ["/usr/bin/env", "r2e", "-c", f"{folder}/config", "-d", f"{folder}/data.json", "run", "--no-send"]

    def items(self, folder: Path) -> int:
        kept = json.loads((folder / "data.json").read_text("utf-8"))
        return sum(len(feed["seen"]) for feed in kept["feeds"])


def _count(database: Path, table: str) -> int:
    with closing(sqlite3.connect(database)) as connection:
        count: int = connection.execute(f'SELECT count(*) FROM "{table}"').fetchone()[0]  # noqa: S608 - our own names
        return count

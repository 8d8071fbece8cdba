"""The hostile corpus of ../shared/hostile: what is in it, what feeds are made of it, and its server on free ports."""

import json
import re
import shutil
import subprocess
import sys
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from oversight.outbound.client import Client, Fetched
from oversight.outbound.limits import Limits
from oversight.settings import Settings
from tests.cli.commands import free_port

HOSTILE = Path(__file__).parents[3] / "shared" / "hostile"
CANARY = b"127.0.0.1:8999"  # where the files of the corpus expect the internal service
KINDS = ("file", "http", "robots")
CONTROL = "control-good"
GOOD_FEEDS = 200
PATIENT = Limits(wire_bytes=100_000_000, decoded_bytes=100_000_000)

Entry = dict[str, str]


def key_of(name: str) -> str:
    """The key of an entry's feed."""
    return re.sub(r"[^a-z0-9]+", "-", name.lower())


def manifest() -> dict[str, Entry]:
    """Every entry for a poller, by the key of its feed; none where ../shared is not here."""
    file = HOSTILE / "manifest.json"
    listed = json.loads(file.read_text("utf-8")) if file.is_file() else []
    return {key_of(one["name"]): one for one in listed if one["kind"] in KINDS}


def feeds_of(categories: Collection[str]) -> dict[str, Entry]:
    """The entries of these categories that a feed can be made of, by its key."""
    return {key: one for key, one in manifest().items() if one["kind"] != "robots" and one["category"] in categories}


def good_feeds(count: int = GOOD_FEEDS) -> dict[str, str]:
    """Feeds with nothing wrong, as keys and paths."""
    return {f"good-{number}": f"/feeds/control_good.xml?x={number}" for number in range(count)}


@dataclass(frozen=True)
class Server:
    """The hostile server while it runs."""

    port: int
    canary: int

    @property
    def host(self) -> str:
        return f"127.0.0.1:{self.port}"

    def ask(self, settings: Settings, path: str) -> Fetched:
        """Ask the server itself, however much it has to say."""
        return Client(settings, limits=PATIENT).fetch(f"http://{self.host}{path}")

    def write_feeds(self, file: Path, paths: dict[str, str]) -> None:
        """A feeds.toml of these keys and paths."""
        entries = [
            f'[[feed]]\nkey = "{key}"\nplatform = "rss"\nurl = "http://{self.host}{path}"\n'
            for key, path in paths.items()
        ]
        file.write_text("\n".join(entries), "utf-8")


@contextmanager
def serve(folder: Path) -> Iterator[Server]:
    """The hostile server and its canary; the files name that canary."""
    server = Server(free_port(), free_port())
    shutil.copy(HOSTILE / "hostile_server.py", folder)
    for file in (HOSTILE / "feeds").rglob("*"):
        if file.is_file():
            copy = folder / file.relative_to(HOSTILE)
            copy.parent.mkdir(parents=True, exist_ok=True)
            copy.write_bytes(file.read_bytes().replace(CANARY, f"127.0.0.1:{server.canary}".encode()))
    ports = ("--port", str(server.port), "--canary-port", str(server.canary))
    command = [sys.executable, str(folder / "hostile_server.py"), *ports]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL) as process:
        try:
            assert process.stdout is not None
            assert process.stdout.readline().startswith(b"hostile on")
            yield server
        finally:
            process.kill()

"""Runs commands of `flask`: in this process, or as processes of their own that can be signalled and killed."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from functools import cache
from pathlib import Path
from typing import Any, TypeVar

from click.testing import Result
from flask import Flask

from oversight.cli import register_commands
from oversight.settings import Settings
from oversight.web import create_app
from tests.quick import quick

ROOT = Path(__file__).parents[2]
SECRET = "a-secret-of-the-tests-with-enough-bytes"
PATIENCE_SECONDS = 30  # for what should take two or three seconds, on a machine that is busy with other tests

Found = TypeVar("Found")


def environment(instance: Path, **changes: str) -> dict[str, str]:
    """The `OVERSIGHT_*` variables of a test that keeps everything in its own folder."""
    valid = {
        "INSTANCE": str(instance),
        "SECRET_KEY": SECRET,
        "FEEDS": str(instance / "feeds.toml"),
        "HOST_GAP_SECONDS": "0",
        "HOST_CONNECTIONS": "64",
        "LINKS_PER_TICK": "0",
    }
    return {f"OVERSIGHT_{name}": value for name, value in (valid | changes).items()}


def settings_of(instance: Path, **changes: str) -> Settings:
    """The settings that `environment` makes."""
    return Settings.from_environment(environment(instance, **changes))


def run(instance: Path, *arguments: str, stdin: str | bytes | None = None, **changes: str) -> Result:
    """Run a command in this process."""
    app = _app(instance, tuple(changes.items()))
    return app.test_cli_runner().invoke(args=list(arguments), input=stdin)


@cache
def _app(instance: Path, changes: tuple[tuple[str, str], ...]) -> Flask:
    settings = settings_of(instance, **dict(changes))
    app = quick(create_app(settings))
    register_commands(app, settings)
    return app


def start(instance: Path, *arguments: str, **changes: str) -> subprocess.Popen[bytes]:
    """Start `flask --app app ...` as a process; what it says goes into `output` in the instance folder."""
    return start_python(instance, "-m", "flask", "--app", "app", *arguments, **changes)


def start_python(instance: Path, *arguments: str, **changes: str) -> subprocess.Popen[bytes]:
    """Start this Python with these arguments and the variables of a test."""
    instance.mkdir(parents=True, exist_ok=True)
    with (instance / "output").open("ab") as output:
        return subprocess.Popen(
            [sys.executable, *arguments],
            cwd=ROOT,
            env=_own_environment() | environment(instance, **changes),
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            start_new_session=True,
        )


def finish(instance: Path, *arguments: str, **changes: str) -> subprocess.CompletedProcess[str]:
    """Run `flask --app app ...` as a process to its end."""
    return subprocess.run(
        [sys.executable, "-m", "flask", "--app", "app", *arguments],
        cwd=ROOT,
        env=_own_environment() | environment(instance, **changes),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def _own_environment() -> dict[str, str]:
    """What a process needs of ours, and no setting of whoever runs the tests."""
    return {name: value for name, value in os.environ.items() if not name.startswith("OVERSIGHT_")}


def family_of(instance: Path) -> dict[int, str]:
    """Every process that runs with this instance folder, by its id, with its command line."""
    mark = f"OVERSIGHT_INSTANCE={instance}\0".encode()
    found = {}
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            if mark in (folder / "environ").read_bytes() + b"\0" and (folder / "cmdline").read_bytes():
                found[int(folder.name)] = (folder / "cmdline").read_bytes().replace(b"\0", b" ").decode()
        except OSError:
            continue
    return found


def kill_family(instance: Path) -> None:
    """End what a failed test left."""
    for identifier in family_of(instance):
        os.kill(identifier, signal.SIGKILL)


def wait_until(ask: Callable[[], Found], what: str, *, seconds: float = PATIENCE_SECONDS) -> Found:
    """Ask again and again until the answer is true; fail where it is not in time."""
    deadline = time.monotonic() + seconds
    while not (found := ask()):
        assert time.monotonic() < deadline, f"not within {seconds:g} s: {what}"
        time.sleep(0.02)
    return found


def free_port() -> int:
    """A port on which nothing listens."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return int(listener.getsockname()[1])


def write_feeds(path: Path, feeds: Mapping[str, str], **more: Any) -> Path:
    """A feeds.toml with an rss feed for each key and address."""
    extra = "".join(f'{name} = "{value}"\n' for name, value in more.items())
    entries = [f'[[feed]]\nkey = "{key}"\nplatform = "rss"\nurl = "{url}"\n{extra}' for key, url in feeds.items()]
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("\n".join(entries), "utf-8")
    return path

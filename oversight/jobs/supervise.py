"""Runs the web and the clock as children of one command: restarts what dies, ends all together."""

import ctypes
import logging
import os
import secrets
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Mapping
from pathlib import Path

from oversight.errors import ConfigurationError
from oversight.settings import Settings

log = logging.getLogger(__name__)
ROOT = Path(__file__).parents[2]
GRACE_SECONDS = 8
RESTART_PAUSE_SECONDS = 2
EVERYWHERE = ("", "0.0.0.0", "::")  # noqa: S104 - to know it by, not to listen on
PR_SET_PDEATHSIG = 1


def keep_secret_key(settings: Settings) -> str:
    """The secret key; where none is set, one is made and kept in the instance folder, readable by its owner only."""
    if settings.secret_key is not None:
        return settings.secret_key
    settings.instance.mkdir(mode=0o700, parents=True, exist_ok=True)
    key = secrets.token_urlsafe(48)
    file = settings.instance / "secret_key"
    unfinished = file.with_suffix(".new")  # a key that is cut off by a crash must not keep the next start from its own
    unfinished.unlink(missing_ok=True)
    with os.fdopen(os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as handle:
        handle.write(key)
    unfinished.replace(file)
    return key


def require_free(host: str, port: int) -> None:
    """Raise ConfigurationError where something else listens already."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            raise ConfigurationError(
                f"cannot listen on {host}, port {port}: {error.strerror}; stop what is there, or add --port {port + 1}"
            ) from error


def address_of(host: str, port: int) -> str:
    """The address of a site that listens there and nowhere else; of one that listens everywhere, on this machine."""
    return f"http://{_authority('127.0.0.1' if host in EVERYWHERE else host, port)}"


def gunicorn_command(host: str, port: int) -> list[str]:
    """The web: two processes of eight threads; they never poll (SAFETY A1)."""
    return [
        *(
            "-m",
            "gunicorn",
            "--bind",
            _authority(host, port),
            "--workers",
            "2",
            "--threads",
            "8",
            "--worker-class",
            "gthread",
        ),
        *("--graceful-timeout", "5", "--timeout", "60", "--limit-request-line", "4094", "--log-level", "warning"),
        "app:app",
    ]


def supervise(commands: Mapping[str, list[str]], environment: Mapping[str, str] | None = None) -> None:
    """Run each command, given as arguments to this Python, until SIGTERM or SIGINT; then end them within seconds."""
    ended = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: ended.set())
    children = {name: start(arguments, environment) for name, arguments in commands.items()}
    while not ended.wait(0.2):
        for name, child in children.items():
            if child.poll() is not None:
                log.error("%s ended with %s; it is started again", name, child.returncode)
                ended.wait(RESTART_PAUSE_SECONDS)
                children[name] = start(commands[name], environment)
    end(list(children.values()))


def start(arguments: list[str], environment: Mapping[str, str] | None = None) -> subprocess.Popen[bytes]:
    """Start this Python with these arguments in the project's folder; it ends when we do, even if we are killed."""
    return subprocess.Popen(
        [sys.executable, *arguments],
        cwd=ROOT,
        env=dict(environment) if environment is not None else None,
        preexec_fn=_end_with_parent,  # noqa: PLW1509 - started from the main thread, before any other thread runs
        start_new_session=True,  # Ctrl-C reaches us alone; we end the children in order
    )


def end(children: list[subprocess.Popen[bytes]]) -> None:
    """Ask every child to end, and kill what has not after a few seconds."""
    for child in children:
        child.terminate()
    deadline = time.monotonic() + GRACE_SECONDS
    for child in children:
        try:
            child.wait(max(0.0, deadline - time.monotonic()))
        except subprocess.TimeoutExpired:
            child.kill()
            child.wait()


def _authority(host: str, port: int) -> str:
    return f"[{host}]:{port}" if ":" in host else f"{host}:{port}"


def _end_with_parent() -> None:
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGTERM)

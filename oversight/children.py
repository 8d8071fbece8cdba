"""A pool of child processes that can be killed: the safety boundary around other people's documents (SAFETY A7)."""

import multiprocessing
import os
import queue
import resource
import signal
import threading
import traceback
from collections.abc import Callable
from dataclasses import dataclass
from multiprocessing.connection import Connection
from multiprocessing.forkserver import ensure_running
from types import TracebackType
from typing import Any, TypeVar

from oversight.errors import OversightError

Result = TypeVar("Result")


class ChildTimeout(OversightError):
    """The work took too long and its child was killed: record it, go on."""


class ChildOutOfMemory(OversightError):
    """The work wanted more memory than it may have: record it, go on."""


class ChildFailed(OversightError):
    """The work raised, or its child died: record it, go on. The message holds the last line of the traceback."""


@dataclass(frozen=True)
class ChildLimits:
    """What one piece of work may take; a child is replaced after `tasks` pieces."""

    wall_seconds: float = 15
    cpu_seconds: int = 10
    address_space_bytes: int = 512 * 1024 * 1024
    tasks: int = 500


class _Child:
    """One process and our end of its pipe."""

    def __init__(self, context: Any, limits: ChildLimits) -> None:
        self.pipe, theirs = context.Pipe()
        self.process = context.Process(target=_serve, args=(theirs, limits), daemon=True)
        self.process.start()
        theirs.close()
        self.tasks = 0

    def end(self) -> None:
        self.pipe.close()
        self.process.kill()
        self.process.join()


class ChildPool:
    """Runs plain functions in `size` children; any number of threads may call `run` at once."""

    def __init__(self, size: int, limits: ChildLimits | None = None, preload: tuple[str, ...] = ()) -> None:
        self._limits = limits or ChildLimits()
        self._context = multiprocessing.get_context("forkserver")
        self._context.set_forkserver_preload(list(preload))
        self._idle: queue.LifoQueue[_Child | None] = queue.LifoQueue()
        self._all: set[_Child] = set()
        self._lock = threading.Lock()
        for _ in range(size):
            self._idle.put(None)  # a place whose child is started when it is first needed

    def __enter__(self) -> "ChildPool":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def warm_up(self) -> None:
        """Load what children share in a process beside this one; without it the first work waits until it is loaded."""
        ensure_running()

    def close(self) -> None:
        """Kill every child."""
        with self._lock:
            children, self._all = self._all, set()
        for child in children:
            child.end()

    def run(self, function: Callable[..., Result], *arguments: Any, wall_seconds: float | None = None) -> Result:
        """Call a module-level function in a child; raises ChildTimeout, ChildOutOfMemory or ChildFailed.

        `wall_seconds` is for work that waits for another program; processor time stays limited.
        """
        child = self._idle.get()
        try:
            child = child or self._start()
            status, value = self._ask(child, function, arguments, wall_seconds or self._limits.wall_seconds)
        except BaseException:
            self._discard(child)
            self._idle.put(None)
            raise
        if status == "memory" or child.tasks >= self._limits.tasks:
            self._discard(child)
            child = None
        self._idle.put(child)
        if status == "memory":
            raise ChildOutOfMemory("more memory than a document may take")
        if status == "error":
            raise ChildFailed(value)
        result: Result = value
        return result

    def _ask(
        self, child: _Child, function: Callable[..., Any], arguments: tuple[Any, ...], wall_seconds: float
    ) -> tuple[str, Any]:
        child.tasks += 1
        try:
            child.pipe.send((function, arguments))
            if not child.pipe.poll(wall_seconds):
                raise ChildTimeout(f"not finished after {wall_seconds:g} s")
            status, value = child.pipe.recv()
        except (EOFError, OSError) as error:
            raise self._death(child) from error
        return status, value

    def _death(self, child: _Child) -> OversightError:
        child.process.join(1)
        code = child.process.exitcode
        if code == -signal.SIGXCPU:
            return ChildTimeout(f"more than {self._limits.cpu_seconds} s of processor time")
        return ChildFailed(f"the child process died with {code}")

    def _start(self) -> _Child:
        child = _Child(self._context, self._limits)
        with self._lock:
            self._all.add(child)
        return child

    def _discard(self, child: _Child | None) -> None:
        if child is not None:
            with self._lock:
                self._all.discard(child)
            child.end()


def _serve(pipe: Connection, limits: ChildLimits) -> None:
    """The child's loop: one piece of work after another until the pipe closes with its parent."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    resource.setrlimit(resource.RLIMIT_AS, (limits.address_space_bytes, limits.address_space_bytes))
    while True:
        try:
            function, arguments = pipe.recv()
        except EOFError:
            os._exit(0)
        used = sum(resource.getrusage(resource.RUSAGE_SELF)[:2])
        resource.setrlimit(resource.RLIMIT_CPU, (int(used) + limits.cpu_seconds, resource.RLIM_INFINITY))
        pipe.send(_outcome(function, arguments))


def _outcome(function: Callable[..., Any], arguments: tuple[Any, ...]) -> tuple[str, Any]:
    try:
        return "ok", function(*arguments)
    except MemoryError:
        return "memory", None
    except Exception as error:  # noqa: BLE001 - a parser may raise anything (SAFETY C2); the parent records it
        return "error", traceback.format_exception_only(error)[-1].strip()[:500]

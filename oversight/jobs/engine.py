"""The embedded engine: runs jobs by name in this process, never two of a name at once."""

import logging
import threading
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor

from oversight.jobs.tools import Tools
from oversight.services.visit import Collector
from oversight.storage.jobs import note_run, note_skip

log = logging.getLogger(__name__)
Work = Callable[[Tools, Collector], None]


class EmbeddedEngine:
    """A thread for each job; a job that still runs when it is due again is skipped, and the skip is counted."""

    def __init__(self, tools: Tools, collector: Collector, work: Mapping[str, Work]) -> None:
        self._tools = tools
        self._collector = collector
        self._work = work
        self._running: set[str] = set()
        self._lock = threading.Lock()
        self._threads = ThreadPoolExecutor(max(len(work), 1), thread_name_prefix="job")

    def submit(self, job_name: str) -> None:
        """Start a job."""
        with self._lock:
            is_free = job_name not in self._running and not self._tools.stop.is_set()
            if is_free:
                self._running.add(job_name)
        if is_free:
            self._threads.submit(self._run, job_name)
        elif not self._tools.stop.is_set():
            with self._tools.sessions.begin() as session:
                note_skip(session, job_name)

    def close(self) -> None:
        """Wait for the jobs that run."""
        self._threads.shutdown(wait=True, cancel_futures=True)

    def _run(self, job_name: str) -> None:
        error = None
        try:
            self._work[job_name](self._tools, self._collector)
        except Exception as unexpected:
            error = f"{type(unexpected).__name__}: {unexpected}"[:500]
            log.critical("job %s failed", job_name, exc_info=True)
        finally:
            with self._lock:
                self._running.discard(job_name)
        try:
            with self._tools.sessions.begin() as session:
                note_run(session, job_name, error=error, now=self._tools.settings.now())
        except Exception:
            # A thread's future is read by nobody: what is raised here would be seen nowhere.
            log.critical("job %s ended and could not be counted", job_name, exc_info=True)

"""A web site on loopback with a few documents; it can hold its answers back."""

import threading
from contextlib import suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


class Site:
    """Answers what is in `pages`; from the moment `hold_after` answers were given, every other waits to be let go."""

    def __init__(self) -> None:
        self.pages: dict[str, bytes] = {}
        self.hold_after: int | None = None
        self.asked: list[str] = []
        self.answered = 0
        self.held = 0
        self._lock = threading.Lock()
        self._ended = threading.Event()
        self._server = _Server(("127.0.0.1", 0), _Handler)
        self._server.site = self
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True)

    def __enter__(self) -> "Site":
        self._thread.start()
        return self

    def __exit__(self, *error: object) -> None:
        self._ended.set()
        self._server.shutdown()
        self._server.server_close()

    @property
    def host(self) -> str:
        return f"127.0.0.1:{self._server.server_port}"

    def url(self, path: str) -> str:
        return f"http://{self.host}{path}"

    def forget(self) -> None:
        """Start the counters anew, and hold nothing back."""
        with self._lock:
            self.asked, self.answered, self.held, self.hold_after = [], 0, 0, None

    def let_go(self) -> None:
        """Give the answers that were held back, and hold none back any more."""
        self._ended.set()

    def take(self, path: str) -> bytes | None:
        """The document, now or never."""
        with self._lock:
            self.asked.append(path)
            is_held = self.hold_after is not None and self.answered >= self.hold_after
            self.held += is_held
            self.answered += not is_held
        if is_held:
            self._ended.wait()
        return self.pages.get(path)


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    block_on_close = False
    request_queue_size = 64
    site: Site

    def handle_error(self, request: object, client_address: object) -> None:
        """A client that was killed is what the tests want."""


class _Handler(BaseHTTPRequestHandler):
    server: _Server

    def do_GET(self) -> None:
        body = self.server.site.take(self.path)
        with suppress(OSError):
            self.send_response(404 if body is None else 200)
            self.send_header("Content-Type", "application/rss+xml; charset=utf-8")
            self.send_header("Content-Length", str(len(body or b"")))
            self.end_headers()
            self.wfile.write(body or b"")

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002
        """Stay silent."""

"""A real receiver of webhooks on loopback: it keeps what it got, and answers as a test tells it to."""

import json
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any


class Receiver:
    """`status` and `answer` are its answer, unless it `echoes` what it got; `waits_for` another, before it does."""

    def __init__(self) -> None:
        self.received: list[tuple[dict[str, str], str]] = []
        self.status, self.echoes = 204, False
        self.answer = b""
        self.waits_for: Receiver | None = None
        self.headers: dict[str, str] = {}
        self.port = 0

    def wait(self) -> None:
        """Until the other got three; fail where it does not."""
        until = time.monotonic() + 5
        while self.waits_for and len(self.waits_for.received) < 3 and time.monotonic() < until:
            time.sleep(0.01)
        self.status = self.status if time.monotonic() < until else 500

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/hook"

    @property
    def bodies(self) -> list[Any]:
        return [json.loads(body) for _, body in self.received]

    @property
    def ids(self) -> list[str]:
        return [headers["webhook-id"] for headers, _ in self.received]


@contextmanager
def receiving() -> Iterator[Receiver]:
    """A receiver that listens for as long as the block lasts."""
    receiver = Receiver()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"])).decode()
            receiver.received.append(({name.lower(): value for name, value in self.headers.items()}, body))
            receiver.wait()
            answer = body.encode() if receiver.echoes else receiver.answer
            self.send_response(200 if receiver.echoes else receiver.status)
            for name, value in ({"Content-Length": str(len(answer))} | receiver.headers).items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(answer)

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    receiver.port = server.server_address[1]
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    yield receiver
    server.shutdown()
    thread.join()
    server.server_close()

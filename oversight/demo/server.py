"""Serves the bundled sample feeds on loopback as their platforms would, so that the demo polls without a network."""

import json
import re
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import format_datetime, parsedate_to_datetime
from hashlib import sha256
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

SAMPLES = Path(__file__).parent.parent / "starter" / "samples"
MODIFIED = datetime(2019, 5, 7, 15, tzinfo=UTC)  # a fixed moment: a checkout gives every file a time of its own
MEDIA_TYPES = {
    ".atom": "application/atom+xml; charset=utf-8",
    ".json": "application/feed+json; charset=utf-8",
    ".rdf": "application/rdf+xml; charset=utf-8",
    ".xml": "application/rss+xml; charset=utf-8",
}

EVENT_ITEMS = re.compile(r"events/(\d+)/eventitems")
HISTORIES = re.compile(r"matters/\d+/histories")  # the samples hold none
CLAUSE = re.compile(r"(\w+) (ge|gt|le|lt|eq) datetime'([^']+)'")
COMPARE: dict[str, Callable[[datetime, datetime], bool]] = {
    "ge": lambda left, right: left >= right,
    "gt": lambda left, right: left > right,
    "le": lambda left, right: left <= right,
    "lt": lambda left, right: left < right,
    "eq": lambda left, right: left == right,
}
PAGE = 1_000  # what Legistar's Web API gives at most

Row = dict[str, Any]


class BadQueryError(Exception):
    """The query is not one that the server evaluates; answered with 400, as Legistar does."""


@dataclass(frozen=True)
class File:
    """A static sample with what a conditional request is held against."""

    body: bytes
    media_type: str
    etag: str


@contextmanager
def serve_samples() -> Iterator[int]:
    """Serve on a free port of 127.0.0.1 until the block ends; yields the port."""
    server = _Server(("127.0.0.1", 0), _Handler)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    try:
        yield server.server_port
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def select(rows: list[Row], query: dict[str, list[str]]) -> list[Row]:
    """What `$filter`, `$orderby`, `$skip` and `$top` leave; raises BadQueryError on a form it does not know."""
    kept = [row for row in rows if _passes(row, query.get("$filter", [""])[0])]
    field, _, direction = query.get("$orderby", [""])[0].partition(" ")
    if field:
        kept.sort(key=lambda row: str(row.get(field) or ""), reverse=direction == "desc")
    skip = _whole(query.get("$skip", ["0"])[0])
    return kept[skip : skip + min(PAGE, _whole(query.get("$top", [str(PAGE)])[0]))]


def _passes(row: Row, condition: str) -> bool:
    return any(
        all(_holds(row, clause.strip()) for clause in part.split(" and ") if clause.strip())
        for part in condition.split(" or ")
    )


def _holds(row: Row, clause: str) -> bool:
    match = CLAUSE.fullmatch(clause)
    if not match or match[1] not in row:
        raise BadQueryError(f"The query specified in the URI is not valid: {clause}")
    try:
        limit = datetime.fromisoformat(match[3])
    except ValueError as error:
        raise BadQueryError(f"Not a datetime: {match[3]}") from error
    value = row[match[1]]
    return value is not None and COMPARE[match[2]](datetime.fromisoformat(value), limit)


def _whole(text: str) -> int:
    if not re.fullmatch(r"\d{1,9}", text):
        raise BadQueryError(f"Not a whole number: {text}")
    return int(text)


class _Server(ThreadingHTTPServer):
    """Holds the samples in memory: only what was loaded at the start can be asked for."""

    daemon_threads = True

    def __init__(self, address: tuple[str, int], handler: type[BaseHTTPRequestHandler]) -> None:
        self.files = {f"/feeds/{path.name}": _load(path) for path in sorted((SAMPLES / "feeds").iterdir())}
        self.clients = {
            folder.name: {path.stem: json.loads(path.read_text("utf-8")) for path in folder.glob("*.json")}
            for folder in sorted((SAMPLES / "legistar").iterdir())
        }
        super().__init__(address, handler)

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A client that hangs up is no news on the console of the demo."""


def _load(path: Path) -> File:
    body = path.read_bytes()
    return File(body, MEDIA_TYPES[path.suffix], f'"{sha256(body).hexdigest()[:32]}"')


class _Handler(BaseHTTPRequestHandler):
    server: _Server
    protocol_version = "HTTP/1.1"
    timeout = 10

    def do_GET(self) -> None:
        parts = urlsplit(self.path)
        file = self.server.files.get(parts.path)
        if file:
            self._answer_file(file)
        else:
            self._answer_legistar(parts.path, parse_qs(parts.query))

    do_HEAD = do_GET

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002
        """Stay silent: the console belongs to the demo."""

    def _answer_file(self, file: File) -> None:
        validators = {"ETag": file.etag, "Last-Modified": format_datetime(MODIFIED, usegmt=True)}
        if self._is_unchanged(file):
            self._answer(HTTPStatus.NOT_MODIFIED, b"", validators)
        else:
            self._answer(HTTPStatus.OK, file.body, {"Content-Type": file.media_type, **validators})

    def _is_unchanged(self, file: File) -> bool:
        """RFC 9110, 13.2.2: If-Modified-Since counts only where there is no If-None-Match."""
        known = self.headers.get("If-None-Match")
        if known is not None:
            return known.strip() == "*" or file.etag in [tag.strip().removeprefix("W/") for tag in known.split(",")]
        try:
            return parsedate_to_datetime(self.headers.get("If-Modified-Since", "")) >= MODIFIED
        except (TypeError, ValueError):
            return False

    def _answer_legistar(self, path: str, query: dict[str, list[str]]) -> None:
        try:
            rows = self._rows(path, query)
        except BadQueryError as error:
            self._answer_json(HTTPStatus.BAD_REQUEST, {"Message": str(error)})
            return
        if rows is None:
            self._answer_json(HTTPStatus.NOT_FOUND, {"Message": "No resource was found that matches the request."})
        else:
            self._answer_json(HTTPStatus.OK, rows)

    def _rows(self, path: str, query: dict[str, list[str]]) -> list[Row] | None:
        root, version, client, *rest = [*path.split("/", 3), "", ""][:4]
        tables = self.server.clients.get(client)
        if root or version != "v1" or tables is None:
            return None
        question = "/".join(rest)
        if question in ("events", "matters"):
            return select(tables[question], query)
        return [] if HISTORIES.fullmatch(question) else _items_of(tables, question)

    def _answer_json(self, status: HTTPStatus, value: object) -> None:
        self._answer(status, json.dumps(value).encode(), {"Content-Type": "application/json; charset=utf-8"})

    def _answer(self, status: HTTPStatus, body: bytes, headers: dict[str, str]) -> None:
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        if status is not HTTPStatus.NOT_MODIFIED:
            self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)


def _items_of(tables: dict[str, list[Row]], question: str) -> list[Row] | None:
    match = EVENT_ITEMS.fullmatch(question)
    if not match or not any(event["EventId"] == int(match[1]) for event in tables["events"]):
        return None
    return [item for item in tables["eventitems"] if item["EventItemEventId"] == int(match[1])]

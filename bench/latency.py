"""Serves a folder from memory, each answer after a pause: python -m bench.latency FOLDER PORT LOG SECONDS."""

import asyncio
import sys
from hashlib import sha256
from pathlib import Path


class Server:
    """Knows just enough HTTP/1.1 for GET, keep-alive and If-None-Match."""

    def __init__(self, folder: Path, log: Path, seconds: float) -> None:
        self._bodies = {f"/{path.name}": path.read_bytes() for path in folder.iterdir()}
        self._tags = {name: f'"{sha256(body).hexdigest()[:16]}"' for name, body in self._bodies.items()}
        self._log = log.open("a", encoding="utf-8", buffering=1)
        self._seconds = seconds

    async def talk(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Answer every request of one connection."""
        try:
            while (head := await reader.readuntil(b"\r\n\r\n")) and await self._answer(head.decode("latin-1"), writer):
                pass
        except (asyncio.IncompleteReadError, ConnectionError):
            pass
        finally:
            writer.close()

    async def _answer(self, head: str, writer: asyncio.StreamWriter) -> bool:
        await asyncio.sleep(self._seconds)
        first, *lines = head.split("\r\n")
        headers = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in lines)}
        name = first.split(" ")[1]
        stays = headers.get("connection", "").lower() != "close"
        tag = self._tags.get(name)
        status = 404 if tag is None else 304 if headers.get("if-none-match") == tag else 200
        body = self._bodies[name] if status == 200 else b""
        reply = f"HTTP/1.1 {status} Said\r\nETag: {tag}\r\nContent-Type: application/xml\r\n"
        reply += f"Content-Length: {len(body)}\r\nConnection: {'keep-alive' if stays else 'close'}\r\n\r\n"
        writer.write(reply.encode() + body)
        await writer.drain()
        self._log.write(f"{status} {name}\n")
        return stays


async def main() -> None:
    """Serve until killed."""
    folder, port, log, seconds = sys.argv[1:]
    server = Server(Path(folder), Path(log), float(seconds))
    async with await asyncio.start_server(server.talk, "127.0.0.1", int(port), backlog=512) as listening:
        await listening.serve_forever()


if __name__ == "__main__":
    asyncio.run(main())

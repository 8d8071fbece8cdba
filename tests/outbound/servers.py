"""A server on 127.0.0.1 that says exactly what a test tells it to, and remembers what it was asked."""

import socket
import ssl
from collections.abc import Callable
from contextlib import suppress
from threading import Thread

Speak = Callable[[socket.socket, bytes], None]


def ok(body: bytes, *headers: str) -> bytes:
    """A 200 with its length."""
    return answer("200 OK", f"Content-Length: {len(body)}", *headers) + body


def answer(status: str, *headers: str) -> bytes:
    """The head of an answer."""
    return "\r\n".join([f"HTTP/1.1 {status}", *headers, "", ""]).encode("latin-1")


def redirect(location: str, status: str = "302 Found") -> bytes:
    return answer(status, f"Location: {location}", "Content-Length: 0")


class Server:
    """Gives each connection to `speak`, with the request that came in; bytes are sent as they are."""

    def __init__(self, speak: Speak | bytes, *, context: ssl.SSLContext | None = None) -> None:
        self._speak = speak
        self._context = context
        self.requests: list[str] = []
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._listener.getsockname()[1]
        Thread(target=self._serve, daemon=True).start()

    def url(self, path: str = "/", *, scheme: str = "http", host: str = "127.0.0.1") -> str:
        return f"{scheme}://{host}:{self.port}{path}"

    def close(self) -> None:
        # shutdown wakes the thread that waits in accept; close alone does not.
        with suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()

    def _serve(self) -> None:
        while True:
            try:
                sock, _ = self._listener.accept()
            except OSError:
                return
            Thread(target=self._converse, args=(sock,), daemon=True).start()

    def _converse(self, sock: socket.socket) -> None:
        with suppress(OSError), sock:
            spoken = self._context.wrap_socket(sock, server_side=True) if self._context else sock
            with spoken:
                request = b""
                # A client that speaks TLS to this plain server sends no end of request.
                while request[:1] in (b"", b"G") and b"\r\n\r\n" not in request and (more := spoken.recv(65_536)):
                    request += more
                self.requests.append(request.decode("latin-1"))
                if isinstance(self._speak, bytes):
                    spoken.sendall(self._speak)
                else:
                    self._speak(spoken, request)

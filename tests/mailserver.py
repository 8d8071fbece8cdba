"""A real SMTP server on loopback that can be told to refuse, to break off, and to fall silent."""

from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session


class MailServer:
    """Keeps every mail it got; `at_rcpt`, `at_data` are its replies, `drops_after_dot` leaves the last one unsaid."""

    def __init__(self) -> None:
        self.received: list[Envelope] = []
        self.at_rcpt = "250 OK"
        self.at_data = "250 OK"
        self.drops_after_dot = False
        self.connections = 0
        self.extensions: list[str] = []
        self._last: SMTP | None = None
        self._controller = _Controller(self, hostname="127.0.0.1", port=0)

    def __enter__(self) -> "MailServer":
        self._controller.start()
        return self

    def __exit__(self, *error: object) -> None:
        self._controller.stop(no_assert=True)

    @property
    def url(self) -> str:
        return f"smtp://127.0.0.1:{self._controller.port}"

    def hang_up(self) -> None:
        """Close the connection that was opened last, as servers do with one that is idle."""
        assert self._last, "nobody has connected"
        assert self._last.transport
        self._controller.loop.call_soon_threadsafe(self._last.transport.close)

    async def handle_EHLO(
        self, server: SMTP, session: Session, _envelope: Envelope, hostname: str, responses: list[str]
    ) -> list[str]:
        session.host_name = hostname
        self.connections, self._last = self.connections + 1, server
        return [*responses[:-1], *(f"250-{name}" for name in self.extensions), responses[-1]]

    async def handle_RCPT(self, _server: SMTP, _session: Session, envelope: Envelope, address: str, _: Any) -> str:
        if self.at_rcpt.startswith("2"):
            envelope.rcpt_tos.append(address)
        return self.at_rcpt

    async def handle_DATA(self, server: SMTP, _session: Session, envelope: Envelope) -> str:
        if self.at_data.startswith("2"):
            self.received.append(envelope)
        if self.drops_after_dot:
            server.transport.abort()  # type: ignore[union-attr]
        return self.at_data


class _Controller(Controller):
    """Listens on a port that the system chooses."""

    def _trigger_server(self) -> None:
        self.port = self.server.sockets[0].getsockname()[1]  # type: ignore[union-attr]
        super()._trigger_server()

"""Who may be connected to: ports, names and the addresses they resolve to, judged before any packet is sent."""

import socket
from collections.abc import Callable, Collection, Sequence
from concurrent.futures import Future
from threading import Thread

from oversight.domain.feed import Outcome
from oversight.outbound.address import Target, is_public
from oversight.outbound.failure import FetchError
from oversight.outbound.limits import Deadline

PORTS = (80, 443, 8080, 8443)
# RFC 6761, RFC 6762 and ICANN keep these for private use: asking a name server for them only tells on us.
PRIVATE_NAMES = ("localhost", "local", "internal")

Resolve = Callable[[str, int], Sequence[str]]
"""Host and port in, addresses as text out; raises OSError where there are none."""


def system_resolve(host: str, port: int) -> Sequence[str]:
    # Bytes keep Python's own IDNA codec out: the name was judged as it stands and is looked up as it stands.
    found = socket.getaddrinfo(host.encode("ascii"), port, type=socket.SOCK_STREAM)
    return [str(entry[4][0]) for entry in found]


class Guard:
    """Refuses private addresses and unusual ports, but for the exact host and port pairs an operator allowed."""

    def __init__(self, allow_hosts: Collection[tuple[str, int]], resolve: Resolve) -> None:
        self._allow_hosts = frozenset(allow_hosts)
        self._resolve = resolve

    def admit(self, target: Target) -> None:
        """Raise FetchError(blocked_address) where host and port alone already say no."""
        if self._is_allowed(target):
            return
        if target.host.rpartition(".")[2] in PRIVATE_NAMES:
            raise FetchError(Outcome.BLOCKED_ADDRESS, f"{target.host} is refused: its name is never public")
        if target.port not in PORTS:
            ports = ", ".join(map(str, PORTS))
            raise FetchError(Outcome.BLOCKED_ADDRESS, f"port {target.port} is refused: only {ports} are fetched from")

    def addresses(self, target: Target, deadline: Deadline) -> tuple[str, ...]:
        """The addresses that may be connected to, resolved once; raises FetchError where even one is not public."""
        found = [target.host] if target.is_literal else self._resolved(target, deadline)
        if not found:
            raise FetchError(Outcome.CONNECTION_ERROR, f"{target.host} has no address")
        if not self._is_allowed(target) and not all(map(is_public, found)):
            raise FetchError(Outcome.BLOCKED_ADDRESS, f"{target.host} is refused: its address is not public")
        return tuple(dict.fromkeys(found))

    def for_question(self, target: Target, *, is_strangers: bool) -> "Guard":
        """The guard over a question and its redirects: an allowed private host is only led to from one."""
        return self if self._is_allowed(target) and not is_strangers else Guard((), self._resolve)

    def _is_allowed(self, target: Target) -> bool:
        return (target.host, target.port) in self._allow_hosts

    def _resolved(self, target: Target, deadline: Deadline) -> Sequence[str]:
        answer: Future[Sequence[str]] = Future()

        def ask() -> None:
            try:
                answer.set_result(self._resolve(target.host, target.port))
            except Exception as error:  # noqa: BLE001 - handed over: the thread that waits raises it
                answer.set_exception(error)

        # getaddrinfo knows no timeout, so it is left behind in a thread that dies with the process.
        Thread(target=ask, name=f"resolve {target.host}", daemon=True).start()
        try:
            return answer.result(timeout=deadline.remaining())
        except TimeoutError as error:
            raise FetchError(Outcome.TIMEOUT, f"the name server was too slow for {target.host}") from error
        except (OSError, UnicodeError) as error:
            raise FetchError(Outcome.CONNECTION_ERROR, f"{target.host} was not found") from error

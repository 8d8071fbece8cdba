"""A socket to exactly the address that was judged, with TLS for the name that was asked for."""

import socket
import ssl
from collections.abc import Sequence
from ipaddress import ip_address
from pathlib import Path

from oversight.domain.feed import Outcome
from oversight.outbound.address import Target
from oversight.outbound.failure import FetchError
from oversight.outbound.limits import Deadline

MAX_ADDRESSES = 4


def tls_context(authorities: Path | None) -> ssl.SSLContext:
    """Always verifies certificate and name (SAFETY B7); `authorities` adds a PEM file to those of the system."""
    # Not ssl.create_default_context: it would write session keys where the environment says so (SSLKEYLOGFILE).
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.set_alpn_protocols(["http/1.1"])
    context.load_default_certs()
    if authorities is not None:
        context.load_verify_locations(authorities)
    return context


def connect(target: Target, addresses: Sequence[str], *, deadline: Deadline, context: ssl.SSLContext) -> socket.socket:
    """Connect to the first address that takes the connection; raises OSError or FetchError. The caller closes it."""
    sock = _first_open(addresses[:MAX_ADDRESSES], target.port, deadline)
    try:
        check_peer(sock, addresses)
        if target.scheme == "http":
            return sock
        sock.settimeout(deadline.remaining())
        return context.wrap_socket(sock, server_hostname=target.host)
    except BaseException:
        sock.close()
        raise


def check_peer(sock: socket.socket, addresses: Sequence[str]) -> None:
    """Raise FetchError(blocked_address) unless the far end is one of the addresses that were judged."""
    peer = ip_address(sock.getpeername()[0])
    if peer not in [ip_address(address) for address in addresses]:
        raise FetchError(Outcome.BLOCKED_ADDRESS, "the connection led to another address than the one that was judged")


def _first_open(addresses: Sequence[str], port: int, deadline: Deadline) -> socket.socket:
    for left, address in zip(range(len(addresses), 1, -1), addresses, strict=False):
        try:
            # A dead first address (often IPv6 without a route) must leave time for the next.
            return _open(address, port, deadline.remaining() / left)
        except OSError:
            continue
    return _open(addresses[-1], port, deadline.remaining())


def _open(address: str, port: int, seconds: float) -> socket.socket:
    sock = socket.socket(socket.AF_INET6 if ":" in address else socket.AF_INET, socket.SOCK_STREAM)
    try:
        sock.settimeout(seconds)
        sock.connect((address, port))
    except BaseException:
        sock.close()
        raise
    return sock

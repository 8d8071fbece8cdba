"""What may be asked: a URL is parsed once, strictly, and rebuilt; an address is public or it is refused."""

import re
import string
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network
from urllib.parse import SplitResult, quote, urljoin, urlsplit

from oversight.domain.feed import Outcome
from oversight.outbound.failure import FetchError

MAX_URL = 2_000
MAX_HOST = 253
DEFAULT_PORTS = {"http": 80, "https": 443}

_AUTHORITY = re.compile(r"(\[[0-9a-f:.]+\]|[0-9a-z_.-]+)(?::([0-9]{0,5}))?", re.ASCII | re.IGNORECASE)
_LABEL = re.compile(r"(?!-)[0-9a-z_-]{1,63}(?<!-)", re.ASCII)
# A host whose last label reads as a number is an IPv4 address to some resolvers: 2130706433, 0x7f.1, 127.1.
_NUMBER = re.compile(r"[0-9]+|0x[0-9a-f]*", re.ASCII)
_PRINTABLE = string.punctuation

# SAFETY B4. Ranges that carry an IPv4 address are refused whole, so it does not matter which one they carry.
_NEVER_PUBLIC = (
    ip_network("100.64.0.0/10"),
    ip_network("192.88.99.0/24"),
    ip_network("224.0.0.0/4"),
    ip_network("240.0.0.0/4"),
    ip_network("ff00::/8"),
    ip_network("fec0::/10"),
    ip_network("3fff::/20"),
    ip_network("5f00::/16"),
    ip_network("64:ff9b::/96"),
    ip_network("64:ff9b:1::/48"),
    ip_network("2002::/16"),
    ip_network("2001::/32"),
    ip_network("::/96"),
    ip_network("::ffff:0:0/96"),
)


@dataclass(frozen=True)
class Target:
    """A URL taken apart. Who is connected to and what is asked come from here, never from the text again."""

    scheme: str
    host: str
    port: int
    path: str

    @property
    def authority(self) -> str:
        """Host and port as the Host header and the URL write them."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return host if self.port == DEFAULT_PORTS[self.scheme] else f"{host}:{self.port}"

    @property
    def url(self) -> str:
        return f"{self.scheme}://{self.authority}{self.path}"

    @property
    def is_literal(self) -> bool:
        """Whether the host is itself an address, so that there is nothing to resolve."""
        return ":" in self.host or self.host.rpartition(".")[2].isdecimal()


def parse_url(text: str) -> Target:
    """Take a URL apart; raises FetchError(blocked_address) for all that SAFETY B2 refuses. The fragment is dropped."""
    _check_text(text)
    try:
        parts = urlsplit(text)
    except ValueError as error:
        raise _refusal("it cannot be read") from error
    if parts.scheme not in DEFAULT_PORTS:
        raise _refusal("only http and https are fetched")
    authority = _AUTHORITY.fullmatch(parts.netloc)
    if authority is None:
        raise _refusal("its host is not a plain name or address (write an international name in its xn-- form)")
    host, port_text = authority[1].lower(), authority[2]
    port = int(port_text) if port_text else DEFAULT_PORTS[parts.scheme]
    if port > 65_535:
        raise _refusal("its port is not a number up to 65535")
    target = Target(parts.scheme, _host(host), port, _path(parts))
    if len(target.url) > MAX_URL:
        raise _refusal(f"it is longer than {MAX_URL} characters")
    return target


def follow(target: Target, location: str) -> Target:
    """Where a redirect leads; raises FetchError(bad_redirect) where it may not lead anywhere."""
    try:
        # Header bytes arrive as latin-1; servers that write a path unescaped write UTF-8.
        location = location.encode("latin-1").decode("utf-8")
        _check_text(location)
        found = parse_url(urljoin(target.url, location))
    except FetchError as error:
        raise FetchError(Outcome.BAD_REDIRECT, f"bad redirect: {error}") from error
    except ValueError as error:
        raise FetchError(Outcome.BAD_REDIRECT, "bad redirect: it cannot be read") from error
    if (target.scheme, found.scheme) == ("https", "http"):
        raise FetchError(Outcome.BAD_REDIRECT, "bad redirect: it leads from https to http")
    return found


def is_public(text: str) -> bool:
    """Whether an address is one that anybody may offer a feed on (SAFETY B4)."""
    try:
        address = ip_address(text)
    except ValueError:
        return False
    return address.is_global and not any(address in network for network in _NEVER_PUBLIC)


def _refusal(reason: str) -> FetchError:
    # The URL is not quoted: it may carry a password, and this message reaches logs and pages.
    return FetchError(Outcome.BLOCKED_ADDRESS, f"the URL is refused: {reason}")


def _check_text(text: str) -> None:
    if len(text) > MAX_URL:
        raise _refusal(f"it is longer than {MAX_URL} characters")
    # urlsplit and urljoin drop tabs, line ends and leading blanks silently, so these must be seen before them.
    if "\\" in text or " " in text or not text.isprintable():
        raise _refusal("it holds a space, a backslash or a control character")


def _host(host: str) -> str:
    labels = host.split(".")
    try:
        if host.startswith("["):
            host = host[1:-1]
            is_canonical = str(IPv6Address(host)) == host
        elif _NUMBER.fullmatch(labels[-1]):
            is_canonical = str(IPv4Address(host)) == host
        else:
            is_canonical = len(host) <= MAX_HOST and all(_LABEL.fullmatch(label) for label in labels)
    except ValueError as error:
        raise _refusal("its host is not a well-formed address") from error
    if not is_canonical:
        raise _refusal("its host is not a well-formed name or address")
    return host


def _path(parts: SplitResult) -> str:
    path = quote(parts.path or "/", safe=_PRINTABLE)
    return f"{path}?{quote(parts.query, safe=_PRINTABLE)}" if parts.query else path

"""What must hold before the product starts, and what the people who run it should know."""

import pyexpat
import re
from urllib.parse import urlsplit

from oversight.errors import ConfigurationError
from oversight.settings import Settings

Version = tuple[int, ...]

NO_AMPLIFICATION_LIMIT: Version = (2, 4, 1)
QUADRATIC_TOKENS: Version = (2, 6, 0)
QUADRATIC_ATTRIBUTES: Version = (2, 8, 1)
LOOPBACK = {"127.0.0.1", "localhost", "::1"}


def require_safe_parser(version: str = pyexpat.EXPAT_VERSION) -> None:
    """Raise ConfigurationError where the XML parser of this Python has no limit on entities (SAFETY C1)."""
    if _numbers(version) < NO_AMPLIFICATION_LIMIT:
        raise ConfigurationError(
            f"this Python's XML parser is {version}, which can be made to fill all memory: use expat 2.4.1 or newer"
        )


def notices(settings: Settings, *, expat: str = pyexpat.EXPAT_VERSION) -> list[str]:
    """What is allowed but should be known: shown to administrators and logged at the start."""
    found = []
    if _numbers(expat) < QUADRATIC_ATTRIBUTES:
        slow = "huge tokens and " if _numbers(expat) < QUADRATIC_TOKENS else ""
        found.append(
            f"The XML parser of this Python ({expat}) is slow on {slow}huge attribute lists; a document that uses this "
            "is cut off by the limits of the child processes."
        )
    parts = urlsplit(settings.base_url)
    if parts.scheme != "https" and parts.hostname not in LOOPBACK:
        found.append(f"The site's address is {settings.base_url}: without https others can read along.")
    if settings.mail.startswith("smtp") and not settings.postal_address:
        found.append("No postal address is set, which many laws ask of every mail: set OVERSIGHT_POSTAL_ADDRESS.")
    if settings.allow_hosts:
        listed = ", ".join(sorted(f"{host}:{port}" for host, port in settings.allow_hosts))
        found.append(f"Private addresses that may be polled: {listed}.")
    return found


def _numbers(version: str) -> Version:
    return tuple(int(part) for part in re.findall(r"\d+", version))

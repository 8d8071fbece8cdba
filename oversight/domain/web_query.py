"""A web address taken apart, and its query edited as text: a `{NAME}` placeholder stays as it is written."""

import re
from collections.abc import Iterable
from urllib.parse import SplitResult, quote_plus, unquote_plus, urlsplit


def parts_of(address: str) -> SplitResult | None:
    """The parts of an address of the web, which has a host; None for any other text, whatever a stranger wrote."""
    try:
        parts = urlsplit(address.strip())
        return parts if parts.scheme in ("http", "https") and parts.hostname else None
    except ValueError:
        return None


def host_of(address: str) -> str:
    """The host in lower case; nothing where the address is none of the web."""
    parts = parts_of(address)
    return (parts.hostname or "") if parts else ""


def origin_of(address: str) -> str:
    """Scheme, host and port: what stands before every path of one site; nothing where it is none of the web."""
    parts = parts_of(address)
    return f"{parts.scheme}://{parts.netloc}" if parts else ""


def path_of(address: str) -> str:
    """The path, without a slash at its end."""
    parts = parts_of(address)
    return parts.path.rstrip("/") if parts else ""


def asked(address: str, name: str) -> str | None:
    """The value of a query's field; None where the address does not name it."""
    for part in _parts(address):
        field, _, value = part.partition("=")
        if unquote_plus(field) == name:
            return unquote_plus(value)
    return None


def asking(address: str, *fields: tuple[str, object]) -> str:
    """The address with these fields too; those that it already names stay as they are."""
    missing = [(name, value) for name, value in fields if asked(address, name) is None]
    return _with(address, [*_parts(address), *(f"{name}={quote_plus(str(value), '{}/:')}" for name, value in missing)])


def asking_instead(address: str, *fields: tuple[str, object]) -> str:
    """The address with these fields in place of any that it names."""
    return asking(without(address, *(name for name, _ in fields)), *fields)


def without(address: str, *names: str) -> str:
    """The address without these fields."""
    return _with(address, [part for part in _parts(address) if unquote_plus(part.partition("=")[0]) not in names])


def _parts(address: str) -> list[str]:
    query = address.partition("#")[0].partition("?")[2]
    return [part for part in re.split("[&;]", query) if part]


def _with(address: str, parts: Iterable[str]) -> str:
    return f"{address.partition('#')[0].partition('?')[0]}?{'&'.join(parts)}".removesuffix("?")

"""Lists as Atom feeds (RFC 4287): stable ids, the newest first, every entry with its page."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, time

from flask import Response, request
from lxml import etree

from oversight.domain.printable import printable
from oversight.web.session import now, wiring

SPACE = "http://www.w3.org/2005/Atom"
RIGHTS = "Record: CC BY 4.0, Oversight; rows of others keep their licence."


@dataclass(frozen=True)
class Told:
    """One line of a list as an entry of a feed. `address` is that of its page and its id, so it never changes."""

    address: str
    title: str
    summary: str
    updated_at: datetime | None


def atom_file(entries: Sequence[Told], *, title: str, page: str) -> Response:
    """The feed; whoever asks again for what has not changed is told so."""
    base = wiring().settings.base_url
    first = datetime.combine(now().date(), time(), UTC)
    root = etree.Element(f"{{{SPACE}}}feed", nsmap={None: SPACE})  # type: ignore[dict-item]
    _add(root, "id", base + request.full_path.rstrip("?"))
    _add(root, "title", f"Oversight: {title}")
    _add(root, "updated", _moment(max((one.updated_at for one in entries if one.updated_at), default=first)))
    _add(root, "link", rel="self", type="application/atom+xml", href=base + request.full_path.rstrip("?"))
    _add(root, "link", rel="alternate", type="text/html", href=base + page)
    _add(etree.SubElement(root, f"{{{SPACE}}}author"), "name", "Oversight")
    _add(root, "rights", RIGHTS)
    for one in entries:
        entry = etree.SubElement(root, f"{{{SPACE}}}entry")
        _add(entry, "id", base + one.address)
        _add(entry, "title", one.title)
        _add(entry, "updated", _moment(one.updated_at or first))
        _add(entry, "link", rel="alternate", type="text/html", href=base + one.address)
        _add(entry, "summary", one.summary)
    answer = Response(
        etree.tostring(root, xml_declaration=True, encoding="utf-8", pretty_print=True),
        content_type="application/atom+xml; charset=utf-8",
    )
    answer.add_etag()
    answer.make_conditional(request)
    return answer


def _add(parent: etree._Element, name: str, text: str = "", **attributes: str) -> None:
    child = etree.SubElement(parent, f"{{{SPACE}}}{name}", {key: printable(value) for key, value in attributes.items()})
    child.text = printable(text) or None


def _moment(moment: datetime) -> str:
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")

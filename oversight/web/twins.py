"""Twins of lists: the same rows, with the same filters, as CSV, JSON, Atom and iCal, each list told once.

A page gets its twins by one `Twin` in `tables.py`; its head and its `parts.table` then link to all of them.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from itertools import islice
from typing import Any
from urllib.parse import urlencode

from flask import Blueprint, Flask, Response, request, stream_with_context, url_for
from icalendar import Event

from oversight.domain.table_cell import csv_lines
from oversight.domain.table_json import json_lines
from oversight.errors import NotFound
from oversight.storage.revisions import last_changes
from oversight.web.as_of import dated
from oversight.web.atom import Told, atom_file
from oversight.web.auth import public
from oversight.web.ical import ical_file
from oversight.web.session import now, reading, wiring
from oversight.web.table_columns import OWN_CREDIT, OWN_LICENCE, Columns

NEWEST = 100
NEVER = datetime.min.replace(tzinfo=UTC)
OF_PAGES = ("before", "page", "month", "view")  # a file has no pages
FORMS = {
    "csv": ("CSV", "text/csv"),
    "json": ("JSON", "application/json"),
    "atom": ("Atom", "application/atom+xml"),
    "ics": ("iCal", "text/calendar"),
}
TWINS: dict[str, "Twin"] = {}


@dataclass(frozen=True)
class Twin:
    """One list.

    `lines` are those that the address of the request leaves. `told` makes an entry of a feed of one, if any.
    `noun` is what the history calls them, where it dates their changes: the newest are then sought by it. Elsewhere the
    lines come with the newest first. Lists of days have `events`. `is_dated`: its page knows `as_of`.
    """

    name: str
    title: str
    columns: Columns
    lines: Callable[[], Iterable[Any]]
    told: Callable[[Any], Told] | None = None
    noun: str | None = None
    key: Callable[[Any], str] | None = None
    events: Callable[[], Iterable[Event]] | None = None
    is_dated: bool = False

    @property
    def page(self) -> str:
        """The endpoint of the list as a page."""
        return f"{self.name}.index"

    @property
    def forms(self) -> list[str]:
        """The forms that it has."""
        lacks = {"atom": self.told is None, "ics": self.events is None}
        return [form for form in FORMS if not lacks.get(form)]


@dataclass(frozen=True)
class Link:
    """Where one form of a list is."""

    form: str
    media: str
    title: str
    address: str


def add_twin(bp: Blueprint, twin: Twin) -> None:
    """Give a list its addresses."""
    TWINS[twin.name] = twin
    makers = {"csv": as_csv, "json": as_json, "atom": as_atom, "ics": as_ical}
    for form in twin.forms:
        bp.add_url_rule(f"/{twin.name}.{form}", f"{twin.name}_{form}", view_of(makers[form], twin))


def view_of(make: Callable[[Twin], Response], twin: Twin) -> Callable[[], Response]:
    """A page of its own for one form of one list."""

    @public
    def view() -> Response:
        return make(twin)

    return dated(view) if twin.is_dated else view


def rows_of(twin: Twin) -> Iterable[list[Any]]:
    """The cells of each line; what the address asks for is checked before the first is sent."""
    lines = twin.lines()
    return ([read(line) for read in twin.columns.values()] for line in lines)


def as_csv(twin: Twin) -> Response:
    """The file, sent line by line; its name is ours."""
    return streamed(twin, csv_lines(twin.columns, rows_of(twin)), "csv")


def as_json(twin: Twin) -> Response:
    """The same rows as objects, with whose they are and where they are shown."""
    about = {"list": twin.name, "title": twin.title, "page": wiring().settings.base_url + address_of(twin.page)}
    about |= {"as_of": now().isoformat(), "licence": OWN_LICENCE, "credit": OWN_CREDIT}
    return streamed(twin, json_lines(about, list(twin.columns), rows_of(twin)), "json")


def streamed(twin: Twin, text: Iterator[str], form: str) -> Response:
    """A file that may be long."""
    answer = Response(stream_with_context(text), content_type=f"{FORMS[form][1]}; charset=utf-8")
    answer.headers["Content-Disposition"] = f'attachment; filename="oversight-{twin.name}-{now():%Y-%m-%d}.{form}"'
    return answer


def as_atom(twin: Twin) -> Response:
    """The hundred lines that changed last."""
    lines, told = twin.lines(), twin.told
    if told is None:
        raise NotFound("This list has no feed.")
    if twin.noun and twin.key:
        with reading() as session:
            changed = last_changes(session, twin.noun)
        keyed = sorted(((twin.key(line), line) for line in lines), key=lambda pair: pair[0])
        keyed.sort(key=lambda pair: changed.get(pair[0], NEVER), reverse=True)
        entries = [replace(told(line), updated_at=changed.get(key)) for key, line in keyed[:NEWEST]]
    else:
        entries = [told(line) for line in islice(lines, NEWEST)]
    return atom_file(entries, title=twin.title, page=address_of(twin.page))


def as_ical(twin: Twin) -> Response:
    """The entries for calendar programs."""
    events = twin.events() if twin.events else ()
    return ical_file(events, name=f"oversight-{twin.name}", title=f"Oversight: {twin.title}")


def address_of(endpoint: str) -> str:
    """An address with the filters of this request."""
    query = [(word, value) for word, value in request.args.items(multi=True) if word not in OF_PAGES]
    here = url_for(endpoint).partition("?")[0]
    return f"{here}?{urlencode(query)}" if query else here


def twin_links(name: str | None = None) -> Sequence[Link]:
    """Where the twins of a list are, with the filters of this page; without a name, those of the page itself."""
    found = TWINS.get(name or request.blueprint or "")
    if found is None or (name is None and request.endpoint != found.page):
        return ()
    return [
        Link(FORMS[form][0], FORMS[form][1], found.title, address_of(f"tables.{found.name}_{form}"))
        for form in found.forms
    ]


def init_app(app: Flask) -> None:
    """Let every page link to the twins of its list."""
    app.add_template_global(twin_links, "twin_links")

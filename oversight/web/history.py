"""The history of everything in the record: who changed what, when, why and on which source; editors undo here."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from oversight.domain.account import Role
from oversight.domain.withdrawal import is_withdrawn
from oversight.errors import NotFound
from oversight.services.check_entry import ENTRIES
from oversight.storage.models import RevisionRow
from oversight.storage.queries.corrections import carried_out_by
from oversight.storage.queries.sources import SourceLine, sources_by_key
from oversight.storage.revisions import history
from oversight.web.auth import has_role, public
from oversight.web.record_words import Said, Sources, page_of, title_of, what_changed
from oversight.web.session import reading

bp = Blueprint("history", __name__, url_prefix="/history")

NOUNS = ", ".join(ENTRIES)


@dataclass(frozen=True)
class Version:
    """One revision as people read it; `actor` is kept from visitors where it is somebody's address."""

    number: int
    at: datetime
    actor: str
    reason: str
    sources: tuple[SourceLine | str, ...]
    is_first: bool
    is_withdrawn: bool
    said: tuple[Said, ...]
    hash: str
    corrections: tuple[int, ...]


@bp.get(f"/<any({NOUNS}):noun>/<path:record_key>")
@public
def show(noun: str, record_key: str) -> ResponseReturnValue:
    """Every version of one thing, newest first, each with what it changed."""
    return history_page(noun, record_key)


def history_page(noun: str, key: str, *, fault: str = "", asked: tuple[int, str] | None = None) -> str:
    """The page; `asked` is the version that an editor wanted back, and the reason that was typed."""
    with reading() as session:
        revisions = history(session, noun, key)
        cited = {key for row in revisions for key in (*row.sources, *row.after.get("sources", ()))}
        sources = sources_by_key(session, cited)
        carried_out = carried_out_by(session, [row.id for row in revisions])
    if not revisions:
        raise NotFound("The record has nothing under this name.")
    return render_template(
        "history.html",
        noun=noun,
        key=key,
        title=title_of(noun, next(row.after for row in reversed(revisions) if not is_withdrawn(row.after))),
        page=page_of(noun, key),
        versions=[version(noun, row, sources, carried_out.get(row.id, ())) for row in reversed(revisions)],
        fault=fault,
        asked=asked,
    )


def version(noun: str, row: RevisionRow, sources: Sources, corrections: Sequence[int]) -> Version:
    """A revision in words, with the numbers of the corrections that it carries out."""
    is_person = "@" in row.actor
    before = None if is_withdrawn(row.before) else row.before
    return Version(
        number=row.version,
        at=row.at,
        actor=row.actor if has_role(Role.EDITOR) or not is_person else "an editor",
        reason=row.reason,
        sources=tuple(sources.get(key, key) for key in row.sources),
        is_first=before is None,
        is_withdrawn=is_withdrawn(row.after),
        said=() if is_withdrawn(row.after) else tuple(what_changed(noun, before, row.after, sources)),
        hash=row.hash,
        corrections=tuple(corrections),
    )

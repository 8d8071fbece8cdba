"""Corrections: anyone reports an error in any record, and everyone can see what became of it."""

from collections.abc import Mapping
from dataclasses import dataclass

from flask import Blueprint, flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from oversight.domain.correction import EMAIL_LIFE, LISTED, TEXT_LENGTH, CorrectionState
from oversight.domain.sender import WINDOW
from oversight.domain.withdrawal import is_withdrawn
from oversight.errors import NotFound, TooMany
from oversight.services.correct import read_report, report_error
from oversight.services.edit import version_of
from oversight.storage.queries.corrections import (
    PAGE,
    Corrected,
    CorrectionLine,
    corrected_records,
    correction,
    count_by_state,
    decided_corrections,
)
from oversight.storage.queries.sources import SourceLine, sources_by_key
from oversight.web.asked import asked_cursor, asked_word
from oversight.web.auth import public
from oversight.web.history import NOUNS
from oversight.web.record_fields import fields_of
from oversight.web.record_words import Said, Sources, page_of, title_of, what_changed
from oversight.web.senders import TRAP, sender
from oversight.web.session import now, reading, transaction

bp = Blueprint("corrections", __name__, url_prefix="/corrections")

TYPED = ("field", "text", "source_url", "email")


@dataclass(frozen=True)
class Entry:
    """A correction as everyone may see it: what was asked is not shown, what was decided and changed is."""

    line: CorrectionLine
    title: str
    field: str | None
    is_withdrawal: bool
    said: tuple[Said, ...]
    sources: tuple[SourceLine | str, ...]


@bp.get("/")
@public
def index() -> ResponseReturnValue:
    """Every correction that was accepted or declined, the last one first."""
    state, before = asked_state(), asked_cursor("before")
    with reading() as session:
        lines = decided_corrections(session, [state] if state else LISTED, before=before, limit=PAGE + 1)
        counts = count_by_state(session)
        entries = entries_of(lines[:PAGE], sources_by_key(session, cited_by(lines)))
    older = lines[PAGE - 1].id if len(lines) > PAGE else None
    return render_template("corrections.html", entries=entries, counts=counts, state=state, states=LISTED, older=older)


@bp.get("/<row:correction_id>")
@public
def show(correction_id: int) -> ResponseReturnValue:
    """One correction at its permanent address: where it stands, and what came of it."""
    with reading() as session:
        line = correction(session, correction_id)
        (entry,) = entries_of([line], sources_by_key(session, cited_by([line])))
    return render_template("correction.html", entry=entry, line=line)


@bp.get(f"/report/<any({NOUNS}):noun>/<path:record_key>")
@public
def form(noun: str, record_key: str) -> ResponseReturnValue:
    """What a visitor can say is wrong."""
    return page_of_form(noun, record_key, {})


@bp.post(f"/report/<any({NOUNS}):noun>/<path:record_key>")
@public
def report(noun: str, record_key: str) -> ResponseReturnValue:
    """Put a report into the editors' queue, or show what is wrong with it beside what was typed."""
    typed = {name: request.form.get(name, "") for name in TYPED}
    said, faults = read_report(noun, record_key, typed, field_labels(noun))
    if request.form.get(TRAP):
        faults[TRAP] = "Leave this field empty: it is there to tell programs from people."
    if faults:
        return page_of_form(noun, record_key, typed, faults), 422
    try:
        with transaction() as session:
            number = report_error(session, said, sender("correction"), now=now())
    except TooMany as error:
        retry = {"Retry-After": str(int(WINDOW.total_seconds()))}
        return page_of_form(noun, record_key, typed, {"": str(error)}), 429, retry
    flash(f"Thank you. Your report is correction {number}.")
    return redirect(url_for("corrections.show", correction_id=number))


def page_of_form(noun: str, key: str, typed: Mapping[str, str], faults: Mapping[str, str] | None = None) -> str:
    """The form, filled in as far as it was."""
    with reading() as session:
        newest = version_of(session, noun, key)
    if is_withdrawn(newest.after):
        raise NotFound("This was withdrawn from the record; its history stays.")
    return render_template(
        "correction_form.html",
        noun=noun,
        key=key,
        title=title_of(noun, newest.after),
        page=page_of(noun, key),
        fields=field_labels(noun),
        typed=typed,
        faults=faults or {},
        trap=TRAP,
        longest=TEXT_LENGTH,
        days=EMAIL_LIFE.days,
    )


def field_labels(noun: str) -> dict[str, str]:
    """What a report may be about, by the name of the field in the editors' form."""
    return {one.name: one.label for one in fields_of(noun)}


def entries_of(lines: list[CorrectionLine], sources: Sources) -> list[Entry]:
    """Corrections with what they changed in words."""
    return [entry_of(line, sources) for line in lines]


def entry_of(line: CorrectionLine, sources: Sources) -> Entry:
    """One correction with what it changed in words."""
    made = line.revision
    is_withdrawal = made is not None and is_withdrawn(made.after)
    before = made.before if made and not is_withdrawn(made.before) else None
    return Entry(
        line,
        title_of(line.noun, line.values),
        field_labels(line.noun).get(line.field or ""),
        is_withdrawal,
        tuple(what_changed(line.noun, before, made.after, sources)) if made and not is_withdrawal else (),
        tuple(sources.get(key, key) for key in made.sources) if made else (),
    )


def cited_by(lines: list[CorrectionLine]) -> set[str]:
    """Every source that the changes name, or that they added or took away."""
    made = [line.revision for line in lines if line.revision]
    sayings = [said for row in made for said in (row.before or {}, row.after)]
    return {key for row in made for key in row.sources} | {key for said in sayings for key in said.get("sources", ())}


def asked_state() -> CorrectionState | None:
    """The decision that the address asks for."""
    word = asked_word("state", LISTED)
    return CorrectionState(word) if word else None


@bp.app_template_global()
def corrected(noun: str, key: str) -> Corrected | None:
    """The last correction that changed this thing of the record. Asked once a request."""
    if "corrected" not in g:
        with reading() as session:
            g.corrected = corrected_records(session)
    found: dict[tuple[str, str], Corrected] = g.corrected
    return found.get((noun, key))

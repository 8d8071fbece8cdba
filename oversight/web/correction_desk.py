"""The editors' side of corrections: what waits, each with what was reported, and the decision."""

from collections.abc import Callable
from dataclasses import dataclass

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from oversight.domain.account import Role
from oversight.domain.correction import CorrectionState, Verdict
from oversight.domain.withdrawal import is_withdrawn
from oversight.errors import InvalidInput
from oversight.services.correct import accept_earlier, decline, set_aside, set_aside_many
from oversight.storage.queries.corrections import PAGE, correction, count_by_state, waiting_corrections
from oversight.storage.revisions import history
from oversight.web.asked import number, numbers
from oversight.web.auth import current_reviewer, requires
from oversight.web.corrections import Entry, entries_of, entry_of
from oversight.web.record_fields import parts_of
from oversight.web.record_forms import clean
from oversight.web.record_words import page_of
from oversight.web.session import now, reading, transaction

bp = Blueprint("correction_desk", __name__, url_prefix="/review/corrections")

Decide = Callable[[Session], None]
FIRST = 5  # as many as stand above the queue of mentions


@dataclass(frozen=True)
class Waiting:
    """How many corrections wait, and those that have waited longest."""

    count: int
    entries: list[Entry]


@bp.get("/")
@requires(Role.EDITOR)
def queue() -> ResponseReturnValue:
    """Every correction that waits, the first to come first."""
    return render_template("correction_desk.html", waiting=waiting(PAGE))


@bp.get("/<row:correction_id>")
@requires(Role.EDITOR)
def show(correction_id: int) -> ResponseReturnValue:
    """What was reported, what else is reported about the same thing, and the ways to decide."""
    return desk_page(correction_id)


@bp.post("/<row:correction_id>/accept")
@requires(Role.EDITOR)
def accept_correction(correction_id: int) -> ResponseReturnValue:
    """Close what a version that was saved since the report carries out already."""
    version = number(request.form.get("version", "")) or 0
    return decided(
        correction_id, lambda session: accept_earlier(session, correction_id, verdict(), version=version), way="accept"
    )


@bp.post("/<row:correction_id>/decline")
@requires(Role.EDITOR)
def decline_correction(correction_id: int) -> ResponseReturnValue:
    """Leave the record as it is, and say publicly why."""
    return decided(correction_id, lambda session: decline(session, correction_id, verdict()), way="decline")


@bp.post("/<row:correction_id>/set-aside")
@requires(Role.EDITOR)
def set_aside_correction(correction_id: int) -> ResponseReturnValue:
    """Close what is no report about the record."""

    def decide(session: Session) -> None:
        set_aside(session, correction_id, editor=current_reviewer(), now=now())

    return decided(correction_id, decide, way="set-aside")


@bp.post("/set-aside")
@requires(Role.EDITOR)
def set_aside_chosen() -> ResponseReturnValue:
    """Close all that are ticked as no reports; what somebody else decided meanwhile is left and named."""
    chosen = numbers(request.form.getlist("correction"), most=PAGE)
    try:
        with transaction() as session:
            left = set_aside_many(session, chosen, editor=current_reviewer(), now=now())
    except InvalidInput as error:
        flash(str(error))
        return redirect(url_for("correction_desk.queue"))
    told = f"{len(chosen) - len(left)} set aside."
    flash(f"{told} Decided already by somebody else: {', '.join(map(str, left))}." if left else told)
    return redirect(url_for("correction_desk.queue"))


def verdict() -> Verdict:
    """What the form says, and who says it."""
    return Verdict(current_reviewer(), clean(request.form.get("reason", "")), now())


def decided(correction_id: int, decide: Decide, *, way: str) -> ResponseReturnValue:
    """Decide in one transaction and go on with the queue, or show what is wrong beside what was typed."""
    try:
        with transaction() as session:
            decide(session)
    except InvalidInput as error:
        return desk_page(correction_id, fault=(way, str(error))), 422
    with reading() as session:
        state = correction(session, correction_id).state
    flash(f"Correction {correction_id}. {state.label}.")
    return redirect(url_for("correction_desk.queue"))


def desk_page(correction_id: int, *, fault: tuple[str, str] = ("", "")) -> str:
    """The page; `fault` is the form in which something is wrong, and what."""
    with reading() as session:
        line = correction(session, correction_id)
        is_open = line.state is CorrectionState.OPEN
        others = waiting_corrections(session, about=(line.noun, line.key)) if is_open else []
        later = [row for row in history(session, line.noun, line.key) if row.version > line.version]
    is_gone = bool(later) and is_withdrawn(later[-1].after)
    return render_template(
        "correction_decide.html",
        entry=entry_of(line, {}),
        line=line,
        is_open=is_open,
        page=None if is_gone else page_of(line.noun, line.key),
        is_gone=is_gone,
        part=line.field if line.field in {one.name for one in parts_of(line.noun)} else None,
        others=entries_of([one for one in others if one.id != line.id], {}),
        later=list(reversed(later)),
        fault=fault,
        typed=request.form,
    )


@bp.app_template_global("waiting_corrections")
def waiting(most: int = FIRST) -> Waiting:
    """What waits, for the top of the editors' queue."""
    with reading() as session:
        return Waiting(
            count_by_state(session)[CorrectionState.OPEN],
            entries_of(waiting_corrections(session, limit=most), {}),
        )

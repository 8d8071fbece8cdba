"""Editing the record: a form for each kind of thing, without scripts, and never over what another editor saved."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

from flask import Blueprint, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.exc import IntegrityError, OperationalError
from sqlalchemy.orm import Session

from oversight.domain.account import Role
from oversight.domain.record_diff import merged
from oversight.domain.withdrawal import is_withdrawn
from oversight.errors import InvalidInput
from oversight.services.check_entry import Fault, in_form
from oversight.services.edit import Edit, EditConflict, InvalidEdit, SecondPersonNeeded, restore, save_edit, version_of
from oversight.services.withdraw import withdraw
from oversight.storage.models import RevisionRow
from oversight.web.asked import number
from oversight.web.auth import current_reviewer, requires
from oversight.web.carried import carried, carried_into, closed_with
from oversight.web.edit_form import OWN, SOURCE_FIELDS, Clash, Look, asked_part, names_in, render_form
from oversight.web.history import NOUNS, history_page
from oversight.web.record_fields import form_fields, new_source_fields
from oversight.web.record_forms import Typed, faults_by_name, first, read_form, typed_of
from oversight.web.session import now, reading, transaction, wiring

bp = Blueprint("edit", __name__, url_prefix="/edit")

TRIES = 3
BUSY = {"": "The database is busy. Please save again in a few seconds."}


@bp.get(f"/<any({NOUNS}):noun>/<path:record_key>")
@requires(Role.EDITOR)
def form(noun: str, record_key: str) -> ResponseReturnValue:
    """The form, filled with the newest version."""
    with reading() as session:
        newest = version_of(session, noun, record_key)
        asked = carried_into(session, noun, record_key)
    if is_withdrawn(newest.after):
        flash("It is withdrawn. To edit it, restore a version first.")
        return redirect(url_for("history.show", noun=noun, record_key=record_key))
    typed = typed_of(form_fields(noun, asked_part(noun)), in_form(noun, newest.after)) | asked
    typed["version"] = [str(newest.version)]
    return render_form(noun, newest.after, typed)


@bp.post(f"/<any({NOUNS}):noun>/<path:record_key>")
@requires(Role.EDITOR)
def save(noun: str, record_key: str) -> ResponseReturnValue:
    """Save the form as the next version, or show what is wrong beside what was typed."""
    typed, fields = dict(request.form.lists()), form_fields(noun, asked_part(noun))
    version = version_typed(typed)
    with reading() as session:
        base = version_of(session, noun, record_key, version)
    if is_withdrawn(base.after):
        raise InvalidInput("That version says that it is withdrawn. Restore another first.")
    if "more" in typed:
        return render_form(noun, base.after, typed)
    said = read_form(fields, typed, in_form(noun, base.after))
    edit = Edit(noun=noun, key=record_key, version=version, values=said.values, **what_it_rests_on(typed))
    try:
        saved = keep_trying(edit, said.faults, is_trial="look" in typed)
    except InvalidEdit as error:
        faults = faults_by_name(error.faults, names_in(fields), said.rows)
        return render_form(noun, base.after, typed, faults=faults), 422
    except EditConflict:
        return show_conflict(edit, base, typed)
    except OperationalError:
        return render_form(noun, base.after, typed, faults=BUSY), 503, {"Retry-After": "5"}
    if "look" in typed:
        return render_form(noun, base.after, typed, beside=Look(saved.after))
    flash(f"Saved as version {saved.version}.{closed_with(edit.corrections)}")
    return redirect(url_for("history.show", noun=noun, record_key=record_key))


@bp.post(f"/<any({NOUNS}):noun>/restore/<row:version>/<path:record_key>")
@requires(Role.EDITOR)
def undo(noun: str, version: int, record_key: str) -> ResponseReturnValue:
    """Make an older version the newest again, as a new revision."""

    def work(session: Session, edit: Edit) -> RevisionRow:
        return restore(session, edit, to_version=version, now=now())

    return decided(noun, record_key, work, asked=version, told=f"Version {version} is restored")


@bp.post(f"/<any({NOUNS}):noun>/withdraw/<path:record_key>")
@requires(Role.EDITOR)
def take_out(noun: str, record_key: str) -> ResponseReturnValue:
    """Take a thing out of the record; its history stays."""

    def work(session: Session, edit: Edit) -> RevisionRow:
        return withdraw(session, edit, now=now())

    return decided(noun, record_key, work, asked=0, told="It is withdrawn")


def decided(
    noun: str, key: str, work: Callable[[Session, Edit], RevisionRow], *, asked: int, told: str
) -> ResponseReturnValue:
    """Do what the history's page asks for, or show there why not; `asked` is the version that it is about."""
    typed = dict(request.form.lists())
    rests = what_it_rests_on(typed) | {"sources": (), "new_source": None}
    edit = Edit(noun=noun, key=key, version=version_typed(typed), values={}, **rests)
    try:
        with transaction() as session:
            saved = work(session, edit)
    except (InvalidEdit, EditConflict) as error:
        status = 409 if isinstance(error, EditConflict) else 422
        return history_page(noun, key, fault=str(error), asked=(asked, edit.reason)), status
    except IntegrityError:
        fault = "Somebody else saved a newer version at the same moment; look at it first, then decide again."
        return history_page(noun, key, fault=fault, asked=(asked, edit.reason)), 409
    flash(f"{told}, as version {saved.version}.")
    return redirect(url_for("history.show", noun=noun, record_key=key))


def keep_trying(edit: Edit, unread: Sequence[Fault], *, is_trial: bool = False) -> RevisionRow:
    """Save in a transaction of its own; who was second at one moment tries again and meets the conflict.

    A trial is taken back: what it returns was never stored.
    """
    edit = replace(edit, is_alone=edit.is_alone and not is_trial)
    for turn in range(TRIES):
        try:
            return attempt(edit, unread, is_trial=is_trial)
        except InvalidEdit as error:
            raise InvalidEdit([*unread, *(fault for fault in error.faults if fault not in unread)]) from error
        except (EditConflict, SecondPersonNeeded):
            if unread:  # what cannot be read cannot be merged or proposed: first things first
                raise InvalidEdit(list(unread)) from None
            raise
        except (IntegrityError, OperationalError) as error:
            if turn == TRIES - 1 or (isinstance(error, OperationalError) and not was_in_each_others_way(error)):
                raise
    raise AssertionError("unreachable")


def attempt(edit: Edit, unread: Sequence[Fault], *, is_trial: bool) -> RevisionRow:
    """Save once."""
    with transaction() as session:
        saved = save_edit(session, edit, now=now())
        if unread:
            raise InvalidEdit(list(unread))
        if is_trial:
            session.rollback()
        return saved


def was_in_each_others_way(error: OperationalError) -> bool:
    """Whether PostgreSQL ended one of two transactions that waited for each other, and the next try may go through."""
    return getattr(error.orig, "sqlstate", None) in {"40001", "40P01"}


def show_conflict(edit: Edit, base: RevisionRow, typed: Typed) -> ResponseReturnValue:
    """Both versions side by side; the form below holds what was typed, and theirs where nothing was touched."""
    with reading() as session:
        theirs = version_of(session, edit.noun, edit.key)
    merge = merged(in_form(edit.noun, base.after), edit.values, in_form(edit.noun, theirs.after))
    kept = {name: said for name, said in typed.items() if name in (*OWN, "says_vote") or name.startswith("new_source")}
    filled = (
        typed_of(form_fields(edit.noun, asked_part(edit.noun)), merge.values)
        | kept
        | {"version": [str(theirs.version)]}
    )
    clash = Clash(base, theirs, edit.values, merge)
    return render_form(edit.noun, theirs.after, filled, beside=clash), 409


def what_it_rests_on(typed: Typed) -> dict[str, Any]:
    """Who saves, why, and on which sources."""
    described = {one.path[-1]: first(typed, one.name) or None for one in new_source_fields()}
    return {
        "actor": current_reviewer(),
        "reason": first(typed, "reason"),
        "sources": tuple(said for name in SOURCE_FIELDS if (said := first(typed, name))),
        "new_source": described if any(described.values()) else None,
        "says_vote": bool(first(typed, "says_vote")),
        "corrections": carried(typed),
        "is_alone": wiring().settings.two_persons,
    }


def version_typed(typed: Typed) -> int:
    """The version that a form was made from."""
    version = number(first(typed, "version"))
    if version is None:
        raise InvalidInput("The form does not say which version it was made from. Open it again.")
    return version

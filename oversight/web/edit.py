"""Editing the record: a form for each kind of thing, without scripts, and never over what another editor saved."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.exc import IntegrityError, OperationalError

from oversight.domain.account import Role
from oversight.domain.record_diff import Merge, changes, merged
from oversight.errors import InvalidInput
from oversight.services.check_entry import Fault, in_form
from oversight.services.edit import Edit, EditConflict, InvalidEdit, restore, save_edit, version_of
from oversight.storage.models import RevisionRow
from oversight.storage.queries.jurisdictions import names_by_key
from oversight.storage.queries.policies import titles_by_key
from oversight.storage.queries.sources import SourceLine, sources_by_key
from oversight.web.asked import asked_word
from oversight.web.auth import current_reviewer, requires
from oversight.web.history import NOUNS, history_page
from oversight.web.record_fields import Field, form_fields, new_source_fields, parts_of
from oversight.web.record_forms import Typed, faults_by_name, first, read_form, rows_to_show, typed_of
from oversight.web.record_words import label_of, said, title_of
from oversight.web.session import now, reading, transaction

bp = Blueprint("edit", __name__, url_prefix="/edit")

TRIES = 3
SOURCE_FIELDS = ("source-0", "source-1", "source-2")
OWN = ("reason", *SOURCE_FIELDS, "new_source-note", "")


@dataclass(frozen=True)
class Clash:
    """Somebody saved a newer version: the one this form was made from, theirs, and what comes of both."""

    base: RevisionRow
    theirs: RevisionRow
    mine: dict[str, Any]
    merge: Merge


@bp.get(f"/<any({NOUNS}):noun>/<path:record_key>")
@requires(Role.EDITOR)
def form(noun: str, record_key: str) -> ResponseReturnValue:
    """The form, filled with the newest version."""
    with reading() as session:
        newest = version_of(session, noun, record_key)
    typed = typed_of(form_fields(noun, asked_part(noun)), in_form(noun, newest.after)) | {
        "version": [str(newest.version)]
    }
    return render_form(noun, newest.after, typed)


@bp.post(f"/<any({NOUNS}):noun>/<path:record_key>")
@requires(Role.EDITOR)
def save(noun: str, record_key: str) -> ResponseReturnValue:
    """Save the form as the next version, or show what is wrong beside what was typed."""
    typed, fields = dict(request.form.lists()), form_fields(noun, asked_part(noun))
    version = version_typed(typed)
    with reading() as session:
        base = version_of(session, noun, record_key, version)
    if "more" in typed:
        return render_form(noun, base.after, typed)
    said = read_form(fields, typed, in_form(noun, base.after))
    edit = Edit(noun=noun, key=record_key, version=version, values=said.values, **what_it_rests_on(typed))
    try:
        saved = keep_trying(edit, said.faults)
    except InvalidEdit as error:
        faults = faults_by_name(error.faults, names_in(fields), said.rows)
        return render_form(noun, base.after, typed, faults=faults), 422
    except EditConflict:
        return show_conflict(edit, base, typed)
    except OperationalError:
        faults = {"": "The database is busy. Please save again in a few seconds."}
        return render_form(noun, base.after, typed, faults=faults), 503, {"Retry-After": "5"}
    flash(f"Saved as version {saved.version}.")
    return redirect(url_for("history.show", noun=noun, record_key=record_key))


@bp.post(f"/<any({NOUNS}):noun>/restore/<int(max=2147483647):version>/<path:record_key>")
@requires(Role.EDITOR)
def undo(noun: str, version: int, record_key: str) -> ResponseReturnValue:
    """Make an older version the newest again, as a new revision."""
    typed = dict(request.form.lists())
    rests = what_it_rests_on(typed) | {"sources": (), "new_source": None}
    edit = Edit(noun=noun, key=record_key, version=version_typed(typed), values={}, **rests)
    try:
        with transaction() as session:
            saved = restore(session, edit, to_version=version, now=now())
    except (InvalidEdit, EditConflict) as error:
        status = 409 if isinstance(error, EditConflict) else 422
        return history_page(noun, record_key, fault=str(error), asked=(version, edit.reason)), status
    except IntegrityError:
        fault = "Somebody else saved a newer version at the same moment; look at it first, then decide again."
        return history_page(noun, record_key, fault=fault, asked=(version, edit.reason)), 409
    flash(f"Version {version} is restored, as version {saved.version}.")
    return redirect(url_for("history.show", noun=noun, record_key=record_key))


def keep_trying(edit: Edit, unread: Sequence[Fault]) -> RevisionRow:
    """Save in a transaction of its own; who was second at one moment tries again and meets the conflict."""
    for attempt in range(TRIES):
        try:
            with transaction() as session:
                saved = save_edit(session, edit, now=now())
                if unread:
                    raise InvalidEdit(list(unread))
                return saved
        except InvalidEdit as error:
            raise InvalidEdit([*unread, *(fault for fault in error.faults if fault not in unread)]) from error
        except EditConflict:
            if unread:  # what cannot be read cannot be merged: first things first
                raise InvalidEdit(list(unread)) from None
            raise
        except (IntegrityError, OperationalError) as error:
            if attempt == TRIES - 1 or (isinstance(error, OperationalError) and not was_in_each_others_way(error)):
                raise
    raise AssertionError("unreachable")


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
    return render_form(edit.noun, theirs.after, filled, clash=clash), 409


def asked_part(noun: str) -> str:
    """The part whose form the address asks for; none for the form of the thing itself."""
    return asked_word("part", [one.name for one in parts_of(noun)])


def what_it_rests_on(typed: Typed) -> dict[str, Any]:
    """Who saves, why, and on which sources."""
    described = {one.path[-1]: first(typed, one.name) or None for one in new_source_fields()}
    return {
        "actor": current_reviewer(),
        "reason": first(typed, "reason"),
        "sources": tuple(said for name in SOURCE_FIELDS if (said := first(typed, name))),
        "new_source": described if any(described.values()) else None,
        "says_vote": bool(first(typed, "says_vote")),
    }


def version_typed(typed: Typed) -> int:
    """The version that a form was made from."""
    text = first(typed, "version")
    if not text.isdecimal() or len(text) > 9:
        raise InvalidInput("The form does not say which version it was made from. Open it again.")
    return int(text)


def names_in(fields: Sequence[Field]) -> list[str]:
    """Every field that a message can stand beside."""
    return [one.name for one in (*fields, *new_source_fields())] + list(OWN)


def render_form(
    noun: str,
    values: dict[str, Any],
    typed: Typed,
    *,
    faults: dict[str, str] | None = None,
    clash: Clash | None = None,
) -> str:
    """The page with the form."""
    part = asked_part(noun)
    fields = form_fields(noun, part)
    with reading() as session:
        offers = {"jurisdictions": names_by_key(session), "policies": titles_by_key(session)}
        sources = sources_by_key(session)
    return render_template(
        "edit.html",
        noun=noun,
        key=values["key"],
        values=values,
        fields=fields,
        part=part,
        parts=[(one, len(values.get(one.name, ()))) for one in parts_of(noun)],
        new_source=new_source_fields(),
        typed=typed,
        faults=faults or {},
        clash=clash,
        offers=offers,
        sources=sources,
        cited=list(dict.fromkeys([*values.get("sources", ()), *typed.get("sources", ())])),
        title=title_of(noun, values),
        sides=sides(noun, clash, sources) if clash else [],
        rows={one.name: rows_to_show(one.name, typed) for one in fields if one.columns},
    )


def sides(noun: str, clash: Clash, sources: dict[str, SourceLine]) -> list[tuple[str, str, list[str]]]:
    """Each field in which the versions differ: its name, what the form holds now, and the words of all three."""
    versions = (in_form(noun, clash.base.after), in_form(noun, clash.theirs.after), clash.mine)
    names = {change.path[0]: None for one in versions[1:] for change in changes(versions[0], one)}
    held = dict.fromkeys(clash.merge.clashing, "yours; both of you changed it")
    held |= dict.fromkeys(clash.merge.theirs, "theirs; you had not touched it")
    return [
        (
            label_of(noun, (name,)),
            held.get(name, "yours"),
            [said(noun, (name,), version.get(name), sources) for version in versions],
        )
        for name in names
    ]

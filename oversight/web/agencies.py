"""The form of an agency: what it is called and what kind it is, for all its deployments at once."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.exc import IntegrityError, OperationalError

from oversight.domain.account import Role
from oversight.errors import NotFound
from oversight.services.check_entry import in_form
from oversight.services.edit import Edit, EditConflict, InvalidEdit, version_of
from oversight.services.edit_agency import save_agency
from oversight.storage.queries.jurisdictions import names_of
from oversight.storage.queries.sources import sources_by_key
from oversight.storage.record import deployments_of_agency
from oversight.web.auth import requires
from oversight.web.edit import BUSY, version_typed, what_it_rests_on
from oversight.web.edit_form import names_in
from oversight.web.record_fields import Field, fields_of, new_source_fields
from oversight.web.record_forms import Typed, faults_by_name, read_form, typed_of
from oversight.web.session import now, reading, transaction

bp = Blueprint("agencies", __name__, url_prefix="/edit/agency")

DEPLOYMENT, AGENCY = "deployment", "agency"
CHANGED = "Somebody else changed this agency meanwhile. The form holds what you typed: look at it, then save once more."


@bp.get("/<path:deployment_key>")
@requires(Role.EDITOR)
def form(deployment_key: str) -> ResponseReturnValue:
    """The agency that a deployment names."""
    return agency_form(deployment_key)


@bp.post("/<path:deployment_key>")
@requires(Role.EDITOR)
def save(deployment_key: str) -> ResponseReturnValue:
    """Save it in every deployment that names it, or show what is wrong beside what was typed."""
    typed, fields = dict(request.form.lists()), agency_fields()
    version = version_typed(typed)
    with reading() as session:
        base = version_of(session, DEPLOYMENT, deployment_key, version).after
    if AGENCY not in base:
        raise NotFound("That version says that the deployment is withdrawn.")
    said = read_form(fields, typed, in_form(DEPLOYMENT, base))
    rests = what_it_rests_on(typed) | {"corrections": ()}
    edit = Edit(noun=DEPLOYMENT, key=deployment_key, version=version, values=said.values[AGENCY], **rests)
    try:
        with transaction() as session:
            saved = save_agency(session, edit, now=now())
    except InvalidEdit as error:
        return agency_form(deployment_key, typed, faults_by_name(error.faults, names_in(fields), said.rows)), 422
    except (EditConflict, IntegrityError):
        del typed["version"]  # the next try is made from the newest
        return agency_form(deployment_key, typed, {"": CHANGED}), 409
    except OperationalError:
        return agency_form(deployment_key, typed, BUSY), 503, {"Retry-After": "5"}
    flash(f"Saved in {len(saved)} deployment{'' if len(saved) == 1 else 's'}.")
    return redirect(url_for("history.show", noun=DEPLOYMENT, record_key=deployment_key))


def agency_fields() -> tuple[Field, ...]:
    """The fields of an agency in the form of a deployment."""
    return tuple(one for one in fields_of(DEPLOYMENT) if one.path[0] == AGENCY)


def agency_form(key: str, typed: Typed | None = None, faults: dict[str, str] | None = None) -> str:
    """The page, from the newest version; what was typed stays."""
    with reading() as session:
        newest = version_of(session, DEPLOYMENT, key)
        held = newest.after
        if AGENCY not in held:
            raise NotFound("This deployment was withdrawn from the record; its history stays.")
        place = held["jurisdiction_key"]
        keys = deployments_of_agency(session, place, [held[AGENCY]["name"]])
        named, sources = names_of(session, [place])[place], sources_by_key(session)
    return render_template(
        "edit_agency.html",
        noun=AGENCY,
        key=key,
        agency=held[AGENCY],
        place=place,
        place_name=named,
        keys=keys,
        fields=agency_fields(),
        new_source=new_source_fields(),
        typed=typed_of(agency_fields(), held) | {"version": [str(newest.version)]} | (typed or {}),
        rows={},
        cited=[],
        faults=faults or {},
        sources=sources,
        names={one: source.title for one, source in sources.items()},
    )

"""Deployments of every agency, and each one's permanent address."""

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from oversight.errors import InvalidInput
from oversight.storage.models import DeploymentRow
from oversight.storage.queries.deployments import deployments
from oversight.storage.queries.jurisdictions import owner_of
from oversight.vocabulary import load_vocabulary
from oversight.web.auth import public
from oversight.web.session import now, reading

bp = Blueprint("deployments", __name__, url_prefix="/deployments")


@bp.get("/")
@public
def index() -> ResponseReturnValue:
    """Every deployment, or those of one technology."""
    technology = asked_technology()
    conditions = [DeploymentRow.technology == technology] if technology else []
    with reading() as session:
        lines = deployments(session, *conditions, as_of=now().date())
    return render_template(
        "deployments.html",
        lines=sorted(lines, key=lambda line: (line.jurisdiction, line.agency, line.key)),
        technology=technology,
        technologies=load_vocabulary().technologies,
    )


@bp.get("/<key>")
@public
def show(key: str) -> ResponseReturnValue:
    """A deployment's permanent address leads to its place on the page of its jurisdiction."""
    with reading() as session:
        owner = owner_of(session, DeploymentRow, key)
    return redirect(url_for("jurisdictions.show", key=owner, _anchor=key))


def asked_technology() -> str:
    """The technology that the address asks for, or nothing."""
    technology = request.args.get("technology", "")
    if technology and technology not in load_vocabulary().technologies:
        raise InvalidInput("There is no such technology.")
    return technology

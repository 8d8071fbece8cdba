"""Deployments of every agency, and each one's permanent address."""

from flask import Blueprint, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from oversight.storage.models import DeploymentRow
from oversight.storage.queries.deployments import PAGE, deployment_ids, deployments
from oversight.storage.queries.jurisdictions import owner_of
from oversight.vocabulary import load_vocabulary
from oversight.web.as_of import asked_day, dated
from oversight.web.asked import asked_page, asked_word, turns
from oversight.web.auth import public
from oversight.web.session import reading

bp = Blueprint("deployments", __name__, url_prefix="/deployments")


@bp.get("/")
@public
@dated
def index() -> ResponseReturnValue:
    """Every deployment, or those of one technology."""
    technologies = load_vocabulary().technologies
    technology = asked_word("technology", technologies)
    conditions = [DeploymentRow.technology == technology] if technology else []
    page = asked_page()
    with reading() as session:
        ids = deployment_ids(session, *conditions)
        shown = ids[(page - 1) * PAGE : page * PAGE]
        lines = {line.id: line for line in deployments(session, DeploymentRow.id.in_(shown), as_of=asked_day())}
    return render_template(
        "deployments.html",
        lines=[lines[one] for one in shown if one in lines],
        total=len(ids),
        **turns(page, len(ids), PAGE),
        technology=technology,
        technologies=technologies,
    )


@bp.get("/<key>")
@public
@dated
def show(key: str) -> ResponseReturnValue:
    """A deployment's permanent address leads to its place on the page of its jurisdiction."""
    with reading() as session:
        owner = owner_of(session, DeploymentRow, key)
    return redirect(url_for("jurisdictions.show", key=owner, _anchor=key))

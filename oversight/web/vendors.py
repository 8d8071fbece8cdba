"""Vendors: what each sells, and every agency of the record that uses it."""

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from oversight.storage.models import DeploymentRow
from oversight.storage.queries.uses import uses
from oversight.storage.queries.vendors import vendor, vendors
from oversight.web.as_of import asked_day, dated
from oversight.web.auth import public
from oversight.web.session import reading

bp = Blueprint("vendors", __name__, url_prefix="/vendors")


@bp.get("/")
@public
@dated
def index() -> ResponseReturnValue:
    """Every vendor with who uses what."""
    with reading() as session:
        lines = vendors(session, as_of=asked_day())
    return render_template("vendors.html", lines=lines)


@bp.get("/<key>")
@public
@dated
def show(key: str) -> ResponseReturnValue:
    """One vendor: its names over time, what it sells, who uses it since when, at what cost, under which rule."""
    with reading() as session:
        line = vendor(session, key)
        found = uses(session, DeploymentRow.vendor_row.has(key=key), as_of=asked_day())
    return render_template("vendor.html", vendor=line, uses=found)

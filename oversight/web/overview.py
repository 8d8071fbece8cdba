"""The first page."""

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from oversight.services.coverage import whole_coverage
from oversight.storage.queries.feeds import feed_lines
from oversight.storage.queries.overview import overview
from oversight.web.auth import public
from oversight.web.session import now, reading

bp = Blueprint("overview", __name__)
TECHNOLOGY = "face_recognition"


@bp.get("/")
@public
def index() -> ResponseReturnValue:
    """What is new, what is next, and where things stand."""
    with reading() as session:
        found = overview(session, technology=TECHNOLOGY, now=now())
        coverage = whole_coverage(session, feed_lines(session, now=now()))
    return render_template("overview.html", overview=found, coverage=coverage, technology=TECHNOLOGY)

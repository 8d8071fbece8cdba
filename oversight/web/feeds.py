"""The status of every feed: whether silence means nothing, or not checked."""

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from oversight.domain.account import Role
from oversight.errors import NotFound
from oversight.services.readiness import notices
from oversight.storage.jobs import job_counters
from oversight.storage.queries.feeds import feed_health, recent_polls
from oversight.web.auth import has_role, public
from oversight.web.session import reading, wiring

bp = Blueprint("feeds", __name__, url_prefix="/feeds")


@bp.get("/")
@public
def index() -> ResponseReturnValue:
    """Every feed with its health, and how often the clock's jobs ran."""
    with reading() as session:
        rows, jobs = feed_health(session), job_counters(session)
    told = notices(wiring().settings) if has_role(Role.ADMIN) else []
    return render_template("feeds.html", feeds=rows, jobs=jobs, notices=told)


@bp.get("/<key>")
@public
def show(key: str) -> ResponseReturnValue:
    """One feed with its last polls."""
    with reading() as session:
        found = [row for row in feed_health(session) if row.key == key]
        polls = recent_polls(session, key)
    if not found:
        raise NotFound("There is no feed of this name.")
    return render_template("feed.html", feed=found[0], polls=polls)

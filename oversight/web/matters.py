"""Matters: the passport of one piece of business across meetings, and an editor's wish to have it watched."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from oversight.domain.account import Role
from oversight.services.coverage import place_coverage
from oversight.services.watch_matter import watch_matter
from oversight.storage.queries.matters import matter_page
from oversight.web.auth import current_reviewer, public, requires
from oversight.web.session import now, reading, transaction

bp = Blueprint("matters", __name__, url_prefix="/matters")


@bp.get("/<int(max=2147483647):matter_id>")
@public
def show(matter_id: int) -> ResponseReturnValue:
    """One matter."""
    with reading() as session:
        page = matter_page(session, matter_id)
        watched = place_coverage(session, page.jurisdiction, now=now())
    return render_template("matter.html", page=page, place=watched.name, coverage=watched.coverage)


@bp.post("/<int(max=2147483647):matter_id>/watch")
@requires(Role.EDITOR)
def watch(matter_id: int) -> ResponseReturnValue:
    """Put a matter on the watch list, or take it off."""
    is_watched = request.form.get("watch") == "1"
    with transaction() as session:
        matter = watch_matter(session, matter_id, is_watched=is_watched, actor=current_reviewer(), now=now())
    flash(f"{matter.file} is {'on' if is_watched else 'off'} the watch list.")
    return redirect(url_for("matters.show", matter_id=matter_id))

"""Matters: the list, the passport of one piece of business across meetings, and an editor's wish to have it watched."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from oversight.domain.account import Role
from oversight.domain.matter_stage import MatterStage
from oversight.services.coverage import coverage_at
from oversight.services.watch_matter import watch_matter
from oversight.storage.queries.jurisdictions import names_of
from oversight.storage.queries.matter_list import PAGE, MatterFilter, count_matters, list_matters, matter_facets
from oversight.storage.queries.matters import matter_page
from oversight.web.asked import asked_cursor, asked_word
from oversight.web.asked_rows import asked_place, asked_technology
from oversight.web.auth import current_reviewer, public, requires
from oversight.web.facets import facets
from oversight.web.presentation import technology_label
from oversight.web.session import now, reading, transaction

bp = Blueprint("matters", __name__, url_prefix="/matters")


@bp.get("/")
@public
def index() -> ResponseReturnValue:
    """Every matter, the one that was seen last first, narrowed by what the address says."""
    before, wanted = asked_cursor("before"), asked_matters()
    with reading() as session:
        lines = list_matters(session, wanted, before=before)
        total = count_matters(session, wanted)
        counts = matter_facets(session, wanted)
        names = names_of(session, {*counts.jurisdiction, *filter(None, [wanted.jurisdiction])})
        coverage = coverage_at(session, wanted.jurisdiction, now=now())
    return render_template(
        "matters.html",
        lines=lines,
        total=total,
        wanted=wanted,
        names=names,
        coverage=coverage,
        mentioned=counts.mentioned,
        by_place=facets("jurisdiction", counts.jurisdiction, names.__getitem__, wanted.jurisdiction),
        by_technology=facets("technology", counts.technology, technology_label, wanted.technology),
        by_stage=facets("stage", counts.stage, lambda word: MatterStage(word).label, wanted.stage),
        older=lines[-1].id if len(lines) == PAGE else None,
    )


def asked_matters() -> MatterFilter:
    """What the address narrows a list of matters to."""
    return MatterFilter(
        jurisdiction=asked_place(),
        technology=asked_technology(),
        stage=asked_word("stage", MatterStage),
        is_mentioned=request.args.get("mentioned") == "1",
    )


@bp.get("/<row:matter_id>")
@public
def show(matter_id: int) -> ResponseReturnValue:
    """One matter."""
    with reading() as session:
        page = matter_page(session, matter_id)
        place = names_of(session, [page.jurisdiction])[page.jurisdiction]
        coverage = coverage_at(session, page.jurisdiction, now=now())
    return render_template("matter.html", page=page, place=place, coverage=coverage)


@bp.post("/<row:matter_id>/watch")
@requires(Role.EDITOR)
def watch(matter_id: int) -> ResponseReturnValue:
    """Put a matter on the watch list, or take it off."""
    is_watched = request.form.get("watch") == "1"
    with transaction() as session:
        matter = watch_matter(session, matter_id, is_watched=is_watched, actor=current_reviewer(), now=now())
    flash(f"{matter.file} is {'on' if is_watched else 'off'} the watch list.")
    return redirect(url_for("matters.show", matter_id=matter_id))

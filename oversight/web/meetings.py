"""Meetings: those to come and those that are over, and one with its agenda and all that changed."""

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue

from oversight.domain.local_time import today_at
from oversight.domain.meeting_change import is_still_to_come
from oversight.services.coverage import place_coverage, whole_coverage
from oversight.storage.queries.feeds import feed_lines
from oversight.storage.queries.jurisdictions import names_of
from oversight.storage.queries.meeting_page import meeting_page
from oversight.storage.queries.meetings import (
    PAGE,
    MeetingFilter,
    When,
    count_meetings,
    list_meetings,
    meeting_facets,
    mention_counts,
)
from oversight.web.asked import asked_page, asked_word, turns
from oversight.web.asked_rows import asked_body, asked_place
from oversight.web.auth import public
from oversight.web.facets import facets
from oversight.web.session import now, reading

bp = Blueprint("meetings", __name__, url_prefix="/meetings")


@bp.get("/")
@public
def index() -> ResponseReturnValue:
    """Meetings to come, or those that are over, narrowed by what the address says."""
    page = asked_page()
    wanted = asked_meetings()
    place = wanted.jurisdiction
    with reading() as session:
        lines = list_meetings(session, wanted, now=now(), page=page)
        total = count_meetings(session, wanted, now=now())
        mentions = mention_counts(session, [line.id for line in lines])
        counts = meeting_facets(session, wanted, now=now())
        names = names_of(session, {*counts.jurisdiction, *filter(None, [place])})
        if place:
            coverage = place_coverage(session, place, now=now()).coverage
        else:
            coverage = whole_coverage(session, feed_lines(session, now=now()))
    return render_template(
        "meetings.html",
        lines=lines,
        total=total,
        mentions=mentions,
        wanted=wanted,
        names=names,
        bodies=sorted({*counts.body, *filter(None, [wanted.body])}),
        mentioned=counts.mentioned,
        by_place=facets("jurisdiction", counts.jurisdiction, names.__getitem__, place),
        by_body=facets("body", counts.body, str, wanted.body),
        coverage=coverage,
        **turns(page, total, PAGE),
    )


@bp.get("/<row:meeting_id>")
@public
def show(meeting_id: int) -> ResponseReturnValue:
    """One meeting."""
    with reading() as session:
        page = meeting_page(session, meeting_id)
        place = page.line.jurisdiction
        watched = place_coverage(session, place, now=now()) if place else None
        coverage = watched.coverage if watched else whole_coverage(session, feed_lines(session, now=now()))
    return render_template(
        "meeting.html",
        page=page,
        line=page.line,
        place=watched.name if watched else None,
        coverage=coverage,
        is_ahead=is_still_to_come(page.line, now=now(), today=today_at(page.line.timezone, now())),
    )


def asked_meetings() -> MeetingFilter:
    """What the address narrows a list of meetings to."""
    place, body = asked_place() or None, asked_body() or None
    is_mentioned = request.args.get("mentioned") == "1"
    return MeetingFilter(place, body, When(asked_word("when", When)), is_mentioned=is_mentioned)

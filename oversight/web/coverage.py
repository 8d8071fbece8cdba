"""What is watched, place by place, and what is not: above all where a policy is on record."""

from collections.abc import Sequence

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue

from oversight.domain.coverage import GapKind
from oversight.services.coverage import PlaceCoverage, every_place, whole_coverage
from oversight.storage.queries.feeds import feed_lines
from oversight.web.asked import asked_word
from oversight.web.auth import public
from oversight.web.session import now, reading

bp = Blueprint("coverage", __name__, url_prefix="/coverage")


@bp.get("/")
@public
def index() -> ResponseReturnValue:
    """Every place with a feed or with a policy on record, narrowed to a kind of gap where the address says so."""
    with reading() as session:
        whole = whole_coverage(session, feed_lines(session, now=now()))
        places = every_place(session, now=now())
    shown = asked_coverage(places)
    return render_template(
        "coverage.html",
        unwatched=[place for place in shown if place.instrument and not place.coverage.is_watched],
        places=[place for place in shown if place.coverage.known],
        total=len(places),
        shown=len(shown),
        gaps=list(GapKind),
        gap=request.args.get("gap", ""),
        coverage=whole,
    )


def asked_coverage(places: Sequence[PlaceCoverage]) -> list[PlaceCoverage]:
    """The places that the address leaves; raises InvalidInput."""
    gap = asked_word("gap", GapKind)
    return [place for place in places if gap == "" or has_gap(place, gap)]


def has_gap(place: PlaceCoverage, kind: str) -> bool:
    """Whether a place has a gap of this kind."""
    return any(gap.kind == kind for gap in place.coverage.gaps)

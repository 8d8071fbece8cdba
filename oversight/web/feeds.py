"""The status of every feed: whether silence means nothing, or not checked; and what editors do about a feed."""

from collections import Counter
from collections.abc import Sequence

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from oversight.domain.account import Role
from oversight.domain.coverage import AddressEvidence
from oversight.domain.health import Health
from oversight.services.coverage import feed_coverage, whole_coverage
from oversight.services.keep_address import keep_address
from oversight.services.readiness import notices
from oversight.services.settle import settle
from oversight.services.watch import LASTING
from oversight.storage.jobs import job_counters
from oversight.storage.queries.feeds import ORDER, FeedLine, event_lines, feed_lines, feed_page
from oversight.storage.queries.jurisdictions import names_of
from oversight.storage.revisions import history
from oversight.web.asked import asked_word
from oversight.web.auth import current_reviewer, has_role, public, requires
from oversight.web.session import now, reading, transaction, wiring

bp = Blueprint("feeds", __name__, url_prefix="/feeds")


@bp.get("/")
@public
def index() -> ResponseReturnValue:
    """Every feed by its state, narrowed by what the address says, and how often the clock's jobs ran."""
    with reading() as session:
        lines = feed_lines(session, now=now())
        jobs, coverage = job_counters(session), whole_coverage(session, lines)
        events = event_lines(session) if has_role(Role.EDITOR) else []
        names = names_of(session, {line.jurisdiction for line in lines if line.jurisdiction})
    shown = asked_feeds(lines)
    state, platform = request.args.get("state", ""), request.args.get("platform", "")
    return render_template(
        "feeds.html",
        groups=by_state(shown),
        shown=len(shown),
        total=len(lines),
        counts=Counter(line.finding.health for line in lines if platform in ("", line.platform)),
        states=ORDER,
        state=state,
        platforms=sorted(Counter(line.platform for line in lines).items()),
        platform=platform,
        names=names,
        coverage=coverage,
        events=events,
        lasting=LASTING,
        jobs=jobs,
        notices=notices(wiring().settings) if has_role(Role.ADMIN) else [],
    )


def asked_feeds(lines: Sequence[FeedLine]) -> list[FeedLine]:
    """The feeds that the address leaves; raises InvalidInput."""
    state, platform = asked_word("state", Health), asked_word("platform", {line.platform for line in lines})
    return [line for line in lines if state in ("", line.finding.health) and platform in ("", line.platform)]


@bp.get("/<key>")
@public
def show(key: str) -> ResponseReturnValue:
    """One feed: how it is and why, where it is asked, and its last polls."""
    with reading() as session:
        page = feed_page(session, key, now=now())
        coverage = feed_coverage(session, page.line)
        events = event_lines(session, key) if has_role(Role.EDITOR) else []
        revisions = history(session, "feed", key)
        place = page.line.jurisdiction
        name = names_of(session, [place])[place] if place else None
    evidence = page.line.evidence
    return render_template(
        "feed.html",
        page=page,
        feed=page.line,
        place=name,
        evidence=AddressEvidence(evidence) if evidence in list(AddressEvidence) else None,
        coverage=coverage,
        events=events,
        lasting=LASTING,
        revisions=revisions,
    )


@bp.post("/<key>/keep-address")
@requires(Role.EDITOR)
def keep(key: str) -> ResponseReturnValue:
    """Ask a feed at its own address again, whatever redirects and answers said."""
    with transaction() as session:
        feed = keep_address(session, key, actor=current_reviewer(), now=now())
    flash(f"{feed.title} is asked at its own address, from now on.")
    return redirect(url_for("feeds.show", key=key))


@bp.post("/events/<row:event_id>/settle")
@requires(Role.EDITOR)
def settle_event(event_id: int) -> ResponseReturnValue:
    """Close what does not end by itself."""
    with transaction() as session:
        feed = settle(session, event_id, actor=current_reviewer(), now=now())
    flash(f"Settled: {feed.title}")
    return redirect(url_for("feeds.index"))


def by_state(lines: Sequence[FeedLine]) -> list[tuple[Health, list[FeedLine]]]:
    """The feeds of each state that has any, in the order of the states."""
    groups = [(health, [line for line in lines if line.finding.health is health]) for health in ORDER]
    return [(health, group) for health, group in groups if group]

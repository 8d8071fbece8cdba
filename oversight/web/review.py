"""The review queue: an editor confirms or dismisses what the detector found."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from oversight.domain.account import Role
from oversight.domain.mention import Beside
from oversight.errors import InvalidInput
from oversight.services.coverage import whole_coverage
from oversight.services.review import confirm, dismiss, merge, merge_others
from oversight.storage.models import MentionRow
from oversight.storage.queries.feeds import feed_lines
from oversight.storage.queries.review import count_waiting, review_queue
from oversight.web.auth import current_reviewer, requires
from oversight.web.session import now, reading, transaction

bp = Blueprint("review", __name__, url_prefix="/review")


@bp.get("/")
@requires(Role.EDITOR)
def queue() -> ResponseReturnValue:
    """Undecided mentions with their evidence."""
    with reading() as session:
        cards = review_queue(session, today=now().date())
        waiting = count_waiting(session, today=now().date())
        coverage = whole_coverage(session, feed_lines(session, now=now()))
    return render_template("review.html", cards=cards, waiting=waiting, coverage=coverage)


@bp.post("/<int(max=2147483647):mention_id>/confirm")
@requires(Role.EDITOR)
def confirm_mention(mention_id: int) -> ResponseReturnValue:
    """Accept a mention; its alerts are queued in the same transaction."""
    with transaction() as session:
        mention = confirm(
            session, mention_id, reviewer=current_reviewer(), reason=request.form.get("reason", ""), now=now()
        )
        merged = merge_what_was_asked(session, mention)
    flash(f"Confirmed: {mention.title}{merged}")
    return redirect(url_for("review.queue"))


@bp.post("/<int(max=2147483647):mention_id>/dismiss")
@requires(Role.EDITOR)
def dismiss_mention(mention_id: int) -> ResponseReturnValue:
    """Set a mention aside with a reason."""
    try:
        with transaction() as session:
            mention = dismiss(
                session, mention_id, reviewer=current_reviewer(), reason=request.form.get("reason", ""), now=now()
            )
            merged = merge_what_was_asked(session, mention)
    except InvalidInput as error:
        flash(str(error))
        return redirect(url_for("review.queue", _anchor=f"mention-{mention_id}"))
    flash(f"Dismissed: {mention.title}{merged}")
    return redirect(url_for("review.queue"))


@bp.post("/<int(max=2147483647):mention_id>/merge")
@requires(Role.EDITOR)
def merge_mention(mention_id: int) -> ResponseReturnValue:
    """Merge a mention with the one of its story that was decided before."""
    with transaction() as session:
        mention = merge(session, mention_id, reviewer=current_reviewer(), now=now())
    flash(f"Merged: {mention.title}")
    return redirect(url_for("review.queue"))


def merge_what_was_asked(session: Session, mention: MentionRow) -> str:
    """Merge the copies and sightings that the form names; the words that tell how many."""
    asked = [beside for beside in Beside if request.form.get(beside.value) == "1"]
    merged = [
        one
        for beside in asked
        for one in merge_others(session, mention, beside=beside, reviewer=current_reviewer(), now=now())
    ]
    return f" ({len(merged)} more merged with it)" if merged else ""

"""The review queue: an editor confirms or dismisses what the detector found."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from oversight.domain.account import Role
from oversight.errors import InvalidInput
from oversight.services.coverage import whole_coverage
from oversight.services.review import confirm, dismiss
from oversight.storage.queries.feeds import feed_lines
from oversight.storage.queries.mentions import MentionFilter, count_mentions, review_queue
from oversight.web.auth import current_reviewer, requires
from oversight.web.session import now, reading, transaction

bp = Blueprint("review", __name__, url_prefix="/review")


@bp.get("/")
@requires(Role.EDITOR)
def queue() -> ResponseReturnValue:
    """Undecided mentions with their evidence."""
    with reading() as session:
        pages = review_queue(session, today=now().date())
        total = count_mentions(session, MentionFilter(state="pending"))
        coverage = whole_coverage(session, feed_lines(session, now=now()))
    return render_template("review.html", pages=pages, total=total, coverage=coverage)


@bp.post("/<int(max=2147483647):mention_id>/confirm")
@requires(Role.EDITOR)
def confirm_mention(mention_id: int) -> ResponseReturnValue:
    """Accept a mention; its alerts are queued in the same transaction."""
    with transaction() as session:
        mention = confirm(
            session, mention_id, reviewer=current_reviewer(), reason=request.form.get("reason", ""), now=now()
        )
    flash(f"Confirmed: {mention.title}")
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
    except InvalidInput as error:
        flash(str(error))
        return redirect(url_for("review.queue", _anchor=f"mention-{mention_id}"))
    flash(f"Dismissed: {mention.title}")
    return redirect(url_for("review.queue"))

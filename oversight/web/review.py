"""The review queue: an editor decides on what the detector found, one by one or several at once, and attaches it."""

from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user
from sqlalchemy.exc import IntegrityError

from oversight.domain.account import Role
from oversight.domain.mention import WHY_NOT, Beside, Decision
from oversight.domain.record import LegalStatus, UseStatus
from oversight.domain.suggestion import Noun
from oversight.errors import InvalidInput
from oversight.services.attach import Attachment, attach
from oversight.services.coverage import whole_coverage
from oversight.services.decide import Act, decide_many, decide_one
from oversight.services.edit import EditConflict
from oversight.storage.queries.decisions import decision_line
from oversight.storage.queries.feeds import feed_lines
from oversight.storage.queries.mentions import mention_page
from oversight.storage.queries.review import review_queue
from oversight.storage.queries.suggestions import records_of_places, suggested
from oversight.storage.users import set_shortcuts
from oversight.vocabulary import load_vocabulary
from oversight.web.asked import number, numbers
from oversight.web.auth import current_reviewer, requires
from oversight.web.session import now, reading, transaction, wiring

bp = Blueprint("review", __name__, url_prefix="/review")

MENTION = "<row:mention_id>"
AT_ONCE = "somebody else changed it at the same moment; look at it first, then decide again"


@bp.get("/")
@requires(Role.EDITOR)
def queue() -> ResponseReturnValue:
    """Undecided mentions with their evidence, and what each may be about; `done` is the decision made just now."""
    done = number(request.args.get("done", ""))
    with reading() as session:
        waiting = review_queue(session, now=now())
        suggestions = suggested(session, [card.page for card in waiting.cards], load_vocabulary().technology_labels)
        coverage = None if waiting.cards else whole_coverage(session, feed_lines(session, now=now()))
        decision = decision_line(session, done) if done else None
    return render_template(
        "review.html",
        cards=waiting.cards,
        waiting=waiting.waiting,
        suggestions=suggestions,
        coverage=coverage,
        done=decision,
        why_not=WHY_NOT,
        has_shortcuts=current_user.has_shortcuts,
    )


@bp.post(f"/{MENTION}/confirm")
@requires(Role.EDITOR)
def confirm_mention(mention_id: int) -> ResponseReturnValue:
    """Accept a mention; its alerts are queued in the same transaction."""
    return decide(Decision.CONFIRM, mention_id)


@bp.post(f"/{MENTION}/dismiss")
@requires(Role.EDITOR)
def dismiss_mention(mention_id: int) -> ResponseReturnValue:
    """Set a mention aside with a reason."""
    return decide(Decision.DISMISS, mention_id)


@bp.post(f"/{MENTION}/merge")
@requires(Role.EDITOR)
def merge_mention(mention_id: int) -> ResponseReturnValue:
    """Merge a mention with the one of its story that was decided before."""
    return decide(Decision.MERGE, mention_id)


@bp.post("/batch")
@requires(Role.EDITOR)
def batch() -> ResponseReturnValue:
    """One decision for every mention that is ticked; what somebody else decided meanwhile is left and named."""
    chosen = numbers(request.form.getlist("mention"))
    asked = request.form.get("decision", "")
    if asked not in (Decision.CONFIRM, Decision.DISMISS, Decision.MERGE):
        raise InvalidInput("The form does not say what to do with what is chosen.")
    try:
        with transaction() as session:
            decision_id = decide_many(session, act(Decision(asked)), chosen, now=now()).id
    except InvalidInput as error:
        flash(str(error))
        return redirect(url_for("review.queue"))
    return redirect(url_for("review.queue", done=decision_id))


@bp.get(f"/{MENTION}/attach")
@requires(Role.EDITOR)
def choose_record(mention_id: int) -> ResponseReturnValue:
    """Everything that the record has of the places a mention names, to attach it to."""
    with reading() as session:
        page = mention_page(session, mention_id)
        found = suggested(session, [page], load_vocabulary().technology_labels)[mention_id]
        others = records_of_places(session, page, without=[one.candidate.key for one in found.records])
    return render_template("attach.html", page=page, line=page.line, found=found, others=others)


@bp.post(f"/{MENTION}/attach")
@requires(Role.EDITOR)
def attach_mention(mention_id: int) -> ResponseReturnValue:
    """Confirm a mention and attach it to a thing of the record, with its new status where the editor ticked it."""
    asked = attachment()
    try:
        with transaction() as session:
            decision_id = attach(session, mention_id, asked, reviewer=current_reviewer(), now=now()).id
    except (InvalidInput, EditConflict, IntegrityError) as error:
        words = AT_ONCE if isinstance(error, IntegrityError) else str(error)
        flash(f"Not attached: {words}")
        return redirect(url_for("review.queue", _anchor=f"mention-{mention_id}"))
    return onward(decision_id)


@bp.post("/shortcuts")
@requires(Role.EDITOR)
def shortcuts() -> ResponseReturnValue:
    """Switch the single keys of the queue on or off, for this account."""
    is_on = request.form.get("shortcuts") == "on"
    with transaction() as session:
        set_shortcuts(session, current_user.id, is_on=is_on)
    flash(f"Keyboard actions are {'on' if is_on else 'off'}.")
    return redirect(url_for("review.queue", _anchor="keys"))


def decide(decision: Decision, mention_id: int) -> ResponseReturnValue:
    """Decide one mention, and go on with the next card."""
    try:
        with transaction() as session:
            decision_id = decide_one(session, act(decision), mention_id, now=now()).id
    except InvalidInput as error:
        flash(str(error))
        return redirect(url_for("review.queue", _anchor=f"mention-{mention_id}"))
    return onward(decision_id)


def onward(decision_id: int) -> ResponseReturnValue:
    """The queue at the card that came after the one decided, with what was done and its undo."""
    following = number(request.form.get("next", ""))
    anchor = f"mention-{following}" if following else None
    return redirect(url_for("review.queue", done=decision_id, _anchor=anchor))


def act(decision: Decision) -> Act:
    """What the form asks for."""
    reason = request.form.get("why") or request.form.get("reason", "")
    return Act(decision=decision, reviewer=current_reviewer(), reason=reason, beside=taken_along())


def taken_along() -> tuple[Beside, ...]:
    """What goes with a decided mention."""
    return tuple(one for one in Beside if request.form.get(one.value) == "1")


def attachment() -> Attachment:
    """What the form attaches to, and the status that is to be noted."""
    form = request.form
    said_noun, _, said_key = form.get("thing", "").partition(" ")  # of the list of everything
    if (form.get("noun") or said_noun) not in list(Noun):
        raise InvalidInput("The form does not say what to attach to.")
    noun = Noun(form.get("noun") or said_noun)
    status: dict[str, Any] | None = None
    if form.get("note_status") == "1":
        known: list[str] = list(UseStatus if noun is Noun.DEPLOYMENT else LegalStatus)
        if form.get("status") not in known:
            raise InvalidInput("The form does not say which status to note.")
        status = {
            "status": form["status"],
            "date": form.get("date") or None,
            "certainty": form.get("certainty") or None,
        }
    return Attachment(
        noun=noun,
        key=form.get("key") or said_key,
        reason=form.get("reason", ""),
        version=number(form.get("version", "")),
        status=status,
        says_vote=form.get("says_vote") == "1",
        beside=taken_along(),
        is_alone=wiring().settings.two_persons,
    )

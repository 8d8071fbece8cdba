"""Mentions: the list, and one with its explanation."""

import re

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue

from oversight.domain.mention import MentionState
from oversight.errors import InvalidInput
from oversight.storage.queries.jurisdictions import names_by_key
from oversight.storage.queries.mentions import PAGE, MentionFilter, count_mentions, list_mentions, mention_page
from oversight.storage.revisions import history
from oversight.vocabulary import load_vocabulary
from oversight.web.auth import public
from oversight.web.session import now, reading

bp = Blueprint("mentions", __name__, url_prefix="/mentions")


@bp.get("/")
@public
def index() -> ResponseReturnValue:
    """Mentions, newest first, narrowed by what the address says."""
    state = request.args.get("state") or None
    before = request.args.get("before", "")
    if (state and state not in list(MentionState)) or (before and not re.fullmatch(r"\d{1,9}", before)):
        raise InvalidInput("The address asks for a state or a page that does not exist.")
    wanted = MentionFilter(
        state=state,
        jurisdiction=request.args.get("jurisdiction") or None,
        technology=request.args.get("technology") or None,
        feed=request.args.get("feed") or None,
        upcoming_from=now().date() if request.args.get("upcoming") == "1" else None,
    )
    with reading() as session:
        lines = list_mentions(session, wanted, before=int(before) if before else None)
        total = count_mentions(session, wanted)
        names = names_by_key(session)
    return render_template(
        "mentions.html",
        lines=lines,
        total=total,
        wanted=wanted,
        names=names,
        states=list(MentionState),
        technologies=load_vocabulary().technologies,
        older=lines[-1].id if len(lines) == PAGE else None,
    )


@bp.get("/<int(max=2147483647):mention_id>")
@public
def show(mention_id: int) -> ResponseReturnValue:
    """One mention: what was found, why it counts, what was decided."""
    with reading() as session:
        page = mention_page(session, mention_id)
        revisions = history(session, "mention", str(mention_id))
    return render_template("mention.html", page=page, line=page.line, revisions=revisions)

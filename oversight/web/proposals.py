"""Changes of a legal status that wait for a second editor: what they change, and the decision."""

from collections.abc import Callable
from typing import Any

from flask import Blueprint, flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from oversight.domain.account import Role
from oversight.domain.proposal import ProposalState
from oversight.domain.withdrawal import is_withdrawn
from oversight.errors import InvalidInput, NotAllowed
from oversight.services.edit import SecondPersonNeeded
from oversight.services.propose import approve, propose, reject
from oversight.storage.models import ProposalRow
from oversight.storage.proposals import decided_proposals, get_proposal, open_proposals
from oversight.storage.queries.sources import sources_by_key
from oversight.storage.revisions import last_revision, revision_at
from oversight.web.auth import current_reviewer, has_role, requires
from oversight.web.record_words import title_of, what_changed
from oversight.web.session import now, reading, transaction

bp = Blueprint("proposals", __name__, url_prefix="/review/proposals")


@bp.app_errorhandler(SecondPersonNeeded)
def keep_proposal(needed: SecondPersonNeeded) -> ResponseReturnValue:
    """What one editor may not publish alone is kept as a proposal; nothing else of the request was saved."""
    with transaction() as session:
        kept = propose(session, needed, now=now()).id
    flash("Not published yet: another editor has to approve it.")
    return redirect(url_for("proposals.show", proposal_id=kept))


@bp.get("/")
@requires(Role.EDITOR)
def index() -> ResponseReturnValue:
    """What waits, and what was decided last."""
    with reading() as session:
        waiting, decided = open_proposals(session), decided_proposals(session)
    return render_template("proposals.html", waiting=waiting, decided=decided, title=title_in)


@bp.get("/<row:proposal_id>")
@requires(Role.EDITOR)
def show(proposal_id: int) -> ResponseReturnValue:
    """One proposal: what it changes, and what came in since."""
    return proposal_page(proposal_id)


@bp.post("/<row:proposal_id>/approve")
@requires(Role.EDITOR)
def approve_proposal(proposal_id: int) -> ResponseReturnValue:
    """Carry it out, as the second editor."""

    def work(session: Session) -> str:
        saved = approve(session, proposal_id, by=current_reviewer(), now=now())
        return f"Approved, and saved as version {saved.version}."

    return decided_by(proposal_id, work)


@bp.post("/<row:proposal_id>/reject")
@requires(Role.EDITOR)
def reject_proposal(proposal_id: int) -> ResponseReturnValue:
    """Set it aside, as the second editor."""

    def work(session: Session) -> str:
        reject(session, proposal_id, by=current_reviewer(), reason=request.form.get("reason", ""), now=now())
        return "Rejected; nothing was changed."

    return decided_by(proposal_id, work)


def decided_by(proposal_id: int, work: Callable[[Session], str]) -> ResponseReturnValue:
    """Decide, or show why not."""
    try:
        with transaction() as session:
            told = work(session)
    except (InvalidInput, NotAllowed) as error:
        status = 409 if isinstance(error, NotAllowed) else 422
        return proposal_page(proposal_id, fault=str(error)), status
    except IntegrityError:
        return proposal_page(proposal_id, fault="Somebody saved a newer version at the same moment."), 409
    flash(told)
    return redirect(url_for("proposals.show", proposal_id=proposal_id))


def proposal_page(proposal_id: int, *, fault: str = "") -> str:
    """The page of one proposal."""
    with reading() as session:
        row = get_proposal(session, proposal_id)
        base = revision_at(session, row.entity, row.entity_key, row.version)
        newest = last_revision(session, row.entity, row.entity_key)
        sources = sources_by_key(session)
    before, after = base.after if base else None, row.edit["after"]
    since = newest if newest and newest.version != row.version and row.state == ProposalState.OPEN else None
    return render_template(
        "proposal.html",
        row=row,
        state=ProposalState(row.state),
        title=title_in(row),
        takes_out=is_withdrawn(after),
        said=() if is_withdrawn(after) else what_changed(row.entity, before, after, sources),
        since=since,
        meanwhile=what_changed(row.entity, before, since.after, sources) if since and not_out(since.after) else (),
        is_own=row.proposed_by == current_reviewer(),
        fault=fault,
    )


def not_out(after: dict[str, Any]) -> bool:
    """Whether a version still says something."""
    return not is_withdrawn(after)


def title_in(row: ProposalRow) -> str:
    """What a proposal is about."""
    after = row.edit["after"]
    return str(row.entity_key) if is_withdrawn(after) else title_of(row.entity, after)


@bp.app_template_global()
def proposed(noun: str, key: str) -> list[int]:
    """The open proposals about a thing, for editors only. Asked once a request."""
    if not has_role(Role.EDITOR):
        return []
    if "proposed" not in g:
        with reading() as session:
            g.proposed = [(row.entity, row.entity_key, row.id) for row in open_proposals(session)]
    return [number for entity, entity_key, number in g.proposed if (entity, entity_key) == (noun, key)]

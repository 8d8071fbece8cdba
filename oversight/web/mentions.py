"""Mentions: the list, and one with its explanation."""

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from oversight.domain.coverage import Coverage
from oversight.domain.mention import MentionState, Stage
from oversight.services.coverage import feed_coverage, place_coverage, whole_coverage
from oversight.storage.queries.decisions import attachments_of_mention
from oversight.storage.queries.documents import documents_of_mention
from oversight.storage.queries.feeds import feed_lines
from oversight.storage.queries.jurisdictions import names_by_key, names_of
from oversight.storage.queries.mention_facets import mention_facets
from oversight.storage.queries.mention_filter import MentionFilter
from oversight.storage.queries.mentions import PAGE, count_mentions, list_mentions, mention_page
from oversight.storage.queries.stories import copies_of
from oversight.storage.revisions import history
from oversight.vocabulary import load_vocabulary
from oversight.web.asked import asked_cursor, asked_word
from oversight.web.asked_rows import asked_feed, asked_place, asked_technology
from oversight.web.auth import public
from oversight.web.facets import facets
from oversight.web.presentation import technology_label
from oversight.web.session import now, reading

bp = Blueprint("mentions", __name__, url_prefix="/mentions")


@bp.get("/")
@public
def index() -> ResponseReturnValue:
    """Mentions, newest first, narrowed by what the address says."""
    before, wanted = asked_cursor("before"), asked_mentions()
    with reading() as session:
        lines = list_mentions(session, wanted, before=before)
        total = count_mentions(session, wanted)
        counts = mention_facets(session, wanted)
        names = names_by_key(session)
        beyond = {*counts.jurisdiction, *filter(None, [wanted.jurisdiction])} - set(names)
        names |= names_of(session, beyond) if beyond else {}
        coverage = coverage_beside(session, wanted)
    return render_template(
        "mentions.html",
        by_state=facets("state", counts.state, lambda word: MentionState(word).label, wanted.state),
        by_stage=facets("stage", counts.stage, lambda word: Stage(word).label, wanted.stage),
        by_technology=facets("technology", counts.technology, technology_label, wanted.technology),
        by_place=facets("jurisdiction", counts.jurisdiction, lambda key: names.get(key, key), wanted.jurisdiction),
        lines=lines,
        total=total,
        wanted=wanted,
        names=names,
        coverage=coverage,
        states=list(MentionState),
        stages=list(Stage),
        technologies=load_vocabulary().technologies,
        older=lines[-1].id if len(lines) == PAGE else None,
    )


@bp.get("/<row:mention_id>")
@public
def show(mention_id: int) -> ResponseReturnValue:
    """One mention: what was found, why it counts, what was decided."""
    with reading() as session:
        page = mention_page(session, mention_id)
        copies = copies_of(session, {page.line.story_id}).get(page.line.story_id or 0, [])
        documents = documents_of_mention(session, mention_id)
        attachments = attachments_of_mention(session, mention_id)
        revisions = history(session, "mention", str(mention_id))
    return render_template(
        "mention.html",
        page=page,
        line=page.line,
        copies=copies,
        documents=documents,
        attachments=attachments,
        revisions=revisions,
    )


def asked_mentions() -> MentionFilter:
    """What the address narrows a list of mentions to."""
    return MentionFilter(
        state=asked_word("state", MentionState) or None,
        jurisdiction=asked_place() or None,
        technology=asked_technology() or None,
        feed=asked_feed() or None,
        stage=asked_word("stage", Stage) or None,
        coming_at=now() if request.args.get("upcoming") == "1" else None,
    )


def coverage_beside(session: Session, wanted: MentionFilter) -> Coverage:
    """What is watched of that which a list of mentions is narrowed to."""
    if wanted.jurisdiction:
        return place_coverage(session, wanted.jurisdiction, now=now()).coverage
    lines = feed_lines(session, now=now())
    asked = [line for line in lines if line.key == wanted.feed]
    return feed_coverage(session, asked[0]) if asked else whole_coverage(session, lines)

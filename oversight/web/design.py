"""The design system as a living page: every part in its states, by the very macros that the pages call."""

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from oversight.domain.policy_chain import verb_of
from oversight.domain.record import Confidence, Verification
from oversight.storage.queries.jurisdictions import stances
from oversight.storage.queries.mentions import newest_mentions, upcoming_mentions
from oversight.storage.queries.policies import policy_facts
from oversight.vocabulary import load_vocabulary
from oversight.web import design_record
from oversight.web import design_samples as samples
from oversight.web.auth import public
from oversight.web.session import now, reading
from oversight.web.tile_map import tile_map

bp = Blueprint("design", __name__, url_prefix="/design")


@bp.get("/")
@public
def index() -> ResponseReturnValue:
    """Every part. What links to rows shows rows of this site, where it has any."""
    with reading() as session:
        drawn = tile_map(stances(session, technology="face_recognition", as_of=now().date()))
        mentions = newest_mentions(session, limit=2)
        decisions = upcoming_mentions(session, now=now())[:2]
        made = policy_facts(session)
    return render_template(
        "design.html",
        samples=samples,
        record=design_record,
        joined=design_record.joined(made),
        verb_of=verb_of,
        checked=samples.Checked(Confidence.HIGH, Verification.VERIFIED),
        technologies=load_vocabulary().technologies,
        mentions=mentions,
        decisions=decisions,
        map=drawn,
    )

"""Technologies: every agency that uses each, how, since when, at what cost, under which rule, and how use spread."""

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from oversight.errors import NotFound
from oversight.storage.models import DeploymentRow
from oversight.storage.queries.mention_filter import MentionFilter
from oversight.storage.queries.mentions import count_mentions
from oversight.storage.queries.uses import TechnologyCounts, policies_about, sellers_of, technology_counts, uses
from oversight.vocabulary import load_vocabulary
from oversight.web.as_of import asked_day, dated
from oversight.web.auth import public
from oversight.web.session import reading

bp = Blueprint("technologies", __name__, url_prefix="/technologies")


@bp.get("/")
@public
@dated
def index() -> ResponseReturnValue:
    """Every technology of the vocabulary with how much there is of it, those in use most first."""
    lines = every_technology()
    named = {line.code for line in lines}
    silent = sorted(label for code, label in load_vocabulary().technology_labels.items() if code not in named)
    return render_template("technologies.html", lines=lines, silent=silent)


def every_technology() -> list[TechnologyCounts]:
    """Every technology of which something is on record, those in use most first."""
    technologies = load_vocabulary().technologies
    with reading() as session:
        counts = technology_counts(session, as_of=asked_day())
    known = [one for one in counts.values() if one.code in technologies]
    return sorted(known, key=lambda one: (-one.in_use, -one.deployments, technologies[one.code].label))


@bp.get("/<code>")
@public
@dated
def show(code: str) -> ResponseReturnValue:
    """One technology."""
    if code not in load_vocabulary().technologies:
        raise NotFound("The vocabulary has no technology under this code.")
    with reading() as session:
        mentions = count_mentions(session, MentionFilter(technology=code))
        found = uses(session, DeploymentRow.technology == code, as_of=asked_day())
        rules = policies_about(session, code, as_of=asked_day())
        sellers = sellers_of(session, code)
    return render_template("technology.html", code=code, mentions=mentions, uses=found, rules=rules, sellers=sellers)

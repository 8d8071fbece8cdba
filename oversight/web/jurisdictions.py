"""Jurisdictions: the list with where each stands, and one with everything about it."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from oversight.domain.posture import Stance
from oversight.domain.record import Posture
from oversight.services.coverage import PlaceCoverage, place_coverage
from oversight.storage.queries.decisions import attachments_to
from oversight.storage.queries.jurisdiction_page import JurisdictionPage, jurisdiction_page
from oversight.storage.queries.jurisdictions import list_jurisdictions
from oversight.vocabulary import load_vocabulary
from oversight.web.as_of import asked_day, dated
from oversight.web.asked import asked_word
from oversight.web.asked_rows import asked_state_code
from oversight.web.auth import public
from oversight.web.brief import brief_of
from oversight.web.session import now, reading
from oversight.web.timeline import record_lanes, timeline

bp = Blueprint("jurisdictions", __name__, url_prefix="/jurisdictions")


@bp.get("/")
@public
@dated
def index() -> ResponseReturnValue:
    """Every jurisdiction, narrowed by what the address says."""
    asked = asked_places()
    with reading() as session:
        lines = list_jurisdictions(session, technology=asked.technology, as_of=asked.as_of)
    states = sorted({line.state for line in lines if line.state})
    return render_template(
        "jurisdictions.html",
        lines=[line for line in lines if asked.takes(line.stance, line.state)],
        total=len(lines),
        technology=asked.technology,
        technologies=load_vocabulary().technologies,
        posture=asked.posture,
        postures=list(Posture),
        state=asked.state,
        states=states,
        as_of=asked.as_of,
    )


@bp.get("/<path:key>/brief")
@public
@dated
def brief(key: str) -> ResponseReturnValue:
    """Two pages about one jurisdiction, to be printed."""
    with reading() as session:
        page, watched = told(session, key)
    return render_template("brief.html", page=page, brief=brief_of(page), watched=watched, as_of=asked_day())


@bp.get("/<path:key>")
@public
@dated
def show(key: str) -> ResponseReturnValue:
    """One jurisdiction; its address is its Open Civic Data id."""
    day = asked_day()
    with reading() as session:
        page, watched = told(session, key)
        attachments = attachments_to(
            session, [*(line.facts.key for line in page.policies), *(line.key for line in page.deployments)]
        )
    return render_template(
        "jurisdiction.html",
        page=page,
        timeline=timeline(record_lanes(page.policies, page.deployments, page.actions, day), day),
        watched=watched,
        coverage=watched.coverage,
        contradictions=list(contradictions(page)),
        paid=[line for line in page.deployments if line.terms.cost_usd is not None or line.terms.cost_terms],
        attachments=attachments,
        as_of=day,
    )


def told(session: Session, key: str) -> tuple[JurisdictionPage, PlaceCoverage]:
    """All about a place on the day asked about, and what is watched of it; raises NotFound."""
    page = jurisdiction_page(session, key, as_of=asked_day(), now=now())
    return page, place_coverage(session, key, now=now(), name=page.name)


def contradictions(page: JurisdictionPage) -> Iterator[tuple[str, str, str]]:
    """What parties tell differently: of what, which field of it, and where on the page it stands."""
    for policy in page.policies:
        yield from (
            (policy.facts.title, one.field, policy.facts.key) for one in policy.disputes if one.is_contradiction
        )
    for line in page.deployments:
        yield from ((line.agency, one.field, line.key) for one in line.disputes if one.is_contradiction)


@dataclass(frozen=True)
class Asked:
    """What a list of jurisdictions is narrowed to; empty words do not narrow."""

    technology: str
    posture: str
    state: str
    as_of: date

    def takes(self, stance: Stance, state: str | None) -> bool:
        """Whether a place with this stance, in this state, belongs into the list."""
        return self.posture in ("", stance.posture) and self.state in ("", state)


def asked_places() -> Asked:
    """What the address asks for."""
    technology = asked_word("technology", load_vocabulary().technologies, default="face_recognition")
    return Asked(technology, asked_word("posture", Posture), asked_state_code(), asked_day())

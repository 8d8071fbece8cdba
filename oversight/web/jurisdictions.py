"""Jurisdictions: the list with where each stands, and one with everything about it."""

from datetime import date

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue

from oversight.domain.record import Posture
from oversight.errors import InvalidInput
from oversight.services.coverage import place_coverage
from oversight.storage.queries.jurisdictions import jurisdiction_page, list_jurisdictions
from oversight.vocabulary import load_vocabulary
from oversight.web.auth import public
from oversight.web.session import now, reading

bp = Blueprint("jurisdictions", __name__, url_prefix="/jurisdictions")


@bp.get("/")
@public
def index() -> ResponseReturnValue:
    """Every jurisdiction, narrowed by what the address says."""
    technology = request.args.get("technology", "face_recognition")
    posture, state = request.args.get("posture", ""), request.args.get("state", "")
    if technology not in load_vocabulary().technologies or (posture and posture not in list(Posture)):
        raise InvalidInput("The address asks for a technology or a posture that does not exist.")
    day = as_of()
    with reading() as session:
        lines = list_jurisdictions(session, technology=technology, as_of=day)
    states = sorted({line.state for line in lines if line.state})
    shown = [line for line in lines if posture in ("", line.stance.posture) and state in ("", line.state)]
    return render_template(
        "jurisdictions.html",
        lines=shown,
        total=len(lines),
        technology=technology,
        technologies=load_vocabulary().technologies,
        posture=posture,
        postures=list(Posture),
        state=state,
        states=states,
        as_of=day,
    )


@bp.get("/<path:key>")
@public
def show(key: str) -> ResponseReturnValue:
    """One jurisdiction; its address is its Open Civic Data id."""
    day = as_of()
    with reading() as session:
        page = jurisdiction_page(session, key, as_of=day, now=now())
        watched = place_coverage(session, key, now=now())
    return render_template("jurisdiction.html", page=page, watched=watched, coverage=watched.coverage, as_of=day)


def as_of() -> date:
    """The day that the address asks about; today if it does not say."""
    text = request.args.get("as_of", "")
    try:
        return date.fromisoformat(text) if text else now().date()
    except ValueError:
        raise InvalidInput("Write the day as 2019-05-07.") from None

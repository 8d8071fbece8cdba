"""Webhooks and rooms of chat services, on the page of a mailed link: add, prove, test, let follow, take away."""

from flask import Blueprint, request
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from oversight.domain.endpoint import EndpointKind
from oversight.domain.subscription import SubscriptionState
from oversight.errors import InvalidInput, NotAllowed
from oversight.services import endpoints
from oversight.services.subscribe import end
from oversight.storage.endpoints import get_owned
from oversight.storage.models import EndpointRow
from oversight.storage.subscriptions import get_managed
from oversight.web.asked import number
from oversight.web.auth import public
from oversight.web.mailed_link import PRESSED, Buttons, back, chosen, owner
from oversight.web.manage import KINDS
from oversight.web.session import now, transaction, wiring

bp = Blueprint("endpoints", __name__, url_prefix="/manage")

PLACE = "endpoints"
ADDED = "Added. A code is sent there within a minute: write it here, unless the receiver answers with it."


@bp.post("/<token>/endpoints")
@public
def add(token: str) -> ResponseReturnValue:
    """Add one; it is told nothing before its owner has proved that it is theirs."""
    kind = EndpointKind(chosen("kind", KINDS))
    url = endpoints.checked_url(request.form.get("url", ""), allows_http=wiring().settings.webhook_http)
    with transaction() as session:
        endpoints.add_endpoint(session, owner(session, token), kind, url, now=now())
    return back(token, ADDED, place=PLACE)


@bp.post("/<token>/<row:subscription_id>/tell")
@public
def tell(token: str, subscription_id: int) -> ResponseReturnValue:
    """Let an endpoint follow what one follows, too or instead."""
    with transaction() as session:
        person = owner(session, token)
        followed = get_managed(session, person.id, subscription_id)
        if followed.subscriber_id != person.id or followed.state != SubscriptionState.ACTIVE:
            raise NotAllowed("Only what you follow yourself, and is active, can be told elsewhere.")
        row = get_owned(session, person.id, asked_endpoint())
        endpoints.follow_too(session, row, followed, now=now())
        if request.form.get("instead"):
            end(session, followed, now=now())
    return back(token, "It is told there from now on.", place=PLACE)


def prove(session: Session, row: EndpointRow) -> str:
    """Take the code."""
    if not endpoints.prove(session, row, request.form.get("code", ""), now=now()):
        raise InvalidInput("This is not the code that was sent there last.")
    return "It is yours, and switched on."


def ask(session: Session, row: EndpointRow) -> str:
    """Send a new code, also to one that was switched off."""
    endpoints.ask_for_proof(row, now=now())
    return "A new code is sent there within a minute."


def test(session: Session, row: EndpointRow) -> str:
    """Send a test."""
    endpoints.ask_for_test(row, now=now())
    return "A test is sent there within a minute; what it answers is shown here."


def renew(session: Session, row: EndpointRow) -> str:
    """A new secret."""
    endpoints.change_secret(row, now=now())
    return "There is a new secret. The old one signs as well for a day."


def remove(session: Session, row: EndpointRow) -> str:
    """Take it away."""
    endpoints.take_away(session, row)
    return "It is gone, and nothing more is told there."


BUTTONS = Buttons(get_owned, {"prove": prove, "ask": ask, "test": test, "renew": renew, "remove": remove})


@bp.post(f"/<token>/endpoints/{PRESSED}")
@public
def change(token: str, row_id: int, button: str) -> ResponseReturnValue:
    """Change one endpoint of the link's owner."""
    return BUTTONS.press(token, row_id, button, place=PLACE)


def asked_endpoint() -> int:
    """The endpoint that was chosen."""
    asked = number(request.form.get("endpoint", ""))
    if asked is None:
        raise InvalidInput("Choose one of the list.")
    return asked

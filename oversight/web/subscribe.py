"""Following something by mail: ask, confirm with a button, stop with one click (SAFETY F2 to F4)."""

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue

from oversight.domain.query_parser import parse
from oversight.domain.subscription import Wish
from oversight.errors import InvalidInput
from oversight.services.subscribe import (
    awaiting_confirmation,
    confirm_subscriptions,
    find_subscription,
    sign_up,
    unsubscribe,
)
from oversight.storage.models import SubscriptionRow
from oversight.storage.queries.jurisdictions import names_by_key
from oversight.storage.queries.names import known_names
from oversight.vocabulary import load_vocabulary
from oversight.web.auth import public, without_csrf
from oversight.web.session import now, reading, transaction

bp = Blueprint("subscribe", __name__)


@bp.get("/subscribe")
@public
def form() -> ResponseReturnValue:
    """What may be followed."""
    return page_of_form(request.args.get("follow", ""))


@bp.post("/subscribe")
@public
def ask() -> ResponseReturnValue:
    """Queue the confirmation mail; the answer is the same whether or not the address was known."""
    chosen, email = request.form.get("follow", ""), request.form.get("email", "")
    try:
        wish = wish_from(chosen)
        with transaction() as session:
            sign_up(session, email, wish, now=now())
    except InvalidInput as error:
        return page_of_form(chosen, email=email, fault=str(error)), 422
    return render_template("subscribe_asked.html"), 202


@bp.get("/subscriptions/confirm/<token>")
@public
def confirm_page(token: str) -> ResponseReturnValue:
    """A page with a button; opening it changes nothing, so that a mail scanner confirms nothing."""
    with reading() as session:
        waiting = named(awaiting_confirmation(session, token, now=now()))
    return render_template("subscribe_confirm.html", token=token, waiting=waiting)


@bp.post("/subscriptions/confirm/<token>")
@public
def confirm(token: str) -> ResponseReturnValue:
    """Confirm what the subscriber asked for; a used link changes nothing."""
    with transaction() as session:
        confirmed = named(confirm_subscriptions(session, token, now=now()))
    return render_template("subscribe_confirmed.html", confirmed=confirmed)


@bp.get("/u/<token>")
@public
def leave_page(token: str) -> ResponseReturnValue:
    """A page with two buttons; opening it changes nothing."""
    with reading() as session:
        subscription = find_subscription(session, token)
        followed = named([subscription]) if subscription else []
    return render_template("unsubscribe.html", token=token, followed=followed, subscription=subscription)


@bp.post("/u/<token>")
@public
@without_csrf
def leave(token: str) -> ResponseReturnValue:
    """One click, without cookie or login, in effect before the answer (RFC 8058). The same answer every time."""
    with transaction() as session:
        unsubscribe(session, token, everything=bool(request.form.get("everything")), now=now())
    return render_template("unsubscribed.html")


def page_of_form(chosen: str, *, email: str = "", fault: str = "") -> str:
    """The form, filled in as far as it was."""
    with reading() as session:
        names = names_by_key(session)
    technologies = load_vocabulary().technologies
    return render_template(
        "subscribe.html", names=names, technologies=technologies, chosen=chosen, email=email, fault=fault
    )


def wish_from(text: str) -> Wish:
    """What a choice of the form stands for: `tech:alpr`, `place:ocd-division/...`."""
    if not text:
        raise InvalidInput("Choose a place or a technology from the list.")
    with reading() as session:
        return Wish(known_names(session).settled(parse(text)))


def named(subscriptions: list[SubscriptionRow]) -> list[str]:
    """What subscriptions follow, in words."""
    with reading() as session:
        names = known_names(session)
    return [names.said(parse(one.query.text)) for one in subscriptions]

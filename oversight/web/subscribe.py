"""Following something by mail: ask, confirm with a button, stop with one click (SAFETY F2 to F4)."""

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue

from oversight.domain.alert import MOST_A_DAY
from oversight.domain.event import KIND_GROUPS
from oversight.domain.mention import Stage
from oversight.domain.query_parser import parse
from oversight.domain.subscription import Cadence, Wish
from oversight.errors import InvalidInput
from oversight.services.mail_address import mail_address
from oversight.services.preview import Preview, preview, related, require_narrow
from oversight.services.subscribe import (
    awaiting_confirmation,
    confirm_subscriptions,
    find_subscription,
    sign_up,
    unsubscribe,
)
from oversight.storage.models import SubscriptionRow
from oversight.storage.queries.names import known_names
from oversight.storage.sign_ups import note_form
from oversight.vocabulary.collections import load_collections
from oversight.vocabulary.states import STATE_NAMES
from oversight.web.auth import public, without_csrf
from oversight.web.senders import TRAP, is_program, opened_stamp, sender
from oversight.web.session import now, reading, transaction, wiring
from oversight.web.wish_form import DAYS, DISTANCES, HOURS, ZONES, Typed, typed, wish_of

bp = Blueprint("subscribe", __name__)


@bp.get("/subscribe")
@public
def form() -> ResponseReturnValue:
    """The form, filled in with what the address carries: `?query=` or any of its fields."""
    return page_of_form(typed())


@bp.post("/subscribe")
@public
def ask() -> ResponseReturnValue:
    """Show what it would send; or queue the confirmation mail, with the same answer whether the address was known."""
    asked = typed()
    try:
        with reading() as session:
            wish = wish_of(asked, known_names(session))
            seen = preview(session, wish, now=now())
        require_narrow(wish, seen)
        if "preview" in request.form:
            return page_of_form(asked, wish=wish, seen=seen)
    except InvalidInput as error:
        return page_of_form(asked, fault=str(error)), 422
    try:
        mail_address(asked.email)
        if not is_program():
            with transaction() as session:
                if note_form(session, sender("subscribe"), now=now()):
                    secret = wiring().settings.required_secret_key()
                    sign_up(session, asked.email, wish, secret_key=secret, now=now())
    except InvalidInput as error:
        return page_of_form(asked, wish=wish, seen=seen, fault=str(error)), 422
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
        confirmed = named(confirm_subscriptions(session, token, sender=sender("consent").address, now=now()))
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
        unsubscribe(session, token, everything=bool(request.values.get("everything")), now=now())
    return render_template("unsubscribed.html")


def page_of_form(asked: Typed, *, wish: Wish | None = None, seen: Preview | None = None, fault: str = "") -> str:
    """The form, filled in as far as it was, with what it would have sent once that is known."""
    with reading() as session:
        names = known_names(session)
    return render_template(
        "subscribe.html",
        typed=asked,
        names=names,
        wish=wish,
        said=names.said(wish.query) if wish else "",
        seen=seen,
        most_a_day=MOST_A_DAY,
        related=related(wish) if wish else [],
        fault=fault,
        lists={
            "states": STATE_NAMES,
            "kinds": KIND_GROUPS,
            "cadences": Cadence,
            "stages": [(one.value, one.label) for one in Stage],
            "distances": DISTANCES,
        },
        collections=load_collections(),
        hours=HOURS,
        days=DAYS,
        zones=ZONES,
        trap=TRAP,
        opened=opened_stamp(),
    )


def named(subscriptions: list[SubscriptionRow]) -> list[str]:
    """What subscriptions follow, in words."""
    with reading() as session:
        names = known_names(session)
    return [
        names.said(parse(one.query.text)) + ("" if one.cadence == Cadence.IMMEDIATE else f", {one.rhythm.said()}")
        for one in subscriptions
    ]

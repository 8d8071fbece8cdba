"""Self-service without an account: a mailed link leads to what one follows, what was sent, and the way out (SAFETY F5).

The link is a secret in the path; every form names the same link, and what it changes must be its owner's. Opening a
page changes nothing, so that a mail scanner changes nothing.
"""

import json
from datetime import date, timedelta

from flask import Blueprint, Response, render_template, request
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from oversight.domain.endpoint import EndpointKind
from oversight.domain.subscription import Cadence, SubscriptionState
from oversight.errors import InvalidInput
from oversight.services import manage
from oversight.services.erase import erase
from oversight.services.export_own import export_own
from oversight.services.mail_address import mail_address
from oversight.services.subscribe import end
from oversight.services.told import told_of
from oversight.storage.endpoints import endpoints_of
from oversight.storage.models import SubscriptionRow
from oversight.storage.queries.sent import sent_to, tried_of
from oversight.storage.sign_ups import note_form
from oversight.storage.subscriptions import get_managed, managed_by
from oversight.web.auth import public
from oversight.web.mailed_link import PRESSED, Buttons, back, chosen, owner
from oversight.web.senders import TRAP, is_program, opened_stamp, sender
from oversight.web.session import now, reading, transaction, wiring
from oversight.web.subscribe import named
from oversight.web.wish_form import DAYS, HOURS, ZONES

bp = Blueprint("manage", __name__, url_prefix="/manage")

CADENCES = tuple((one.value, one.label) for one in Cadence)
KINDS = tuple((one.value, one.label) for one in EndpointKind)
TIMEZONES = tuple((zone, zone) for zone in ZONES)

SHOWN = timedelta(days=90)


@bp.get("/")
@public
def ask_page() -> ResponseReturnValue:
    """The form that asks for a link."""
    return render_template("manage_ask.html", fault="", email="", trap=TRAP, opened=opened_stamp())


@bp.post("/")
@public
def ask() -> ResponseReturnValue:
    """Queue the mail with the link; the same answer whether the address is known."""
    email = request.form.get("email", "")
    try:
        mail_address(email)
    except InvalidInput as error:
        again = {"fault": str(error), "email": email, "trap": TRAP, "opened": opened_stamp()}
        return render_template("manage_ask.html", **again), 422
    if not is_program():
        with transaction() as session:
            if note_form(session, sender("subscribe"), now=now()):
                secret = wiring().settings.required_secret_key()
                manage.ask_for_link(session, email, secret_key=secret, now=now())
    return render_template("manage_asked.html"), 202


@bp.get("/<token>")
@public
def show(token: str) -> ResponseReturnValue:
    """Everything that one follows, with what can be done, and what was sent."""
    with reading() as session:
        person = owner(session, token)
        rows = managed_by(session, person.id)
        sent = sent_to(session, [row.id for row in rows], since=now() - SHOWN)
        told = [(one, told_of(one.event)) for one in sent]
        endpoints = endpoints_of(session, person.id)
        tried = tried_of(session, [one.subscriber_id for one in endpoints])
    said = dict(zip([row.id for row in rows], named(rows), strict=True))
    return render_template(
        "manage.html",
        token=token,
        base_url=wiring().settings.base_url,
        person=person,
        rows=rows,
        said=said,
        told=told,
        endpoints={one.subscriber_id: one for one in endpoints},
        tried=tried,
        tomorrow=(now() + timedelta(days=1)).date(),
        lists={
            "hours": HOURS,
            "days": DAYS,
            "zones": TIMEZONES,
            "cadences": CADENCES,
            "states": SubscriptionState,
            "kinds": KINDS,
        },
    )


@bp.get("/<token>/export.json")
@public
def export(token: str) -> ResponseReturnValue:
    """All that is kept of the link's owner, as a file."""
    with reading() as session:
        kept = export_own(session, owner(session, token), base_url=wiring().settings.base_url)
    answer = Response(json.dumps(kept, ensure_ascii=False, indent=2) + "\n", content_type="application/json")
    answer.headers["Content-Disposition"] = 'attachment; filename="what-oversight-keeps.json"'
    return answer


@bp.post("/<token>/hour")
@public
def change_hour(token: str) -> ResponseReturnValue:
    """The hour and time zone of all one's digests."""
    hour, timezone = chosen("hour", HOURS), chosen("timezone", TIMEZONES)
    with transaction() as session:
        person = owner(session, token)
        manage.change_hour(session, person, hour=int(hour), timezone=timezone, now=now())
    return back(token, f"Your digests come at {int(hour):02}:00 ({timezone}).")


@bp.post("/<token>/end")
@public
def end_all(token: str) -> ResponseReturnValue:
    """Stop everything."""
    with transaction() as session:
        for row in managed_by(session, owner(session, token).id):
            end(session, row, now=now())
    return back(token, "Everything is stopped. Mails not yet sent were called back.")


@bp.post("/<token>/erase")
@public
def erase_all(token: str) -> ResponseReturnValue:
    """Forget the link's owner; the page says so, and nothing leads back."""
    if not request.form.get("sure"):
        raise InvalidInput("Tick the box to say that you are sure; nothing was erased.")
    with transaction() as session:
        secret = wiring().settings.required_secret_key()
        erase(session, owner(session, token), secret_key=secret, now=now())
    return render_template("erased.html")


def pause(session: Session, row: SubscriptionRow) -> str:
    """Pause until the day that was typed."""
    try:
        until = date.fromisoformat(request.form.get("until", ""))
    except ValueError as error:
        raise InvalidInput("Write the day as 2027-01-31.") from error
    manage.pause(session, row, until, now=now())
    return f"Paused until {until:%-d %B %Y}. What happens until then is not sent afterwards."


def resume(session: Session, row: SubscriptionRow) -> str:
    """End the pause."""
    manage.resume(session, row, now=now())
    return "You hear of this again."


def rhythm(session: Session, row: SubscriptionRow) -> str:
    """How often one is told."""
    cadence = chosen("cadence", CADENCES)
    manage.change_rhythm(session, row, Cadence(cadence), int(chosen("weekday", DAYS)), now=now())
    return f"You hear of this {row.rhythm.said()}."


def note(session: Session, row: SubscriptionRow) -> str:
    """The reminder of why."""
    manage.change_note(session, row, request.form.get("note", ""))
    return "Your note is kept."


def heartbeat(session: Session, row: SubscriptionRow) -> str:
    """A sign of life although nothing happened, or none."""
    is_wanted = request.form.get("wanted") == "yes"
    manage.change_heartbeat(session, row, is_wanted=is_wanted, now=now())
    return "You hear although nothing happened." if is_wanted else "You hear only when something happens."


def feed(session: Session, row: SubscriptionRow) -> str:
    """A new address for the private feeds, or none."""
    is_wanted = request.form.get("wanted") == "yes"
    manage.change_feed(session, row, is_wanted=is_wanted)
    return "Its feed and calendar have a new address." if is_wanted else "Its feed and calendar are gone."


def stop(session: Session, row: SubscriptionRow) -> str:
    """End one subscription."""
    end(session, row, now=now())
    return "Stopped. Mails not yet sent were called back."


BUTTONS = Buttons(
    get_managed,
    {
        "pause": pause,
        "resume": resume,
        "rhythm": rhythm,
        "note": note,
        "heartbeat": heartbeat,
        "feed": feed,
        "end": stop,
    },
)


@bp.post(f"/<token>/{PRESSED}")
@public
def change(token: str, row_id: int, button: str) -> ResponseReturnValue:
    """Change one subscription of the link's owner."""
    return BUTTONS.press(token, row_id, button, place=f"s{row_id}")

"""The hook to which a mail server posts what came back, each as one message (message/rfc822)."""

import hmac
import logging

from flask import Blueprint, abort, request
from flask.typing import ResponseReturnValue

from oversight.services.bounce import take_bounce
from oversight.web.auth import public, without_csrf
from oversight.web.session import now, transaction, wiring

bp = Blueprint("bounces", __name__)
log = logging.getLogger(__name__)


@bp.post("/hooks/bounces")
@public
@without_csrf
def take() -> ResponseReturnValue:
    """Take one report; the same answer whoever it is about. Closed where the settings name no token."""
    settings = wiring().settings
    if not settings.bounce_token:
        abort(404)
    given = request.headers.get("Authorization", "").encode()
    if not hmac.compare_digest(given, f"Bearer {settings.bounce_token}".encode()):
        abort(401)
    with transaction() as session:
        verdict = take_bounce(session, request.get_data(), secret_key=settings.required_secret_key(), now=now())
    log.info("a report came back: %s", verdict or "about no mail of ours")
    return "", 204

"""Tells people from programs, and one sender from another, without asking anyone who they are."""

from datetime import timedelta

from flask import request
from itsdangerous import BadData, TimestampSigner

from oversight.domain.sender import Sender, sender_of
from oversight.web.session import now, wiring

# A field that no person sees: programs fill in whatever has a name.
TRAP = "website"
OPENED = "opened"
FASTEST = timedelta(seconds=1)


def sender(form: str) -> Sender:
    """Who sends this form."""
    secret = wiring().settings.required_secret_key()
    return sender_of(request.remote_addr, form=form, secret=secret, now=now())


def opened_stamp() -> str:
    """A signed moment, for a hidden field: when the form was first opened."""
    return request.form.get(OPENED) or _signer().sign("form").decode()


def is_program() -> bool:
    """Whether this form was filled in by a program: the trap, or faster than anyone types (SAFETY F1).

    Where the clock stands still, as in the demo, speed is not looked at.
    """
    if request.form.get(TRAP):
        return True
    if wiring().settings.test_now is not None:
        return False
    stamp = request.form.get(OPENED, "").encode("ascii", "replace")
    try:
        _, opened = _signer().unsign(stamp, return_timestamp=True)
    except BadData:
        return True
    return bool(now() - opened < FASTEST)


def _signer() -> TimestampSigner:
    return TimestampSigner(wiring().settings.required_secret_key(), salt="opened")

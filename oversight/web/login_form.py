"""The login form, closed for a while to whoever failed too often (SAFETY E1)."""

from typing import Any

from flask import Response, after_this_request
from flask_security.forms import LoginForm
from wtforms import Field
from wtforms.validators import StopValidation

from oversight.domain.login_limit import WINDOW, account_hash
from oversight.storage.failed_logins import is_login_closed, note_attempt, take_back
from oversight.web.senders import sender
from oversight.web.session import now, reading, transaction, wiring


class LimitedLoginForm(LoginForm):
    """Counts attempts by sender and typed address, so that no answer tells whether there is such an account."""

    wait_minutes = int(WINDOW.total_seconds() // 60)
    is_closed = False
    attempt_id: int | None = None

    def validate_email(self, field: Field) -> None:
        """Runs once the address is in its normal form, and before anything is asked about it."""
        secret = wiring().settings.required_secret_key()
        who, account = sender("login"), account_hash(field.data, secret=secret)
        with transaction() as database:
            self.attempt_id = note_attempt(database, who, account, now=now())
        with reading() as database:
            self.is_closed = is_login_closed(database, who, account, now=now())
        if self.is_closed:
            after_this_request(ask_to_wait)
            raise StopValidation("closed for a while")

    def validate(self, **kwargs: Any) -> bool:
        """Whether this is a login; one that failed stays counted."""
        is_right = bool(super().validate(**kwargs))
        if self.attempt_id is not None and (is_right or self.is_closed):
            with transaction() as database:
                take_back(database, self.attempt_id)
        return is_right


def ask_to_wait(response: Response) -> Response:
    """Say in the answer's head that it was too much."""
    response.status_code = 429
    response.headers["Retry-After"] = str(int(WINDOW.total_seconds()))
    return response

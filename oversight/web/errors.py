"""Errors as pages: once, for all pages."""

import logging

from flask import Flask, g, render_template, request
from flask_login import AnonymousUserMixin
from flask_wtf.csrf import CSRFError
from sqlalchemy.exc import OperationalError
from werkzeug.exceptions import HTTPException

from oversight.errors import ConfigurationError, InvalidInput, NotAllowed, NotFound
from oversight.storage.models import RevisionRow
from oversight.storage.revisions import last_revision
from oversight.web.session import reading

log = logging.getLogger(__name__)
Answer = tuple[str, int] | tuple[str, int, dict[str, str]]

WORDS = {
    400: ("This request cannot be read", "Something in it is malformed. Go back and try again."),
    401: ("Please log in", "This page is for editors."),
    403: ("Not yours to see", "Your account does not include this page."),
    404: ("Nothing here", "There is no page at this address. It may have moved, or the address is mistyped."),
    405: ("Not possible this way", "This address answers to another kind of request."),
    413: ("Too large", "The request is larger than this site accepts."),
}


# The pages whose address names an entry of the record.
ENTRIES = {
    "jurisdictions.show": "jurisdiction",
    "jurisdictions.brief": "jurisdiction",
    "policies.show": "policy",
    "deployments.show": "deployment",
    "vendors.show": "vendor",
}


def last_words(noun: str, key: str) -> RevisionRow | None:
    """The newest revision of an entry that was in the record; its page is asked for only where it is not any more."""
    with reading() as session:
        return last_revision(session, noun, key)


def missing(error: NotFound) -> Answer:
    """That nothing is here, or that it was withdrawn, when and why."""
    noun, key = ENTRIES.get(request.endpoint or "", ""), (request.view_args or {}).get("key", "")
    if noun and (last := last_words(noun, key)):
        return render_template("withdrawn.html", noun=noun, key=key, last=last), 410
    return render_template("error.html", title="Nothing here", text=str(error), code=404), 404


def init_app(app: Flask) -> None:
    """Register a page for each kind of error."""

    @app.errorhandler(HTTPException)
    def http_error(error: HTTPException) -> Answer:
        code = error.code or 500
        title, text = WORDS.get(code, ("Something went wrong", "Please try again in a moment."))
        return render_template("error.html", title=title, text=text, code=code), code

    @app.errorhandler(CSRFError)
    def csrf_error(_error: CSRFError) -> Answer:
        text = "The form was open for too long, or came from another site. Go back, reload the page, and try again."
        return render_template("error.html", title="The form has expired", text=text, code=400), 400

    @app.errorhandler(NotFound)
    def not_found(error: NotFound) -> Answer:
        return missing(error)

    @app.errorhandler(NotAllowed)
    def not_allowed(error: NotAllowed) -> Answer:
        return render_template("error.html", title="Too late for that", text=str(error), code=409), 409

    @app.errorhandler(InvalidInput)
    def invalid_input(error: InvalidInput) -> Answer:
        return render_template("error.html", title="That does not work", text=str(error), code=422), 422

    @app.errorhandler(OperationalError)
    def busy(error: OperationalError) -> Answer:
        log.error("the database did not answer: %s", type(error.orig).__name__)
        g._login_user = AnonymousUserMixin()  # or the page would ask the database who is here
        text = "The database is busy or away. Nothing was lost; please try again in a few seconds."
        return render_template("error.html", title="Just a moment", text=text, code=503), 503, {"Retry-After": "5"}

    @app.errorhandler(ConfigurationError)
    def misconfigured(error: ConfigurationError) -> Answer:
        log.critical("the site is not set up: %s", error)
        return "The site is not set up yet. Its log says what is missing.", 500

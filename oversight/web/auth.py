"""Who may see what: every route names its audience, a session can be ended on the server, and forms carry a token."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any, TypeVar, cast

from flask import Flask, abort, current_app, request, session
from flask_login import current_user, logout_user, user_logged_out
from flask_security import RoleMixin, Security, SQLAlchemySessionUserDatastore, UserMixin, user_authenticated
from flask_wtf.csrf import CSRFProtect
from sqlalchemy.orm import scoped_session, sessionmaker

from oversight.domain.account import Role
from oversight.services.accounts import begin_login, end_login, login_to_touch
from oversight.settings import Settings
from oversight.storage.models import RoleRow, UserRow
from oversight.storage.users import keep_password, touch_login
from oversight.web.login_form import LimitedLoginForm
from oversight.web.session import now, reading, transaction, wiring

View = TypeVar("View", bound=Callable[..., Any])
csrf = CSRFProtect()
SERVER_SESSION = "login"  # where the signed cookie keeps the token of the session on the server
# Routes that are not ours to decorate: the login form and the button that ends a session, and files.
PUBLIC_ENDPOINTS = frozenset({"static", "security.login", "security.logout", "security.static"})
TOUCH_EVERY = timedelta(minutes=1)


class Account(UserRow, UserMixin):  # type: ignore[misc]  # its types of the columns are wider
    """An account as Flask-Security wants it: a table's row has nothing to do with pages, so commands need neither."""


class Accounts(SQLAlchemySessionUserDatastore):
    """Reads accounts with a session that never writes; a password that a login hashes anew is written apart."""

    def put(self, model: Account) -> Account:
        """Keep the hash of a password: all that a login changes."""
        with transaction() as database:
            keep_password(database, model.id, model.password)
        self.db.session.expire(model)
        return model


def public(view: View) -> View:
    """Anyone may see this page."""
    view.audience = None  # type: ignore[attr-defined]
    return view


def without_csrf(view: View) -> View:
    """A form that other programs may post to: the address itself is the secret."""
    csrf.exempt(view)
    return view


def requires(role: Role) -> Callable[[View], View]:
    """Only accounts with this role, or one that includes it."""

    def mark(view: View) -> View:
        view.audience = role  # type: ignore[attr-defined]
        return view

    return mark


def current_reviewer() -> str:
    """The name under which the present account acts in the history."""
    return str(current_user.email)


def has_role(role: Role) -> bool:
    """Whether the visitor is logged in with this role, or one that includes it."""
    names = [one.name for one in getattr(current_user, "roles", [])]
    return any(Role(name).includes(role) for name in names if name in list(Role))


def init_app(app: Flask, settings: Settings) -> None:
    """Accounts, sessions, and the rule that a route without an audience is closed."""
    is_secure = settings.base_url.startswith("https://")
    app.config.update(
        SESSION_COOKIE_NAME="__Host-session" if is_secure else "session",
        SESSION_COOKIE_SECURE=is_secure,
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_COOKIE_PATH="/",
        PERMANENT_SESSION_LIFETIME=timedelta(days=7),
        WTF_CSRF_TIME_LIMIT=None,
        WTF_CSRF_SSL_STRICT=False,  # it wants a Referer, which our own Referrer-Policy forbids
        SECURITY_PASSWORD_SALT="not used: passwords are hashed once, by argon2 with a salt of its own",  # noqa: S106
        SECURITY_PASSWORD_HASH="argon2",  # noqa: S106
        SECURITY_PASSWORD_SCHEMES=["argon2"],
        SECURITY_PASSWORD_SINGLE_HASH=["argon2"],
        SECURITY_RETURN_GENERIC_RESPONSES=True,
        SECURITY_DEFAULT_REMEMBER_ME=False,
        SECURITY_POST_LOGIN_VIEW="/review/",
        SECURITY_SEND_REGISTER_EMAIL=False,
        SECURITY_LOGIN_USER_TEMPLATE="login.html",
        SECURITY_EMAIL_VALIDATOR_ARGS={"test_environment": True},  # as `services/accounts.py` takes them
        SECURITY_FLASH_MESSAGES=False,
        SECURITY_CLI_USERS_NAME=None,  # `flask users` is ours; roles are fixed
        SECURITY_CLI_ROLES_NAME=None,
        SECURITY_FRESHNESS=timedelta(minutes=-1),  # no page of ours asks again, so there is no page to answer on
    )
    # Its own session that only reads: looking up who is logged in must not wait for a writer.
    accounts = scoped_session(sessionmaker(wiring_of(app).engine.execution_options(is_reading=True)))
    Security(app, Accounts(accounts, Account, cast(type[RoleMixin], RoleRow)), login_form=LimitedLoginForm)
    csrf.init_app(app)
    app.teardown_appcontext(lambda _error: accounts.remove())
    app.before_request(check_login)
    app.before_request(check_audience)
    user_authenticated.connect(start_session, app)
    user_logged_out.connect(end_session, app)


def wiring_of(app: Flask) -> Any:
    """The wiring of an application outside a request."""
    with app.app_context():
        return wiring()


def check_login() -> None:
    """End the browser's session where the server's was ended, is idle or is old (SAFETY E2).

    Whoever Flask-Security knows by other means, such as a token of its own, has no session on the server.
    """
    if request.endpoint == "static":
        return
    is_known = current_user.is_authenticated
    if not is_known and "_user_id" not in session:
        return
    token = session.get(SERVER_SESSION, "")
    with reading() as database:
        login_id = login_to_touch(database, token, user_id=current_user.id, now=now()) if is_known else None
    if login_id is None:
        logout_user()
        session.clear()
    elif request.method == "GET":
        touch(login_id)


def touch(login_id: int) -> None:
    """Note now and then that the session is in use; once a minute is enough for an idle limit of hours."""
    last = session.get("seen", 0)
    moment = int(now().timestamp())
    if moment - last >= TOUCH_EVERY.total_seconds():
        session["seen"] = moment
        with transaction() as database:
            touch_login(database, login_id, now=now())


def check_audience() -> None:
    """Deny by default: a route that names no audience is closed to everyone (SAFETY E3)."""
    if request.endpoint is None or request.endpoint in PUBLIC_ENDPOINTS:
        return
    view = current_app.view_functions[request.endpoint]
    audience = getattr(view, "audience", Role.ADMIN)
    if audience is None:
        return
    if not current_user.is_authenticated:
        abort(401)
    if not has_role(audience):
        abort(403)


def start_session(_app: Flask, user: Account, **_details: Any) -> None:
    """A new session at every login: nothing that was in the cookie before survives but who logged in."""
    kept = {name: session[name] for name in ("_user_id", "_fresh", "fs_cc", "fs_paa", "_id") if name in session}
    session.clear()
    session.update(kept)
    session.permanent = True
    with transaction() as database:
        session[SERVER_SESSION] = begin_login(database, user.id, now=now())


def end_session(_app: Flask, **_details: Any) -> None:
    """Logging out ends the session on the server too, so that a copied cookie is worth nothing."""
    token = session.pop(SERVER_SESSION, None)
    if token:
        with transaction() as database:
            end_login(database, token, now=now())

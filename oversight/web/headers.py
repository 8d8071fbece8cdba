"""What every answer carries, and what every request must keep to (SAFETY D3, I6)."""

from urllib.parse import urlsplit

from flask import Flask, Response, abort, request, session
from flask.typing import ResponseReturnValue
from werkzeug.middleware.proxy_fix import ProxyFix

from oversight.errors import ConfigurationError
from oversight.settings import Settings

POLICY = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "font-src 'self'",
        "img-src 'self' data:",
        "connect-src 'self'",
        "form-action 'self'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
    )
)
LOCAL_HOSTS = frozenset({"localhost", "127.0.0.1", "[::1]"})
MAX_FIELDS = 100
MAX_FIELDS_OF_EDITORS = 1000  # every provision or claim of a policy is a row of fields


def init_app(app: Flask, settings: Settings) -> None:
    """Check the Host of every request, and give every answer its headers."""
    is_secure = settings.base_url.startswith("https://")
    hosts = LOCAL_HOSTS | {
        without_port(name) for name in (*settings.allowed_hostnames, urlsplit(settings.base_url).netloc)
    }
    if settings.trusted_proxies:
        count = settings.trusted_proxies
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=count, x_proto=count, x_host=count)  # type: ignore[method-assign]

    @app.before_request
    def check_request() -> ResponseReturnValue | None:
        if app.secret_key is None:
            raise ConfigurationError("no secret key is set, so no page is served: set OVERSIGHT_SECRET_KEY")
        if without_port(request.host) not in hosts:  # no page: its links would be made with this host
            return "This host name is not one that the site answers to.", 400, {"Content-Type": "text/plain"}
        check_words()
        return None

    @app.after_request
    def add_headers(response: Response) -> Response:
        response.headers["Content-Security-Policy"] = POLICY
        response.headers["X-Content-Type-Options"] = "nosniff"
        response.headers["Referrer-Policy"] = "no-referrer"
        response.headers["Cross-Origin-Opener-Policy"] = "same-origin"
        response.headers["Permissions-Policy"] = "camera=(), microphone=(), geolocation=()"
        if is_secure:
            response.headers["Strict-Transport-Security"] = "max-age=31536000; includeSubDomains"
        if request.endpoint != "static":
            response.headers["Cache-Control"] = "no-store" if is_personal() else "no-cache"
        response.headers.update({"X-Robots-Tag": "noindex"} if is_tokened() else {})
        return response


def without_port(host: str) -> str:
    """The name in a Host header, in lower case."""
    name, _, port = host.rpartition(":")
    return (name if port.isdecimal() else host).lower()


def check_words() -> None:
    """Refuse a form of too many fields, and NUL, which PostgreSQL keeps in no text (SAFETY I6)."""
    most = MAX_FIELDS_OF_EDITORS if request.path.startswith("/edit/") else MAX_FIELDS
    if sum(len(values) for values in request.form.listvalues()) > most:
        abort(413)
    if any("\0" in text for text in (request.path, *request.args.values(), *request.form.values())):
        abort(400)


def is_tokened() -> bool:
    """Whether the address itself is a secret, which must not travel on as a Referer."""
    return request.path.startswith(("/u/", "/f/", "/manage/", "/subscriptions/confirm/"))


def is_personal() -> bool:
    """Whether the answer is for this visitor only, so that nothing between us may keep it."""
    is_known = bool(request.cookies) or session.modified
    return is_known or is_tokened() or request.path.startswith(("/review", "/login", "/logout"))

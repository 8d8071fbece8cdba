"""Sends text compressed to those who take it so: on a phone a first page weighs half as much."""

from gzip import compress

from flask import Flask, Response, request

from oversight.web.headers import is_personal

LEAST = 1_000  # bytes; less is not worth the work
LEVEL = 5
KINDS = frozenset({"text/html", "text/css", "text/javascript", "image/svg+xml", "application/json"})


def init_app(app: Flask) -> None:
    """Compress what is worth it and tells no secret."""

    @app.after_request
    def send_less(response: Response) -> Response:
        if response.mimetype not in KINDS or response.status_code != 200:
            return response
        response.vary.add("Accept-Encoding")
        if request.accept_encodings["gzip"] and may_be_compressed(response):
            shrink(response)
        return response


def may_be_compressed(response: Response) -> bool:
    """Whether nothing is lost by it: not where a form's secret stands beside what a stranger may choose (BREACH)."""
    if "Content-Encoding" in response.headers or (response.is_streamed and request.endpoint != "static"):
        return False
    return request.endpoint == "static" or not is_personal()


def shrink(response: Response) -> None:
    """Compress an answer in place; its tag gets weak, for the same page is sent in two codings."""
    response.direct_passthrough = False
    body = response.get_data()
    if len(body) < LEAST:
        return
    response.set_data(compress(body, LEVEL, mtime=0))
    response.headers["Content-Encoding"] = "gzip"
    tag, _ = response.get_etag()
    if tag:
        response.set_etag(tag, weak=True)

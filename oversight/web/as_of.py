"""The day that a page asks about: `?as_of=2019-05-07`, carried along on every link from one dated page to another."""

from collections.abc import Callable
from datetime import date
from functools import wraps
from typing import Any, ParamSpec, TypeVar

from flask import Flask, current_app, g, request

from oversight.errors import InvalidInput
from oversight.web.session import now

Answer = TypeVar("Answer")
Given = ParamSpec("Given")
NAME = "as_of"


def dated(view: Callable[Given, Answer]) -> Callable[Given, Answer]:
    """This page shows the record as of the day in its address."""

    @wraps(view)
    def on_that_day(*args: Given.args, **kwargs: Given.kwargs) -> Answer:
        asked_day()
        return view(*args, **kwargs)

    on_that_day.is_dated = True  # type: ignore[attr-defined]
    return on_that_day


def asked_day() -> date:
    """The day that the address asks about; today if it does not say. Raises InvalidInput."""
    text = request.args.get(NAME, "")
    if not text:
        return now().date()
    try:
        g.day_asked = date.fromisoformat(text)
    except ValueError:
        raise InvalidInput("Write the day as 2019-05-07.") from None
    found: date = g.day_asked
    return found


def init_app(app: Flask) -> None:
    """Let addresses that a dated page makes of dated pages keep its day, and tell its template of it."""

    @app.url_defaults
    def carry(endpoint: str, values: dict[str, Any]) -> None:
        if "day_asked" in g and is_dated(endpoint):
            values.setdefault(NAME, g.day_asked.isoformat())

    @app.context_processor
    def shared() -> dict[str, object]:
        return {"day_asked": g.get("day_asked")}


def is_dated(endpoint: str) -> bool:
    """Whether the page of this endpoint knows days."""
    return bool(getattr(current_app.view_functions.get(endpoint), "is_dated", False))

"""Tests of web/asked.py."""

import pytest
from flask import Flask
from werkzeug.exceptions import NotFound

from oversight.errors import InvalidInput
from oversight.web import asked
from oversight.web.asked import asked_cursor, number, numbers

NONE_OF_OURS = ["-1", "+1", "1.0", " 1", "٣", "2147483648", "9" * 5000]


@pytest.fixture
def pages() -> Flask:
    """An application whose addresses may name rows."""
    app = Flask(__name__)
    asked.init_app(app)
    app.add_url_rule("/rows/<row:row_id>", "rows")
    return app


@pytest.mark.parametrize("text", ["", *NONE_OF_OURS])
def test_what_the_database_cannot_hold_is_no_number(text: str) -> None:
    assert number(text) is None
    assert numbers([text, "7"]) == (7,)


def test_the_largest_number_is_one() -> None:
    assert (number("0"), number("2147483647")) == (0, 2147483647)


def test_numbers_of_rows_are_read_once_each_and_no_more_of_them_than_wanted() -> None:
    assert numbers(["3", "1", "3", "0"]) == (3, 1)
    assert numbers(["x", "2", "3"], most=2) == (2,)


@pytest.mark.parametrize("text", NONE_OF_OURS)
def test_a_page_after_no_row_does_not_exist(pages: Flask, text: str) -> None:
    with pages.test_request_context(query_string={"before": text}), pytest.raises(InvalidInput, match="page that does"):
        asked_cursor("before")


def test_a_page_begins_after_a_row_or_at_the_first() -> None:
    app = Flask(__name__)
    with app.test_request_context("/?before=7&after="):
        assert (asked_cursor("before"), asked_cursor("after"), asked_cursor("since")) == (7, None, None)


def test_an_address_names_only_rows_that_the_database_can_hold(pages: Flask) -> None:
    rules = pages.url_map.bind("localhost")
    assert rules.match("/rows/2147483647") == ("rows", {"row_id": 2147483647})
    for text in ("2147483648", "9" * 30, "-1", "x"):
        with pytest.raises(NotFound):
            rules.match(f"/rows/{text}")

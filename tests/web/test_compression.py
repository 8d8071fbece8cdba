"""Text is sent compressed to those who take it so, and never where a form's secret stands in it."""

import gzip

import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests.web.browse import Visitor

GZIP = {"Accept-Encoding": "gzip, br"}
ALL_TOLD = 150_000
STATIC = ("tokens.css", "oversight.css", "pictures.css")
FONTS = ("fonts/public-sans-latin-wght-normal.woff2", "fonts/source-serif-4-latin-wght-normal.woff2")


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    return app.test_client()


def weight(visitor: Visitor, path: str) -> int:
    return len(visitor.client.get(path, headers=GZIP).data)


def test_a_page_is_the_same_compressed(client: FlaskClient) -> None:
    plain, small = client.get("/jurisdictions/"), client.get("/jurisdictions/", headers=GZIP)

    assert "Content-Encoding" not in plain.headers
    assert small.headers["Content-Encoding"] == "gzip"
    assert "Accept-Encoding" in small.headers["Vary"]
    assert int(small.headers["Content-Length"]) == len(small.data) < len(plain.data)
    assert gzip.decompress(small.data) == plain.data


def test_a_style_sheet_is_compressed_and_not_sent_twice(client: FlaskClient) -> None:
    first = client.get("/static/oversight.css", headers=GZIP)
    again = client.get("/static/oversight.css", headers=GZIP | {"If-None-Match": first.headers["ETag"]})

    assert first.headers["Content-Encoding"] == "gzip"
    assert (again.status_code, again.data) == (304, b"")


@pytest.mark.parametrize("path", ["/login", "/subscribe"])
def test_a_page_with_a_secret_is_not(client: FlaskClient, path: str) -> None:
    client.get(path)  # sets the cookie of the form

    assert "Content-Encoding" not in client.get(path, headers=GZIP, follow_redirects=True).headers


def test_the_first_page_weighs_less_than_150_kilobytes_all_told(recorded: Visitor) -> None:
    files = [f"/static/{name}" for name in (*STATIC, *FONTS, "mark.svg")]

    assert sum(weight(recorded, path) for path in ("/", *files)) < ALL_TOLD

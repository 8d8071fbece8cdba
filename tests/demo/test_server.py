"""The demo's loopback server behaves as the platforms it stands for."""

import json
from collections.abc import Iterator
from http.client import HTTPConnection, HTTPResponse

import pytest

from oversight.demo.server import serve_samples

FEED = "/feeds/bart.xml"


@pytest.fixture(scope="module")
def port() -> Iterator[int]:
    with serve_samples() as port:
        yield port


def ask(port: int, path: str, headers: dict[str, str] | None = None, method: str = "GET") -> tuple[HTTPResponse, bytes]:
    connection = HTTPConnection("127.0.0.1", port, timeout=5)
    try:
        connection.request(method, path, headers=headers or {})
        response = connection.getresponse()
        return response, response.read()
    finally:
        connection.close()


def rows(port: int, path: str) -> list[dict[str, object]]:
    response, body = ask(port, path)
    assert response.status == 200, body
    answer: list[dict[str, object]] = json.loads(body)
    return answer


def test_a_static_feed_comes_with_strong_validators(port: int) -> None:
    response, body = ask(port, FEED)
    assert response.status == 200
    assert body.startswith(b"<?xml")
    assert response.headers["ETag"].startswith('"')
    assert response.headers["Last-Modified"] == "Tue, 07 May 2019 15:00:00 GMT"
    assert response.headers["Content-Type"].startswith("application/rss+xml")


def test_two_feeds_have_two_etags(port: int) -> None:
    first, _ = ask(port, FEED)
    second, _ = ask(port, "/feeds/oversight-laws.rdf")
    assert first.headers["ETag"] != second.headers["ETag"]


@pytest.mark.parametrize("form", ["{}", "W/{}", '"other", {}', "*"])
def test_a_matching_etag_gives_304_without_a_body(port: int, form: str) -> None:
    etag = ask(port, FEED)[0].headers["ETag"]
    response, body = ask(port, FEED, {"If-None-Match": form.format(etag)})
    assert (response.status, body) == (304, b"")
    assert response.headers["ETag"] == etag


def test_another_etag_gives_the_feed(port: int) -> None:
    assert ask(port, FEED, {"If-None-Match": '"other"'})[0].status == 200


def test_not_modified_since_gives_304(port: int) -> None:
    modified = ask(port, FEED)[0].headers["Last-Modified"]
    assert ask(port, FEED, {"If-Modified-Since": modified})[0].status == 304


@pytest.mark.parametrize("moment", ["Mon, 06 May 2019 15:00:00 GMT", "yesterday", ""])
def test_an_older_or_unreadable_date_gives_the_feed(port: int, moment: str) -> None:
    assert ask(port, FEED, {"If-Modified-Since": moment})[0].status == 200


def test_the_etag_counts_more_than_the_date(port: int) -> None:
    headers = {"If-None-Match": '"other"', "If-Modified-Since": "Wed, 08 May 2019 00:00:00 GMT"}
    assert ask(port, FEED, headers)[0].status == 200


def test_head_gives_the_headers_only(port: int) -> None:
    response, body = ask(port, FEED, method="HEAD")
    assert (response.status, body) == (200, b"")
    assert int(response.headers["Content-Length"]) > 0


@pytest.mark.parametrize(
    "path",
    [
        "/",
        "/feeds/none.xml",
        "/feeds/../SOURCES.md",
        "/feeds/%2e%2e/feeds.toml",
        "/v1",
        "/v1/none/events",
        "/v1/sfgov",
        "/v1/sfgov/bodies",
        "/v1/sfgov/eventitems",
        "/v1/sfgov/events/1/eventitems",
        "/v2/sfgov/events",
    ],
)
def test_anything_else_is_404(port: int, path: str) -> None:
    assert ask(port, path)[0].status == 404


@pytest.mark.parametrize("space", ["+", "%20"])
def test_a_calendar_question_gives_only_the_days_asked_for(port: int, space: str) -> None:
    query = "$filter=EventDate ge datetime'2019-05-06' and EventDate lt datetime'2019-05-21'".replace(" ", space)
    dates = [row["EventDate"] for row in rows(port, f"/v1/sfgov/events?{query}")]
    assert dates == ["2019-05-06T00:00:00", "2019-05-14T00:00:00"]


@pytest.mark.parametrize(
    ("operator", "count"),
    [("ge", 2), ("gt", 1), ("le", 4), ("lt", 3), ("eq", 1)],
)
def test_each_comparison_means_what_it_says(port: int, operator: str, count: int) -> None:
    query = f"$filter=EventDate+{operator}+datetime'2019-05-14T00:00:00'"
    assert len(rows(port, f"/v1/sfgov/events?{query}")) == count


def test_an_encoded_question_is_the_same_question(port: int) -> None:
    query = "%24filter=EventDate%20gt%20datetime%272019-05-14%27"
    assert [row["EventDate"] for row in rows(port, f"/v1/sfgov/events?{query}")] == ["2019-05-21T00:00:00"]


def test_orderby_top_and_skip_page_through_the_calendar(port: int) -> None:
    days = [row["EventDate"] for row in rows(port, "/v1/sfgov/events?$orderby=EventDate+desc&$top=2&$skip=1")]
    assert days == ["2019-05-14T00:00:00", "2019-05-06T00:00:00"]


def test_matters_are_filtered_by_their_last_change(port: int) -> None:
    query = "$filter=MatterLastModifiedUtc+gt+datetime'2019-04-07'&$orderby=MatterLastModifiedUtc&$top=1000"
    assert [row["MatterFile"] for row in rows(port, f"/v1/sfgov/matters?{query}")] == ["190110"]


def test_a_client_without_matters_answers_an_empty_list(port: int) -> None:
    assert rows(port, "/v1/oakland/matters?$filter=MatterLastModifiedUtc+gt+datetime'2019-01-01'") == []


def test_a_meeting_gives_its_own_agenda_items(port: int) -> None:
    items = rows(port, "/v1/somervillema/events/71001/eventitems?AgendaNote=1&MinutesNote=1&Attachments=1")
    assert {item["EventItemEventId"] for item in items} == {71001}
    assert "208142" in [item["EventItemMatterFile"] for item in items]


@pytest.mark.parametrize(
    "query",
    [
        "$filter=EventBodyName+eq+'Council'",
        "$filter=Nothing+ge+datetime'2019-05-06'",
        "$filter=EventDate+ge+datetime'soon'",
        "$top=many",
        "$skip=-1",
    ],
)
def test_a_query_it_cannot_evaluate_is_400_and_never_everything(port: int, query: str) -> None:
    assert ask(port, f"/v1/sfgov/events?{query}")[0].status == 400


def test_it_says_nothing_on_the_console(port: int, capfd: pytest.CaptureFixture[str]) -> None:
    ask(port, FEED)
    ask(port, "/feeds/none.xml")
    assert capfd.readouterr() == ("", "")


def test_it_stops_listening_when_the_block_ends() -> None:
    with serve_samples() as port:
        pass
    with pytest.raises(ConnectionRefusedError):
        ask(port, FEED)

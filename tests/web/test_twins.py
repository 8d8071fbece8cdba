"""The twins of lists: the same rows and names in each form, feeds that readers read, and links to all of them."""

import csv
import io
import json
from pathlib import Path
from typing import Any

import feedparser
import pytest
from lxml import etree

from oversight.storage.engine import Sessions
from oversight.web.twins import TWINS
from tests.factories import NOW, add_meeting, add_mention
from tests.web.browse import Visitor

NAMES = sorted(TWINS)
FEEDS = [name for name in NAMES if TWINS[name].told]
RECORD = ["jurisdictions", "policies", "deployments", "actions", "vendors"]
ATOM = "{http://www.w3.org/2005/Atom}"


DOCS = Path(__file__).parents[2] / "docs" / "lists.md"


def table(visitor: Visitor, path: str) -> Any:
    answer = visitor.client.get(path)
    assert (answer.status_code, answer.content_type) == (200, "application/json; charset=utf-8")
    return json.loads(answer.data)


def feed(visitor: Visitor, path: str) -> Any:
    answer = visitor.client.get(path)
    assert (answer.status_code, answer.content_type) == (200, "application/atom+xml; charset=utf-8")
    found = feedparser.parse(io.BytesIO(answer.data))
    assert not found.bozo
    return found


@pytest.mark.parametrize("name", NAMES)
def test_json_has_the_names_and_the_rows_of_the_csv(recorded: Visitor, name: str) -> None:
    answer = recorded.client.get(f"/{name}.csv").get_data(as_text=True)
    rows = list(csv.DictReader(io.StringIO(answer, newline="")))
    found = table(recorded, f"/{name}.json")
    assert (found["list"], found["page"]) == (name, f"http://127.0.0.1:8000/{name}/")
    assert len(found["rows"]) == len(rows)
    assert [list(one) for one in found["rows"]] == [list(one) for one in rows]


@pytest.mark.parametrize("name", NAMES)
def test_a_list_without_rows_is_whole_in_every_form(visitor: Visitor, name: str) -> None:
    assert table(visitor, f"/{name}.json")["rows"] == []
    assert name not in FEEDS or feed(visitor, f"/{name}.atom").entries == []


@pytest.mark.parametrize("name", FEEDS)
def test_a_feed_is_what_rfc_4287_asks(recorded: Visitor, name: str) -> None:
    root = etree.fromstring(recorded.client.get(f"/{name}.atom").data)
    assert [len(root.findall(ATOM + one)) for one in ("id", "title", "updated", "author")] == [1, 1, 1, 1]
    entries = root.findall(f"{ATOM}entry")
    assert all(entry.findtext(ATOM + one) for entry in entries for one in ("id", "title", "updated"))
    ids = [entry.findtext(f"{ATOM}id") for entry in entries]
    assert len(set(ids)) == len(ids) <= 100
    assert {link.get("rel") for link in root.findall(f"{ATOM}link")} == {"self", "alternate"}


@pytest.mark.parametrize("name", RECORD)
def test_a_feed_of_the_record_is_dated_by_its_history(recorded: Visitor, name: str) -> None:
    entries = feed(recorded, f"/{name}.atom").entries
    assert len(entries) >= 10
    assert {one.updated for one in entries} == {NOW.strftime("%Y-%m-%dT%H:%M:%SZ")}


@pytest.mark.parametrize("name", RECORD)
def test_every_entry_leads_to_its_page(recorded: Visitor, name: str) -> None:
    for one in feed(recorded, f"/{name}.atom").entries[:3]:
        assert recorded.get(one.link.removeprefix("http://127.0.0.1:8000")).status in (200, 302)


@pytest.mark.parametrize("name", FEEDS)
def test_the_page_of_a_list_names_its_twins_in_its_head_and_in_its_text(recorded: Visitor, name: str) -> None:
    page = recorded.get(f"/{name}/")
    forms = [f"/{name}.{form}" for form in TWINS[name].forms]
    assert [one.attributes["href"] for one in page.root.one("head").all("link", rel="alternate")] == forms
    assert set(forms) <= set(page.links)


def test_other_pages_name_none(recorded: Visitor) -> None:
    for path in ("/", "/meetings/1", "/nothing"):
        assert list(recorded.get(path).root.all("link", rel="alternate")) == []


def test_a_feed_has_the_filters_of_its_page_and_is_sent_once(recorded: Visitor) -> None:
    path = "/policies.atom?instrument=moratorium"
    answer = recorded.client.get(path)
    assert 0 < len(feed(recorded, path).entries) < 20
    again = recorded.client.get(path, headers={"If-None-Match": answer.headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")


@pytest.mark.parametrize("form", ["csv", "json", "atom"])
def test_what_does_not_exist_is_refused_in_every_form(recorded: Visitor, form: str) -> None:
    assert recorded.client.get(f"/policies.{form}?instrument=x").status_code == 422


def test_words_of_a_feed_cannot_break_out(visitor: Visitor, sessions: Sessions) -> None:
    with sessions.begin() as session:
        add_mention(session, title="</title><script>alert(1)</script>\x0b\ufffe & more")
        add_meeting(session, body=']]>","rows":[')
    (entry,) = feed(visitor, "/mentions.atom").entries
    assert entry.title_detail.value.startswith("</title><script>") or "script" not in entry.title
    assert table(visitor, "/meetings.json")["rows"][0]["body"] == ']]>","rows":['


def test_dates_numbers_and_lists_stay_what_they_are(recorded: Visitor) -> None:
    row = table(recorded, "/meetings.json")["rows"][0]
    assert (row["date"], row["starts_at"]) == ("2026-12-01", "2026-12-01T22:00:00+00:00")
    assert row["vanished_at"] is None
    assert isinstance(table(recorded, "/policies.json")["rows"][0]["technologies"], list)


@pytest.mark.parametrize("name", NAMES)
def test_every_name_is_documented(name: str) -> None:
    (line,) = [line for line in DOCS.read_text("utf-8").splitlines() if line.startswith(f"| `{name}` |")]
    assert [column for column in TWINS[name].columns if f"`{column}`" not in line] == []

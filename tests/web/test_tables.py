"""Every list as a CSV file: the same rows as its page, the same filters, no formula in it."""

import csv
import io

import pytest

from oversight.services.record import load_record
from oversight.services.record_kinds import RecordFiles
from oversight.storage.batches import BATCH
from oversight.storage.engine import Sessions
from tests.factories import NOW, add_mention
from tests.web.browse import Visitor
from tests.web.record import make_place

LISTS = [
    *(
        "jurisdictions",
        "policies",
        "deployments",
        "actions",
        "vendors",
        "mentions",
        "meetings",
        "calendar",
        "corrections",
        "feeds",
        "coverage",
    )
]
HOSTILE = ["=HYPERLINK(A1)", "+1+1", "-2+3", "@SUM(1)", "|calc", "\uff1d1+1", "\t=1", "\ufeff=1", "\u00a0=1"]


def rows(visitor: Visitor, path: str) -> list[dict[str, str]]:
    answer = visitor.client.get(path)
    assert answer.status_code == 200
    assert answer.content_type == "text/csv; charset=utf-8"
    return list(csv.DictReader(io.StringIO(answer.get_data().decode("utf-8"), newline="")))


@pytest.mark.parametrize("name", LISTS)
def test_an_empty_list_is_a_line_of_names(visitor: Visitor, name: str) -> None:
    answer = visitor.client.get(f"/{name}.csv")
    assert answer.get_data().decode().endswith("\r\n")
    assert len(answer.get_data().decode().splitlines()) == 1
    file = answer.headers["Content-Disposition"]
    assert file == f'attachment; filename="oversight-{name}-2026-11-20.csv"'


@pytest.mark.parametrize("name", LISTS)
def test_a_list_links_to_its_file_with_its_filters(recorded: Visitor, name: str) -> None:
    assert f'href="/{name}.csv"' in recorded.client.get(f"/{name}/").text
    narrowed = recorded.client.get(f"/{name}/?_scheme=javascript&q=%22%3Cb%3E&before=3").text
    assert f'href="/{name}.csv?_scheme=javascript&amp;q=%22%3Cb%3E"' in narrowed
    assert f'href="/{name}.json?_scheme=javascript&amp;q=%22%3Cb%3E"' in narrowed


@pytest.mark.parametrize(
    ("path", "count"),
    [
        ("/jurisdictions.csv", 112),
        ("/policies.csv", 128),
        ("/deployments.csv", 96),
        ("/actions.csv", 69),
        ("/vendors.csv", 16),
    ],
)
def test_a_file_holds_the_whole_list(recorded: Visitor, path: str, count: int) -> None:
    assert len(rows(recorded, path)) == count


def test_a_list_that_is_read_in_pieces_is_whole(sessions: Sessions, visitor: Visitor) -> None:
    places = [make_place(key=f"x-oversight/us/wa/{n:03}", ocd_id=None, name=f"Body {n:03}") for n in range(BATCH + 1)]
    with sessions.begin() as session:
        load_record(session, RecordFiles(jurisdictions=tuple(places)), actor="test", reason="test", now=NOW)
    assert [row["name"] for row in rows(visitor, "/jurisdictions.csv")] == [place.name for place in places]


def test_filters_narrow_the_file_as_they_narrow_the_page(recorded: Visitor) -> None:
    assert {row["state"] for row in rows(recorded, "/jurisdictions.csv?state=CA")} == {"CA"}
    assert {row["instrument"] for row in rows(recorded, "/policies.csv?instrument=ban")} == {"ban"}
    assert {row["technology"] for row in rows(recorded, "/deployments.csv?technology=alpr")} == {"alpr"}
    assert {row["kind"] for row in rows(recorded, "/actions.csv?kind=letter")} == {"letter"}


@pytest.mark.parametrize("path", ["/policies.csv?instrument=x", "/deployments.csv?technology=x", "/actions.csv?kind=x"])
def test_a_filter_that_does_not_exist_is_refused(recorded: Visitor, path: str) -> None:
    assert recorded.client.get(path).status_code == 422


def test_a_row_says_its_sources_tiers_and_licence(recorded: Visitor) -> None:
    row = next(row for row in rows(recorded, "/deployments.csv") if row["key"].startswith("dep-orlando-fl-face"))
    assert "https://www.orlando.gov/Initiatives/Facial-Recognition-Pilot-Program" in row["sources"].split("; ")
    assert len(row["tiers"].split("; ")) == len(row["sources"].split("; "))
    assert (row["licence"], row["credit"]) == ("CC BY 4.0", "Oversight")
    assert "real_time_use" in row["contradictions"]


def test_no_title_of_a_feed_runs_as_a_formula(visitor: Visitor, sessions: Sessions) -> None:
    with sessions.begin() as session:
        for title in HOSTILE:
            add_mention(session, title=title)
    assert sorted(row["title"] for row in rows(visitor, "/mentions.csv")) == sorted(f"'{title}" for title in HOSTILE)

"""What each page says, on a site with the starter record."""

from datetime import timedelta

import pytest
from flask import Flask

from oversight.domain.record import ActionKind
from oversight.storage.engine import Sessions
from oversight.storage.models import JobRow
from oversight.storage.queries.mentions import PAGE
from oversight.web import deployments
from tests.factories import (
    AFTERNOON,
    ALPR_TITLE,
    NOW,
    SEATTLE,
    add_council,
    add_evening,
    add_feed,
    add_item,
    add_meeting,
    add_mention,
)
from tests.web.browse import Element, Page, Visitor
from tests.web.conftest import move_clock

ORLANDO = "/jurisdictions/ocd-division/country:us/state:fl/place:orlando"
NEW_ORLEANS = "/jurisdictions/ocd-division/country:us/state:la/place:new_orleans"
FIRST_PILOT = "dep-orlando-fl-face-recognition-amazon-web-services"
EMPTY = ["/", "/jurisdictions/", "/policies/", "/deployments/", "/mentions/", "/actions/", "/vendors/", "/feeds/"]
EMPTY += ["/compare/", "/meetings/", "/meetings/?when=past", "/coverage/"]


def count(page: Page) -> int:
    """The number that a list gives of itself."""
    return int(page.main.by_class("count")[0].text.split()[0])


def agencies_of(page: Page) -> list[str]:
    """Where each row of a table of deployments leads."""
    return [row.one("a").attributes["href"] for row in page.main.one("tbody").all("tr")]


def stance(page: Page, technology: str) -> Element:
    """Where a jurisdiction stands toward one technology."""
    return next(one for one in page.main.by_class("stance") if one.one("h3").text == technology)


def evidence(text: str, words: str, *, field: str = "text", weight: float = 0.5, signal: str = "rule") -> dict:
    start = text.index(words)
    end = start + len(words)
    return {"signal": signal, "field": field, "start": start, "end": end, "text": words, "weight": weight}


@pytest.mark.parametrize("path", [*EMPTY, "/subscribe", "/login"])
def test_every_page_of_an_empty_site_is_shown(visitor: Visitor, path: str) -> None:
    assert visitor.get(path).status == 200


@pytest.mark.parametrize(
    ("path", "words"),
    [
        ("/", "Not watched: no feed is known."),
        ("/mentions/", "Not watched: no feed is known."),
        ("/meetings/", "Not watched: no feed is known."),
        ("/meetings/?when=past", "Not watched: no feed is known."),
        ("/coverage/", "Not watched: no feed is known."),
        ("/feeds/", "No feed is set up"),
        ("/feeds/", "The clock has not run"),
        ("/jurisdictions/", "0 of 0 jurisdictions"),
    ],
)
def test_nothing_is_not_shown_as_a_finding(visitor: Visitor, path: str, words: str) -> None:
    assert words in visitor.get(path).text


@pytest.mark.parametrize(
    "path",
    [
        "/nothing",
        "/jurisdictions/nowhere",
        "/jurisdictions/ocd-division/country:us/state:zz",
        "/policies/pol-none",
        "/deployments/dep-none",
        "/feeds/none",
        "/mentions/999",
        "/meetings/999",
        "/matters/999",
        "/mentions/x",
        "/mentions/1x",
    ],
)
def test_what_is_not_there_is_404(recorded: Visitor, path: str) -> None:
    page = recorded.get(path)
    assert (page.status, page.root.one("nav").one("a").text) == (404, "Overview")


def test_a_jurisdiction_outside_the_record_is_no_finding(recorded: Visitor) -> None:
    assert "That says nothing about what it does" in recorded.get("/jurisdictions/nowhere").text


@pytest.mark.parametrize(
    "path",
    [
        "/jurisdictions/?technology=teleport",
        "/jurisdictions/?posture=friendly",
        "/jurisdictions/?as_of=yesterday",
        "/jurisdictions/?as_of=2019-02-30",
        "/jurisdictions/?as_of=2019",
        f"{ORLANDO}?as_of=7%20May%202019",
        "/jurisdictions/?state=Xx",
        "/mentions/?state=lost",
        "/mentions/?technology=teleport",
        "/mentions/?feed=none",
        "/mentions/?jurisdiction=seatle",
        "/mentions/?before=x",
        "/feeds/?state=lost",
        "/feeds/?platform=telegraph",
        "/coverage/?gap=none",
        "/meetings/?when=yesterday",
        "/meetings/?jurisdiction=seatle",
        "/meetings/?body=Counsil",
        "/meetings/?page=0",
        "/matters/?jurisdiction=seatle",
        "/calendar/?place=seatle",
        "/calendar/?state=Xx",
        "/meetings/?page=x",
        "/actions/?kind=dance",
        "/policies/?state=Xx",
        "/policies/?instrument=flute",
        "/policies/?provision=flute",
        "/policies/?found=flute",
        "/deployments/?technology=teleport",
    ],
)
def test_what_an_address_cannot_ask_for_is_422(recorded: Visitor, path: str) -> None:
    assert recorded.get(path).status == 422


def test_the_overview_counts_and_leads_on(recorded: Visitor) -> None:
    page = recorded.get("/")
    figures = {div.one("dt").text: int(div.one("dd").text) for div in page.main.one("dl").all("div")}
    assert figures["Mentions"] == 2
    assert figures["Jurisdictions"] == count(recorded.get("/jurisdictions/"))
    bars = [int(cell.text) for cell in page.main.one("table", class_="bars").all("td", class_="number")]
    assert sum(bars) == figures["Jurisdictions"]
    assert len(page.main.by_class("decision")) == 2
    assert "not yet reviewed" in page.text


def test_a_posture_of_the_overview_leads_to_as_many_jurisdictions(recorded: Visitor) -> None:
    row = next(recorded.get("/").main.one("table", class_="bars").all("tr"))
    listed = recorded.get(row.one("a").attributes["href"])
    assert count(listed) == int(row.one("td", class_="number").text)


def test_a_meeting_is_shown_in_its_own_time(recorded: Visitor) -> None:
    decision = recorded.get("/").main.by_class("decision")[0]
    assert "City Council, 14:00 PST" in decision.text


def test_jurisdictions_can_be_narrowed_by_state(recorded: Visitor) -> None:
    everywhere, california = (recorded.get(f"/jurisdictions/?state={state}") for state in ("", "CA"))
    assert 0 < count(california) < count(everywhere)
    places = [link for link in california.main.all("a") if "/jurisdictions/ocd" in link.attributes["href"]]
    assert all("state:ca" in link.attributes["href"] for link in places)


def test_jurisdictions_can_be_narrowed_by_posture(recorded: Visitor) -> None:
    page = recorded.get("/jurisdictions/?technology=face_recognition&posture=banned&as_of=2021-06-01")
    chips = {chip.text for chip in page.main.by_class("chip")}
    assert (count(page) > 3, chips) == (True, {"Banned"})


def test_a_filter_keeps_what_was_chosen(recorded: Visitor) -> None:
    page = recorded.get("/jurisdictions/?technology=alpr&posture=banned&state=CA&as_of=2021-06-01")
    chosen = [one.attributes.get("value", one.text) for one in page.main.all("option", selected="")]
    assert chosen == ["alpr", "banned", "CA"]
    assert page.main.one("input", name="as_of").attributes["value"] == "2021-06-01"


def test_jurisdictions_say_why(recorded: Visitor) -> None:
    reasons = [cell.text for cell in recorded.get("/jurisdictions/").main.by_class("why")]
    assert reasons
    assert all(reasons)


def test_new_orleans_stood_elsewhere_in_2021_than_in_2023(recorded: Visitor) -> None:
    years = [stance(recorded.get(f"{NEW_ORLEANS}?as_of={year}-06-01"), "Face recognition") for year in (2021, 2023)]
    assert [one.by_class("chip")[0].text for one in years] == ["Banned", "Restricted"]
    assert "adopted 2020-12-17" in years[0].one("details").text
    assert "A rule on this was loosened or repealed before." in years[1].text


def test_every_reason_of_a_stance_leads_to_its_policy(recorded: Visitor) -> None:
    links = [one.attributes["href"] for one in stance(recorded.get(NEW_ORLEANS), "Face recognition").all("a")]
    assert len(links) > 1
    answers = [recorded.get(link) for link in links]
    assert {answer.main.by_class("kicker")[0].text for answer in answers} == {"Policies / New Orleans, LA"}


def test_orlando_shows_a_contradiction_side_by_side(recorded: Visitor) -> None:
    pilot = recorded.get(ORLANDO).main.one("article", id=FIRST_PILOT)
    dispute = next(one for one in pilot.by_class("dispute") if "Real time use" in one.text)
    claims = [(claim.by_class("party")[0].text, claim.by_class("value")[0].text) for claim in dispute.by_class("claim")]
    assert "Contradiction" in dispute.text
    assert ("Amazon (Ranju Das) company's statement, Apr 2018", "city cameras, in real time") in claims
    assert ("Orlando Police Department agency's statement, May 2018", "a pilot") in claims


def test_claims_that_agree_are_no_contradiction(recorded: Visitor) -> None:
    pilot = recorded.get(ORLANDO).main.one("article", id=FIRST_PILOT)
    purpose = next(one for one in pilot.by_class("dispute") if one.one("h4").text.endswith("Purpose"))
    assert purpose.one("h4").text == "Claims Purpose"


def test_a_source_without_address_is_named_and_is_no_link(recorded: Visitor) -> None:
    found = recorded.get(ORLANDO).main.by_class("no-address")
    assert "Rekognition: Amazon's image, video and facial-recognition software" in {one.text for one in found}
    assert [list(one.all("a")) for one in found] == [[]] * len(found)


def test_a_publisher_that_is_not_known_is_said_to_be_so(recorded: Visitor) -> None:
    assert "(source without address). Publisher not known, 23 May 2018" in recorded.get(ORLANDO).text


def test_every_fact_of_the_record_has_sources(recorded: Visitor) -> None:
    entries = recorded.get(ORLANDO).main.by_class("entry")
    assert len(entries) > 2
    assert all(list(entry.one("details", class_="sources").all("li")) for entry in entries)


def test_an_end_date_is_not_an_end_without_its_year(recorded: Visitor) -> None:
    pilot = recorded.get(ORLANDO).main.one("article", id=FIRST_PILOT)
    assert "Ended (2018-06-19)" in pilot.text


@pytest.mark.parametrize(("day", "words"), [("2018-01-01", "Pilot"), ("2018-08-01", "Ended")])
def test_a_deployment_stands_where_it_stood_on_that_day(recorded: Visitor, day: str, words: str) -> None:
    pilot = recorded.get(f"{ORLANDO}?as_of={day}").main.one("article", id=FIRST_PILOT)
    assert pilot.by_class("use")[0].text == words


def test_a_council_that_is_watched_says_when_it_was_checked(recorded: Visitor) -> None:
    seattle, orlando = recorded.get(f"/jurisdictions/{SEATTLE}"), recorded.get(ORLANDO)
    assert "last checked never" in seattle.main.one("section", id="coverage").text
    assert "Not watched" in orlando.main.one("section", id="coverage").text
    assert "City Council" in seattle.main.one("section", id="meetings").text
    assert "meetings are not known" in orlando.main.one("section", id="meetings").text


def test_a_jurisdiction_shows_its_mentions_but_not_the_dismissed(recorded: Visitor) -> None:
    section = recorded.get(f"/jurisdictions/{SEATTLE}").main.one("section", id="mentions")
    assert [one.attributes["class"] for one in section.by_class("mention")] == ["mention confirmed", "mention pending"]


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("", 2),
        ("?state=pending", 1),
        ("?state=confirmed", 1),
        ("?state=dismissed", 1),
        ("?technology=alpr", 2),
        ("?technology=drones", 0),
        (f"?jurisdiction={SEATTLE}", 2),
        ("?feed=seattle-legistar", 2),
        ("?upcoming=1", 2),
        (f"?state=pending&technology=alpr&jurisdiction={SEATTLE}&upcoming=1", 1),
    ],
)
def test_mentions_can_be_narrowed(recorded: Visitor, query: str, expected: int) -> None:
    page = recorded.get(f"/mentions/{query}")
    assert (count(page), len(page.main.by_class("mention"))) == (expected, expected)


@pytest.mark.parametrize(("hours", "expected"), [(0, 1), (7, 0)])
def test_an_evening_meeting_is_still_to_come_until_it_is_over(
    app: Flask, sessions: Sessions, visitor: Visitor, hours: float, expected: int
) -> None:
    with sessions.begin() as session:
        evening = add_evening(session)
        add_mention(session, item_id=add_item(session, meeting_id=evening.id).id)
    move_clock(app, AFTERNOON + timedelta(hours=hours))
    assert count(visitor.get("/mentions/?upcoming=1")) == expected


def test_the_pages_of_a_long_list_hold_each_mention_once(sessions: Sessions, visitor: Visitor) -> None:
    with sessions.begin() as session:
        feed = add_feed(session)
        expected = {add_mention(session, item_id=add_item(session, feed_id=feed.id).id).id for _ in range(PAGE * 2 + 1)}
    seen, path = [], "/mentions/?technology=alpr"
    while path:
        page = visitor.get(path)
        seen += [int(one.one("a").attributes["href"].rpartition("/")[2]) for one in page.main.by_class("mention")]
        path = next((link for link in page.links if "before=" in link), "")
    assert (len(seen), set(seen)) == (len(expected), expected)


def test_marks_show_exactly_what_counted(sessions: Sessions, visitor: Visitor) -> None:
    text = "\U0001f4f7 Plate readers: the council buys plate readers & <cameras> from Flock; no toll cameras."
    found = [
        evidence(text, "buys plate readers", signal="technology:alpr"),
        evidence(text, "plate readers & <cameras>", signal="overlap"),
        evidence(text, "toll", weight=-1.5),
        evidence(ALPR_TITLE, "license plate", field="title"),
        evidence(text, "Flock") | {"start": 0, "end": 5},
        {"signal": "feed", "field": "feed", "start": 0, "end": 0, "text": "", "weight": 0.1},
    ]
    with sessions.begin() as session:
        add_mention(session, text=text, evidence=found)
    page = visitor.get("/mentions/1")
    quoted, heading = page.main.by_class("quoted")[0], page.main.one("h1")
    assert (quoted.raw, heading.raw) == (text, ALPR_TITLE)
    assert [mark.raw for mark in quoted.all("mark")] == ["buys ", "plate readers", " & <cameras>", "toll"]
    assert [mark.raw for mark in heading.all("mark")] == ["license plate"]
    assert [mark.raw for mark in quoted.by_class("lowers")] == ["toll"]
    rows = [row.text for row in page.main.one("table", class_="evidence").one("tbody").all("tr")]
    assert any("names the technology: alpr" in row and "+0.50" in row for row in rows)
    assert any("overlap" in row and "+0.50" in row for row in rows)


def test_a_long_text_is_shown_around_what_counted(sessions: Sessions, visitor: Visitor) -> None:
    text = "word " * 1000 + "plate readers" + " word" * 1000
    with sessions.begin() as session:
        add_mention(session, text=text, evidence=[evidence(text, "plate readers")])
    quoted = visitor.get("/mentions/1").main.by_class("quoted")[0]
    assert [mark.raw for mark in quoted.all("mark")] == ["plate readers"]
    assert (len(quoted.by_class("gap")), len(quoted.raw) < 500) == (2, True)


def test_every_signal_is_listed_with_its_weight(sessions: Sessions, visitor: Visitor) -> None:
    found = [evidence(ALPR_TITLE, "license plate", field="title", signal="technology:alpr", weight=0.93)]
    with sessions.begin() as session:
        add_mention(session, evidence=found)
    rows = [row.text for row in visitor.get("/mentions/1").main.one("table", class_="evidence").all("tr")]
    assert len(rows) == 2
    assert rows[1].startswith("license plate")
    assert rows[1].endswith("+0.93")


def test_a_mention_without_title_text_or_address_is_shown(sessions: Sessions, visitor: Visitor) -> None:
    with sessions.begin() as session:
        item = add_item(session, url=None, published_at=None, title="")
        add_mention(session, item_id=item.id, title="", text="", places=[], technologies=(), stage=None, vendors=[])
    page = visitor.get("/mentions/1")
    assert page.title == "(no title)"
    for words in ("The source gives a title only.", "gives no address of its own", "No place named", "date not known"):
        assert words in page.text
    assert "(no title)" in visitor.get("/mentions/").text


def test_a_meeting_without_hour_or_body_says_so(sessions: Sessions, visitor: Visitor) -> None:
    with sessions.begin() as session:
        feed = add_council(session)
        meeting = add_meeting(session, feed_id=feed.id, body=None, starts_at=None, timezone=None, url=None)
        add_mention(session, item_id=add_item(session, feed_id=feed.id, meeting_id=meeting.id).id)
    assert "Body not known, 1 Dec 2026, hour not known" in visitor.get("/mentions/1").text


def test_who_decided_is_told_to_editors_only(recorded: Visitor) -> None:
    page = recorded.get("/mentions/2")
    assert "by an editor: on the agenda" in page.text
    assert "editor@example.org" not in page.body


def test_the_clocks_jobs_are_counted(sessions: Sessions, visitor: Visitor) -> None:
    with sessions.begin() as session:
        session.add(JobRow(name="poll_feeds", last_run_at=NOW, runs=7, failures=1, skipped=2))
    assert "Poll feeds20 Nov 2026, 12:00 UTC712" in visitor.get("/feeds/").text


def test_actions_can_be_narrowed_by_kind(recorded: Visitor) -> None:
    everything, lawsuits = recorded.get("/actions/"), recorded.get("/actions/?kind=lawsuit")
    assert 0 < count(lawsuits) < count(everything)
    assert {one.by_class("chip")[0].text for one in lawsuits.main.by_class("entry")} == {ActionKind.LAWSUIT.label}


def test_actions_are_newest_first(recorded: Visitor) -> None:
    years = [one.one("b").text.split()[-1] for one in recorded.get("/actions/").main.by_class("entry")]
    known = [year for year in years if year.isdecimal()]
    assert known == sorted(known, reverse=True)


def test_a_vendor_shows_what_it_sells_and_who_uses_it(recorded: Visitor) -> None:
    page = recorded.get("/vendors/")
    amazon = next(one for one in page.main.by_class("entry") if one.one("h2").text == "Amazon Web Services")
    assert "Rekognition" in amazon.one("ul").text
    links = [one.attributes["href"] for one in amazon.all("a")]
    assert f"{ORLANDO}#{FIRST_PILOT}" in links


def test_a_long_list_goes_on_page_by_page(recorded: Visitor, monkeypatch: pytest.MonkeyPatch) -> None:
    whole = agencies_of(recorded.get("/deployments/"))
    monkeypatch.setattr(deployments, "PAGE", 40)
    pages = [recorded.get(f"/deployments/?page={number}") for number in (1, 2, 3)]
    assert [one for page in pages for one in agencies_of(page)] == whole
    assert {count(page) for page in pages} == {len(whole)}
    assert ["/deployments/?page=3" in page.links for page in pages] == [False, True, False]
    assert recorded.get("/deployments/?page=0").status == 422


def test_the_lists_hold_as_many_as_the_overview_counts(recorded: Visitor) -> None:
    figures = {div.one("dt").text: int(div.one("dd").text) for div in recorded.get("/").main.one("dl").all("div")}
    assert count(recorded.get("/policies/")) == figures["Policies"]
    assert count(recorded.get("/deployments/")) == figures["Deployments"]


@pytest.mark.parametrize(
    ("path", "target"),
    [
        (f"/deployments/{FIRST_PILOT}", f"{ORLANDO}#{FIRST_PILOT}"),
    ],
)
def test_a_permanent_address_leads_to_the_fact(recorded: Visitor, path: str, target: str) -> None:
    assert recorded.get(path).location == target


def test_the_demo_says_that_its_clock_stands_still(visitor: Visitor, make_app) -> None:
    assert "The clock stands at 20 Nov 2026, 12:00 UTC." in Visitor(make_app(mode="demo")).get("/").root.text
    assert "The clock stands" not in visitor.get("/").root.text

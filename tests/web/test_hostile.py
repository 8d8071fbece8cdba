"""What feeds say is shown as words, whatever it looks like; and no address makes a page fail (SAFETY D1, D2)."""

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from oversight.storage.engine import Sessions
from oversight.storage.models import (
    AgendaVersionRow,
    FeedRow,
    JurisdictionRow,
    MatterRow,
    MatterStepRow,
    MeetingChangeRow,
    MeetingRow,
    MentionRow,
    PollRow,
    SourceRow,
)
from tests.factories import (
    NEWS_URL,
    NOW,
    SEATTLE,
    add_correction,
    add_council,
    add_document,
    add_feed,
    add_item,
    add_matter,
    add_meeting,
    add_mention,
    rss,
)
from tests.services.poller import Poller
from tests.web.browse import Page, Visitor
from tests.web.test_headers import inline, loaded

TEXTS = [
    "<script>alert(1)</script>",
    "</title></h1><script src=//evil.example/x.js></script>",
    "<img src=x onerror=alert(1)>",
    "<svg/onload=alert(1)>",
    "\"><a href='javascript:alert(1)'>",
    "' autofocus onfocus=alert(1) x='",
    "{{7*7}}{% for x in config %}${7*7}#{7*7}",
    "--><!-- ]]> &lt;b&gt; &#60;script&#62;",
    "\u202egnihtyna\u2066 \u200b \U0001f600",
    "a" * 500,
]
LINKS = [
    "javascript:alert(1)",
    " javascript:alert(1)",
    "JaVaScRiPt:alert(1)",
    "data:text/html,<script>alert(1)</script>",
    "vbscript:x",
    "//evil.example/x",
    "/review/1/confirm",
    "https:evil.example",
    "https://user:password@evil.example/",
    'https://evil.example/"onmouseover="alert(1)',
    "https://evil.example/<script>",
    "ftp://evil.example/",
]
PATHS = [
    "/",
    "/mentions/",
    "/mentions/1",
    "/feeds/",
    "/feeds/seattle-legistar",
    f"/jurisdictions/{SEATTLE}",
    "/jurisdictions/",
    "/subscribe",
    "/meetings/",
    "/meetings/1",
    "/matters/1",
    "/coverage/",
]
ODD_PATHS = [
    "/%00",
    "/jurisdictions/%00",
    "/jurisdictions/%ff%fe",
    "/jurisdictions/..%2f..%2fetc",
    "/policies/%00",
    "/deployments/%00",
    "/feeds/%00",
    "/mentions/%00",
    "/mentions/-1",
    "/meetings/-1",
    "/meetings/2147483648",
    "/meetings/?page=0",
    "/meetings/?page=99999",
    "/meetings/?page=%D9%A3",
    "/meetings/?when=%00",
    "/meetings/?jurisdiction=%00&body=%00",
    "/meetings/?body=%ff",
    "/matters/2147483648",
    "/coverage/?gap=%00",
    "/feeds/?state=%00",
    "/feeds/?platform=%00",
    "/mentions/999999999999999",
    "/mentions/2147483648",
    "/mentions/" + "9" * 30,
    "/mentions/" + "9" * 5000,
    "/u/%00",
    "/u/%ed%a0%80",
    "/subscriptions/confirm/%00",
    "/static/%00",
    "/mentions/?before=" + "9" * 30,
    "/mentions/?before=" + "9" * 5000,
    "/mentions/?before=2147483648",
    "/mentions/?before=%D9%A3",
    "/mentions/?before=-1",
    "/mentions/?jurisdiction=%00&technology=%00&feed=%00",
    "/mentions/?jurisdiction=%ff&technology='--&feed=%25",
    "/mentions/?state[]=x&state=pending&state=x",
    "/jurisdictions/?technology=%00",
    "/jurisdictions/?state=%00",
    "/jurisdictions/?as_of=0001-01-01",
    "/jurisdictions/?as_of=9999-12-31",
    f"/jurisdictions/{SEATTLE}?as_of=0001-01-01",
    f"/jurisdictions/{SEATTLE}?as_of=9999-12-31",
    "/actions/?kind=%00",
    "/subscribe?query=%00",
    "/login?next=%00",
    "/corrections/0",
    "/corrections/2147483648",
    "/corrections/" + "9" * 5000,
    "/corrections/?state=%00",
    "/corrections/?before=" + "9" * 5000,
    "/corrections/?before=%D9%A3",
    "/corrections.csv?state=%ff",
    "/corrections/report/jurisdiction/%00",
    "/corrections/report/policy/%ff%fe",
]
ODD_FORMS: list[tuple[str, dict[str, str]]] = [
    ("/subscribe", {"email": "a\x00@example.org", "follow": "technology:alpr"}),
    ("/subscribe", {"email": "reader@example.org", "follow": "jurisdiction:\x00"}),
    ("/subscribe", {"email": "x" * 10_000, "follow": "technology:alpr"}),
    ("/subscribe", {}),
    ("/login", {"email": "\x00", "password": "\x00"}),
    ("/login", {"email": "x" * 10_000, "password": "x" * 100_000}),
    ("/u/%00", {"everything": "\x00"}),
    ("/review/1/dismiss", {"reason": "\x00"}),
    ("/review/1/dismiss", {"reason": "x" * 100_000}),
    ("/review/1/confirm", {"reason": "x" * 100_000}),
    ("/review/" + "9" * 30 + "/confirm", {}),
    ("/review/2147483648/confirm", {}),
    ("/feeds/%00/keep-address", {}),
    ("/feeds/events/2147483648/settle", {}),
    ("/matters/1/watch", {"watch": "\x00"}),
    (f"/corrections/report/jurisdiction/{SEATTLE}", {"text": "\x00"}),
    (f"/corrections/report/jurisdiction/{SEATTLE}", {"text": "x" * 100_000, "email": "x" * 10_000}),
    (f"/corrections/report/jurisdiction/{SEATTLE}", {"text": "\ufffex", "field": "\u202e", "source_url": "http://["}),
    ("/review/corrections/1/accept", {"version": "9" * 5000, "reason": "x"}),
    ("/review/corrections/1/accept", {"version": "\u0663", "reason": "x" * 100_000}),
    ("/review/corrections/1/decline", {"reason": "x" * 100_000}),
    ("/review/corrections/2147483648/decline", {"reason": "x"}),
]
EVIDENCE = {"signal": "<b>x</b>", "field": "title", "start": 0, "end": 3, "weight": 0.5}


def spoil(sessions: Sessions, text: str, link: str = "https://example.org/") -> None:
    """A site whose every word that comes from outside is this text, and every address this link."""
    with sessions.begin() as session:
        session.add(JurisdictionRow(key=SEATTLE, ocd_id=SEATTLE, name=text, kind="city", note=text))
        feed = add_council(session, title=text, url=link, last_outcome="parse_error", last_detail=text, failures=1)
        meeting = add_meeting(
            session, feed_id=feed.id, body=text, location=text, url=link, agenda_url=link, timezone=None
        )
        meeting.minutes_url = meeting.video_url = meeting.how_to_comment = link
        matter = add_matter(session, file=text, title=text, type=text, status=text, url=link)
        owners = {"meeting_id": meeting.id, "matter_id": matter.id}
        item = add_item(session, feed_id=feed.id, url=link, title=text, excerpt=text + text, outcome=text, **owners)
        add_traces(session, (feed, meeting, matter), text, link)
        mention = add_mention(
            session,
            item_id=item.id,
            title=text,
            text=text,
            vendors=[text],
            products=[text],
            agencies=[text],
            badges=[text],
            places=[{"name": text, "ocd_id": SEATTLE}],
            amount={"value": text, "currency": text},
            evidence=[EVIDENCE | {"text": text[:3]}],
            detector=text,
            technologies=(text[:50],),
        )
        read = {"state": "read", "pages": [0], "mention_id": mention.id, "read_at": NOW}
        add_document(session, feed_id=feed.id, item_id=item.id, url=link, title=text, reason=text, **read)


def add_traces(session: Session, rows: tuple[FeedRow, MeetingRow, MatterRow], text: str, link: str) -> None:
    """What changed about the meeting and its agenda, what was done with the matter, and a poll."""
    feed, meeting, matter = rows
    entry = {"identity": "1", "title": text, "text": text}
    for kind, before, after in (("place", text, text), ("agenda", None, link)):
        session.add(MeetingChangeRow(meeting_id=meeting.id, kind=kind, before=before, after=after, seen_at=NOW))
    changed = {"entries": [entry], "added": [entry], "removed": [entry]}
    session.add(AgendaVersionRow(meeting_id=meeting.id, number=2, seen_at=NOW, content_hash="2", **changed))
    step = {"uid": "1", "body": text, "action": text, "outcome": text, "votes": text, "stage": "other"}
    session.add(MatterStepRow(matter_id=matter.id, feed_id=feed.id, date=None, **step))
    feed.moved_to, feed.refused_url, feed.note = link, link, text
    counts = dict.fromkeys(("requests", "bytes", "items_new", "items_changed", "items_dropped", "mentions_new"), 1)
    told = {"detail": text, "warnings": [text], "hops": [{"url": link, "status": 301}], "outcome": "parse_error"}
    session.add(PollRow(feed_id=feed.id, started_at=NOW, ended_at=NOW, **told, **counts))


def is_harmless(page: Page) -> bool:
    """Whether the page has no markup but ours."""
    links = [link for link in page.links if not link.startswith(("/", "#", "https://creativecommons.org/"))]
    return not inline(page) and not [link for link in loaded(page) if not link.startswith("/")] and set(links) <= OURS


OURS = {"https://example.org/", "https://example.org/#page=1"}


@pytest.mark.parametrize("text", TEXTS)
def test_what_a_feed_says_is_shown_as_words(sessions: Sessions, visitor: Visitor, text: str) -> None:
    spoil(sessions, text)
    pages = {path: visitor.get(path) for path in PATHS}
    assert {path: page.status for path, page in pages.items()} == dict.fromkeys(PATHS, 200)
    assert [path for path, page in pages.items() if not is_harmless(page)] == []
    assert " ".join(text.split()) in pages["/mentions/1"].text
    assert " ".join(text.split()) in pages["/feeds/"].text


def test_so_it_is_at_the_desk(sessions: Sessions, editor: Visitor) -> None:
    text = " ".join(TEXTS)[:500]
    spoil(sessions, text)
    assert is_harmless(editor.get("/review/"))
    done = editor.submit("/review/", "/review/1/confirm")
    after = editor.get(done.location)
    assert is_harmless(after)
    assert f"Confirmed: {' '.join(text.split())}" in after.text


@pytest.mark.parametrize("link", LINKS)
def test_an_address_that_is_not_plainly_of_the_web_is_no_link(sessions: Sessions, visitor: Visitor, link: str) -> None:
    spoil(sessions, "A title", link)
    pages = [visitor.get(path) for path in PATHS]
    assert [found for page in pages for found in page.links if "evil" in found or "alert" in found] == []
    assert all(is_harmless(page) for page in pages)
    assert "gives no address of its own" in pages[2].text


def test_what_the_pipeline_lets_through_is_clean(sessions: Sessions, visitor: Visitor) -> None:
    with sessions.begin() as session:
        add_feed(session)
    title = "ALPR contract with Flock Safety \u202egnp.exe\u2066 &lt;script&gt;alert(1)&lt;/script&gt; {{7*7}}"
    poller = Poller(sessions)
    poller.web.answer(NEWS_URL, rss(("1", title)))
    poller.poll()
    page = visitor.get("/mentions/1")
    assert page.title.startswith("ALPR contract with Flock Safety gnp.exe")
    assert not set(page.body) & set("\u202e\u2066")
    assert inline(page) == []


@pytest.mark.parametrize("url", ["javascript:alert(1)", "//evil.example", "https://a@evil.example/"])
def test_a_source_with_such_an_address_is_one_without(sessions: Sessions, visitor: Visitor, url: str) -> None:
    with sessions.begin() as session:
        row = JurisdictionRow(key=SEATTLE, name="Seattle", kind="city", population=1, population_source=url)
        session.add_all([row, SourceRow(key="src-1", url=url, title="x")])
    page = visitor.get(f"/jurisdictions/{SEATTLE}")
    assert url not in page.links
    assert url in page.text


def test_no_address_makes_a_page_fail(sessions: Sessions, visitor: Visitor) -> None:
    with sessions.begin() as session:
        session.add(JurisdictionRow(key=SEATTLE, name="Seattle", kind="city"))
        add_mention(session)
    answers = {path: visitor.get(path).status for path in ODD_PATHS}
    assert {path: status for path, status in answers.items() if status not in {200, 400, 404, 422}} == {}


def test_no_form_makes_a_page_fail(sessions: Sessions, editor: Visitor) -> None:
    with sessions.begin() as session:
        add_mention(session)
        add_correction(session)
    answers = [(path, editor.post(path, **form).status) for path, form in ODD_FORMS]
    assert [(path, status) for path, status in answers if status >= 500] == []


@pytest.mark.parametrize(
    "query",
    [
        "_external=1&_scheme=javascript",
        "_anchor=%22%3E%3Cscript%3E",
        "_method=POST",
        "endpoint=review.queue",
        "values=1&self=1",
        "jurisdiction=seattle%26state%3Dx",
    ],
)
def test_a_link_to_the_next_page_is_made_of_our_own_filters(app: Flask, sessions: Sessions, query: str) -> None:
    with sessions.begin() as session:
        feed = add_feed(session)
        for _ in range(51):
            add_mention(session, item_id=add_item(session, feed_id=feed.id).id, jurisdiction="seattle&state=x")
    page = Visitor(app).get(f"/mentions/?{query}")
    assert page.status == 200
    older = page.main.by_class("action")[-1].attributes["href"]
    assert older.startswith("/mentions/?")
    assert Visitor(app).get(older).text.count("Council to vote") == 1


def test_a_decided_mention_is_the_same_however_its_number_is_written(sessions: Sessions, editor: Visitor) -> None:
    with sessions.begin() as session:
        add_mention(session)
    editor.get(editor.submit("/review/", "/review/1/confirm").location)
    texts = {editor.get(path).text for path in ("/mentions/1", "/mentions/001", "/mentions/%D9%A1")}
    assert len(texts) == 1
    with sessions() as session:
        assert session.get_one(MentionRow, 1).decided_at == NOW


def test_a_watched_place_outside_the_record_has_a_page_that_says_so(sessions: Sessions, visitor: Visitor) -> None:
    with sessions.begin() as session:
        feed = add_council(session)
        add_mention(session, item_id=add_item(session, feed_id=feed.id).id)
    pages = [visitor.get(path) for path in ("/", "/mentions/", "/mentions/1", "/feeds/seattle-legistar")]
    links = {link for page in pages for link in page.links if link.startswith("/jurisdictions/ocd")}
    place = visitor.get(links.pop())
    assert (links, place.status) == (set(), 200)
    assert "No policy is recorded." in place.text


def test_a_place_that_nothing_speaks_of_has_no_page(visitor: Visitor) -> None:
    assert visitor.get("/jurisdictions/ocd-division/country:us/state:or/place:portland").status == 404

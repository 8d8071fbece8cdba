"""Tests of services/read_documents.py: documents behind items are fetched once, read, matched, and told honestly."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select, update

from oversight.children import ChildFailed, ChildOutOfMemory, ChildPool, ChildTimeout
from oversight.domain.document import page_at
from oversight.domain.feed import Outcome
from oversight.domain.fingerprint import digest
from oversight.domain.mention import MentionState
from oversight.outbound.robots import RobotsCache
from oversight.services.examine import PRELOAD
from oversight.services.read_documents import TRIES, Librarian, read_documents, shelved
from oversight.services.rerun import Rerun, begin, preview
from oversight.storage.engine import Sessions, reading
from oversight.storage.models import DetectorChangeRow, DocumentRow, FeedRow, ItemRow, MentionRow
from oversight.storage.pauses import pause_host, paused_hosts
from tests.documents.make import docx, encrypted, paragraph, pdf, scan
from tests.factories import (
    ALPR_TITLE,
    NOW,
    PLAIN_TITLE,
    SEATTLE,
    add_council,
    add_document,
    add_item,
    add_meeting,
    add_mention,
)
from tests.fakes import FixedClock, InlineChildren
from tests.services.rude_web import RudeWeb

SITE = "https://files.example.org"
REPORT, PACKET = f"{SITE}/report.pdf", f"{SITE}/packet.pdf"
HOUR, MINUTE = timedelta(hours=1), timedelta(minutes=1)
COVER = "Summary of the memorandum. It has three pages and one map."
SECRET = "The vendor supplies automated license plate readers from Flock Safety for $250,000."
LAST = "The agreement ends after two years."


class Library:
    """A council's documents, a site that can be rude, and a librarian who reads them in this process."""

    def __init__(self, sessions: Sessions) -> None:
        self.sessions = sessions
        self.web, self.children, self.clock = RudeWeb(), InlineChildren(), FixedClock(NOW)
        self.web.answer(f"{SITE}/robots.txt", "User-agent: *\nDisallow: /closed/\n")
        self.web.answer(REPORT, pdf(COVER, SECRET, LAST), headers={"content-type": "application/pdf"})
        self.robots = RobotsCache(self.web.fetch, clock=lambda: self.clock().timestamp())

    def librarian(self, **changes: Any) -> Librarian:
        given = {"children": self.children, "robots": self.robots} | changes
        return Librarian(self.sessions, self.web, now=self.clock, **given)

    def read(self, **changes: Any) -> int:
        """Read what is due, and start the list of what was asked anew."""
        self.web.forget()
        return read_documents(self.librarian(**changes))

    def add(self, **changes: Any) -> None:
        """A document that is due, of a plain item of the council unless told otherwise."""
        with self.sessions.begin() as session:
            feed = session.scalars(select(FeedRow)).first() or add_council(session, last_item_at=NOW)
            if "item_id" not in changes:
                changes["item_id"] = add_item(session, feed_id=feed.id, title=PLAIN_TITLE, excerpt="").id
            add_document(session, **({"feed_id": feed.id, "url": REPORT, "due_at": NOW} | changes))

    def only(self, entity: type[Any] = DocumentRow) -> Any:
        (found,) = self.every(entity)
        return found

    def every(self, entity: type[Any]) -> list[Any]:
        with reading(self.sessions) as session:
            return list(session.scalars(select(entity).order_by(entity.id)))

    @property
    def fetched(self) -> list[str]:
        """The documents that were asked for."""
        return [url for url in self.web.asked if not url.endswith("/robots.txt")]


@pytest.fixture
def library(sessions: Sessions) -> Library:
    """A library without a document."""
    return Library(sessions)


@pytest.fixture(scope="module")
def children() -> Iterator[ChildPool]:
    """One real child process."""
    with ChildPool(1, preload=PRELOAD) as pool:
        yield pool


def end(library: Library) -> tuple[str, str | None]:
    row = library.only()
    return row.state, row.reason


# What is read


def test_a_wanted_document_is_read_once(library: Library) -> None:
    library.add()
    assert library.read() == 1
    assert (library.fetched, end(library)) == ([REPORT], ("read", None))
    library.clock.advance(days=90)
    assert (library.read(), library.fetched) == (0, [])


def test_what_was_read_is_told_with_its_size_hash_and_pages(library: Library) -> None:
    library.add(media_type=None)
    library.read()
    row, body = library.only(), pdf(COVER, SECRET, LAST)
    assert (row.size, row.content_hash, row.page_count) == (len(body), digest(body), 3)
    assert (row.media_type, row.is_ocr, row.stored_as, row.read_at) == ("application/pdf", False, None, NOW)
    assert row.pages == [0, len(COVER) + 2, len(COVER) + 2 + len(SECRET) + 2]


@pytest.mark.parametrize(
    ("url", "is_strangers"), [(REPORT, True), ("https://webapi.legistar.com/v1/seattle/report.pdf", False)]
)
def test_only_where_its_feed_lies_may_a_document_be_at_a_private_host(
    library: Library, url: str, is_strangers: bool
) -> None:
    library.add(url=url)
    library.read(robots=None)
    assert [payload.is_strangers for payload in library.web.payloads[url]] == [is_strangers]


@pytest.mark.parametrize(
    "changes",
    [{"wanted": None, "due_at": None}, {"due_at": NOW + MINUTE}, {"state": "read"}, {"state": "refused"}],
    ids=["unwanted", "not due", "read", "refused"],
)
def test_nothing_else_is_fetched(library: Library, changes: dict[str, Any]) -> None:
    library.add(**changes)
    assert (library.read(), library.web.asked) == (0, [])


def test_documents_of_a_feed_that_was_switched_off_are_not_fetched(library: Library) -> None:
    library.add()
    with library.sessions.begin() as session:
        session.execute(update(FeedRow).values(is_enabled=False))
    assert (library.read(), library.web.asked) == (0, [])


def test_only_so_many_are_read_at_once_and_the_longest_waiting_first(library: Library) -> None:
    for number, minutes in enumerate((0, 30, 10)):
        library.add(url=f"{SITE}/{number}.pdf", due_at=NOW - minutes * MINUTE)
    assert read_documents(library.librarian(), most=2) == 2
    assert sorted(library.fetched) == [f"{SITE}/1.pdf", f"{SITE}/2.pdf"]


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        (docx(paragraph(SECRET)), "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
        (f"<!DOCTYPE html><html><body><p>{SECRET}</p></body></html>".encode(), "text/html"),
        (SECRET.encode(), "text/plain"),
    ],
    ids=["docx", "html", "text"],
)
def test_documents_of_other_kinds_are_read_too(library: Library, body: bytes, kind: str) -> None:
    url = f"{SITE}/download?id=7"
    library.web.answer(url, body)
    library.add(url=url, media_type=None)
    library.read()
    assert (end(library), library.only().media_type) == (("read", None), kind)
    assert library.only(MentionRow).text == SECRET


# The mention that a document makes


def test_its_words_make_the_item_a_mention_with_evidence_on_the_right_page(library: Library) -> None:
    library.add()
    library.read()
    mention, row = library.only(MentionRow), library.only()
    assert (mention.item_id, row.mention_id, mention.state) == (row.item_id, mention.id, MentionState.PENDING)
    assert (mention.title, mention.text) == (PLAIN_TITLE, f"{COVER}\n\n{SECRET}\n\n{LAST}")
    assert (mention.jurisdiction, mention.vendors) == (SEATTLE, ["Flock Safety"])
    found = [one for one in mention.evidence if one["field"] == "text"]
    pages = [page_at(row.pages, one["start"]) for one in found]
    assert all(mention.text[one["start"] : one["end"]] == one["text"] for one in found)
    assert all(one["text"] in (COVER, SECRET, LAST)[page - 1] for one, page in zip(found, pages, strict=True))
    assert {page for one, page in zip(found, pages, strict=True) if one["signal"] == "technology:alpr"} == {2}


def test_a_child_reads_and_matches_it(library: Library, children: ChildPool) -> None:
    library.add()
    library.read(children=children)
    assert library.only(MentionRow).vendors == ["Flock Safety"]
    assert library.only().mention_id == library.only(MentionRow).id


def test_an_item_that_is_a_mention_already_gets_no_second_one(library: Library) -> None:
    library.add()
    with library.sessions.begin() as session:
        mention = add_mention(session, item_id=session.scalars(select(ItemRow.id)).one(), text="Its own words.")
    library.read()
    assert (library.only(MentionRow).id, library.only(MentionRow).text) == (mention.id, "Its own words.")
    assert (end(library), library.only().mention_id) == (("read", None), None)


def test_a_document_brings_a_withdrawn_mention_back_in_its_own_words(library: Library) -> None:
    library.add()
    with library.sessions.begin() as session:
        add_mention(session, item_id=library.only(ItemRow).id, state=MentionState.WITHDRAWN.value)
    library.read()
    mention = library.only(MentionRow)
    assert (mention.state, SECRET in mention.text) == ("pending", True)
    assert library.only().mention_id == mention.id


def test_what_made_a_mention_makes_it_again(library: Library, children: ChildPool, clock: FixedClock) -> None:
    library.add(item_id=None)
    library.read()
    version = library.only(MentionRow).detector
    work = Rerun(library.sessions, children, version, clock)
    run = preview(work, begin(work))
    assert (run.counts["mentions"], run.state) == (1, "previewed")
    assert library.every(DetectorChangeRow) == []


def test_two_documents_of_one_item_make_one_mention(library: Library) -> None:
    library.add()
    library.web.answer(PACKET, pdf(SECRET))
    library.add(url=PACKET, item_id=library.only(ItemRow).id)
    assert library.read() == 2
    (mention,) = library.every(MentionRow)
    assert [row.mention_id for row in library.every(DocumentRow)].count(mention.id) == 1


def test_a_document_about_something_else_makes_no_mention(library: Library) -> None:
    library.web.answer(REPORT, pdf(COVER))
    library.add()
    library.read()
    assert (end(library), library.every(MentionRow), library.only().mention_id) == (("read", None), [], None)


def test_a_packet_of_a_meeting_becomes_an_item_of_its_own(library: Library) -> None:
    library.web.answer(PACKET, pdf(COVER, SECRET))
    with library.sessions.begin() as session:
        feed = add_council(session)  # it never published an item
        meeting = add_meeting(session, feed_id=feed.id)
    library.add(url=PACKET, title="Agenda packet", item_id=None, meeting_id=meeting.id)
    library.read()
    item, mention = library.only(ItemRow), library.only(MentionRow)
    assert (item.title, item.url, item.meeting_id, mention.item_id) == ("Agenda packet", PACKET, meeting.id, item.id)
    assert library.only().mention_id == mention.id


def test_a_packet_that_two_processes_read_makes_one_item_and_one_mention(library: Library) -> None:
    library.web.answer(PACKET, pdf(SECRET))
    with library.sessions.begin() as session:
        add_council(session)
    library.add(url=PACKET, title=None, item_id=None)
    other = Library(library.sessions)
    other.web.answer(PACKET, pdf(SECRET))
    other.clock.advance(hours=1)  # it thinks that the first one gave up
    library.web.before = lambda: None if library.web.asked else other.read()
    library.read()
    assert (len(other.fetched), library.fetched) == (1, [PACKET])
    assert (library.only(ItemRow).title, len(library.every(MentionRow))) == ("Document of the meeting", 1)


def test_a_packet_about_nothing_makes_no_item(library: Library) -> None:
    library.web.answer(PACKET, pdf(COVER))
    with library.sessions.begin() as session:
        add_council(session)
    library.add(url=PACKET, item_id=None)
    library.read()
    assert (end(library), library.every(ItemRow)) == (("read", None), [])


# What cannot be read is said


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        (scan("", ""), "scanned: 2 pages without text"),
        (encrypted(pdf(SECRET), password="secret"), "encrypted"),
        (pdf(), "it holds no text"),
        (b"GIF89a and more", "not read: GIF image"),
        (b"   ", "empty"),
    ],
    ids=["scanned", "encrypted", "no pages", "picture", "empty"],
)
def test_an_unreadable_document_says_why_and_is_not_asked_for_again(library: Library, body: bytes, reason: str) -> None:
    library.web.answer(REPORT, body)
    library.add()
    library.read()
    state, said = end(library)
    assert (state, library.every(MentionRow), library.only().due_at) == ("unreadable", [], None)
    assert said and (said == reason or body == pdf())
    library.clock.advance(days=90)
    assert library.read() == 0


@pytest.mark.parametrize(
    "error", [ChildFailed("the child process died with -11"), ChildTimeout("not finished"), ChildOutOfMemory("too big")]
)
def test_a_child_that_dies_leaves_an_unreadable_document_and_the_others_are_read(
    library: Library, error: Exception
) -> None:
    library.children.fail_next(error)
    library.add()
    library.web.answer(PACKET, pdf(SECRET))
    library.add(url=PACKET)
    assert library.read() == 2
    ends = {(row.state, row.reason) for row in library.every(DocumentRow)}
    assert ends == {("unreadable", str(error)), ("read", None)}


def test_what_a_parser_says_of_its_failure_can_be_stored(library: Library) -> None:
    library.children.fail_next(ChildFailed("LookupError: \x00\ud800 " + "x" * 900))
    library.add()
    library.read()
    assert end(library)[1] == ("LookupError: " + "x" * 900)[:300]


# What cannot be fetched


@pytest.mark.parametrize(
    "outcome", [Outcome.TOO_LARGE, Outcome.BLOCKED_ADDRESS, Outcome.REDIRECT_LOOP, Outcome.DECODE_ERROR]
)
def test_a_document_that_is_of_no_use_is_refused_at_once(library: Library, outcome: Outcome) -> None:
    library.web.fail(REPORT, outcome)
    library.add()
    library.read()
    assert end(library) == ("refused", f"the fake site fails with {outcome}")
    library.clock.advance(days=90)
    assert library.read() == 0


@pytest.mark.parametrize("status", [401, 403, 404, 410])
def test_a_document_that_is_not_there_is_refused_at_once(library: Library, status: int) -> None:
    library.web.refuse(REPORT, status)
    library.add()
    library.read()
    assert end(library) == ("refused", f"the server answered with status {status}")


def test_a_document_that_robots_txt_closes_is_never_asked_for(library: Library) -> None:
    library.add(url=f"{SITE}/closed/report.pdf")
    library.read()
    assert (library.fetched, end(library)) == ([], ("refused", "robots.txt: robots.txt forbids it"))


def test_where_robots_are_not_heeded_nobody_asks_for_robots_txt(library: Library) -> None:
    library.add()
    library.read(robots=None)
    assert (library.web.asked, library.only().state) == ([REPORT], "read")


@pytest.mark.parametrize("outcome", [Outcome.TIMEOUT, Outcome.CONNECTION_ERROR, Outcome.TRUNCATED])
def test_what_may_pass_is_tried_again_four_times_and_later_each_time(library: Library, outcome: Outcome) -> None:
    library.web.fail(REPORT, outcome)
    library.add()
    waits = []
    while library.read():
        row = library.only()
        if row.state == "waiting":
            waits.append(row.due_at - library.clock())
            library.clock.moment = row.due_at - MINUTE
            assert library.read() == 0
            library.clock.moment = row.due_at
    assert waits == [HOUR, 2 * HOUR, 4 * HOUR, 8 * HOUR]
    assert (len(waits), end(library)) == (TRIES, ("refused", f"the fake site fails with {outcome}"))


def test_a_document_that_comes_at_last_is_read(library: Library) -> None:
    library.web.refuse(REPORT, 500)
    library.add()
    library.read()
    assert end(library) == ("waiting", "the server answered with status 500")
    library.web.please(REPORT)
    library.clock.advance(hours=1)
    library.read()
    assert (end(library), len(library.every(MentionRow))) == (("read", None), 1)


# Sites that want to be left in peace (SAFETY B11)


def test_a_site_that_asks_for_peace_is_left_in_peace_by_every_process(library: Library) -> None:
    library.web.refuse(REPORT, 429, "7200")
    library.add()
    library.read()
    assert (library.only().state, library.only().due_at) == ("waiting", NOW + 2 * HOUR)
    with reading(library.sessions) as session:
        assert paused_hosts(session, now=NOW) == {"example.org": NOW + 2 * HOUR}


def test_a_site_that_is_to_be_left_in_peace_is_not_asked_for_documents(library: Library) -> None:
    with library.sessions.begin() as session:
        pause_host(session, "example.org", until=NOW + HOUR, reason="429")
    library.add()
    library.read()
    assert (library.web.asked, library.only().due_at, library.only().tries) == ([], NOW + HOUR, 0)
    library.clock.advance(hours=1)
    library.read()
    assert library.only().state == "read"


# A process that stops


def test_a_stop_leaves_the_documents_due_again_after_a_quarter_of_an_hour(library: Library) -> None:
    library.add()
    librarian = library.librarian()
    librarian.stop.set()
    assert (read_documents(librarian), library.web.asked, library.only().state) == (0, [], "waiting")
    library.clock.advance(minutes=14)
    assert library.read() == 0
    library.clock.advance(minutes=1)
    assert (library.read(), library.only().state) == (1, "read")


def test_a_stop_in_between_loses_and_doubles_nothing(library: Library) -> None:
    for number in range(12):
        library.web.answer(f"{SITE}/{number}.pdf", pdf(SECRET))
        library.add(url=f"{SITE}/{number}.pdf")
    librarian = library.librarian()
    library.web.before = librarian.stop.set
    first = read_documents(librarian)
    assert 0 < first < 12
    library.clock.advance(minutes=15)
    assert library.read() == 12 - first
    assert [row.state for row in library.every(DocumentRow)] == ["read"] * 12
    assert len(library.every(MentionRow)) == 12


def test_what_another_process_reads_is_not_taken(library: Library) -> None:
    library.add()
    other = Library(library.sessions)
    library.web.before = lambda: None if library.web.asked else other.read()
    assert (library.read(), other.web.asked) == (1, [])


def test_an_unexpected_error_is_raised_after_the_others_were_read(library: Library) -> None:
    library.add()
    library.web.answer(PACKET, pdf(SECRET))
    library.add(url=PACKET)
    library.children.fail_next(ZeroDivisionError("nobody expected this"))
    with pytest.raises(ZeroDivisionError):
        library.read()
    assert sorted(row.state for row in library.every(DocumentRow)) == ["read", "waiting"]


# Copies


def test_a_copy_is_kept_under_its_hash_where_a_shelf_is_set(library: Library, tmp_path: Path) -> None:
    library.add()
    library.read(shelf=tmp_path / "shelf")
    stored = library.only().stored_as
    assert stored == f"{digest(pdf(COVER, SECRET, LAST))[:2]}/{digest(pdf(COVER, SECRET, LAST))}"
    assert (tmp_path / "shelf" / stored).read_bytes() == pdf(COVER, SECRET, LAST)
    assert len([one for one in (tmp_path / "shelf").rglob("*") if one.is_file()]) == 1


def test_the_same_bytes_are_kept_once(library: Library, tmp_path: Path) -> None:
    library.web.answer(PACKET, pdf(COVER, SECRET, LAST))
    library.add()
    library.add(url=PACKET)
    library.read(shelf=tmp_path / "shelf")
    assert len({row.stored_as for row in library.every(DocumentRow)}) == 1
    assert len([one for one in (tmp_path / "shelf").rglob("*") if one.is_file()]) == 1


def test_threads_that_keep_the_same_bytes_are_not_in_each_others_way(library: Library, tmp_path: Path) -> None:
    librarian = library.librarian(shelf=tmp_path / "shelf")
    bodies = [str(number).encode() for number in range(200) for _ in range(8)]
    with ThreadPoolExecutor(8) as threads:
        stored = list(threads.map(lambda body: shelved(librarian, body), bodies))
    assert stored == [f"{digest(body)[:2]}/{digest(body)}" for body in bodies]
    assert len([one for one in (tmp_path / "shelf").rglob("*") if one.is_file()]) == 200


def test_a_document_is_read_where_its_copy_cannot_be_kept(library: Library, tmp_path: Path) -> None:
    (tmp_path / "shelf").write_text("a file, where a folder should be")
    library.add()
    library.read(shelf=tmp_path / "shelf")
    assert end(library) == ("read", None)
    assert (library.only().stored_as, len(library.every(MentionRow))) == (None, 1)


def test_an_unreadable_document_is_kept_too(library: Library, tmp_path: Path) -> None:
    library.web.answer(REPORT, scan(""))
    library.add()
    library.read(shelf=tmp_path / "shelf")
    assert library.only().stored_as == f"{digest(scan(''))[:2]}/{digest(scan(''))}"


def test_the_title_of_the_item_counts_with_the_words_of_the_document(library: Library) -> None:
    with library.sessions.begin() as session:
        feed = add_council(session)
        item = add_item(session, feed_id=feed.id, title=ALPR_TITLE)
    library.web.answer(REPORT, pdf(COVER))
    library.add(item_id=item.id)
    library.read()
    assert {one["field"] for one in library.only(MentionRow).evidence} >= {"title"}

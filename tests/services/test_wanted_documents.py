"""Tests of which documents behind items are wanted, through the real collector; nobody fetches the others."""

from typing import Any

import pytest
from sqlalchemy import select, update

from oversight.domain.mention import MentionState
from oversight.services.read_documents import Librarian, read_documents
from oversight.services.watch_matter import watch_matter
from oversight.storage.models import DocumentRow, MatterRow, MentionRow
from tests.documents.make import pdf
from tests.factories import ALPR_TITLE, PLAIN_TITLE
from tests.services.townhall import Row, Townhall, attachment, entry

FIRST, SECOND = "https://files.example.org/first.pdf", "https://files.example.org/second.pdf"
SECRET = "The vendor supplies automated license plate readers from Flock Safety for $250,000."


def item(number: int, title: str, *attachments: Row, **changes: Any) -> Row:
    """A row of an agenda with documents."""
    return entry(number, title, EventItemMatterAttachments=list(attachments), **changes)


def wanted(townhall: Townhall) -> dict[str, str | None]:
    return {row.url: row.wanted for row in townhall.documents}


def read(townhall: Townhall) -> list[str]:
    """Read what is due; what was fetched."""
    poller = townhall.poller
    poller.web.forget()
    read_documents(Librarian(poller.sessions, poller.web, poller.children, poller.clock))  # type: ignore[arg-type]
    return list(poller.web.asked)


def watch(townhall: Townhall, *, is_watched: bool = True) -> None:
    with townhall.poller.sessions.begin() as session:
        (matter_id,) = session.scalars(select(MatterRow.id))
        watch_matter(session, matter_id, is_watched=is_watched, actor="ada", now=townhall.poller.clock())


# Why a document is wanted


@pytest.mark.parametrize(
    ("title", "name", "body", "reason"),
    [
        ("Agreement with the Police Department", "Exhibit A", "City Council", 'its title says "police"'),
        (PLAIN_TITLE, "Quote for CAMERAS", "City Council", 'its title says "cameras"'),
        (PLAIN_TITLE, "Exhibit A", "Public Safety Committee", 'its body is "public safety"'),
        (ALPR_TITLE, "Exhibit A", "City Council", "belongs to a mention"),
        (PLAIN_TITLE, "Exhibit A", "City Council", None),
        (PLAIN_TITLE, "Policed by nobody", "Library Board", None),
    ],
    ids=["item's title", "document's title", "body", "mention", "nothing", "part of a word"],
)
def test_a_document_is_wanted_for_a_reason(
    townhall: Townhall, title: str, name: str, body: str, reason: str | None
) -> None:
    townhall.meet(1, "2026-12-01", item(1, title, attachment(FIRST, name)), EventBodyName=body)
    townhall.poll()
    (row,) = townhall.documents
    assert (row.wanted, row.due_at is not None, row.state) == (reason, reason is not None, "waiting")
    assert (row.title, row.item_id) == (name, townhall.item(1).id)


def test_an_unwanted_document_is_listed_and_never_fetched(townhall: Townhall) -> None:
    townhall.meet(1, "2026-12-01", item(1, PLAIN_TITLE, attachment(FIRST)))
    townhall.poll()
    assert (wanted(townhall), read(townhall)) == ({FIRST: None}, [])


def test_a_document_is_found_once_however_often_its_agenda_is_read(townhall: Townhall) -> None:
    for text in ("", "More.", "Still more."):
        townhall.meet(1, "2026-12-01", item(1, ALPR_TITLE, attachment(FIRST), EventItemAgendaNote=text))
        townhall.poll()
    assert wanted(townhall) == {FIRST: "belongs to a mention"}


def test_one_file_behind_two_items_is_read_if_one_of_them_wants_it(townhall: Townhall) -> None:
    shared = attachment(FIRST, "Exhibit A")
    townhall.meet(1, "2026-12-01", item(1, ALPR_TITLE, shared), item(2, PLAIN_TITLE, shared))
    townhall.poll()
    (row,) = townhall.documents
    assert (row.wanted, row.item_id) == ("belongs to a mention", townhall.item(1).id)


# Reasons that come later


def test_a_document_is_wanted_when_its_item_becomes_a_mention(townhall: Townhall) -> None:
    townhall.meet(1, "2026-12-01", item(1, PLAIN_TITLE, attachment(FIRST)))
    townhall.poll()
    townhall.agenda(1, item(1, ALPR_TITLE, attachment(FIRST)))
    townhall.poll()
    (row,) = townhall.documents
    assert (row.wanted, row.due_at) == ("belongs to a mention", townhall.poller.clock())


def test_a_new_document_of_an_item_that_another_document_made_a_mention_is_wanted(townhall: Townhall) -> None:
    townhall.poller.web.answer(FIRST, pdf(SECRET))
    townhall.meet(1, "2026-12-01", item(1, PLAIN_TITLE, attachment(FIRST, "Police memorandum")))
    townhall.poll()
    assert read(townhall) == [FIRST]
    townhall.agenda(1, item(1, PLAIN_TITLE, attachment(FIRST, "Police memorandum"), attachment(SECOND)))
    townhall.poll()
    assert wanted(townhall)[SECOND] == "belongs to a mention"


def test_a_document_of_a_dismissed_mention_is_not_wanted_for_that(townhall: Townhall) -> None:
    townhall.poller.web.answer(FIRST, pdf(SECRET))
    townhall.meet(1, "2026-12-01", item(1, PLAIN_TITLE, attachment(FIRST, "Police memorandum")))
    townhall.poll()
    read(townhall)
    with townhall.poller.sessions.begin() as session:
        session.execute(update(MentionRow).values(state=MentionState.DISMISSED.value))
    townhall.agenda(1, item(1, PLAIN_TITLE, attachment(SECOND)))
    townhall.poll()
    assert wanted(townhall)[SECOND] is None


def test_a_document_that_was_read_is_not_read_again_for_another_reason(townhall: Townhall) -> None:
    townhall.poller.web.answer(FIRST, pdf(SECRET))
    townhall.meet(1, "2026-12-01", item(1, PLAIN_TITLE, attachment(FIRST, "Police memorandum")))
    townhall.poll()
    assert read(townhall) == [FIRST]
    townhall.agenda(1, item(1, ALPR_TITLE, attachment(FIRST, "Police memorandum")))
    townhall.poll()
    assert (read(townhall), townhall.documents[0].state) == ([], "read")


# Watched matters


FILED = {"EventItemMatterFile": "CB 1"}


def test_a_document_of_a_watched_matter_is_wanted(townhall: Townhall) -> None:
    townhall.meet(1, "2026-12-01", item(1, PLAIN_TITLE, **FILED))
    townhall.poll()
    watch(townhall)
    townhall.meet(
        2, "2026-12-08", item(2, PLAIN_TITLE, attachment(FIRST), **FILED), item(3, "Parks", attachment(SECOND))
    )
    townhall.poll()
    assert wanted(townhall) == {FIRST: "its matter is watched", SECOND: None}


def test_known_documents_are_wanted_as_soon_as_somebody_watches_their_matter(townhall: Townhall) -> None:
    townhall.poller.web.answer(FIRST, pdf(SECRET))
    townhall.meet(1, "2026-12-01", item(1, PLAIN_TITLE, attachment(FIRST), **FILED))
    townhall.poll()
    assert read(townhall) == []
    watch(townhall)
    assert (wanted(townhall), read(townhall)) == ({FIRST: "its matter is watched"}, [FIRST])
    assert [mention.item_id for mention in townhall.mentions] == [townhall.item(1).id]


def test_a_matter_that_nobody_watches_any_more_wants_no_new_documents(townhall: Townhall) -> None:
    townhall.meet(1, "2026-12-01", item(1, PLAIN_TITLE, **FILED))
    townhall.poll()
    watch(townhall)
    watch(townhall, is_watched=False)
    townhall.agenda(1, item(1, PLAIN_TITLE, attachment(FIRST), **FILED))
    townhall.poll()
    assert wanted(townhall) == {FIRST: None}


# A mention whose evidence stood in a document


def test_when_the_item_s_own_words_take_over_the_document_no_longer_holds_the_evidence(townhall: Townhall) -> None:
    townhall.poller.web.answer(FIRST, pdf(SECRET))
    townhall.meet(1, "2026-12-01", item(1, PLAIN_TITLE, attachment(FIRST, "Police memorandum")))
    townhall.poll()
    read(townhall)
    assert townhall.documents[0].mention_id == townhall.mentions[0].id
    townhall.agenda(1, item(1, ALPR_TITLE, attachment(FIRST, "Police memorandum")))
    townhall.poll()
    (mention,) = townhall.mentions
    assert (mention.title, mention.text, townhall.documents[0].mention_id) == (ALPR_TITLE, "", None)


def test_an_edit_without_words_of_its_own_leaves_the_evidence_in_the_document(townhall: Townhall) -> None:
    townhall.poller.web.answer(FIRST, pdf(SECRET))
    townhall.meet(1, "2026-12-01", item(1, PLAIN_TITLE, attachment(FIRST, "Police memorandum")))
    townhall.poll()
    read(townhall)
    townhall.agenda(1, item(1, f"{PLAIN_TITLE}, revised", attachment(FIRST, "Police memorandum")))
    townhall.poll()
    (mention,), (row,) = townhall.mentions, townhall.rows(DocumentRow)
    assert (mention.text, row.mention_id) == (SECRET, mention.id)

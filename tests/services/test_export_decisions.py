"""Tests of services/export_decisions.py: what editors decided, and nothing about who they are."""

import json
import stat
from pathlib import Path

import pytest

from oversight.domain.labelled import labelled_document
from oversight.services.export_decisions import decisions, write_private
from oversight.services.review import confirm, dismiss
from oversight.storage.engine import Sessions
from tests.factories import NOW, SEATTLE, add_council, add_document, add_item, add_mention

WHO = {"reviewer": "editor@example.org", "now": NOW}


@pytest.fixture
def decided(sessions: Sessions) -> None:
    """A confirmed mention of a council, a dismissed one, and one that nobody decided."""
    with sessions.begin() as session:
        council = add_council(session)
        first = add_mention(session, item_id=add_item(session, feed_id=council.id, kind="agenda_item").id)
        second, _ = add_mention(session, text="Write to clerk@city.example.gov."), add_mention(session)
        ids = first.id, second.id
    with sessions.begin() as session:
        confirm(session, ids[0], reason="a contract", **WHO)
        dismiss(session, ids[1], reason="asked ann@city.example.gov: only a test", **WHO)


@pytest.mark.usefixtures("decided")
def test_each_decision_is_a_labelled_document(sessions: Sessions) -> None:
    yes, no = decisions(sessions)
    assert (yes["kind"], yes["feed_jurisdiction"], yes["labels"]["relevant"]) == ("agenda_item", SEATTLE, True)
    assert (yes["labels"]["technologies"], yes["labels"]["vendors"]) == (["alpr"], ["Flock Safety"])
    assert (yes["labels"]["stage"], yes["labels"]["notes"]) == ("contract", "a contract")
    assert (no["labels"]["relevant"], no["labels"]["technologies"], no["labels"]["stage"]) == (False, [], None)


@pytest.mark.usefixtures("decided")
def test_the_detector_can_be_judged_by_them(sessions: Sessions) -> None:
    read = [labelled_document(json.loads(json.dumps(one))) for one in decisions(sessions)]
    assert [one.labels.is_relevant for one in read] == [True, False]
    assert read[0].labels.modes is None  # nobody decided about those


@pytest.mark.usefixtures("decided")
def test_no_address_and_no_editor_is_in_it(sessions: Sessions) -> None:
    text = json.dumps(list(decisions(sessions)))
    assert "@" not in text
    assert "editor" not in text.replace("decision of an editor", "")
    assert "Write to [address]." in text


def test_a_mention_of_a_document_is_told_in_the_documents_words(sessions: Sessions) -> None:
    with sessions.begin() as session:
        item = add_item(session)
        mention = add_mention(session, item_id=item.id, text="page one", state="confirmed")
        add_document(
            session, feed_id=item.feed_id, item_id=item.id, mention_id=mention.id, url="https://x.example/1.pdf"
        )
    (one,) = decisions(sessions)
    assert (one["text"], one["url"], one["kind"]) == ("page one", "https://x.example/1.pdf", "agenda_item")


def test_only_the_owner_may_read_the_file(tmp_path: Path) -> None:
    file = tmp_path / "decisions.jsonl"
    file.write_text("older, and open to all")
    file.chmod(0o644)
    assert write_private(file, iter([{"id": "1"}, {"id": "2"}])) == 2
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert [json.loads(line)["id"] for line in file.read_text().splitlines()] == ["1", "2"]


def test_a_file_that_cannot_be_finished_leaves_the_older_one(tmp_path: Path) -> None:
    def breaks():
        yield {"id": "1"}
        raise RuntimeError("the database goes away")

    file = tmp_path / "decisions.jsonl"
    file.write_text("older")
    with pytest.raises(RuntimeError):
        write_private(file, breaks())
    assert [(path.name, path.read_text()) for path in tmp_path.iterdir()] == [("decisions.jsonl", "older")]


def test_what_the_file_would_replace_is_not_followed(tmp_path: Path) -> None:
    other = tmp_path / "other"
    other.write_text("somebody's")
    (tmp_path / "link").symlink_to(other)
    write_private(tmp_path / "link", iter([{"id": "1"}]))
    assert other.read_text() == "somebody's"

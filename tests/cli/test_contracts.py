"""docs/contracts.md names every field that commands print for programs, and no other."""

import json
from collections.abc import Mapping
from dataclasses import asdict
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from oversight.cli import audit, check_links
from oversight.cli.detector import rerun
from oversight.domain.audit import Fault, Head
from oversight.domain.evaluation import Fault as Mistake
from oversight.domain.feed import Outcome
from oversight.domain.health import Health
from oversight.domain.link_check import Link, Look
from oversight.domain.mention import Amount, DateRole, NamedDate
from oversight.domain.reading import Days, Document, Matter, MatterStep, MeetingStatus, Reading
from oversight.domain.record import LinkState
from oversight.domain.rerun import ChangeKind, ChangeState, RunState
from oversight.services.audit import Verdict
from oversight.services.check_links import Looked
from oversight.services.evaluate import PUBLISHED
from oversight.services.recognise import Recognition
from oversight.services.show import reading_as_contract, summary_as_contract, trial_as_json
from oversight.services.summary import Summary
from oversight.services.try_feed import Asked, Trial
from oversight.storage.links import DueLink
from oversight.storage.models import DetectorRunRow
from oversight.storage.queries.reruns import ChangeLine
from tests.factories import ALPR_TITLE, SEATTLE, make_detection, make_item, make_meeting

from .contracts import DOCUMENT, documented

FIELDS = documented()
WORDS = DOCUMENT.read_text("utf-8")
READING = Reading(
    items=(make_item(), make_item(uid="i-1", meeting_uid="event-1", matter_file="CB 1")),
    meetings=(make_meeting(),),
    matters=(Matter("CB 1", "An ordinance", None, None),),
    steps=(MatterStep("CB 1", "s-1", None, None, "referred"),),
    documents=(Document("https://example.org/a.pdf", None, None),),
    covers=Days(date(2026, 11, 1), date(2026, 11, 30)),
)
DETECTION = make_detection(
    amount=Amount("120000", "USD"), dates=(NamedDate("2027-01-01", DateRole.BEGINS, "January 1, 2027"),)
)
TRIAL = Trial(
    Recognition("rss", "https://example.org/feed", "its address", False), Outcome.OK, None,
    (Asked("https://example.org/feed", 200, 1),), READING, ((make_item(), DETECTION),), 0, None, (),
)  # fmt: skip
CHANGE = ChangeLine(1, ChangeKind.NEW, ChangeState.FOUND, (), 1, "", None, "news", "News", None, None, None, {})
RUN = DetectorRunRow(id=1, version="1", state="previewed", counts={}, total=0)
LOOKED = Looked(DueLink(1, "src", "https://example.org/", Link()), Link(), Look(state=LinkState.LIVE))
VERDICT = Verdict(1, 1, Head(1, "0" * 64), (Fault("policy", "a", 1, "altered"),))


def shapes() -> dict[str, Mapping[str, object]]:
    """A value of every shape that can be made without a database, under the heading of its table."""
    read = reading_as_contract("legistar", READING)
    tried = trial_as_json(TRIAL)
    found = json.loads(PUBLISHED.read_text("utf-8"))
    verdict: Any = audit.as_object(VERDICT)
    return {
        "`flask poll --json`": summary_as_contract(Summary(), seconds=1),
        "amount": tried["mentions"][0]["amount"],
        "evidence": tried["mentions"][0]["evidence"][0],
        "date": tried["mentions"][0]["dates"][0],
        "`flask feeds read --json`": read,
        "item": read["items"][0],
        "meeting": read["meetings"][0],
        "matter": read["matters"][0],
        "sighting": read["matters"][0]["sightings"][0],
        "step": read["steps"][0],
        "document": read["documents"][0],
        "days": read["covers"],
        "`flask feeds test --json`": {name: value for name, value in tried.items() if name not in read},
        "question": tried["asked"][0],
        "`flask record check-links --json`": check_links.as_object(LOOKED),
        "`flask audit verify --json`": verdict,
        "head": verdict["head"],
        "fault": verdict["faults"][0],
        "`flask detector rerun --json`": rerun.as_contract(RUN, [CHANGE]),
        "change": CHANGE.as_contract(),
        "`flask detector evaluate --json`": {name: value for name, value in found.items() if name != "date"}
        | {"faults": []},
        "set": found["set"],
        "rate": found["vendors"],
        "accuracy": found["stage"],
        "mistake": asdict(Mistake("missed", "a", "alpr", "A title", "score 0.1")),
    }


SHAPES = shapes()
PRINTED = ("`flask match --jsonl`", "`flask feeds list --json`")  # by the tests of these commands below
BY_THE_DEMO = ("`flask demo --json`", "second poll")  # tests/demo/test_run.py


@pytest.mark.parametrize("heading", sorted(SHAPES))
def test_every_field_of_a_shape_is_described_and_no_other(heading: str) -> None:
    assert FIELDS[heading] == set(SHAPES[heading])


def test_no_shape_is_described_that_no_test_compares() -> None:
    assert set(FIELDS) == {*SHAPES, *PRINTED, *BY_THE_DEMO}


def test_what_match_prints_is_described(flask) -> None:
    document = {"id": "a", "kind": "agenda_item", "title": ALPR_TITLE, "text": "", "feed_jurisdiction": SEATTLE}
    line = json.loads(flask("match", "--jsonl", stdin=json.dumps(document)).stdout)
    assert set(line) == FIELDS["`flask match --jsonl`"]


def test_what_the_list_of_feeds_prints_is_described(flask, feeds_toml, tmp_path: Path) -> None:
    feeds_toml({"news": "http://127.0.0.1:9/feed"})
    flask("poll")
    (line,) = json.loads(flask("feeds", "list", "--json").stdout)
    assert set(line) == FIELDS["`flask feeds list --json`"]


@pytest.mark.parametrize("word", [*Outcome, *MeetingStatus, *DateRole, *LinkState, *Health, *ChangeKind, *RunState])
def test_every_word_of_a_closed_list_is_named(word: str) -> None:
    assert f"`{word}`" in WORDS

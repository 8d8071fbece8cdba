"""The shipped record is in form, whole and cited; a broken folder says where it is broken."""

import json
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from oversight.domain.partial_date import span_of
from oversight.domain.record import Instrument, LegalStatus, UseStatus, Verification
from oversight.errors import ConfigurationError
from oversight.services.record_entries import ClaimEntry, DeploymentEntry
from oversight.services.record_files import read_record
from oversight.services.record_kinds import RecordFiles
from oversight.vocabulary import load_vocabulary

ROOT = Path(__file__).parents[2]
SHIPPED = ROOT / "oversight" / "starter"
STARTER = ROOT.parent / "shared" / "data" / "starter"
NOUNS = ("actions", "deployments", "jurisdictions", "policies", "sources", "vendors")
ORLANDO = "dep-orlando-fl-face-recognition-amazon-web-services"
WASHINGTON = "dep-washington-county-or-face-recognition-amazon-web-services"

needs_starter = pytest.mark.skipif(not STARTER.is_dir(), reason="the team's starter data is not beside the project")


@pytest.fixture(scope="module")
def record() -> RecordFiles:
    """The record that the product ships."""
    return read_record(SHIPPED, load_vocabulary().technologies)


def deployment(record: RecordFiles, key: str) -> DeploymentEntry:
    return next(entry for entry in record.deployments if entry.key == key)


def claims_on(record: RecordFiles, key: str, field: str) -> list[ClaimEntry]:
    return [claim for claim in deployment(record, key).claims if claim.field == field]


def shipped_texts(value: Any) -> Iterator[str]:
    """Every text anywhere in a JSON value."""
    if isinstance(value, dict):
        value = list(value.values())
    if isinstance(value, list):
        for part in value:
            yield from shipped_texts(part)
    elif isinstance(value, str):
        yield value


def test_the_shipped_record_holds_what_the_team_gathered(record: RecordFiles) -> None:
    counts = {noun: len(getattr(record, noun)) for noun in NOUNS}
    assert counts == {
        "actions": 69,
        "deployments": 96,
        "jurisdictions": 112,
        "policies": 128,
        "sources": 453,
        "vendors": 16,
    }


def test_every_jurisdiction_is_keyed_by_its_open_civic_data_id_or_by_ours(record: RecordFiles) -> None:
    for place in record.jurisdictions:
        assert place.key == place.ocd_id if place.ocd_id else place.key.startswith("x-oversight/")
        assert place.parent_key != place.key
    assert "x-oversight/us/ca/san-francisco-bay-area-rapid-transit-district" in {p.key for p in record.jurisdictions}


def test_every_source_is_cited_by_something(record: RecordFiles) -> None:
    citing = (*record.policies, *record.deployments, *record.actions, *record.vendors)
    assert {key for entry in citing for key in entry.sources} == {source.key for source in record.sources}


def test_a_source_without_address_has_no_guessed_publisher(record: RecordFiles) -> None:
    without = {source.title: source.publisher for source in record.sources if source.url is None}
    assert len(without) == 5
    assert [publisher for publisher in without.values() if publisher] == ["The Canary"]


@pytest.mark.parametrize("noun", NOUNS)
def test_no_text_names_a_file_of_ours(noun: str) -> None:
    texts = shipped_texts(json.loads((SHIPPED / f"{noun}.json").read_text(encoding="utf-8")))
    ours = re.compile(r"\bseeds?\b|_[0-9a-f]{16}|\.txt\b", re.IGNORECASE)
    assert [text for text in texts if ours.search(text) and not text.startswith("http")] == []


def test_steps_of_a_history_do_not_run_backwards(record: RecordFiles) -> None:
    for entry in (*record.policies, *record.deployments):
        spans = [span_of(step.date) for step in entry.history if step.date]
        for before, after in pairwise(spans):
            assert before.first <= after.last, entry.key


def test_repeals_loosen_and_name_what_they_change(record: RecordFiles) -> None:
    policies = {policy.key: policy for policy in record.policies}
    repeal = policies["pol-new-orleans-la-repeal-2022-07-21"]
    assert (repeal.direction, repeal.amends_key) == ("loosens", "pol-new-orleans-la-ban-2020-12-17")
    assert len([policy for policy in record.policies if policy.direction == "loosens"]) == 9
    assert policies["pol-virginia-state-law-2022-04-27"].facts["expires"] == "2026-07-01"


def test_a_passed_policy_without_a_date_of_effect_is_adopted_and_no_more(record: RecordFiles) -> None:
    austin = next(policy for policy in record.policies if policy.key == "pol-austin-tx-ccops-ordinance-2026-04-23")
    assert austin.instrument is Instrument.OVERSIGHT_ORDINANCE
    assert [step.status for step in austin.history] == [LegalStatus.INTRODUCED, LegalStatus.ADOPTED]


def test_orlandos_parties_contradict_each_other(record: RecordFiles) -> None:
    said = {(claim.party_kind, claim.value) for claim in claims_on(record, ORLANDO, "real_time_use")}
    assert ("vendor", "city cameras, in real time") in said
    assert ("agency", "a test, not deployed for surveillance") in said
    assert {claim.value for claim in claims_on(record, ORLANDO, "end_date")} == {"2017-06-19", "2018-06-19"}
    assert [step.status for step in deployment(record, ORLANDO).history] == [UseStatus.PILOT, UseStatus.TERMINATED]


def test_washington_countys_parties_contradict_each_other(record: RecordFiles) -> None:
    assert len(claims_on(record, WASHINGTON, "real_time")) == 2
    assert {claim.value for claim in claims_on(record, WASHINGTON, "database_size")} == {
        "at least 300,000",
        "roughly 300,000",
    }


def test_an_open_question_is_shown_and_kept_in_the_note(record: RecordFiles) -> None:
    unsettled = [
        entry
        for entry in (*record.policies, *record.deployments, *record.actions)
        if entry.verification is Verification.OPEN
    ]
    assert len(unsettled) == 25
    assert all("Open: " in (entry.note or "") for entry in unsettled)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A copy of the shipped files, to be broken."""
    for noun in NOUNS:
        shutil.copy(SHIPPED / f"{noun}.json", tmp_path)
    return tmp_path


def damage(folder: Path, noun: str, place: int, **changes: Any) -> str:
    """Change one entry of one file; its key before the change."""
    path = folder / f"{noun}.json"
    rows = json.loads(path.read_text(encoding="utf-8"))
    key = rows[place]["key"]
    rows[place].update(changes)
    path.write_text(json.dumps(rows), encoding="utf-8")
    return str(key)


def faults_of(folder: Path) -> str:
    with pytest.raises(ConfigurationError) as caught:
        read_record(folder, load_vocabulary().technologies)
    return str(caught.value)


def test_every_fault_is_reported_at_once_with_file_and_entry(folder: Path) -> None:
    policy = damage(folder, "policies", 3, effect="forbids", surprise=1)
    action = damage(folder, "actions", 0, date="2018-13")
    faults = faults_of(folder)
    assert f'policies.json: entry "{policy}": effect: ' in faults
    assert f'policies.json: entry "{policy}": surprise: ' in faults
    assert f'actions.json: entry "{action}": date: ' in faults


@pytest.mark.parametrize(
    ("noun", "changes", "fault"),
    [
        ("policies", {"jurisdiction_key": "nowhere"}, 'unknown jurisdiction "nowhere"'),
        ("policies", {"amends_key": "pol-x"}, 'unknown policy "pol-x"'),
        ("policies", {"technologies": ["telepathy"]}, 'unknown technology "telepathy"'),
        ("deployments", {"technology": "telepathy"}, 'unknown technology "telepathy"'),
        ("actions", {"sources": ["src-x"]}, 'unknown source "src-x"'),
        ("vendors", {"sources": ["src-x"]}, 'unknown source "src-x"'),
    ],
)
def test_a_key_that_does_not_exist_is_named(folder: Path, noun: str, changes: dict[str, Any], fault: str) -> None:
    key = damage(folder, noun, 1, **changes)
    assert f'{noun}.json: entry "{key}": {fault}' in faults_of(folder)


def test_a_claim_on_an_unknown_source_is_named(folder: Path) -> None:
    rows = json.loads((folder / "deployments.json").read_text(encoding="utf-8"))
    place = next(number for number, row in enumerate(rows) if row["key"] == ORLANDO)
    damage(folder, "deployments", place, claims=[{**rows[place]["claims"][0], "source_key": "src-x"}])
    assert f'deployments.json: entry "{ORLANDO}": unknown source "src-x"' in faults_of(folder)


def test_a_key_used_twice_is_a_fault(folder: Path) -> None:
    rows = json.loads((folder / "vendors.json").read_text(encoding="utf-8"))
    damage(folder, "vendors", 1, key=rows[0]["key"])
    assert f'vendors.json: entry "{rows[0]["key"]}": the key is used 2 times' in faults_of(folder)


def test_an_entry_without_a_key_is_called_by_its_place(folder: Path) -> None:
    (folder / "vendors.json").write_text('[{"name": "Nobody"}, 7]', encoding="utf-8")
    assert "vendors.json: entry number 1: key: " in faults_of(folder)
    assert "vendors.json: entry number 2: " in faults_of(folder)


@pytest.mark.parametrize("text", ["{", "{}", "[" * 100_000, "\ufeff[]"])
def test_a_file_that_is_no_list_is_a_fault(folder: Path, text: str) -> None:
    (folder / "sources.json").write_text(text, encoding="utf-8")
    assert "sources.json: " in faults_of(folder)


def test_a_missing_file_is_a_fault(folder: Path) -> None:
    (folder / "actions.json").unlink()
    assert "actions.json: cannot be read" in faults_of(folder)


def starter(noun: str) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = json.loads((STARTER / f"{noun}.json").read_text(encoding="utf-8"))
    return rows


@needs_starter
def test_converting_the_starter_again_gives_the_same_bytes(tmp_path: Path) -> None:
    command = [sys.executable, str(ROOT / "scripts" / "convert_starter.py"), str(STARTER), "--into", str(tmp_path)]
    subprocess.run(command, check=True, capture_output=True)
    for noun in NOUNS:
        assert (tmp_path / f"{noun}.json").read_bytes() == (SHIPPED / f"{noun}.json").read_bytes(), noun


@needs_starter
def test_no_row_address_or_fact_of_the_starter_is_lost(record: RecordFiles) -> None:
    for noun in ("policies", "deployments", "actions"):
        assert {row["id"] for row in starter(noun)} <= {entry.key for entry in getattr(record, noun)}
    addresses = {row["url"] for row in starter("sources") if row["url"].startswith("http")}
    assert addresses <= {source.url for source in record.sources}
    for row in starter("deployments"):
        kept = {fact.name: fact.value for fact in deployment(record, row["id"]).facts}
        assert row["facts"].items() <= kept.items()


@needs_starter
def test_every_conflict_of_the_starter_is_two_claims_that_differ(record: RecordFiles) -> None:
    for row in starter("deployments"):
        claims = deployment(record, row["id"]).claims
        fields = {claim.field for claim in claims}
        contradictions = [name for name in fields if len({c.value for c in claims if c.field == name}) > 1]
        assert len(contradictions) >= len(row.get("conflicts", [])), row["id"]

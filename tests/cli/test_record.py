"""Tests of cli/record.py: loading the starter record."""

import json
import shutil
from pathlib import Path

import pytest
from sqlalchemy import func, select

from oversight.cli.record import STARTER
from oversight.services.edit import Edit, save_edit, version_of
from oversight.storage.engine import open_engine, open_sessions, reading
from oversight.storage.models import RevisionRow, SourceRow
from tests.bench.atlas import write_atlas
from tests.factories import NOW

ALABAMA = "ocd-division/country:us/state:al"
ALABAMA_SOURCE = "src-308d47ffdc07"


def revisions(folder: Path) -> int:
    with reading(open_sessions(open_engine(f"sqlite:///{folder / 'oversight.sqlite3'}"))) as session:
        return session.scalars(select(func.count()).select_from(RevisionRow)).one()


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """The starter record in a folder that may be changed."""
    return Path(shutil.copytree(STARTER, tmp_path / "copy", ignore=shutil.ignore_patterns("samples")))


def test_the_second_load_finds_nothing_new(flask, tmp_path: Path) -> None:
    first = flask("record", "load")
    assert first.exit_code == 0
    written = revisions(tmp_path)
    second = flask("record", "load")
    assert (second.exit_code, second.stdout) == (0, "nothing new\n")
    assert revisions(tmp_path) == written


def test_a_load_says_how_much_of_what_is_new(flask) -> None:
    counts = dict(part.split(": ") for part in flask("record", "load").stdout.strip().split(", "))
    assert {"jurisdiction", "policy", "deployment"} <= set(counts)
    assert all(int(count) > 0 for count in counts.values())


def test_a_folder_in_the_same_form_can_be_loaded(flask, copy: Path) -> None:
    flask("record", "load")
    assert flask("record", "load", str(copy)).stdout == "nothing new\n"


def test_a_bad_folder_is_refused_whole(flask, copy: Path, tmp_path: Path) -> None:
    policies = json.loads((copy / "policies.json").read_text("utf-8"))
    policies[0]["sources"] = ["no-such-source"]
    (copy / "policies.json").write_text(json.dumps(policies), "utf-8")
    result = flask("record", "load", str(copy))
    assert (result.exit_code, result.stdout) == (2, "")
    assert "no-such-source" in result.stderr
    assert not (tmp_path / "oversight.sqlite3").exists() or revisions(tmp_path) == 0


def test_what_an_editor_changed_is_left_alone_by_a_load_of_the_same_files(flask, tmp_path: Path) -> None:
    flask("record", "load")
    sessions = open_sessions(open_engine(f"sqlite:///{tmp_path / 'oversight.sqlite3'}"))
    with sessions.begin() as session:
        newest = version_of(session, "jurisdiction", ALABAMA)
        changed = newest.after | {"note": "an editor's note"}
        rests = {"actor": "ana", "reason": "why", "sources": (ALABAMA_SOURCE,), "new_source": None, "says_vote": False}
        edit = Edit(noun="jurisdiction", key=ALABAMA, version=1, values=changed, **rests)
        save_edit(session, edit, now=NOW)
    assert flask("record", "load").stdout == "nothing new\n"
    with reading(sessions) as session:
        assert version_of(session, "jurisdiction", ALABAMA).after["note"] == "an editor's note"


def test_what_the_files_say_anew_is_written_over_it_as_a_new_version(flask, copy: Path, tmp_path: Path) -> None:
    flask("record", "load")
    places = json.loads((copy / "jurisdictions.json").read_text("utf-8"))
    next(place for place in places if place["key"] == ALABAMA)["note"] = "the files' note"
    (copy / "jurisdictions.json").write_text(json.dumps(places), "utf-8")
    assert flask("record", "load", str(copy)).stdout == "jurisdiction: 1\n"
    assert revisions(tmp_path) > 0


def test_an_export_can_be_loaded_by_another_installation(flask, tmp_path: Path) -> None:
    flask("record", "load")
    out = tmp_path / "out"
    assert flask("record", "export", str(out)).stdout == f"{len(list(STARTER.glob('*.json')))} files in {out}\n"
    assert flask("record", "load", str(out)).stdout == "nothing new\n"


def test_an_export_to_where_nothing_can_be_written_is_refused(flask, tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    result = flask("record", "export", str(tmp_path / "file" / "out"))
    assert (result.exit_code, result.stdout) == (2, "")


def test_a_dry_run_says_what_it_would_write_and_writes_nothing(flask, tmp_path: Path) -> None:
    table = write_atlas(tmp_path / "atlas.csv", 100)
    said = flask("record", "import-atlas", str(table), "--dry-run")
    assert (said.exit_code, said.stdout.startswith("would write source: ")) == (0, True)
    assert "atlas.csv:101: no agency is named" in said.stderr
    assert revisions(tmp_path) == 0
    done = flask("record", "import-atlas", str(table))
    assert f"would write {done.stdout}" == said.stdout
    assert flask("record", "import-atlas", str(table)).stdout.startswith("nothing new\n99 rows taken")


def test_a_file_that_is_no_gazetteer_is_refused(flask, tmp_path: Path) -> None:
    (tmp_path / "places.txt").write_text("USPS\tNAME\nWA\tSeattle\n", "utf-8")
    result = flask("record", "import-gazetteer", str(tmp_path / "places.txt"))
    assert (result.exit_code, result.stdout) == (2, "")
    assert "places.txt: the file lacks the columns GEOID" in result.stderr


def test_a_gazetteer_says_what_the_record_does_not_know(flask, tmp_path: Path) -> None:
    header = "USPS\tGEOID\tANSICODE\tNAME\tLSAD\tFUNCSTAT\tALAND\tAWATER\tALAND_SQMI\tAWATER_SQMI\tINTPTLAT\tINTPTLONG"
    row = "WA\t5363999\t1\tElsewhere city\t25\tA\t1000000\t0\t0.4\t0\t47.6\t-122.3"
    (tmp_path / "places.txt").write_text(f"{header}\n{row}\n", "utf-8")
    said = flask("record", "import-gazetteer", str(tmp_path / "places.txt")).stdout
    assert said.startswith("nothing new\n1 rows are of places that the record does not hold")


def test_links_are_looked_at_on_demand(flask, site, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    flask("db", "upgrade")
    site.pages["/act"] = b"<p>Be it ordained.</p>"
    with open_sessions(open_engine(f"sqlite:///{tmp_path / 'oversight.sqlite3'}")).begin() as session:
        session.add(SourceRow(key="src-act", title="The act", url=site.url("/act")))
        session.add(SourceRow(key="src-bill", title="The bill", url=site.url("/bill")))
    monkeypatch.setattr("oversight.outbound.guard.PORTS", (int(site.host.rpartition(":")[2]),))
    monkeypatch.setattr("oversight.outbound.guard.is_public", lambda _address: True)
    looked = flask("record", "check-links", "--limit", "1", "--json")
    assert [(one["key"], one["state"]) for one in json.loads(looked.stdout)] == [("src-act", "live")]
    told = flask("record", "check-links").stdout
    assert "link failed, not yet counted as dead, the server answered with status 404" in told
    assert told.endswith("1 addresses looked at\n")


def test_an_approval_without_a_government_document_is_told_by_file_and_entry(flask, copy: Path) -> None:
    loaded = flask("record", "load", str(copy))
    entry = "warning: policies.json: pol-yellow-springs-oh-ccops-ordinance-2018-11"
    assert f"{entry}: adopted, by press reports; no government document cited" in loaded.stderr
    assert loaded.stderr.count("warning: ") == len(set(loaded.stderr.splitlines()))


def test_a_strict_load_refuses_it_and_writes_nothing(flask, copy: Path, tmp_path: Path) -> None:
    flask("db", "upgrade")
    refused = flask("record", "load", str(copy), "--strict")
    assert refused.exit_code == 2
    assert "policies.json: pol-alabama-state-law-2022-04-05" in refused.stderr
    assert revisions(tmp_path) == 0

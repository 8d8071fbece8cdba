"""The Atlas of Surveillance beside our own record: added, changed by its number, never in the way, never guessed."""

import csv
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, select

from oversight.domain.atlas_row import COLUMNS
from oversight.domain.atlas_words import technology_of
from oversight.errors import ConfigurationError
from oversight.services.import_atlas import AtlasReport, import_atlas
from oversight.services.record import load_record
from oversight.services.record_entries import DeploymentEntry
from oversight.services.record_files import read_record
from oversight.services.record_kinds import RecordFiles
from oversight.storage.engine import Sessions, reading
from oversight.storage.models import DeploymentRow, RevisionRow
from oversight.storage.queries.deployments import DeploymentLine, deployments
from oversight.storage.revisions import history, newest
from oversight.vocabulary import load_vocabulary
from tests.factories import NOW

STARTER = Path(__file__).parents[2] / "oversight" / "starter"
ROCKFORD = {
    "AOSNUMBER": "AOS000002", "NEWAOSNUMBER (ORI9)": "IL1010400GDT", "City": "Rockford", "County": "Winnebago County",
    "State": "IL", "Agency": "Rockford Police Department", "Type of LEA": "Police", "Summary": "Sensors since 2018.",
    "Type of Juris": "Municipal", "Technology": "Gunshot Detection", "Vendor": "ShotSpotter",
    "Link 1": "https://news.example.org/1", "Link 1 Source": "Example News", "Link 1 Date": "10/06/2018",
}  # fmt: skip
ORLANDO = {
    "AOSNUMBER": "AOS000777", "City": "Orlando", "State": "FL", "Agency": "Orlando Police Dept.",
    "Vendor": "Clearview AI", "Technology": "Face Recognition",
    "Link 1": "https://www.orlando.gov/page", "Link 1 Date": "3/2020",
}  # fmt: skip
OWN = "dep-orlando-fl-face-recognition-amazon-web-services"
Import = Callable[..., AtlasReport]


@pytest.fixture
def take(sessions: Sessions, tmp_path: Path) -> Import:
    """Import rows that differ from Rockford's in what is given."""

    def run(*rows: dict[str, str], columns: tuple[str, ...] = COLUMNS, above: str = "") -> AtlasReport:
        path = tmp_path / "atlas.csv"
        with path.open("w", encoding="utf-8", newline="") as file:
            file.write(above)
            writer = csv.DictWriter(file, columns, restval="", quoting=csv.QUOTE_ALL)
            writer.writeheader()
            writer.writerows(ROCKFORD | row for row in rows)
        with sessions.begin() as session:
            return import_atlas(session, path, now=NOW)

    return run


@pytest.fixture
def starter(sessions: Sessions) -> None:
    """The shipped record."""
    with sessions.begin() as session:
        record = read_record(STARTER, load_vocabulary().technologies)
        load_record(session, record, actor="flask record load", reason="test", now=NOW)


def line(sessions: Sessions, key: str) -> DeploymentLine:
    with reading(sessions) as session:
        (found,) = deployments(session, DeploymentRow.key == key, as_of=NOW.date())
        return found


def entry(sessions: Sessions, key: str) -> dict[str, Any]:
    with reading(sessions) as session:
        return newest(session, "deployment")[key]


def revisions(sessions: Sessions) -> int:
    with reading(sessions) as session:
        return session.scalars(select(func.count()).select_from(RevisionRow)).one()


def edit(sessions: Sessions, key: str, **changes: Any) -> None:
    changed = DeploymentEntry.model_validate(entry(sessions, key) | changes)
    with sessions.begin() as session:
        load_record(session, RecordFiles(deployments=(changed,)), actor="ann@example.org", reason="checked", now=NOW)


def refusal(report: AtlasReport) -> str:
    (remark,) = report.refused
    assert (remark.line, report.rows, sum(report.written.values())) == (2, 0, 0)
    return remark.text


def test_a_row_becomes_a_deployment_with_its_sources_credit_and_licence(sessions: Sessions, take: Import) -> None:
    assert dict(take({}).written) == {"source": 2, "jurisdiction": 1, "vendor": 1, "deployment": 1}
    found = line(sessions, "dep-atlas-aos000002")
    assert (found.jurisdiction, found.agency, found.technology) == (
        "Rockford, IL", "Rockford Police Department", "gunshot_detection",
    )  # fmt: skip
    assert (found.vendor, found.vendor_key, found.use.status) == ("SoundThinking", "vendor-soundthinking", "in_use")
    facts = dict(found.facts)
    assert (facts["atlas_id"], facts["licence"], facts["vendor_as_filed"]) == ("AOS000002", "CC BY 4.0", "ShotSpotter")
    assert "Electronic Frontier Foundation" in facts["credit"]
    assert [(one.publisher, one.date, one.tier and one.tier.value) for one in found.sources] == [
        ("Example News", "2018-10-06", "T4"), ("Electronic Frontier Foundation", None, None),
    ]  # fmt: skip
    assert "Licence: CC BY 4.0" in (found.sources[1].note or "")


def test_the_sample_of_the_atlas_is_taken_whole(sessions: Sessions, shared: Path) -> None:
    with sessions.begin() as session:
        report = import_atlas(session, shared / "data" / "atlas_sample.csv", now=NOW)
    assert (report.rows, report.refused, report.doubts) == (6, [], [])
    found = line(sessions, "dep-atlas-aos000016")
    assert found.jurisdiction_key == "x-oversight/us/nd/university-of-north-dakota-police-department"


def test_a_second_import_changes_nothing(sessions: Sessions, starter: None, take: Import) -> None:
    take({}, ORLANDO)
    before = revisions(sessions)
    again = take({}, ORLANDO)
    assert (dict(again.written), again.rows, again.beside, revisions(sessions)) == ({}, 2, 1, before)


def test_a_changed_row_is_known_by_its_number_and_makes_one_revision(sessions: Sessions, take: Import) -> None:
    take({})
    assert dict(take({"Summary": "Sensors since 2018, removed in 2024."}).written) == {"deployment": 1}
    with reading(sessions) as session:
        assert [one.version for one in history(session, "deployment", "dep-atlas-aos000002")] == [1, 2]
    assert line(sessions, "dep-atlas-aos000002").summary == "Sensors since 2018, removed in 2024."


def test_our_own_deployment_stays_and_gains_source_and_claim(sessions: Sessions, starter: None, take: Import) -> None:
    before = entry(sessions, OWN)
    report = take(ORLANDO)
    after = entry(sessions, OWN)
    assert (report.beside, report.written["deployment"]) == (1, 1)
    assert {name for name in after if after[name] != before[name]} == {"claims", "sources"}
    assert after["claims"][: len(before["claims"])] == before["claims"]
    assert set(before["sources"]) < set(after["sources"])
    with reading(sessions) as session:
        assert "dep-atlas-aos000777" not in newest(session, "deployment")


def test_a_contradiction_with_our_own_account_is_seen(sessions: Sessions, starter: None, take: Import) -> None:
    take(ORLANDO)
    disputes = {dispute.field: dispute for dispute in line(sessions, OWN).disputes}
    vendors = {claim.party: claim.value for claim in disputes["vendor"].claims}
    assert vendors["Electronic Frontier Foundation (Atlas of Surveillance)"] == "Clearview AI"
    assert vendors["This record"] == "Amazon Web Services"
    assert disputes["vendor"].is_contradiction
    assert disputes["use_status"].is_contradiction


def test_what_an_editor_changed_is_not_overwritten(sessions: Sessions, take: Import) -> None:
    take({})
    edit(sessions, "dep-atlas-aos000002", summary="Seen by us.", vendor="Flock Safety")
    for _ in range(2):
        take({"Summary": "Something else."})
    found = line(sessions, "dep-atlas-aos000002")
    assert (found.summary, found.vendor) == ("Seen by us.", "Flock Safety")
    assert [dispute.field for dispute in found.disputes if dispute.is_contradiction] == ["vendor"]
    before = revisions(sessions)
    take({"Summary": "Something else."})
    assert revisions(sessions) == before


@pytest.mark.parametrize(
    ("row", "words"),
    [
        ({"AOSNUMBER": "12"}, "'12' is no Atlas number"),
        ({"Agency": " "}, "no agency is named"),
        ({"Technology": "Telepathy"}, "knows no technology 'Telepathy'"),
        ({"Type of Juris": "Galactic"}, "'Galactic' is no type of jurisdiction"),
        ({"State": "ZZ"}, "'ZZ' is no state"),
        ({"City": "Nowhere at all"}, "no place 'Nowhere at all' in IL is known"),
        ({"City": ""}, "no city is named"),
        ({"Type of Juris": "County", "County": "Lost"}, "no county 'Lost' in IL is known"),
        ({"State": "NJ", "City": "Washington Township", "County": "Mercer County"}, "is known"),
        ({"State": "NJ", "City": "Nutley", "Agency": "Nutley Village Police \ufffd"}, "it is not UTF-8"),
        ({"Link 1 Source": "OpenStreetMap (ODbL)"}, "a share-alike database licence"),
        ({"Summary": "Under the Open Database License 1.0"}, "a share-alike database licence"),
    ],
)
def test_a_row_that_cannot_be_taken_is_told_by_line(take: Import, row: dict[str, str], words: str) -> None:
    assert words in refusal(take(row))


def test_namesakes_in_a_state_are_told_apart_by_county_or_refused(sessions: Sessions, take: Import) -> None:
    township = {"State": "NJ", "City": "Washington Township", "Agency": "Washington Township Police Department"}
    take(township | {"County": "Morris County"})
    assert line(sessions, "dep-atlas-aos000002").jurisdiction_key.endswith("/county:morris/place:washington")
    assert "more than one place" in take(township | {"AOSNUMBER": "AOS3", "County": ""}).refused[0].text


@pytest.mark.parametrize("licence", ["ODbL 1.0", "CC BY-SA 4.0", "CC-BY-NC-SA", "all rights reserved"])
def test_a_row_under_another_licence_is_refused(take: Import, licence: str) -> None:
    assert "licence" in refusal(take({"License": licence}, columns=(*COLUMNS, "License")))


def test_a_file_under_a_share_alike_licence_is_refused_whole(sessions: Sessions, take: Import) -> None:
    with pytest.raises(ConfigurationError, match="share-alike database licence"):
        take({}, above="# Licence: Open Database License (ODbL)\r\n")
    assert revisions(sessions) == 0


def test_a_table_without_its_columns_is_refused(sessions: Sessions, tmp_path: Path) -> None:
    (tmp_path / "short.csv").write_text(",".join(name for name in COLUMNS if name != "City"), "utf-8")
    with pytest.raises(ConfigurationError, match="lacks the columns City"), sessions.begin() as session:
        import_atlas(session, tmp_path / "short.csv", now=NOW)


def test_a_number_given_twice_counts_once(take: Import) -> None:
    report = take({}, {"Summary": "Another."})
    assert [(one.line, one.text) for one in report.refused] == [(3, "AOS000002 was given on line 2 already")]


def test_what_cannot_be_read_of_a_good_row_is_left_out_and_told(sessions: Sessions, take: Import) -> None:
    report = take({"Link 1 Date": "13/45/2018", "Link 2": "javascript:alert(1)"})
    assert [(one.line, one.text.partition(":")[0]) for one in report.doubts] == [
        (2, "the date of link 1, '13/45/2018', cannot be read or cannot be true"),
        (2, "link 2 is no address"),
    ]
    assert len(line(sessions, "dep-atlas-aos000002").sources) == 2


def test_rows_that_left_the_file_stay_and_are_counted(sessions: Sessions, take: Import) -> None:
    take({}, {"AOSNUMBER": "AOS000003", "Technology": "Drones"})
    report = take({})
    assert (report.gone, dict(report.written)) == (1, {})
    assert line(sessions, "dep-atlas-aos000003").technology == "drones"


def test_every_technology_of_the_atlas_is_one_of_ours() -> None:
    from_atlas = {
        "body-worn-cameras", "automated-license-plate-readers", "drones", "third-party-investigative-platforms",
        "face-recognition", "camera-registry", "gunshot-detection", "real-time-crime-center", "predictive-policing",
        "video-analytics", "cell-site-simulator", "fusion-center",
    }  # fmt: skip
    assert {technology_of(slug) for slug in from_atlas} <= set(load_vocabulary().technologies)

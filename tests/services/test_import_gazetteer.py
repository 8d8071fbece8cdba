"""A Census Gazetteer file fills what the record does not know of its governments, by GEOID, and nothing else."""

from pathlib import Path

import pytest
from sqlalchemy import select

from oversight.errors import ConfigurationError
from oversight.services.atlas_entries import filled
from oversight.services.import_gazetteer import GazetteerReport, import_gazetteer
from oversight.services.record import load_record
from oversight.services.record_entries import JurisdictionEntry
from oversight.services.record_kinds import RecordFiles
from oversight.storage.engine import Sessions, reading
from oversight.storage.models import JurisdictionRow, RevisionRow
from tests.factories import NOW

SEATTLE = "ocd-division/country:us/state:wa/place:seattle"
KING = "ocd-division/country:us/state:wa/county:king"
TAIL = "ALAND\tAWATER\tALAND_SQMI\tAWATER_SQMI\tINTPTLAT\tINTPTLONG                                     "
PLACES = f"USPS\tGEOID\tANSICODE\tNAME\tLSAD\tFUNCSTAT\t{TAIL}"
COUNTIES = f"USPS\tGEOID\tANSICODE\tNAME\t{TAIL}"
SUBDIVISIONS = f"USPS\tGEOID\tANSICODE\tNAME\tFUNCSTAT\t{TAIL}"
SEATTLE_ROW = "WA\t5363000\t02411856\tSeattle city\t25\tA\t217000001\t151250000\t83.784\t58.398\t47.62\t-122.35  "
KING_ROW = "WA\t53033\t01531933\tKing County\t5481000000\t497000000\t2116.2\t191.9\t47.49\t-121.83"


@pytest.fixture
def record(sessions: Sessions) -> Sessions:
    """A record of one city, one county, and one place without GEOID."""
    known = [(SEATTLE, "Seattle, WA", "city", "5363000"), (KING, "King County, WA", "county", "53033")]
    known.append(("x-oversight/port", "A port", "special_district", None))
    entries = tuple(
        filled(JurisdictionEntry, key=key, name=name, kind=kind, state="WA", geoid=geoid)
        for key, name, kind, geoid in known
    )
    with sessions.begin() as session:
        load_record(session, RecordFiles(jurisdictions=entries), actor="test", reason="test", now=NOW)
    return sessions


def run(sessions: Sessions, folder: Path, *lines: str, replace: bool = False) -> GazetteerReport:
    path = folder / "gazetteer.txt"
    path.write_text("\n".join(lines) + "\n", "utf-8")
    with sessions.begin() as session:
        return import_gazetteer(session, path, replace=replace, now=NOW)


def place(sessions: Sessions, key: str) -> tuple[float | None, ...]:
    with reading(sessions) as session:
        row = session.scalars(select(JurisdictionRow).where(JurisdictionRow.key == key)).one()
        return row.latitude, row.longitude, row.land_km2, row.water_km2


def test_places_and_counties_are_filled_by_geoid(record: Sessions, tmp_path: Path) -> None:
    assert run(record, tmp_path, PLACES, SEATTLE_ROW).written == 1
    assert run(record, tmp_path, COUNTIES, KING_ROW).written == 1
    assert place(record, SEATTLE) == (47.62, -122.35, 217.000001, 151.25)
    assert place(record, KING) == (47.49, -121.83, 5481.0, 497.0)


def test_a_second_import_writes_nothing(record: Sessions, tmp_path: Path) -> None:
    run(record, tmp_path, PLACES, SEATTLE_ROW)
    report = run(record, tmp_path, PLACES, SEATTLE_ROW)
    assert (report.written, report.same, report.remarks) == (0, 1, [])


def test_each_change_has_one_revision(record: Sessions, tmp_path: Path) -> None:
    run(record, tmp_path, PLACES, SEATTLE_ROW)
    with reading(record) as session:
        query = select(RevisionRow.actor).where(RevisionRow.entity_key == SEATTLE).order_by(RevisionRow.version)
        assert list(session.scalars(query)) == ["test", "flask record import-gazetteer"]


def test_what_the_record_does_not_hold_is_counted(record: Sessions, tmp_path: Path) -> None:
    row = "NJ\t3402177180\t00882163\tWashington township\tA\t1\t0\t1\t0\t40.1\t-74.5"
    report = run(record, tmp_path, SUBDIVISIONS, row)
    assert (report.written, report.unknown, report.without_geoid) == (0, 1, 1)


def test_a_figure_that_differs_is_left_and_told_unless_it_shall_be_replaced(record: Sessions, tmp_path: Path) -> None:
    run(record, tmp_path, PLACES, SEATTLE_ROW)
    moved = SEATTLE_ROW.replace("47.62", "47.63")
    report = run(record, tmp_path, PLACES, moved)
    assert [remark.line for remark in report.remarks] == [2]
    assert "latitude is 47.62 in the record and 47.63 here" in report.remarks[0].text
    assert place(record, SEATTLE)[0] == 47.62
    run(record, tmp_path, PLACES, moved, replace=True)
    assert place(record, SEATTLE)[0] == 47.63


@pytest.mark.parametrize(
    ("row", "words"),
    [
        ("WA\t5363000", "2 cells"),
        (SEATTLE_ROW.replace("5363000", "53630"), "has 12 cells"),
        (SEATTLE_ROW.replace("5363000", "536300"), "no GEOID"),
        (SEATTLE_ROW.replace("47.62", "147.62"), "INTPTLAT holds '147.62', which cannot be"),
        (SEATTLE_ROW.replace("217000001", "much"), "ALAND holds 'much', which is no number"),
        (SEATTLE_ROW.replace("47.62", "nan"), "cannot be"),
        (SEATTLE_ROW.replace("WA", "OR", 1), "lies in OR here, in WA in the record"),
    ],
)
def test_a_bad_row_is_told_by_line_and_nothing_is_written(
    record: Sessions, tmp_path: Path, row: str, words: str
) -> None:
    header = COUNTIES if words == "has 12 cells" else PLACES
    report = run(record, tmp_path, header, row)
    assert [remark.line for remark in report.remarks] == [2]
    assert words in report.remarks[0].text
    assert report.written == 0


def test_another_sort_of_file_is_refused(record: Sessions, tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match="lacks the columns GEOID"):
        run(record, tmp_path, "USPS\tNAME", "WA\tSeattle")

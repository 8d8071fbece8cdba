"""The vocabulary: every entry proves itself by its own sentences, and a wrong file is told by name."""

import shutil
import time
from pathlib import Path

import pytest

import oversight.vocabulary
from oversight.domain.matching import Matcher, fold_document
from oversight.domain.phrase_index import Hit
from oversight.domain.phrases import Kind
from oversight.errors import ConfigurationError
from oversight.vocabulary import expand_all, load_vocabulary, read_vocabulary
from oversight.vocabulary.places import PlaceRow, Places, load_places

SHIPPED = Path(oversight.vocabulary.__file__).parent
VOCABULARY = load_vocabulary()
MATCHER = Matcher(VOCABULARY)
GROUPS = {
    Kind.TECHNOLOGY: VOCABULARY.technologies,
    Kind.VENDOR: VOCABULARY.vendors,
    Kind.BADGE: VOCABULARY.badges,
    Kind.MODE: VOCABULARY.modes,
    Kind.PLACEMENT: VOCABULARY.placements,
    Kind.SIGNAL: VOCABULARY.signals,
}
MATCHES = [
    (kind, name, text) for kind, group in GROUPS.items() for name, entry in group.items() for text in entry.matches
]
IGNORES = [
    (kind, name, text) for kind, group in GROUPS.items() for name, entry in group.items() for text in entry.ignores
]
# fmt: off
CODES = {
    "face_recognition", "biometrics_other", "alpr", "camera_network", "video_analytics", "real_time_crime_center",
    "gunshot_detection", "cell_site_simulator", "drones", "aerial_surveillance", "body_worn_camera", "in_car_camera",
    "phone_forensics", "social_media_monitoring", "data_broker", "geofence_search", "data_fusion",
    "predictive_policing", "weapons_detection", "electronic_monitoring", "student_monitoring", "robots",
    "communications_monitoring", "spyware", "traffic_enforcement", "gang_database", "wireless_tracking",
    "surveillance_general",
}
# fmt: on


def hits(kind: Kind, text: str) -> set[str]:
    # A cue or badge counts only beside a subject, so one is put in the other field.
    title = "" if kind in (Kind.TECHNOLOGY, Kind.VENDOR) else "gunshot detection"
    found: list[Hit] = MATCHER.find(fold_document(title, text)).of(kind)
    return {hit.meaning.name for hit in found if hit.field == "text"}


@pytest.mark.parametrize(("kind", "name", "text"), MATCHES)
def test_an_entry_matches_its_own_sentences(kind: Kind, name: str, text: str) -> None:
    assert name in hits(kind, text)


@pytest.mark.parametrize(("kind", "name", "text"), IGNORES)
def test_an_entry_ignores_its_false_friends(kind: Kind, name: str, text: str) -> None:
    assert name not in hits(kind, text)


def test_every_code_has_a_label_and_sentences() -> None:
    assert set(VOCABULARY.technologies) == CODES
    assert all(entry.label and entry.matches and entry.ignores for entry in VOCABULARY.technologies.values())


def test_the_vocabulary_is_as_large_as_promised() -> None:
    terms = {term for entry in VOCABULARY.technologies.values() for term in expand_all(entry.terms + entry.weak)}
    assert len(terms) >= 150
    assert len(VOCABULARY.vendors) >= 25
    assert all(vendor.matches and vendor.ignores for vendor in VOCABULARY.vendors.values())


@pytest.mark.parametrize(
    ("file", "text", "named"),
    [
        ("technologies.toml", "\n[sonar]\nlabel = 'Sonar'\nterm = ['sonar']\n", r"technologies\.toml: \[sonar\]"),
        ("technologies.toml", "\n[sonar]\nlabel = 'Sonar'\nterms = ['']\n", r"technologies\.toml: \[sonar\]"),
        ("technologies.toml", "\n[sonar\n", r"technologies\.toml"),
        ("vendors.toml", "\n[Ping]\naliases = ['ping']\ntechnologies = ['sonar']\n", r"vendors\.toml: \[Ping\].*sonar"),
        ("badges.toml", "\nloose = 1\n", r"badges\.toml"),
        (
            "badges.toml",
            "\n[odd]\nlabel = 'Odd'\nphrases = []\ncareful = [{ terms = ['odd'], needs = ['@sonar'] }]\n",
            r"badges\.toml: \[odd\].*@sonar",
        ),
        (
            "vendors.toml",
            "\n[Ping]\naliases = ['ping']\ntechnologies = []\nmodes = ['sonar']\n",
            r"vendors\.toml: \[Ping\].*sonar",
        ),
        (
            "vendors.toml",
            "\n[Ping]\naliases = ['ping']\ntechnologies = []\ncareful = [{ terms = ['pong'], needs = ['@sonar'] }]\n",
            r"vendors\.toml: \[Ping\].*@sonar",
        ),
    ],
)
def test_a_wrong_entry_is_told_by_file_and_name(tmp_path: Path, file: str, text: str, named: str) -> None:
    folder = tmp_path / "vocabulary"
    shutil.copytree(SHIPPED, folder)
    with (folder / file).open("a", encoding="utf-8") as target:
        target.write(text)
    with pytest.raises(ConfigurationError, match=named):
        read_vocabulary(folder)


@pytest.mark.parametrize(
    ("name", "state", "ocd_id"),
    [
        ("Seattle", "WA", "state:wa/place:seattle"),
        ("Oklahoma City", "OK", "state:ok/place:oklahoma_city"),
        ("Jersey City", "NJ", "state:nj/place:jersey_city"),
        ("Carson City", "NV", "state:nv/place:carson_city"),
        ("New York", "NY", "state:ny/place:new_york"),
        ("New York City", "NY", "state:ny/place:new_york"),
        ("Saint Paul", "MN", "state:mn/place:st_paul"),
        ("Jefferson Parish", "LA", "state:la/parish:jefferson"),
        ("Harris County", "TX", "state:tx/county:harris"),
        ("Teaneck", "NJ", "state:nj/county:bergen/place:teaneck"),
        ("Nashville", "TN", "state:tn/place:nashville"),
        ("Louisville", "KY", "state:ky/place:louisville"),
        ("Lexington", "KY", "state:ky/place:lexington"),
        ("Indianapolis", "IN", "state:in/place:indianapolis"),
        ("Athens", "GA", "state:ga/place:athens"),
        ("Augusta", "GA", "state:ga/place:augusta"),
        ("Butte", "MT", "state:mt/place:butte"),
        ("Milford", "CT", "state:ct/place:milford"),
        ("Honolulu", "HI", "state:hi/county:honolulu"),
    ],
)
def test_a_place_is_found_by_what_people_call_it(name: str, state: str, ocd_id: str) -> None:
    row = load_places().by_name(name, state)
    assert row is not None
    assert row.ocd_id == f"ocd-division/country:us/{ocd_id}"
    assert load_places().by_id(row.ocd_id) == row


def test_an_incorporated_place_comes_before_a_township_of_its_name() -> None:
    row = load_places().by_name("Columbus", "IL")
    assert row is not None
    assert row.ocd_id.endswith("state:il/place:columbus")


def test_places_of_equal_standing_are_not_guessed() -> None:
    assert load_places().by_name("Groton", "CT") is None
    assert load_places().is_named("Groton", "CT")


def test_a_time_zone_is_blank_where_a_state_has_several() -> None:
    place = load_places().by_name("Pensacola", "FL")
    county = load_places().by_name("Escambia County", "FL")
    assert place is not None and place.timezone == "America/Chicago"
    assert county is not None and not county.timezone


def test_wide_places_and_big_cities_are_known() -> None:
    places = load_places()
    assert places.by_display_name("California") == PlaceRow(
        "ocd-division/country:us/state:ca", "California", "CA", "", False, "S"
    )
    assert places.by_display_name("Washington, DC") is not None
    denver = places.well_known("Denver")
    assert denver is not None and denver.name == "Denver, CO"
    assert places.well_known("Springfield") is None


def test_two_rows_of_one_name_leave_the_name_open() -> None:
    assert Places(["Oak\tohwa/adams ohwa/brown"]).by_name("Oak", "OH") is None


def test_two_spellings_of_one_name_are_both_kept() -> None:
    places = Places(["LaGrange\tgac-", "Lagrange\tohv-"])
    assert places.states_with("lagrange") == ["GA", "OH"]


@pytest.mark.parametrize(
    ("name", "kind", "ocd_id"), [("Groton", "town", "place:groton_town"), ("Groton", "city", "place:groton_city")]
)
def test_a_word_for_its_kind_tells_namesakes_apart(name: str, kind: str, ocd_id: str) -> None:
    row = load_places().by_kind(name, kind, "CT")
    assert row is not None and row.ocd_id.endswith(ocd_id)


@pytest.mark.parametrize(
    "ocd_id",
    ["state:ma/place:brookline", "state:nj/county:ocean/place:brick", "state:pa/county:delaware/place:upper_darby"],
)
def test_towns_and_townships_that_govern_are_places(ocd_id: str) -> None:
    assert load_places().by_id(f"ocd-division/country:us/{ocd_id}") is not None


def test_the_table_is_small_and_quick() -> None:
    assert (SHIPPED / "places.txt").stat().st_size < 1_000_000
    start = time.process_time()
    Places((SHIPPED / "places.txt").read_text(encoding="utf-8").splitlines())
    assert time.process_time() - start < 0.1

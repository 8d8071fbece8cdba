"""The captured answers that tell whether a detector is any good, each as it must come out."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from oversight.documents import read_document
from oversight.domain.feed import Answer
from oversight.domain.mention import Detection, Paper
from oversight.services.examine import Examined, examine, the_detector
from tests.factories import NOW
from tests.platforms.captured import address_of, feed_for

NEW_ORLEANS = "ocd-division/country:us/state:la/place:new_orleans"
Read = Callable[[str], str]


@pytest.fixture
def read(shared: Path) -> Read:
    """The text of a captured file, as a document behind an item is read."""

    def text_of(name: str) -> str:
        file = shared / "captured" / name
        found = read_document(file.read_bytes(), "", file.name)
        return found.text or file.read_text("utf-8")

    return text_of


def detected(text: str, title: str = "", place: str | None = None) -> Detection:
    return the_detector().detect(Paper("document", title, text, None, place))


def examined(shared: Path, platform: str, name: str) -> Examined:
    file = shared / "captured" / name
    found = examine(feed_for(platform, file), Answer(address_of(file), {}, file.read_bytes()), NOW)
    assert isinstance(found, Examined)
    return found


def test_a_reporting_bill_is_oversight_and_no_purchase(read: Read) -> None:
    found = detected(read("legistar_nyc/introduction__2026__0690.json"))
    assert found.is_relevant
    assert {"face_recognition", "surveillance_general"} <= set(found.technologies)
    assert [place.name for place in found.places] == ["New York City, NY"]
    assert found.stage == "policy_proposed"


def test_an_amendment_hidden_in_json_inside_json_is_found(shared: Path) -> None:
    found = examined(shared, "minneapolis", "other_council_json/minneapolis_lims_page_0.json")
    titles = {found.clean.reading.items[position].title: one for position, one in found.detections.items()}
    (told,) = [one for title, one in titles.items() if "SoundThinking" in title]
    assert (told.vendors, told.technologies) == (("SoundThinking",), ("gunshot_detection",))


def test_a_request_for_information_of_a_pdf_is_found(read: Read) -> None:
    found = detected(read("council_pdf/eugene__20252027_A1_RFI_License_Plate_Recognition_Systems.pdf"))
    assert "alpr" in found.technologies
    assert (found.stage, [place.name for place in found.places]) == ("rfp", ["Eugene, OR"])


def test_public_comment_ranks_far_below_the_ordinance_it_speaks_of(read: Read) -> None:
    said = json.loads(read("council_text/neworleans_public_comments_council_2022-07-21.json"))["messages"]
    done = json.loads(read("council_text/neworleans_minutes_2022-07-21.json"))["messages"]
    comments = sorted(detected(one["page_content"], one["title"], NEW_ORLEANS).score for one in said)
    business = max(detected(one["page_content"], one["title"], NEW_ORLEANS).score for one in done)
    whole = detected(read("council_text/neworleans_public_comments_council_2022-07-21.json"), "", NEW_ORLEANS)
    assert business > 0.97
    assert comments[len(comments) // 2] < 0.5
    assert whole.score < 0.5


def test_a_credit_union_is_no_vendor(read: Read) -> None:
    found = detected(read("council_text/pittsburgh_minutes_20250513_REG.txt"))
    assert not found.is_relevant
    assert "exclusion:names" in {reason.signal for reason in found.evidence}


@pytest.mark.parametrize(
    ("platform", "name"),
    [
        ("civicweb", "civicweb/dallascounty_commissioners_agendas.json"),
        ("granicus", "granicus_rss/pwcva_view23_rss_first15.xml"),
        ("google_news", "google_news_rss/google_news_search_bears_ears_2026.xml"),
    ],
)
def test_what_only_sounds_alike_makes_no_mention(shared: Path, platform: str, name: str) -> None:
    found = examined(shared, platform, name)
    assert found.clean.reading.items
    assert not found.detections

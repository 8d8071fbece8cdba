"""What else a paper tells: modes, seller, placement, dates, and which passages of a packet are about its subject."""

import pytest

from oversight.domain.detection import Detector
from oversight.domain.mention import DateRole, Detection, Paper
from oversight.domain.named_dates import dates_in
from oversight.vocabulary import load_vocabulary
from oversight.vocabulary.places import load_places
from tests.factories import SEATTLE

DETECTOR = Detector(load_vocabulary(), load_places())


def detected(title: str, text: str = "", kind: str = "agenda_item") -> Detection:
    found = DETECTOR.detect(Paper(kind, title, text, None, SEATTLE if kind == "agenda_item" else None))
    assert found.is_relevant
    return found


@pytest.mark.parametrize(
    ("text", "modes"),
    [
        ("Police vans with live facial recognition scan the crowd", {"live"}),
        ("Detectives run one-to-many facial recognition on a mugshot database", {"retrospective"}),
        ("Officers' phones get a mobile facial recognition app", {"mobile"}),
        ("The state tests facial verification to prove identity for benefits", {"verification"}),
        ("The council hears of facial recognition", set()),
        ("The sheriff buys seats at Clearview AI", {"retrospective"}),
        ("Police cameras record live video. " + "The pool opens. " * 30 + "A plate reader is bought", set()),
    ],
)
def test_a_mode_stands_beside_the_faces(text: str, modes: set[str]) -> None:
    assert set(detected(text).modes) == modes


def test_a_seller_is_kept_apart_from_the_vendor() -> None:
    found = detected("Purchase order with Insight Public Sector for Flock ALPR cameras, police department")
    assert (found.seller, found.vendors, found.badges) == ("Insight Public Sector", ("Flock Safety",), ("reseller",))


@pytest.mark.parametrize(
    ("title", "placement"),
    [
        ("Consent calendar: license plate reader contract", "consent"),
        ("License plate readers: first reading of the ordinance, public hearing", "public_hearing"),
        ("License plate reader contract", None),
    ],
)
def test_an_item_stands_somewhere_on_its_agenda(title: str, placement: str | None) -> None:
    assert detected(title).placement == placement


def test_news_stands_on_no_agenda() -> None:
    assert detected("Police plate readers are on the consent calendar", kind="news").placement is None


@pytest.mark.parametrize(
    ("text", "value", "role"),
    [
        ("effective July 1, 2026", "2026-07-01", DateRole.BEGINS),
        ("through June 30, 2029", "2029-06-30", DateRole.ENDS),
        ("a report is due by 1 March 2027", "2027-03-01", DateRole.DUE),
        ("a public hearing on Sept. 9, 2026", "2026-09-09", DateRole.HEARD),
        ("dated 3/4/2026", "2026-03-04", DateRole.NAMED),
        ("on 2026-03-04", "2026-03-04", DateRole.NAMED),
    ],
)
def test_a_date_says_what_happens_on_it(text: str, value: str, role: DateRole) -> None:
    assert [(found.value, found.role) for found in dates_in(text)] == [(value, role)]


@pytest.mark.parametrize("text", ["February 31, 2026", "13/45/2026", "May 2026", "in March", ""])
def test_what_is_no_day_is_no_date(text: str) -> None:
    assert dates_in(text) == ()


def test_the_money_of_other_items_in_a_packet_is_not_ours() -> None:
    other = "Item 4: resurfacing of roads for $9,750,000. " + "Words of the roads item. " * 200
    ours = "Item 5: purchase of license plate readers for the police department, not to exceed $84,000. "
    found = detected("Packet of the council", "Minutes. " * 300 + other + ours + "More words. " * 400 + other)
    assert found.amount is not None and found.amount.value == "84000"

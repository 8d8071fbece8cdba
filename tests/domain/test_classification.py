"""Classification: what makes a paper relevant, what lowers it, and that every reason is a slice of the paper."""

import json
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from oversight.domain.contract_line import as_contract
from oversight.domain.detection import Detector
from oversight.domain.mention import Amount, Detection, Paper, Stage
from oversight.domain.money import amount_in
from oversight.vocabulary import load_vocabulary
from oversight.vocabulary.places import load_places

DETECTOR = Detector(load_vocabulary(), load_places())
SHARED = Path(__file__).parents[3] / "shared"


def news(text: str, title: str = "") -> Detection:
    return DETECTOR.detect(Paper("news", title, text))


def item(title: str, text: str = "") -> Detection:
    return DETECTOR.detect(Paper("agenda_item", title, text, feed_jurisdiction="Seattle, WA"))


RELEVANT = [
    ("Police want drones to answer emergency calls", "drones"),
    ("The sheriff will test live face recognition at the fair", "face_recognition"),
    ("A county board voted to end its Flock contract", "alpr"),
    ("Lawmakers want limits on how police use license-plate readers", "alpr"),
    ("The ministry will put 5,000 CCTV cameras in the capital", "camera_network"),
    ("An audit of the ShotSpotter sensors was due in May", "gunshot_detection"),
    ("Cameras that photograph every number plate go up around the township", "alpr"),
    ("hollis trustees ditch flock", "alpr"),
    ("Jailed for a week after a false facial recognition match, a man sues the city", "face_recognition"),
    ("The ministry runs travellers' faces against a watch list at the border", "face_recognition"),
    ("Microphones that listen for gunfire are planned by the aldermen", "gunshot_detection"),
    ("A bill would make police release body camera footage, lawmakers say", "body_worn_camera"),
    ("Detectives went through activists' social media to track them", "social_media_monitoring"),
    ("The jail recorded calls between prisoners and lawyers, a judge found", "communications_monitoring"),
    ("An algorithm tells police where crime is likely", "predictive_policing"),
    ("Officers will wear a camera from May, the sheriff says", "body_worn_camera"),
    ("The council wants privacy rules before the police buy surveillance gear", "surveillance_general"),
    ("Every visa applicant will give a fingerprint, the government says", "biometrics_other"),
]
NOT_RELEVANT = [
    "Surveillance video shows a man taking parcels; police ask for help",
    "Bodycam footage shows a deputy saving a child",
    "A doorbell camera caught a bear on the porch",
    "Retailers add facial recognition against shoplifting",
    "You can unlock your phone with facial recognition",
    "The facial recognition market size will double, an analyst says",
    "Axon shares rose after strong quarterly results",
    "Navy drones watched the warship",
    "The suspect was under surveillance for weeks, the FBI said",
    "Speed cameras brought the city three million in fines",
    "A drone was spotted near the airport; police investigate",
    "Health workers widen disease surveillance",
    "Measles surveillance is stepped up in the county",
    "A mall will use drones to hang lights",
    "The bank app adds voice recognition",
    "Face recognition helps biologists to track seals",
    "The maker of drones raised $20 million from investors",
    "A thief took license plates from parked cars, police said",
    "Jurors saw body camera video of the deadly shooting",
    "Anti-spyware software for Windows users is free",
    "Beachgoers were told of a stingray in the shallows",
]


@pytest.mark.parametrize(("text", "technology"), RELEVANT)
def test_government_use_is_relevant(text: str, technology: str) -> None:
    detection = news(text)
    assert detection.is_relevant
    assert technology in detection.technologies


@pytest.mark.parametrize("text", NOT_RELEVANT)
def test_footage_shops_shares_and_armies_are_not(text: str) -> None:
    assert not news(text).is_relevant


def test_an_agenda_says_less_and_means_more() -> None:
    assert item("In-car camera (12), $ 80,000").is_relevant
    assert not news("In-car camera (12), $ 80,000").is_relevant


def test_what_a_shop_must_put_up_is_no_surveillance_by_government() -> None:
    text = "Conditional use for a bar; the applicant must keep security cameras, the council approved"
    assert not item("Zoning docket 12", text).is_relevant


def test_speed_cameras_stay_out_whatever_the_council_does() -> None:
    assert not item(
        "A local law requiring speed cameras", "The council bill would have the city install them"
    ).is_relevant


def test_only_where_a_government_is_named_does_buying_count() -> None:
    assert not news("The farm will use a drone and pay for a second").is_relevant
    assert news("The county will use a drone and pay for a second").is_relevant


def test_a_crime_tells_against_cameras_not_against_what_solves_it() -> None:
    told = {reason.signal: reason.weight for reason in news("Police arrested a man on a face recognition hit").evidence}
    assert told["cue:crime"] > -0.5
    assert news("Police arrested a man on a face recognition hit").is_relevant
    assert not news("A man was arrested after CCTV was shown by police").is_relevant


def test_an_everyday_word_is_reported_only_where_nothing_better_is() -> None:
    assert news("Police put license plate readers and cameras on city streets").technologies == ("alpr",)
    assert news("The council had police put up cameras on city streets").technologies == ("camera_network",)


def test_a_vendor_of_many_things_implies_no_technology() -> None:
    detection = item("Agreement with Axon Enterprise, Inc.", "Sponsor: Police")
    assert detection.is_relevant
    assert detection.vendors == ("Axon",)
    assert detection.technologies == ()


def test_a_vendor_of_one_thing_implies_it() -> None:
    assert item("Agreement with Flock Group, Inc.").technologies == ("alpr",)


def test_a_product_names_its_maker() -> None:
    detection = item("Renew the ShotSpotter subscription")
    assert detection.vendors == ("SoundThinking",)
    assert detection.products == ("ShotSpotter",)


def test_a_denied_technology_is_not_reported() -> None:
    detection = item("License plate reader contract", "The system does not perform facial recognition.")
    assert detection.technologies == ("alpr",)


def test_a_vendor_that_only_denies_is_not_reported() -> None:
    detection = news("Police bought Clearview AI. Axon is not actively working on face recognition, it told police.")
    assert detection.vendors == ("Clearview AI",)


def test_a_camera_word_beside_plate_readers_is_the_plate_readers() -> None:
    assert news("The council ended its surveillance camera contract with Flock Safety").technologies == ("alpr",)


@pytest.mark.parametrize(
    ("text", "stage"),
    [
        ("The council voted to terminate its Flock contract", Stage.ROLLBACK),
        ("Council rejects proposal to install license plate readers", Stage.OTHER),
        ("A local law to amend the code, in relation to police drones", Stage.POLICY_PROPOSED),
        ("Police start a pilot project with face recognition", Stage.PILOT),
        ("Residents sued the city; the lawsuit is about its license plate readers", Stage.LAWSUIT),
        ("The city temporarily suspends license plate readers", Stage.MORATORIUM),
        ("Request for proposals for license plate readers for police", Stage.RFP),
        ("Annual report on license plate readers, an audit of the police", Stage.REPORT),
        ("Approve a contract for license plate readers not to exceed $90,000", Stage.CONTRACT),
        ("Flock cameras to come down, the mayor says", Stage.ROLLBACK),
        ("Trustees voted not to renew ShotSpotter", Stage.ROLLBACK),
        ("Council signs off on license plate readers", Stage.CONTRACT),
        ("Records show that deputies searched license plate readers for a friend", Stage.REPORT),
        ("A new law requires police to delete license plate scans", Stage.POLICY_ADOPTED),
        ("Neighbors urge the council to end ShotSpotter", Stage.OPPOSITION),
        ("Microsoft says it will stop selling face recognition to police departments", Stage.VENDOR_POLICY),
    ],
)
def test_the_stage_is_what_happened(text: str, stage: Stage) -> None:
    assert news(text).stage is stage


@pytest.mark.parametrize(
    ("text", "badge"),
    [
        ("Consent calendar: sole source purchase of police drones", "sole_source"),
        ("Waive the bidding for police drones under Sourcewell", "cooperative_purchase"),
        ("Amendment No. 3 to the agreement for body-worn cameras", "amendment_or_renewal"),
    ],
)
def test_a_purchase_has_badges(text: str, badge: str) -> None:
    assert badge in item(text).badges


@pytest.mark.parametrize(
    ("text", "amount"),
    [
        ("$10,000 now and in a total amount not to exceed $318,250.", Amount("318250", "USD")),
        ("an increase of $5,000 for a total of $45,500.50, fee $99,000", Amount("45500.50", "USD")),
        ("$40,000 a year, or $1.2 million over five", Amount("1200000", "USD")),
        ("£3m for cameras", Amount("3000000", "GBP")),
        ("$45k-$50k, or $1.2M-a-year", Amount("1200000", "USD")),
        ("$1.2M-1.5M for drones", Amount("1200000", "USD")),
        ("$3 million or 2 thousand", Amount("3000000", "USD")),
        ("$10,000 K-9 unit", Amount("10000", "USD")),
        ("$500K-9 unit", Amount("500", "USD")),
        ("$250,000 M&T Bank", Amount("250000", "USD")),
        ("$250M&T Bank", Amount("250", "USD")),
        ("$1,200 M Street", Amount("1200", "USD")),
        ("$85 K-12 schools", Amount("85", "USD")),
        ("total £500, of which £9,000", Amount("500", "GBP")),
        ("no money here", None),
    ],
)
def test_the_ceiling_comes_before_the_total_and_the_first(text: str, amount: Amount | None) -> None:
    assert amount_in(text) == amount


def test_what_lowered_the_score_is_told() -> None:
    detection = news("Retailers add facial recognition against shoplifting")
    lowered = {reason.signal: reason.text for reason in detection.evidence if reason.weight < 0}
    assert lowered["cue:private"] == "Retailers"


@given(
    st.text(st.characters(), max_size=40),
    st.text(st.characters(), max_size=40),
    st.sampled_from(["news", "agenda_item", "?"]),
)
def test_evidence_is_always_the_slice_it_names(before: str, after: str, kind: str) -> None:
    paper = Paper(
        kind, f"{before}ALPR {after}", f"{after} police\u200b drones {before} Flock\u00ad cameras", after, None
    )
    for reason in DETECTOR.detect(paper).evidence:
        if reason.field in ("title", "text"):
            assert getattr(paper, reason.field)[reason.start : reason.end] == reason.text


@given(
    st.text(st.characters(), max_size=200), st.text(st.characters(), max_size=60), st.text(st.characters(), max_size=40)
)
def test_no_paper_breaks_the_detector(text: str, title: str, url: str) -> None:
    paper = Paper("news", f"Seattle police drones {title}", text, f"https://{url}", title)
    line = as_contract("x", DETECTOR.detect(paper))
    assert 0 <= line["score"] <= 1
    assert len(line["jurisdictions"]) == len(line["jurisdiction_ids"])


def test_a_huge_text_is_capped() -> None:
    assert not news("x" * 200_000 + " the police license plate reader").is_relevant


@pytest.mark.skipif(not (SHARED / "eval").is_dir(), reason="the labelled documents (../shared/eval) are not here")
def test_the_detector_beats_the_keyword_baseline(tmp_path: Path) -> None:
    gold = SHARED / "eval" / "docs_dev.jsonl"
    lines = []
    for doc in map(json.loads, gold.read_text(encoding="utf-8").splitlines()):
        paper = Paper(doc["kind"], doc["title"] or "", doc["text"], doc.get("url"), doc.get("feed_jurisdiction"))
        lines.append(json.dumps(as_contract(doc["id"], DETECTOR.detect(paper))))
    predictions = tmp_path / "predictions.jsonl"
    predictions.write_text("\n".join(lines), encoding="utf-8")
    score = [sys.executable, str(SHARED / "eval" / "score.py"), str(gold), str(predictions), "--no-borderline"]
    printed = subprocess.run(score, capture_output=True, text=True, check=True).stdout
    relevant = next(line for line in printed.splitlines() if line.startswith("relevant "))
    figures = dict(part.split("=") for part in relevant.split() if "=" in part and "(" not in part)
    assert float(figures["P"]) > 0.90
    assert float(figures["R"]) > 0.93

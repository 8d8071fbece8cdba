"""Matching: whole words, overlapping terms, and the context that upholds or cancels them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from oversight.domain.matching import Matcher, fold_document
from oversight.domain.phrases import Condition, Kind
from oversight.vocabulary import load_vocabulary

MATCHER = Matcher(load_vocabulary())


def technologies(text: str, title: str = "") -> dict[str, str]:
    found = MATCHER.find(fold_document(title, text)).of(Kind.TECHNOLOGY)
    return {hit.meaning.name: hit.meaning.strength for hit in found}


def vendors(text: str) -> set[str]:
    return {hit.meaning.name for hit in MATCHER.find(fold_document("", text)).of(Kind.VENDOR)}


def test_a_term_inside_a_word_is_no_hit() -> None:
    assert not technologies("The dronelike hum of the salprint machine")


@pytest.mark.parametrize("text", ["(ALPR)", "ALPRs,", "an ALPR.", "“ALPR”", "ALPR/LPR"])
def test_punctuation_ends_a_word(text: str) -> None:
    assert "alpr" in technologies(text)


@pytest.mark.parametrize(
    "text",
    [
        "Televise the mains with sewer CCTV",
        "Adopt NEC 2023, the National Electrical Code",
        "An evening of employee recognition",
        "Ohio BWC premium refund for the police department",
        "A drone light show on the Fourth",
        "Annex 14 Clearview Drive near the police station",
        "The Clearview Federal Credit Union branch",
        "Combined sewer system (CSS) overflow",
        "A grant for hepatitis surveillance",
        "Replace traffic signal detection loops",
        "Help for every LPR, the lawful permanent resident",
    ],
)
def test_false_friends_are_cancelled(text: str) -> None:
    assert not technologies(text)
    assert not vendors(text)


def test_a_refused_long_term_does_not_hide_a_short_one() -> None:
    text = "The sewer CCTV van is old. " + "Paving goes on. " * 12 + "Police bought CCTV cameras."
    assert "camera_network" in technologies(text)


@pytest.mark.parametrize(
    ("near", "far"),
    [
        ("Cameras photograph each license plate", "Cameras are cheap. " + "Paving goes on. " * 6 + "New license plate"),
        ("Microphones detect gunfire", "Microphones detect rain. " + "Paving goes on. " * 6 + "Gunfire was heard"),
    ],
)
def test_words_that_mean_something_only_together_must_stand_together(near: str, far: str) -> None:
    assert technologies(near).keys() & {"alpr", "gunshot_detection"}
    assert not technologies(far).keys() & {"alpr", "gunshot_detection"}


def test_a_word_proven_by_what_stands_beside_it_is_no_mere_footage() -> None:
    assert technologies("A bill on body camera footage")["body_worn_camera"] == "term"


def test_a_hint_inside_a_better_term_is_dropped() -> None:
    assert technologies("Police dash cameras and body cameras").keys() == {"in_car_camera", "body_worn_camera"}


def test_a_common_cue_counts_only_beside_a_subject() -> None:
    def cues(text: str) -> set[str]:
        return {hit.meaning.name for hit in MATCHER.find(fold_document("", text)).of(Kind.SIGNAL)}

    assert "action" in cues("They find an ALPR")
    assert "action" not in cues("An ALPR. " + "Paving goes on. " * 6 + "They find a hat.")


def test_a_camera_that_made_some_footage_is_a_mere_hint() -> None:
    assert technologies("Bodycam footage shows the rescue") == {"body_worn_camera": "footage"}


def test_an_abbreviation_must_stand_in_capitals() -> None:
    assert "alpr" in technologies("The police LPR units")
    assert "alpr" not in technologies("The police lpr units")


def test_capitals_mean_nothing_where_all_is_capitals() -> None:
    caption = "THE POLICE SAY THAT THE ALL CLEAR WAS GIVEN TO THE INVESTIGATIVE DATABASE TEAM"
    assert "data_broker" not in technologies(caption)


def test_a_name_that_is_a_word_counts_only_as_a_name() -> None:
    assert vendors("The officer used Flock to stalk her, police said") == {"Flock Safety"}
    assert not vendors("Visitors flock to the police parade")
    assert vendors("holt selectmen drop flock") == {"Flock Safety"}
    assert not vendors("Thousands Flock to the Mayor's Fair")


@given(st.text(st.characters(), max_size=80), st.text(st.characters(), max_size=80))
def test_any_text_can_be_searched(title: str, text: str) -> None:
    MATCHER.find(fold_document(title, text))


@given(st.text(st.characters(), max_size=30), st.text(st.characters(), max_size=30))
def test_a_hit_leads_back_to_its_words(before: str, after: str) -> None:
    document = fold_document("", f"{before} gunshot\u00addetection is ShotSpotter {after}")
    for hit in MATCHER.find(document).subjects:
        start, end = document[hit.field].span(hit.start, hit.end)
        assert document[hit.field].original[start:end]


def excluded(text: str) -> set[tuple[str, str]]:
    found = MATCHER.find(fold_document("", text)).excluded
    return {(one.hit.meaning.name, one.by.meaning.name) for one in found}


def test_what_cancelled_a_subject_is_told() -> None:
    assert ("camera_network", "sewer") in excluded("Clean the mains by sewer CCTV")


def test_what_is_said_of_pipes_says_nothing_of_the_next_sentence() -> None:
    text = "The sewer van inspects pipes. Police bought surveillance cameras."
    assert "camera_network" in technologies(text)
    assert "camera_network" not in technologies("Surveillance cameras for sewer pipes")


def test_context_is_looked_for_around_subjects_only() -> None:
    far = "A facial recognition plan. " + "Paving goes on. " * 200 + "The sheriff spoke of a grant. " + "Paving. " * 200
    cues = {hit.meaning.name for hit in MATCHER.find(fold_document("", far)).of(Kind.SIGNAL)}
    assert "police" not in cues


@given(st.lists(st.sampled_from(["sewer cctv ", "police ", "facial recognition ", "x " * 300, "flock. "]), max_size=40))
def test_a_hit_lies_in_its_text_and_stretches_do_not_double_it(parts: list[str]) -> None:
    document = fold_document("", "".join(parts))
    found = MATCHER.find(document)
    places = [(hit.meaning, hit.field, hit.start, hit.end) for hit in found.context if hit.meaning.kind is Kind.SIGNAL]
    assert len(places) == len(set(places))
    assert all(0 <= hit.start < hit.end <= len(document[hit.field].text) for hit in found.context)


@pytest.mark.parametrize(
    ("text", "badges"),
    [
        ("CONSENT: purchase of drones", {"consent_calendar"}),
        ("Minutes\n12.F Consent - purchase of drones", {"consent_calendar"}),
        ("Purchase of drones. No match. Consent.", {"consent_calendar"}),
        ("Consent of the owners to police drones", set()),
        ("The police searched with drones and her consent.", set()),
        ("Whether the drones need his\nconsent is open", set()),
    ],
)
def test_a_heading_stands_by_itself(text: str, badges: set[str]) -> None:
    found = MATCHER.find(fold_document("", text)).of(Kind.BADGE)
    assert {hit.meaning.name for hit in found} == badges


def test_what_a_name_never_means_cancels_it_in_all_of_a_paper() -> None:
    rest = "Staff attended two classes and paid the fee. " * 5
    found = MATCHER.find(fold_document("BWC enrollment", f"The Bureau of Workers' Compensation. {rest}Police ask BWC."))
    assert not found.of(Kind.TECHNOLOGY)
    assert {by.meaning.name for _, by in found.excluded} >= {"bureau of workers"}
    assert MATCHER.find(fold_document("BWC purchase", f"Police. {rest}Police ask for BWC.")).of(Kind.TECHNOLOGY)


@pytest.mark.parametrize(
    "sentence",
    [
        "Deputies scanned the man's face at the door.",
        "Police had photo lookup at the border.",
        "The LFR vans of the police",
    ],
)
def test_what_has_company_is_found_far_down_a_packet_too(sentence: str) -> None:
    packet = "Alpha ALPR. " + "The minutes of the water board were read and nothing was said. " * 150

    assert "face_recognition" in technologies(f"{packet}{sentence} {packet}")


@given(st.integers(0, 90), st.sampled_from(["policies", "policy", "police", "police's"]))
def test_a_quick_look_never_misses_what_a_condition_needs(distance: int, needed: str) -> None:
    condition = Condition(frozenset({"policy", "police"}), frozenset(), within=90)
    gap = "." * distance

    assert condition.may_be_met(f"faces{gap}{needed}", 0, 5)
    assert condition.may_be_met(f"{needed}{gap}faces", len(needed) + distance, len(needed) + distance + 5)

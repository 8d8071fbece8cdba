"""Tests of domain/meeting_words.py: a word beside a meeting is its status, one about a contract is not."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from oversight.domain.meeting_words import status_said
from oversight.domain.reading import MeetingStatus

CALLED_OFF = [
    "Cancelled",
    "(CANCELED)",
    "Cancel",
    "Meeting Canceled",
    "Notice of Cancellation",
    "CANCELLED - Audit Committee Meeting",
    "Cancelled- Economic Recovery Board Agenda",
    "Kingsburg Finance Committee Meeting- Cancelled",
    "Personnel and Finance Committee-Cancelled",
    "Farmersville City Council-Cancellation",
    "Planning Commission Meeting Cancellation Notice",
    "Cancellation of the June 4 Council meeting",
    "Audit Committee Cancellation Notice June 22",
    "Board Meeting @ 6:30 p.m. - Canceled Due to No Quorum",
    "Teleconference CANCELLED - Study Session",
    "CANCELLED Board of Zoning Appeals",
    "Council Chambers CANCELLED",
    "Study Session (cancelled)",
    "November Cancelled Meeting",
    "Notice of Cancelled Meeting",
    "This meeting is cancelled at the request of the Chair",
    "The meeting has been canceled in observance of the holiday",
    "THIS SAFETY COMMITTEE MEETING HAS BEEN CANCELLED.",
    "COMMITTEE ON PERMITS AND LICENSES CANCELLED",
    "Special meeting on the Flock contract - CANCELLED",
    "Board Meetings - NO MEETING - Dec 31 2026",
    "City Council\nJune 4\nCancelled",
]
MOVED = [
    "Rescheduled",
    "City Council Meeting Rescheduled to August 3",
    "6/18/20 - 9 a.m. Rescheduled from 6/11/20",
    "Council meeting postponed until June 4",
    "Meeting postponed due to snow",
    "Interviews - (Start Time Moved to 10:00 A.M.)",
    "City Council meeting - moved to Tuesday",
    "The meeting was continued to June 4",
    "Notice of Postponement",
    "Deferred",
]
NOT_YET = [
    "draft",
    "Tentative",
    "City Council (tentative)",
    "DRAFT - City Council",
    "Council - Draft Agenda",
    "Draft Audit Agenda",
]
OF_SOMETHING_ELSE = [
    "Special City Council meeting to cancel the Flock contract",
    "Special meeting to consider cancelling the Flock Safety contract",
    "City Council, June 4: vote to cancel the Flock Safety contract",
    "Discussion of the cancelled Flock contract",
    "Cancelled contracts: a report to the council",
    "Special meeting on contracts cancelled in 2025",
    "Report: the contract with Flock was cancelled",
    "The vendor cancelled the agreement",
    "Hearing on the cancellation of the ALPR contract",
    "Notice of Cancellation of contract 14",
    "Contract cancellation fees",
    "Contracts to be cancelled",
    "The meeting is not cancelled",
    "Vote to postpone the camera purchase",
    "Review of the postponed camera purchase",
    "Policy hearing, continued to June 4",
    "Camera footage moved to 3 new servers",
    "Draft surveillance policy hearing",
    "Workshop on the draft ALPR policy",
    "Board Meeting - Item No. 14 - Single Audit - Draft Report",
    "No meeting materials available",
    "Deferred maintenance committee",
    "City Council",
    "",
]


@pytest.mark.parametrize(
    ("text", "status"),
    [
        *((text, MeetingStatus.CANCELLED) for text in CALLED_OFF),
        *((text, MeetingStatus.RESCHEDULED) for text in MOVED),
        *((text, MeetingStatus.TENTATIVE) for text in NOT_YET),
        *((text, MeetingStatus.UNKNOWN) for text in OF_SOMETHING_ELSE),
    ],
)
def test_a_word_is_a_status_only_where_it_stands_as_one(text: str, status: MeetingStatus) -> None:
    assert status_said(text) is status


def test_the_gravest_of_all_texts_counts() -> None:
    assert status_said("Council (tentative)", None, "Canceled", "Rescheduled") is MeetingStatus.CANCELLED
    assert status_said("Council", None, otherwise=MeetingStatus.CONFIRMED) is MeetingStatus.CONFIRMED


@given(st.text(alphabet="cancelled meeting to be of-( contract", max_size=200) | st.text(max_size=60))
def test_no_words_raise(text: str) -> None:
    status_said(text)

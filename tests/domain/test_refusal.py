"""Tests of domain/refusal.py."""

import pytest

from oversight.domain.feed import Outcome
from oversight.domain.refusal import CHALLENGE, refusal


@pytest.mark.parametrize(
    "page",
    [
        "<title>Just a moment...</title>",
        "<TITLE> Access Denied</TITLE>",
        "<script src='/cdn-cgi/challenge-platform/x.js'>",
        "<iframe src='/_Incapsula_Resource?x=1'>",
    ],
)
def test_a_challenge_page_is_told_from_other_pages(page: str) -> None:
    error = refusal(page, "Sample")
    assert (error.outcome, "challenge" in str(error)) == (Outcome.HTTP_ERROR, True)


@pytest.mark.parametrize("page", ["<title>Error - Sample</title>", "Server Error in '/x' Application."])
def test_an_error_page_is_called_one(page: str) -> None:
    error = refusal(page, "Sample")
    assert (error.outcome, "error page" in str(error)) == (Outcome.NOT_A_FEED, True)


def test_anything_else_is_no_answer_of_the_platform() -> None:
    error = refusal("<p>A weather report, without errors.</p>", "Sample")
    assert (error.outcome, str(error)) == (Outcome.NOT_A_FEED, "Sample: the answer is not one of this platform")


@pytest.mark.parametrize("title", ["Just a moment...", "Attention Required! | Cloudflare", "Verifying you are human"])
def test_the_title_of_a_challenge_is_known(title: str) -> None:
    assert CHALLENGE.search(title)
    assert not CHALLENGE.search("City Council: agendas and minutes")

"""What an answer is that no reader can use: a page of the platform's guard, a page of errors, or something else."""

import re

from oversight.domain.feed import Outcome
from oversight.errors import FeedError

GUARD = re.compile(
    r"<title>\s*(just a moment|attention required|access denied|request rejected|403 forbidden)"
    r"|cf-browser-verification|cdn-cgi/challenge-platform|_incapsula_resource|errors\.edgesuite\.net",
    re.I,
)
# What titles and short pages say that keep robots out; in a long page, the same words may be of its own.
CHALLENGE = re.compile(
    r"just a moment|attention required|access denied|checking your browser|are you (a robot|human)|verify you are human"
    r"|verifying you are human|pardon our interruption|_incapsula_resource|incapsula incident|cf-chl|challenge-platform"
    r"|unusual traffic|enable javascript and cookies|ddos protection|request unsuccessful|security check",
    re.I,
)
FAULT = re.compile(
    r"<title>\s*(error|runtime error|server error|page not found|404)\b|server error in '"
    r"|not available at this time|you have requested is not available|internal server error",
    re.I,
)


def refusal(text: str, platform: str) -> FeedError:
    """Why an answer is none of the platform's; the text is the answer's, decoded."""
    start = text[:50_000]
    if GUARD.search(start):
        return FeedError(Outcome.HTTP_ERROR, f"{platform}: a challenge page stands where the answer should be")
    if FAULT.search(start):
        return FeedError(Outcome.NOT_A_FEED, f"{platform}: the answer is an error page (not found, or not available)")
    return FeedError(Outcome.NOT_A_FEED, f"{platform}: the answer is not one of this platform")

"""Tests of channels/rooms.py: what a stranger wrote is text in every room, and none is sent more than it takes."""

import json

import pytest

from oversight.channels.rooms import ROOMS, UNREVIEWED, discord, matrix, slack
from oversight.domain.endpoint import EndpointKind, Note
from oversight.domain.event import Told
from tests.factories import NOW

URL = "https://oversight.example.org/mentions/1"
FORGED = "[official page](https://evil.example/login)"


def make_note(title: str = "Plate readers", *facts: tuple[str, str], is_reviewed: bool = True) -> Note:
    told = Told(title=title, place="Seattle", facts=facts, path="/mentions/1")
    return Note("key", "mention", "New mention", NOW, told, is_reviewed, URL)


def embed_of(note: Note) -> dict[str, str]:
    """What Discord is sent, as it arrives there."""
    (embed,) = json.loads(json.dumps(discord(note)))["embeds"]
    return dict(embed)


def test_discord_shows_the_words_of_strangers_as_they_are() -> None:
    embed = embed_of(make_note(FORGED, ("What", f"# {FORGED} <@1> **now**\n- a_b\n# big")))
    assert embed["title"] == r"Seattle: New mention: \[official page\]\(https://evil.example/login\)"
    facts = r"What: # \[official page\]\(https://evil.example/login\) \<@1\> \*\*now\*\*"
    assert embed["description"] == f"{facts}\n\\- a\\_b\n\\# big"


def test_a_plain_address_stays_one_in_discord() -> None:
    address = "https://example.gov/a_b?c=d&e=~f"
    embed = embed_of(make_note("x", ("Comment", f"{address} or ({address})")))
    assert embed["description"].startswith(f"Comment: {address} or \\(https://example.gov/a\\_b")


def test_a_title_is_cut_to_what_discord_takes_and_not_within_an_escape() -> None:
    for length in range(240, 260):
        embed = embed_of(make_note("*" * length))
        assert len(embed["title"]) <= 256
        assert embed["title"].endswith("\\*")


def test_slack_is_cut_before_it_is_escaped() -> None:
    for length in range(1_480, 1_500):
        text = str(slack(make_note("&" * length, ("Facts", "<" * 100)))["text"])
        words = text.removesuffix(f"\n{URL}")
        assert words.count("&") == words.count("&amp;") + words.count("&lt;")


def test_matrix_says_the_same_in_both_forms() -> None:
    note = make_note("<b>", ("Facts", "one\ntwo"), ("Text", "&" * 9_000))
    said = matrix(note)
    assert len(str(said["text"])) < 1_600
    first, *lines = str(said["html"]).split("<br>")
    assert first == f'<a href="{URL}">Seattle: New mention: &lt;b&gt;</a>'
    assert [line.replace("&amp;", "&") for line in lines] == str(said["text"]).split("\n")[1:-1]


@pytest.mark.parametrize("kind", list(ROOMS))
def test_that_nobody_has_looked_is_said_however_long_the_rest_is(kind: EndpointKind) -> None:
    note = make_note("x" * 400, ("Facts", "y" * 9_000), is_reviewed=False)
    assert UNREVIEWED in json.dumps(ROOMS[kind](note))
